"""dry_run=true: what would be done, on every write, and nothing is."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from customers.models import Customer, IdempotencyRecord, Organization
from tests import factories
from tests.api.contract_table import TABLE
from tests.api.harness import Endpoint, is_replay, send_json
from tests.api.registry.support import (
    BATCH,
    CUSTOMERS,
    assert_error,
    get,
    patch,
    path_of,
    post,
    put,
)
from tests.api.registry_harness import REGISTRY
from tests.stored import everything_stored, stored

WRITES = [endpoint for endpoint in REGISTRY.endpoints if endpoint.route.writes]
every_write = pytest.mark.parametrize("write", WRITES, ids=str)
KEY = {"HTTP_IDEMPOTENCY_KEY": "retry-1"}


@pytest.fixture
def caller(acme: Organization) -> APIClient:
    return REGISTRY.client(acme)


def rehearse(caller: APIClient, write: Endpoint, customer: Customer, **extra: Any) -> Any:
    body = extra.pop("body", write.body_of(customer))
    path = f"{write.path_of(customer)}?dry_run=true"
    return send_json(caller, write.route.method, path, body, **extra)


@every_write
@pytest.mark.parametrize("credential", ["key", "token"])
def test_nothing_at_all_is_written(
    acme: Organization, customer: Customer, write: Endpoint, credential: str
) -> None:
    """Neither history, nor the response, nor that the credential was used."""
    if credential == "key":
        caller = REGISTRY.client(acme)
    else:
        caller = factories.bearer(factories.access_token(factories.oauth_client(acme)))
    write.prepared(customer)
    before = everything_stored()

    answer = rehearse(caller, write, customer, **KEY)

    assert answer.status_code == 200, answer.content
    assert everything_stored() == before


@every_write
def test_what_is_said_is_what_the_write_then_does(
    caller: APIClient, customer: Customer, write: Endpoint
) -> None:
    write.prepared(customer)
    said = rehearse(caller, write, customer, **KEY).json()
    done = write.send(caller, customer, **KEY)

    assert done.status_code == write.route.ok
    assert not is_replay(done)
    shown = done.json()
    assert said["dry_run"] is True
    if "results" in shown:
        said, shown = said["results"][0], Customer.objects.get(external_id="new-1")
        assert (said["record"]["name"], said["version"]) == (shown.name, shown.version)
    elif write.route.method == "DELETE":
        assert (said["outcome"], said["record"], said["changes"]) == ("removed", None, {})
    else:
        new = {"id", "created_at", "updated_at", "archived_at"}
        assert without(said["record"], new) == without(shown, new)
        assert said["outcome"] == ("created" if write.route.ok == 201 else "updated")
        for name, change in said["changes"].items():
            assert change["old"] != change["new"] == said["record"][name]


def without(members: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if name not in names}


@pytest.mark.parametrize("write", [each for each in WRITES if each.route.body], ids=str)
def test_what_would_be_refused_is(caller: APIClient, customer: Customer, write: Endpoint) -> None:
    write.prepared(customer)
    before = everything_stored()

    refused = rehearse(caller, write, customer, body=write.invalid)
    after = everything_stored()
    really = write.send(caller, customer, body=write.invalid)

    assert after == before
    assert refused.status_code == really.status_code == 422
    assert refused.json()["errors"] == really.json()["errors"]


@pytest.mark.parametrize("write", [each for each in WRITES if each.route.conditional], ids=str)
def test_a_precondition_holds_for_it_too(
    caller: APIClient, customer: Customer, write: Endpoint
) -> None:
    write.prepared(customer)

    REGISTRY.assert_error(rehearse(caller, write, customer, HTTP_IF_MATCH='"99"'), 412)


def test_changes_are_named_before_and_after(api: APIClient, acme: Organization) -> None:
    customer = factories.customer(acme, name="Old", city="Kiel", metadata={"a": "1"})
    body = {"name": "New", "city": "Kiel", "metadata": {"b": "2"}}

    said = patch(api, path_of(customer, "?dry_run=true"), body).json()

    assert said["changes"] == {
        "name": {"old": "Old", "new": "New"},
        "metadata": {"old": {"a": "1"}, "new": {"a": "1", "b": "2"}},
    }
    assert (said["outcome"], said["record"]["version"]) == ("updated", 2)


def test_what_would_change_nothing_is_unchanged(api: APIClient, customer: Customer) -> None:
    said = put(api, "ext-1", {"name": "Coleman-Blair"}, "?dry_run=true").json()

    assert (said["outcome"], said["changes"]) == ("unchanged", {})
    assert said["record"] == get(api, path_of(customer)).json()


def test_a_conflict_is_409(api: APIClient, customer: Customer) -> None:
    answer = post(api, f"{CUSTOMERS}?dry_run=true", {"external_id": "ext-1"})

    assert_error(answer, 409, external_id="taken")


def test_a_batch_says_each_record_and_its_changes(api: APIClient, customer: Customer) -> None:
    before = stored()
    rows = [
        {"external_id": "ext-1", "city": "Kiel"},
        {"external_id": "new", "name": "New"},
        {"external_id": "bad", "email": "x"},
        {"external_id": "ext-1x", "metadata": {"a": "1"}},
    ]

    said = post(api, f"{BATCH}?dry_run=true", {"customers": rows}).json()

    assert stored() == before
    first, second, third, fourth = said["results"]
    assert first["changes"] == {"city": {"old": None, "new": "Kiel"}}
    assert (first["record"]["name"], first["record"]["version"]) == ("Coleman-Blair", 2)
    assert second["changes"].keys() == {"external_id", "name"}
    assert "record" not in third
    assert fourth["record"]["metadata"] == {"a": "1"}
    assert said["dry_run"] is True
    assert (said["created"], said["updated"], said["refused"]) == (2, 1, 1)


def test_the_key_is_not_used_up_but_must_be_one(api: APIClient, customer: Customer) -> None:
    path = path_of(customer)
    patch(api, f"{path}?dry_run=true", {"name": "Dry"}, **KEY)

    assert patch(api, path, {"name": "Other"}, **KEY).status_code == 200
    assert IdempotencyRecord.objects.count() == 1
    bad = patch(api, f"{path}?dry_run=true", {"name": "x"}, HTTP_IDEMPOTENCY_KEY="é")
    assert_error(bad, 400)


def test_it_counts_for_the_rate_limit(api: APIClient, customer: Customer, settings: Any) -> None:
    settings.RATE_LIMIT = "2/day"
    found = [patch(api, path_of(customer, "?dry_run=true"), {}).status_code for _ in range(3)]

    assert found == [200, 200, 429]


@pytest.mark.parametrize("value", ["1", "yes", "", "True", "true&dry_run=true"])
def test_any_other_word_is_refused(api: APIClient, customer: Customer, value: str) -> None:
    before = stored()

    answer = patch(api, path_of(customer, f"?dry_run={value}"), {"name": "New"})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "dry_run"
    assert stored() == before


def test_false_is_a_write(api: APIClient, customer: Customer) -> None:
    assert patch(api, path_of(customer, "?dry_run=false"), {"name": "New"})["ETag"] == '"2"'


@pytest.mark.parametrize("harness", [each for each in TABLE if not each.dry_runs], ids=str)
def test_no_other_contract_has_it(acme: Organization, customer: Customer, harness: Any) -> None:
    before = stored()
    create = harness.create

    answer = send_json(
        harness.client(acme),
        create.route.method,
        f"{create.route.path}?dry_run=true",
        create.body_of(customer),
    )

    harness.assert_error(answer, harness.unreadable)
    assert stored() == before
