"""Suggestions while typing, with why each matches; customers viewed last; a single match."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from customers.insights import suggestions as insight
from customers.models import Customer, Organization
from tests import factories
from tests.backoffice.support import CARD, at, signed_in, text


@pytest.fixture
def hooli(acme: Organization) -> Customer:
    customer = factories.customer(
        acme,
        name="Hooli Ltd",
        email="dinesh@piedpiper.test",
        external_id="crm-771",
        city="Łódź",
        phone="+48 (42) 630-11-22",
        metadata={"plan": "gold"},
    )
    factories.user(customer, first_name="Monica", last_name="Hall", email="monica@raviga.test")
    factories.payment_method(customer, brand="visa", last4="4242")
    return customer


def suggested(client: Client, typed: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The names that are suggested, each with why."""
    response: Any = client.get(at("find"), {"options": "", "q": typed})
    assert response.status_code == 200
    return [
        (str(found.customer), [(reason.what, reason.text) for reason in found.reasons])
        for found in response.context["found"] or []
    ]


@pytest.mark.parametrize(
    ("typed", "reasons"),
    [
        ("hooli", []),
        ("dinesh@", [("Email", "dinesh@piedpiper.test")]),
        ("PIED", [("Email", "dinesh@piedpiper.test")]),
        ("crm-7", [("External id", "crm-771")]),
        ("lodz", [("City", "Łódź")]),
        ("hooli lodz", [("City", "Łódź")]),
        ("426301122", [("Phone", "+48 (42) 630-11-22")]),
        ("+49 (0)42 630-11", [("Phone", "+48 (42) 630-11-22")]),
        ("gold", [("plan", "gold")]),
        ("monica", [("User", "Monica Hall monica@raviga.test")]),
        ("raviga hall", [("User", "Monica Hall monica@raviga.test")]),
        ("4242", [("Card", "visa •••• 4242")]),
    ],
)
def test_a_suggestion_says_why_it_matches(
    viewer: Client, hooli: Customer, typed: str, reasons: list[tuple[str, str]]
) -> None:
    factories.customer(hooli.organization, name="Aviato", city="Berlin")

    assert suggested(viewer, typed) == [("Hooli Ltd", reasons)]


def test_an_id_is_a_reason(viewer: Client, hooli: Customer) -> None:
    assert suggested(viewer, str(hooli.pk)) == [("Hooli Ltd", [("id", str(hooli.pk))])]


def test_the_options_are_a_fragment_and_the_page_has_links(viewer: Client, hooli: Customer) -> None:
    options = text(viewer.get(at("find"), {"options": "", "q": "dinesh"}))
    page = text(viewer.get(at("find"), {"q": "dinesh"}))

    assert f'data-address="{at("customer", hooli.pk)}"' in options
    assert "<html" not in options
    assert f'href="{at("customer", hooli.pk)}"' in page
    assert "Email <bdi>dinesh@piedpiper.test</bdi>" in page


def test_no_one_else_s_customers_are_suggested(
    viewer: Client, acme: Organization, globex: Organization
) -> None:
    for hidden in (factories.customer(globex, name="Hooli"), factories.customer(acme, "test")):
        hidden.revise({"name": "Hooli"})
        viewer.get(at("customers"), {"q": str(hidden.pk)})
    factories.customer(acme, name="Hooli").archive()

    assert suggested(viewer, "hooli") == []


@pytest.mark.parametrize("typed", ["", "h", CARD, "x" * 300, "\0", "%", "---", "  "])
def test_what_cannot_be_sought_suggests_nothing(
    viewer: Client, hooli: Customer, typed: str
) -> None:
    assert suggested(viewer, typed) == []
    page = unescape(text(viewer.get(at("find"), {"q": typed})))
    assert CARD not in page


def test_a_search_that_takes_too_long_ends(
    viewer: Client, hooli: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "WITH slow AS MATERIALIZED (SELECT pg_sleep(5)) SELECT 0, %s::text, %s FROM slow"
    monkeypatch.setattr(insight, "_CONTAINED", slow)

    response: Any = viewer.get(at("find"), {"options": "", "q": "hooli"})

    assert response.context["found"] is None
    assert "Press Enter to search" in text(response)


def viewed(client: Client, **where: str) -> list[str]:
    response: Any = client.get(at("find", **where), {"options": ""})
    return [str(found.customer) for found in response.context["found"]]


def test_the_customers_viewed_last_come_first(viewer: Client, acme: Organization) -> None:
    rows = [factories.customer(acme, name=f"Customer {n}") for n in range(10)]
    for row in [*rows, rows[4]]:
        viewer.get(at("customer", row.pk))

    assert viewed(viewer) == [f"Customer {n}" for n in (4, 9, 8, 7, 6, 5, 3, 2)]


def test_only_what_may_still_be_seen_is_among_the_viewed(
    acme: Organization, globex: Organization
) -> None:
    client = signed_in(acme, "Viewer", username="vic")
    mine, gone, test = (
        factories.customer(acme, name="Mine"),
        factories.customer(acme, name="Gone"),
        factories.customer(acme, "test", name="Test"),
    )
    theirs = factories.customer(globex, name="Theirs")
    client.get(at("customer", mine.pk))
    client.get(at("customer", gone.pk))
    client.get(at("customer", test.pk, mode="test"))
    client.get(at("customer", theirs.pk))
    gone.archive()

    assert viewed(client) == ["Mine"]
    assert viewed(client, mode="test") == ["Test"]
    assert viewed(signed_in(acme, "Viewer", username="other")) == []


def search(client: Client, typed: str) -> Any:
    """Press Enter in the search box."""
    return client.get(at("customers"), {"q": typed, "open": "single"}, follow=True)


def test_a_single_match_opens_itself_and_says_so(viewer: Client, hooli: Customer) -> None:
    response = search(viewer, "hooli")

    assert response.redirect_chain[-1][0] == at("customer", hooli.pk)
    assert "The only live customer that matches “hooli”." in text(response)
    assert f'href="{at("customers")}?q=hooli">Show the list' in text(response)


def test_a_single_match_keeps_the_hint_at_archived_ones(viewer: Client, hooli: Customer) -> None:
    factories.customer(hooli.organization, name="Hooli Old").archive()

    page = text(search(viewer, "hooli"))

    assert "1 archived customer also matches" in page
    assert f"{at('customers')}?q=hooli&amp;status=archived" in page


def test_what_was_typed_is_text_in_the_message(viewer: Client, acme: Organization) -> None:
    factories.customer(acme, name="<b>x</b> & y")

    page = text(search(viewer, "<b>x</b> &"))

    assert "matches “&lt;b&gt;x&lt;/b&gt; &amp;”" in page


def test_several_matches_and_none_stay_a_list(viewer: Client, acme: Organization) -> None:
    for name in ("Hooli", "Hooli XYZ"):
        factories.customer(acme, name=name)

    several = search(viewer, "hooli")
    assert several.redirect_chain == []
    assert len(re.findall("autofocus", text(several))) == 1
    assert search(viewer, "nobody").redirect_chain == []


def test_a_link_to_a_search_of_one_is_a_list(viewer: Client, hooli: Customer) -> None:
    response = viewer.get(at("customers"), {"q": "hooli"})

    assert response.status_code == 200
    assert "autofocus" not in text(response)


def test_single_keys_are_switched_off_and_on(viewer: Client, customer: Customer) -> None:
    for value, is_off in (("off", True), ("on", False)):
        viewer.post(at("keys"), {"single_keys": value})

        assert ('data-keys="off"' in text(viewer.get(at("customers")))) is is_off
        assert ("Switch single keys on" in text(viewer.get(at("keys")))) is is_off


def test_a_customer_leads_back_to_the_list_it_was_opened_from(
    viewer: Client, hooli: Customer
) -> None:
    query = "country=none&sort=name"
    viewer.get(f"{at('customers')}?{query}&open=single")

    page = text(viewer.get(at("customer", hooli.pk)))
    assert f'href="{at("customers")}?{query.replace("&", "&amp;")}">← Back to the list' in page
    assert "Back to the list" not in text(viewer.get(at("customers", mode="test")))
    viewer.get(at("customers"))
    assert "Back to the list" not in text(viewer.get(at("customer", hooli.pk)))
