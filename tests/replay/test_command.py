"""`manage.py replay`: what it prints, its exit status, and what it keeps."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from customers.models import ApiKey, Customer, OAuthClient, Organization
from tests import factories
from tests.replay.recordings import (
    EMAILS,
    contract,
    examples,
    exchange,
    own_session,
    record,
    written,
)
from tests.stored import everything_stored

pytestmark = pytest.mark.django_db


def run(file: Path, *options: str, slug: str = "lago") -> tuple[int, str, str]:
    """The exit status, standard output and standard error."""
    stdout, stderr = StringIO(), StringIO()
    try:
        call_command(
            "replay", str(file), f"--contract={slug}", *options, stdout=stdout, stderr=stderr
        )
    except CommandError as error:
        return error.returncode, stdout.getvalue(), f"{stderr.getvalue()}{error}"
    return 0, stdout.getvalue(), stderr.getvalue()


def test_explained_differences_are_status_0(tmp_path: Path) -> None:
    file = written(tmp_path, examples("lago")["upsert-customer"])

    code, out, err = run(file, "--dry-run")

    assert (code, err) == (0, "")
    assert out.startswith("Lago: 1 request replayed.\n")
    assert "7: One field has the names of two eras" in out
    assert out.endswith("Differences: 0 unexplained, 7 explained.\n")


def test_one_that_is_not_explained_is_status_1(tmp_path: Path, acme: Organization) -> None:
    entries = own_session("lago", acme)
    entries[-1]["response"]["body"]["meta"]["total_count"] = 3

    code, out, err = run(written(tmp_path, entries), "--dry-run")

    assert (code, err) == (1, "1 difference is not explained.")
    assert "Value:\n  GET /api/v1/customers?per_page  /meta/total_count\n" in out
    assert "    recorded 3, here 2\n    request 4\n" in out


def test_a_file_that_cannot_be_read_is_status_2_with_its_line(tmp_path: Path) -> None:
    file = written(tmp_path, examples("lago")["upsert-customer"])
    file.write_text(f"{file.read_text()}{{oops\n")
    before = everything_stored()

    assert run(file) == (
        2,
        "",
        "Line 2, column 2: Expecting property name enclosed in double quotes.",
    )
    assert everything_stored() == before


def test_an_organization_that_cannot_be_is_status_2(tmp_path: Path) -> None:
    file = written(tmp_path, examples("lago")["upsert-customer"])

    code, _, err = run(file, "--organization", "not a slug")

    assert code == 2
    assert err.startswith("Enter a valid")


@pytest.mark.parametrize("slug", ["alternative-payments", "lago"])
def test_a_dry_run_leaves_no_row(slug: str, tmp_path: Path) -> None:
    entries = [entry for recording in examples(slug).values() for entry in recording]
    file = written(tmp_path, entries)
    before = everything_stored()

    _, out, _ = run(file, "--dry-run", slug=slug)

    assert f"{len(entries)} requests replayed" in out
    assert everything_stored() == before


def test_otherwise_a_new_organization_has_in_its_test_data_what_was_written(
    tmp_path: Path, acme: Organization
) -> None:
    session = own_session("lago", acme)

    code, _, err = run(written(tmp_path, session))

    made = Organization.objects.exclude(pk=acme.pk).get()
    assert code == 0
    assert err == f"What was written is in the test data of {made.slug}.\n"
    kept = Customer.objects.filter(organization=made).order_by("pk").values_list("email", "mode")
    assert list(kept) == [(email, "test") for email in EMAILS]


def test_a_named_organization_keeps_its_live_data(tmp_path: Path, acme: Organization) -> None:
    live = factories.customer(acme, external_id="5eb02857-a71e-4ea2-bcf9-57d3a41bc6ba", name="Live")

    file = written(tmp_path, examples("lago")["upsert-customer"])
    run(file, "--organization", "acme")

    live.refresh_from_db()
    assert (live.name, live.version) == ("Live", 1)
    assert Customer.objects.exclude(pk=live.pk).get().mode == "test"


def test_its_credentials_are_refused_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets: list[str] = []
    for kind in (ApiKey, OAuthClient):

        def issue(*args: Any, _issue: Any = kind.issue, **options: Any) -> Any:
            issued, secret = _issue(*args, **options)
            secrets.append(secret)
            return issued, secret

        monkeypatch.setattr(kind, "issue", issue)
    file = written(tmp_path, examples("alternative-payments")["token"])

    assert run(file, slug="alternative-payments")[0] == 0

    key, client = ApiKey.objects.get(), OAuthClient.objects.get()
    assert None not in (key.revoked_at, client.revoked_at, key.expires_at, client.expires_at)
    assert factories.bearer(secrets[0]).get("/customers").status_code == 401
    form = {"grant_type": "client_credentials"}
    shown = {"client_id": client.client_id, "client_secret": secrets[1]}
    token = factories.bearer("").post("/oauth/token", {**form, **shown}, format="multipart")
    assert token.status_code in (403, 415)


def test_its_credentials_are_refused_after_a_failure_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any) -> Any:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("customers.replay.sending.Sender.send", fail)

    with pytest.raises(RuntimeError, match="in the middle"):
        run(written(tmp_path, examples("lago")["upsert-customer"]))

    assert ApiKey.objects.get().revoked_at is not None


@override_settings(RATE_LIMIT="2/min", FAILED_KEY_RATE_LIMIT="1/min", TOKEN_RATE_LIMIT="1/min")
def test_no_limit_of_requests_disturbs_it(tmp_path: Path) -> None:
    entries = [entry for recording in examples("lago").values() for entry in recording]

    _, out, _ = run(written(tmp_path, entries * 2), "--dry-run")

    assert "429" not in out


def test_the_history_says_who_wrote(tmp_path: Path, acme: Organization) -> None:
    stored = written(tmp_path, examples("vatly")["get-customer"])

    run(stored, "--organization", "acme", slug="vatly")

    events: Any = Customer._meta.get_field("events").related_model
    actor = events.objects.get().pgh_context["actor"]
    assert (actor["kind"], actor["label"]) == ("command", "manage.py replay")


def test_json_says_the_same_for_programs(tmp_path: Path, acme: Organization) -> None:
    entries = own_session("vatly", acme)
    entries[2]["response"]["body"]["testmode"] = False
    entries[2]["response"]["body"]["email"] = "someone.else@example.org"
    elsewhere = exchange("GET", "https://example.org/pixel", answer={})

    file = written(tmp_path, [*entries, elsewhere])
    code, out, _ = run(file, "--dry-run", "--format=json", slug="vatly")

    told = json.loads(out)
    assert code == 1
    assert told["requests"] == {"sent": 4, "left_out": {"elsewhere": 1}}
    assert (told["contract"], told["dry_run"]) == ("vatly", True)
    assert (told["unexplained"], told["explained"], told["by_kind"]) == (1, 1, {"value": 1})
    found = {each["pointer"]: each for each in told["differences"]}
    assert found["/testmode"]["explained"].startswith("A replay uses test data")
    assert found["/email"] == {
        "request": 3,
        "method": "GET",
        "path": "/v1/customers/{id}",
        "kind": "value",
        "pointer": "/email",
        "recorded": '"xxxxxxx.xxxx@xxxxxxx.xxx"',
        "answered": '"xxx.xxxxxxxx@xxxxxxx.xxx"',
        "explained": None,
    }


def test_with_a_base_only_what_is_below_it_is_sent(tmp_path: Path, acme: Organization) -> None:
    """Another vendor's `/v1/customers` is no request of this one."""
    _, secret = ApiKey.issue(acme, "test")
    listed = record(contract("vatly"), secret, "GET", "/v1/customers")
    urls = ["https://api.stripe.example/v1/customers", "https://api.vatly.example/eu/v1/customers"]
    entries = [{**listed, "request": {**listed["request"], "path": url}} for url in urls]

    file = written(tmp_path, entries)
    options = ("--dry-run", "--base", "https://api.vatly.example/eu")
    _, out, _ = run(file, *options, slug="vatly")

    assert "1 request replayed" in out
    assert "Left out: 1 (not of this contract" in out
