"""The migration that creates the extensions: what it says where it may not."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import connection
from django.db.migrations.state import ProjectState

migration: Any = import_module("customers.migrations.0001_extensions_and_functions")


def create(name: str) -> None:
    state = ProjectState()
    with connection.schema_editor() as editor:
        migration.RequiredExtension(name).database_forwards("customers", editor, state, state)


@pytest.mark.django_db
def test_an_extension_that_is_there_is_left_alone() -> None:
    create("unaccent")


@pytest.mark.django_db
def test_an_extension_that_postgresql_lacks_is_named() -> None:
    with pytest.raises(CommandError, match=r"requires .* extension no_such: .* contrib modules"):
        create("no_such")


@pytest.mark.django_db
def test_a_role_that_may_not_create_it_learns_who_may() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER")
        if cursor.fetchone() != (True,):
            pytest.skip("DATABASE_URL's role is no superuser")
        cursor.execute("DROP EXTENSION unaccent CASCADE")
        cursor.execute("CREATE ROLE limited")
        cursor.execute("SET LOCAL ROLE limited")

    with pytest.raises(CommandError) as caught:
        create("unaccent")

    message = str(caught.value)
    assert 'permission denied to create extension "unaccent"' in message
    assert "the owner of the database run CREATE EXTENSION unaccent" in message
    assert "\n" not in message
