"""A double that runs: its states, personas, credentials and faults, over real connections."""

from __future__ import annotations

import base64
import time
from http.client import RemoteDisconnected
from statistics import median
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from pytest_customer_registry.registry import Personas, Refused, Registry
from tests.double.calls import LAGO, VATLY, read, send

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("double")]

EVENTS = "/registry/v1/events"


# --- States --------------------------------------------------------------------------------------


def test_a_reset_puts_back_what_was_changed_deleted_and_made(
    customer_registry: Registry, personas: Personas
) -> None:
    persona = personas.has_payment_methods
    path = persona.paths["alternative-payments"]
    users = f"{path}/users"
    before = read(customer_registry, EVENTS), read(customer_registry, users)
    send(customer_registry, path, {"name": "Changed"}, method="PATCH")
    send(customer_registry, personas.has_no_email.paths["vatly"], method="DELETE")
    for number in range(3):
        send(customer_registry, LAGO, {"customer": {"customer_id": f"new-{number}"}})
    answer, _ = send(customer_registry, users, {"email": "new@people.example"})
    assert (answer.status, read(customer_registry, path)["name"]) == (201, "Changed")

    customer_registry.reset()

    assert read(customer_registry, path) == persona.answers["alternative-payments"]
    assert (read(customer_registry, EVENTS), read(customer_registry, users)) == before
    missing, _ = send(customer_registry, f"{LAGO}/new-0")
    assert missing.status == 404


@pytest.mark.parametrize("attempt", [1, 2])
def test_numbers_that_are_counted_begin_again(customer_registry: Registry, attempt: int) -> None:
    """What one test has made does not show in the next one, whichever of the two runs first."""
    sent = {"customer": {"customer_id": "counted"}}
    send(customer_registry, LAGO, sent, key="empty")

    found = read(customer_registry, f"{LAGO}/counted", key="empty")["customer"]

    assert (found["sequential_id"], found["slug"][-4:]) == (1, "-001")


def test_a_reset_takes_less_than_50_milliseconds(customer_registry: Registry) -> None:
    times = []
    for number in range(15):
        send(customer_registry, VATLY, {"email": f"{number}@new.example"})
        began = time.perf_counter()
        customer_registry.reset()
        times.append(time.perf_counter() - began)

    assert median(times) < 0.05, times


# --- Personas and credentials --------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["alternative-payments", "billabear", "lago", "registry", "vatly"])
def test_every_persona_is_served_as_it_says(
    customer_registry: Registry, personas: Personas, slug: str
) -> None:
    for name in set(personas) - {"is_archived"}:  # which not every contract shows
        persona = getattr(personas, name)
        assert read(customer_registry, persona.paths[slug], persona.key) == persona.answers[slug]
        assert persona.ids[slug] in str(persona.answers[slug])


def test_personas_are_what_they_are_called(personas: Personas) -> None:
    shown = {name: getattr(personas, name).answers["registry"] for name in personas}

    same = {shown[f"shares_a_timestamp{suffix}"]["created_at"] for suffix in ("", "_2", "_5")}
    assert len(same) == 1
    assert shown["has_no_email"]["email"] is shown["has_no_name"]["name"] is None
    emails = [shown[name]["email"] for name in ("shares_an_email", "shares_an_email_too")]
    assert emails[0] != emails[1]
    assert emails[0].lower() == emails[1].lower()
    assert shown["is_archived"]["archived_at"]
    assert len(shown["has_full_metadata"]["metadata"]) == 50


def test_an_unknown_name_is_an_error_that_lists_those_that_are_known(personas: Personas) -> None:
    with pytest.raises(AttributeError, match="There is no 'has_wings', but documented_by"):
        _ = personas.has_wings


@pytest.mark.parametrize(
    ("key", "reads", "writes"),
    [
        ("live", 200, 201),
        ("test", 200, 201),
        ("read_only", 200, 403),
        ("write_only", 403, 201),
        ("empty", 200, 201),
        ("empty_test", 200, 201),
        ("other_organization", 200, 201),
        ("expired", 401, 401),
        ("revoked", 403, 403),
    ],
)
def test_a_key_opens_what_it_is_called(
    customer_registry: Registry, key: str, reads: int, writes: int
) -> None:
    assert send(customer_registry, VATLY, key=key)[0].status == reads
    assert send(customer_registry, VATLY, {"email": "n@n.example"}, key=key)[0].status == writes


def test_an_organization_without_customers_is_there(customer_registry: Registry) -> None:
    assert read(customer_registry, VATLY, key="empty")["data"] == []


@pytest.mark.parametrize(
    ("name", "status"),
    [("live", 200), ("test", 200), ("read_only", 200), ("empty", 200), ("revoked", 403)],
)
def test_an_oauth_client_gets_a_token(customer_registry: Registry, name: str, status: int) -> None:
    client = customer_registry.oauth_clients[name]
    basic = base64.b64encode(f"{client.id}:{client.secret}".encode()).decode()
    request = Request(
        f"{customer_registry.url}/oauth/token",
        b"grant_type=client_credentials",
        {"Authorization": f"Basic {basic}"},
    )

    try:
        got = urlopen(request).status
    except HTTPError as refused:
        got = refused.code
        refused.close()

    assert got == status


# --- Faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "status"), [("rate-limited", 429), ("unavailable", 503)])
def test_a_refusal_comes_once_and_the_next_request_works(
    customer_registry: Registry, kind: str, status: int
) -> None:
    customer_registry.faults.add(kind, contract="lago", method="POST", path=LAGO, seconds=2)
    sent = {"customer": {"customer_id": "x"}}

    first, second = (send(customer_registry, LAGO, sent)[0] for _ in range(2))

    assert (first.status, first.headers["Retry-After"], second.status) == (status, "2", 200)
    assert [each["fault"] for each in customer_registry.requests] == [kind, None]
    assert customer_registry.faults.coming == []


def test_a_lost_answer_is_to_a_write_that_was_done(customer_registry: Registry) -> None:
    customer_registry.faults.add("lost-answer", contract="vatly", method="POST")
    sent = {"email": "once@new.example"}

    with pytest.raises(RemoteDisconnected):
        send(customer_registry, VATLY, sent, key="empty", idempotency_key="k-1")
    again, _ = send(customer_registry, VATLY, sent, key="empty", idempotency_key="k-1")

    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert read(customer_registry, VATLY, key="empty")["count"] == 1


def test_a_request_that_times_out_or_is_reset_is_not_done(customer_registry: Registry) -> None:
    sent = {"email": "never@new.example"}
    customer_registry.faults.add("timeout")
    with pytest.raises(TimeoutError):
        send(customer_registry, VATLY, sent, key="empty", timeout=0.3)
    customer_registry.faults.add("connection-reset")
    with pytest.raises(ConnectionResetError):
        send(customer_registry, VATLY, sent, key="empty")

    assert read(customer_registry, VATLY, key="empty")["count"] == 0


def test_a_slow_body_takes_its_time(customer_registry: Registry) -> None:
    customer_registry.faults.add("slow-body", seconds=0.5)

    began = time.perf_counter()
    found = read(customer_registry, VATLY)

    assert found["count"] == 10
    assert time.perf_counter() - began >= 0.5


def test_faults_can_be_cleared(customer_registry: Registry) -> None:
    customer_registry.faults.add("unavailable", times=5)
    assert customer_registry.faults.coming[0]["times"] == 5
    customer_registry.faults.clear()

    assert read(customer_registry, VATLY)["count"] == 10


# --- The control address -------------------------------------------------------------------------


def test_it_describes_itself_and_each_part(customer_registry: Registry) -> None:
    about = customer_registry.ask("GET", "")

    assert about["url"] == customer_registry.url
    assert about["contracts"]["lago"] == LAGO
    assert customer_registry.ask("GET", "keys/live") == about["keys"]["live"]
    assert (
        customer_registry.ask("GET", "personas/has_no_email/ids/lago")
        in about["personas"]["has_no_email"]["paths"]["lago"]
    )
    assert customer_registry.ask("GET", "health") == {"status": "ok"}


@pytest.mark.parametrize(
    ("method", "name", "body", "said"),
    [
        ("GET", "nothing", None, "There is no such address"),
        ("POST", "keys", {}, "There is no such address"),
        ("POST", "faults", {"kind": "flood"}, "The kind of a fault is one of"),
        ("POST", "faults", ["timeout"], "A fault is an object with a kind"),
        ("POST", "faults", None, "A fault is an object with a kind"),
    ],
)
def test_what_it_does_not_know_is_refused(
    customer_registry: Registry, method: str, name: str, body: object, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        customer_registry.ask(method, name, body)
