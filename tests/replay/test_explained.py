"""The tables of differences that are meant: each explains what it says, and nothing else."""

from __future__ import annotations

import pytest

from customers.rest.contract import contracts
from customers.rest.traffic import Difference, Exchange, Explained, Kind
from tests.replay.conftest import Replayed, places
from tests.replay.recordings import ID, exchange

EXPLAINED = Explained("So it is.", (Kind.ADDED,), ("/customer/*/slug", "/meta/**"), at="GET /a/.*")


@pytest.mark.parametrize(
    ("kind", "pointer", "path", "explains"),
    [
        (Kind.ADDED, "/customer/0/slug", "/a/b", True),
        (Kind.ADDED, "/meta/x", "/a/b", True),
        (Kind.ADDED, "/meta/x/0/y", "/a/b", True),
        (Kind.ADDED, "/customer/slug", "/a/b", False),
        (Kind.ADDED, "/customer/0/slug/x", "/a/b", False),
        (Kind.ADDED, "", "/a/b", False),
        (Kind.MISSING, "/meta/x", "/a/b", False),
        (Kind.ADDED, "/meta/x", "/b/a/", False),
    ],
)
def test_one_is_about_its_kinds_places_and_requests(
    kind: Kind,
    pointer: str,
    path: str,
    explains: bool,  # noqa: FBT001 (a parameter of the table)
) -> None:
    asked = Exchange(1, "GET", path, path=path)

    assert EXPLAINED.explains(Difference(kind, pointer), asked) is explains


def test_every_explanation_is_a_sentence() -> None:
    sentences = [one.sentence for each in contracts() for one in each.traffic.explained]

    assert len(sentences) > 20
    assert [one for one in sentences if one[0].islower() or not one.endswith(".")] == []


@pytest.mark.parametrize(
    ("slug", "path"),
    [
        ("alternative-payments", f"/customers/{ID}/invoices"),
        ("billabear", "/api/v1.0/invoice"),
        ("billabear", f"/api/v1/customer/{ID}/subscription"),
        ("lago", "/api/v1/subscriptions"),
        ("vatly", "/v1/orders"),
    ],
)
def test_what_the_vendor_serves_and_the_registry_does_not_is_explained(
    slug: str, path: str, replayed: Replayed
) -> None:
    report = replayed(slug, [exchange("GET", path, answer={"data": []})])

    assert places(report) == []
    assert [(one.kind, one.answered) for one in report.found] == [(Kind.STATUS, "404")]


def test_control_that_a_customer_is_not_found_is_not(replayed: Replayed) -> None:
    refused = {"status": 422, "error": "Unprocessable entity"}
    entry = exchange("GET", "/api/v1/customers/none", status=422, answer=refused)

    assert places(replayed("lago", [entry])) == [("status", "")]
