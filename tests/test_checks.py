"""The project's own system checks."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from customers.checks import (
    REQUIRED_EXTENSIONS,
    extensions_are_installed,
    lower_case_is_known,
    triggers_cannot_be_ignored,
)


@pytest.mark.django_db
def test_a_migrated_database_passes() -> None:
    assert triggers_cannot_be_ignored(["default"]) == []
    assert lower_case_is_known(["default"]) == []
    assert extensions_are_installed(["default"]) == []


@pytest.mark.django_db
def test_installing_the_triggers_anew_is_found_out() -> None:
    call_command("pgtrigger", "install")

    (error,) = [e for e in run_checks(databases=["default"]) if e.id == "customers.E001"]

    assert "can be ignored" in error.msg


def test_without_a_database_nothing_is_asked() -> None:
    assert triggers_cannot_be_ignored() == []


@pytest.mark.django_db
def test_a_database_that_knows_ascii_only_is_found_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA ascii")
        cursor.execute("CREATE FUNCTION ascii.lower(text) RETURNS text LANGUAGE SQL AS 'SELECT $1'")
        cursor.execute("SET LOCAL search_path = ascii, pg_catalog, public")

        (error,) = lower_case_is_known(["default"])

    assert error.id == "customers.E002"


@pytest.mark.django_db
@pytest.mark.parametrize("name", REQUIRED_EXTENSIONS)
def test_a_missing_extension_is_named(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP EXTENSION {name} CASCADE")

    (error,) = [e for e in run_checks(databases=["default"]) if e.id == "customers.E003"]

    assert f"extension {name}." in error.msg
    assert f"CREATE EXTENSION {name}" in str(error.hint)


@pytest.mark.django_db
def test_before_the_extensions_are_migrated_none_is_missing() -> None:
    MigrationRecorder(connection).record_unapplied("customers", "0001_extensions_and_functions")
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION unaccent CASCADE")

    assert extensions_are_installed(["default"]) == []
