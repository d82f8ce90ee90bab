"""Ids, cursors, tokens and versions of a recording stand for those of the registry."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from customers.models import ApiKey, Customer, Organization
from tests.replay.conftest import Replayed, places
from tests.replay.recordings import (
    CREATES,
    SECRET,
    VENDOR,
    Entry,
    contract,
    exchange,
    record,
)

ORIGIN = "https://api.vatly.com"


def vatly(id: str, email: str, **more: Any) -> dict[str, Any]:
    link = {"href": f"{ORIGIN}/v1/customers/{id}", "type": "application/json"}
    return {
        "id": id,
        "resource": "customer",
        "testmode": True,
        "email": email,
        "createdAt": "2024-01-15T10:30:00Z",
        "metadata": {},
        "links": {"self": link},
        **more,
    }


def test_ids_are_mapped_in_paths_bodies_and_links(replayed: Replayed) -> None:
    ada = vatly("cus_vendor000001", "ada@example.org")
    parent = {"parent": "see cus_vendor000001."}
    told: dict[str, Any] = {"email": "bob@example.org", "metadata": parent}
    bob = vatly("cus_vendor000002", **told)

    report = replayed(
        "vatly",
        [
            exchange("POST", "/v1/customers", {"email": "ada@example.org"}, status=201, answer=ada),
            exchange("POST", "/v1/customers", told, status=201, answer=bob),
            exchange("GET", "/v1/customers/cus_vendor000001", answer=ada),
            exchange("GET", "/v1/customers/cus_vendor000002", answer=bob),
        ],
    )

    assert (report.sent, report.found) == (4, [])


def test_pages_are_followed_by_the_cursors_that_are_answered(replayed: Replayed) -> None:
    """What was there before is stored in the order that its list shows, newest first."""
    shown = [vatly(f"cus_vendor00000{n}", f"{n}@example.org") for n in (3, 2, 1)]

    def page(rows: list[Any], query: str, **links: str) -> Entry:
        def link(query: str | None) -> dict[str, str] | None:
            href = f"{ORIGIN}/v1/customers?{query}"
            return {"href": href, "type": "application/json"} if query else None

        return exchange(
            "GET",
            f"{ORIGIN}/v1/customers?{query}",
            answer={
                "data": rows,
                "links": {
                    "self": link(query),
                    "next": link(links.get("next")),
                    "prev": link(links.get("prev")),
                },
                "count": len(rows),
            },
        )

    first, second = "limit=2", "startingAfter=cus_vendor000002&limit=2"
    report = replayed(
        "vatly",
        [
            page(shown[:2], first, next=second),
            page(shown[2:], second, prev="endingBefore=cus_vendor000001&limit=2"),
        ],
    )

    assert (report.prepared, report.sent, report.found) == (3, 2, [])


def test_an_opaque_cursor_stands_for_the_one_that_is_answered(
    acme: Organization, replayed: Replayed
) -> None:
    _, secret = ApiKey.issue(acme, "test")
    spoken = contract("alternative-payments")
    method, path, body_of = CREATES[spoken.slug]
    made = [
        record(spoken, secret, method, path, body_of({"email": f"{n}@example.org"}))
        for n in range(3)
    ]
    first = record(spoken, secret, "GET", "/customers?limit=2")
    after = first["response"]["body"]["end_cursor"]
    second = record(spoken, secret, "GET", f"/customers?limit=2&after={after}")

    report = replayed(spoken.slug, [*made, first, second])

    assert second["response"]["body"]["has_previous_page"] is True
    assert (report.sent, report.found) == (5, [])


def test_an_access_token_stands_for_the_one_that_is_issued(replayed: Replayed) -> None:
    basic, token = VENDOR["<client credentials>"], "vendorsAccessToken0123456789abc"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    issued = {"access_token": token, "expires_in": 3600, "token_type": "bearer"}
    empty: dict[str, Any] = {"data": [], "start_cursor": None, "end_cursor": None}
    listed = {**empty, "has_next_page": False, "has_previous_page": False}

    def with_token(status: int, answer: Any) -> Entry:
        entry = exchange("GET", "/customers", status=status, answer=answer)
        entry["request"]["headers"] = {"Authorization": f"Bearer {token}"}
        return entry

    def oauth(path: str, body: str, answer: Any) -> Entry:
        entry = exchange("POST", path, answer=answer)
        entry["request"] |= {"headers": {"Authorization": f"Basic {basic}", **form}, "body": body}
        return entry

    report = replayed(
        "alternative-payments",
        [
            oauth("/oauth/token", "grant_type=client_credentials&client_id=theirs", issued),
            with_token(200, listed),
            oauth("/oauth/revoke", f"token={token}", None),
        ],
    )

    assert (report.sent, report.found) == (3, [])


def test_a_credential_that_was_refused_is_refused(replayed: Replayed) -> None:
    refused = {"status": 401, "error": "Unauthorized"}
    with_it = exchange("GET", "/api/v1/customers", status=401, answer=refused)
    without = exchange("GET", "/api/v1/customers", status=401, answer=refused)
    del without["request"]["headers"]["Authorization"]

    report = replayed("lago", [with_it, without])

    assert SECRET in with_it["request"]["headers"]["Authorization"]
    assert (report.sent, report.found) == (2, [])


def test_a_browser_that_left_credentials_out_of_the_file_is_understood(
    acme: Organization, replayed: Replayed
) -> None:
    _, secret = ApiKey.issue(acme, "test")
    entry = record(contract("lago"), secret, "GET", "/api/v1/customers")
    entry["request"]["headers"] = {}

    assert replayed("lago", [entry]).found == []


def test_a_write_sent_again_with_its_key_is_done_once(replayed: Replayed) -> None:
    ada = vatly("cus_vendor000001", "ada@example.org")
    entry = exchange("POST", "/v1/customers", {"email": "ada@example.org"}, status=201, answer=ada)
    entry["request"]["headers"]["Idempotency-Key"] = str(uuid4())

    assert replayed("vatly", [entry, entry]).found == []


def test_a_version_stands_for_the_one_that_is_answered(
    acme: Organization, replayed: Replayed
) -> None:
    """The vendor's ETag is another text than the registry's."""
    _, secret = ApiKey.issue(acme, "test")
    spoken = contract("alternative-payments")
    made = record(spoken, secret, "POST", "/customers", {"name": "Ada"})
    path = f"/customers/{Customer.objects.get().pk}"
    changed = record(spoken, secret, "PATCH", path, {"name": "Grace"})
    made["response"]["headers"]["ETag"] = 'W/"vendor-7"'
    changed["request"]["headers"]["If-Match"] = 'W/"vendor-7"'

    assert replayed(spoken.slug, [made, changed]).found == []


def test_what_was_there_before_is_stored_as_it_is_first_shown(
    acme: Organization, replayed: Replayed
) -> None:
    """With its users and payment methods. What the recording creates is not."""
    id, user, method = str(uuid4()), str(uuid4()), str(uuid4())
    path = f"/customers/{id}"
    page = {"start_cursor": "a1b2", "end_cursor": "a1b2"}
    ends = {**page, "has_next_page": False, "has_previous_page": False}
    customer = {
        **dict.fromkeys(["ein", "legal_name", "state", "street_address", "sub_premise"]),
        "id": id,
        "name": "Ada",
        "email": "ada@example.org",
        "external_id": "A-1",
        "city": "Lyon",
        "country": "FRA",
        "postal_code": "69001",
        "customer_integration_id": "cus_9s6XKzkNRiz8i3",
        "default_payment_method_id": method,
        "created_at": "2023-06-01T08:00:00Z",
    }
    person = {"id": user, "email": "a@example.org", "first_name": "A", "last_name": None}
    card = {
        "id": method,
        "customer_id": id,
        "type": "card",
        "brand": "visa",
        "last4": "4242",
        "exp_month": 8,
        "exp_year": 2030,
        "bank_name": None,
        "is_default": True,
        "created_at": "2023-06-01T08:00:00.5Z",
    }
    person |= {"created_at": "2023-06-01T08:00:00.5Z"}
    window = "created_at_start=2023-06-01T00:00:00Z&created_at_end=2023-06-01T23:59:59Z"

    report = replayed(
        "alternative-payments",
        [
            exchange("GET", f"{path}/payment-methods", answer={"data": [card], **ends}),
            exchange("GET", f"{path}/payment-methods/{method}", answer=card),
            exchange("GET", f"{path}/users", answer={"data": [person], **ends}),
            exchange("GET", f"/customers?{window}", answer={"data": [customer], **ends}),
        ],
    )

    assert (report.prepared, report.sent, places(report)) == (3, 4, [])


def test_an_upsert_of_what_was_there_long_before_creates_nothing(replayed: Replayed) -> None:
    """Lago answers both alike: a time of creation long before the request tells them apart."""
    sent = {"external_id": "A-1", "city": "Lyon"}
    body = {**sent, "customer_id": "A-1", "lago_id": str(uuid4()), "name": "Kept from before"}
    answer = {"customer": {**body, "created_at": "2023-06-01T08:00:00Z"}}
    entry = exchange("POST", "/api/v1/customers", {"customer": sent}, answer=answer)
    later = {**entry, "time": "2024-01-15T10:30:00Z"}
    created = {**entry, "time": "2023-06-01T08:00:00Z"}

    assert ("type", "/customer/name") not in places(replayed("lago", [later]))
    assert ("type", "/customer/name") in places(replayed("lago", [created]))
