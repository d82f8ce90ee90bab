"""`manage.py issue_api_key` and `issue_oauth_client`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from customers.models import ApiKey, OAuthClient, Organization
from tests import factories

pytestmark = pytest.mark.django_db


def issue(command: str, *arguments: str) -> tuple[str, str]:
    """What the command writes to standard output and standard error."""
    stdout, stderr = StringIO(), StringIO()
    call_command(command, *arguments, stdout=stdout, stderr=stderr)
    return stdout.getvalue(), stderr.getvalue()


def test_the_key_and_only_the_key_is_on_standard_output() -> None:
    out, _ = issue("issue_api_key", "acme", "--mode", "live")

    assert re.fullmatch(r"live_[0-9A-Za-z]{38}\n", out)


def test_the_key_opens_the_organization_and_mode(client: object) -> None:
    out, _ = issue("issue_api_key", "acme", "--mode", "test", "--name", "sync")
    key = ApiKey.objects.get()

    assert (key.organization.slug, key.mode, key.name) == ("acme", "test", "sync")
    assert factories.bearer(out.strip()).get("/customers").status_code == 200


def test_the_client_is_its_id_and_secret_on_one_line() -> None:
    out, _ = issue("issue_oauth_client", "acme", "--mode", "live")
    client_id, secret = out.split()

    assert out == f"{client_id} {secret}\n"
    assert OAuthClient.objects.get().client_id == client_id


@pytest.mark.parametrize("command", ["issue_api_key", "issue_oauth_client"])
def test_standard_error_says_that_the_secret_is_shown_only_now(command: str) -> None:
    _, err = issue(command, "acme", "--mode", "live")

    assert "This is the only time the secret is shown." in err


def test_an_organization_is_created_once_and_found_again() -> None:
    issue("issue_api_key", "acme-north", "--mode", "live")
    issue("issue_oauth_client", "acme-north", "--mode", "live")

    assert Organization.objects.get().name == "Acme North"


def test_scopes_and_expiry_are_as_given() -> None:
    issue(
        "issue_api_key", "acme", "--mode=live", "--scopes", "customers:read", "--expires=2099-01-31"
    )
    key = ApiKey.objects.get()

    assert key.scopes == ["customers:read"]
    assert key.expires_at == datetime(2099, 1, 31, 23, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    "arguments",
    [
        ["acme"],
        ["acme", "--mode", "other"],
        ["acme", "--mode", "live", "--scopes", "all"],
        ["acme", "--mode", "live", "--expires", "2020-01-01"],
        ["acme", "--mode", "live", "--expires", "soon"],
        ["acme", "--mode", "live", "--expires", "2099-01-01T00:00:00"],
        ["acme", "--mode", "live", "--expires", "2099-02-30"],
        ["not a slug", "--mode", "live"],
        ["acme", "--mode", "live", "--name", "4111 1111 1111 1111"],
    ],
)
def test_bad_arguments_are_refused_and_issue_nothing(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        issue("issue_api_key", *arguments)

    assert not ApiKey.objects.exists()
    assert not Organization.objects.exists()


def test_the_history_says_that_a_command_issued_it() -> None:
    issue("issue_api_key", "acme", "--mode", "live")
    event = ApiKey.objects.get().events.get()  # type: ignore[attr-defined]

    assert event.pgh_context["actor"]["label"] == "manage.py issue_api_key"
