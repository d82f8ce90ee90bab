"""The queue of possible duplicates, what is remembered, and the warning before creating one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from customers.insights.duplicates import possible_duplicates
from customers.insights.figures import count
from customers.models import Customer, NotDuplicate, Organization, PossibleDuplicate
from tests import factories
from tests.backoffice.support import CustomerEvent, at, text


def alike(organization: Organization, number: int, **values: Any) -> list[Customer]:
    """Customers with the same email, the oldest first."""
    return [
        factories.customer(organization, name=f"Twin {n}", email="a@example.org", **values)
        for n in range(number)
    ]


def say(client: Client, one: Customer, other: Customer, **more: str) -> Any:
    return client.post(at("not_duplicates", one.pk, other.pk), more)


def walked(client: Client) -> list[tuple[str, str]]:
    """The names of the pairs of the queue, by its link to the next one."""
    found = []
    response: Any = client.get(at("duplicates"))
    while response.status_code == 302:
        page: Any = client.get(response.url)
        found.append((page.context["newer"].name, page.context["older"].name))
        following = re.search(r'href="([^"]+)">Next pair', text(page))
        assert following
        response = client.get(following[1].replace("&amp;", "&"))
    assert response.status_code == 200
    return found


def test_each_pair_comes_once_the_newest_customer_first(viewer: Client, acme: Organization) -> None:
    alike(acme, 3)

    assert walked(viewer) == [("Twin 2", "Twin 1"), ("Twin 2", "Twin 0"), ("Twin 1", "Twin 0")]


def test_an_empty_queue_says_what_it_looks_for(viewer: Client, customer: Customer) -> None:
    assert "No possible duplicates" in text(viewer.get(at("duplicates")))


def test_after_the_last_pair_the_queue_says_so(viewer: Client, acme: Organization) -> None:
    older, newer = alike(acme, 2)

    page = text(viewer.get(f"{at('duplicates')}?newer={newer.pk}&older={older.pk}"))

    assert "That was the last pair" in page


def test_pairs_of_others_are_in_no_queue_but_theirs(
    viewer: Client, acme: Organization, globex: Organization
) -> None:
    alike(globex, 2)
    for tenant in (factories.tenant(globex), factories.tenant(acme)):
        count(tenant)

    assert walked(viewer) == []


def test_a_pair_is_compared_field_by_field(viewer: Client, acme: Organization) -> None:
    older = factories.customer(
        acme, name="Hooli", email="a@example.org", city="Kyiv", country="UA", metadata={"a": "1"}
    )
    newer = factories.customer(acme, name="Hooli", email="A@example.org", phone="1")
    factories.user(newer)

    response = viewer.get(at("duplicate", older.pk, newer.pk))

    fields = {field.label: field for field in response.context["fields"]}
    assert {name for name, field in fields.items() if field.differs} == {
        *("Email", "Phone", "Address", "Metadata: a", "Users"),
    }
    assert (fields["Phone"].older, fields["Phone"].newer) == ("", "1")
    assert "EIN" not in fields
    assert response.context["reasons"] == ["email"]
    assert text(response).count('class="differs"') == 5


def test_not_duplicates_is_remembered_of_both_and_the_next_pair_is_shown(
    editor: Client, acme: Organization
) -> None:
    zero, one, two = alike(acme, 3)
    count(factories.tenant(acme))

    response = say(editor, one, two)

    following: Any = editor.get(response.url)
    assert following.url == at("duplicate", two.pk, zero.pk)
    assert walked(editor) == [("Twin 2", "Twin 0"), ("Twin 1", "Twin 0")]
    for customer, others in ((zero, [two, one]), (one, [zero]), (two, [zero])):
        assert [found.customer for found in possible_duplicates(customer, 9)] == others
    page = text(editor.get(at("duplicate", one.pk, two.pk)))
    assert "<bdi>edda</bdi> said that these are not duplicates" in page
    assert "Not duplicates:" in text(editor.get(at("customer", one.pk)))


def test_it_is_undone_by_the_page_that_the_message_links_to(
    editor: Client, acme: Organization
) -> None:
    one, other = alike(acme, 2)
    response = say(editor, one, other)
    page = text(editor.get(response.url, follow=True))
    undo = re.search(r'<a href="([^"]+)">Undo</a>', page)
    assert undo
    assert "They may be duplicates after all" in text(editor.get(undo[1]))

    say(editor, other, one, take_back="on")

    assert not NotDuplicate.objects.exists()
    assert walked(editor) == [("Twin 1", "Twin 0")]


def test_saying_it_twice_is_saying_it_once(editor: Client, acme: Organization) -> None:
    one, other = alike(acme, 2)

    for _ in range(2):
        say(editor, one, other)

    assert NotDuplicate.objects.count() == 2  # one for each order


@pytest.mark.parametrize("criterion", ["email", "legal_number", "ein"])
def test_the_count_leaves_out_whose_likes_are_all_said_to_be_others(
    editor: Client, acme: Organization, criterion: str
) -> None:
    known = {"email": "a@example.org", "legal_number": "HRB 1", "ein": "12-3456789"}
    values: dict[str, Any] = {criterion: known[criterion]}
    one, two, three = (factories.customer(acme, **values) for _ in range(3))
    tenant = factories.tenant(acme)

    def counted() -> set[Any]:
        figures = count(tenant)
        assert figures is not None
        marked = set(PossibleDuplicate.objects.values_list("pk", flat=True))
        assert figures.numbers["duplicates"] == len(marked)
        return marked

    say(editor, one, two)
    assert counted() == {one.pk, two.pk, three.pk}
    say(editor, one, three)
    assert counted() == {two.pk, three.pk}
    say(editor, two, three)
    assert counted() == set()


def test_a_customer_that_is_alike_in_another_way_too_is_said_to_be_another_once(
    editor: Client, acme: Organization
) -> None:
    one, other = alike(acme, 2, legal_number="HRB 1")

    say(editor, one, other)

    figures = count(factories.tenant(acme))
    assert figures is not None
    assert figures.numbers["duplicates"] == 0


def test_a_pair_is_of_two_customers(editor: Client, customer: Customer) -> None:
    assert editor.get(at("duplicate", customer.pk, customer.pk)).status_code == 404


def test_a_pair_is_of_one_organization(customer: Customer, globex: Organization) -> None:
    other = factories.customer(globex, name="Theirs")

    with pytest.raises(IntegrityError, match="notduplicate_other_in_organization"):
        said_at_once(customer, other)


@transaction.atomic
def said_at_once(one: Customer, other: Customer) -> None:
    row = NotDuplicate(**one.tenant.columns, customer=one, other=other, said_by_label="x")
    row.save()
    transaction.get_connection().check_constraints()


# --- Before creating one --------------------------------------------------------------------------

LIKE = {
    "email": ({"email": "Ada@example.org"}, "email"),
    "EIN": ({"ein": "12-3456789"}, "EIN"),
    "legal number": ({"legal_number": "HRB 1"}, "legal number"),
    "name": ({"name": "  HÖÖLI "}, "name"),
    "email of one without a name": ({"email": "eve@example.org"}, "email"),
}


@pytest.mark.parametrize("like", LIKE)
def test_a_customer_like_the_new_one_is_shown_first(
    editor: Client, acme: Organization, like: str
) -> None:
    known = factories.customer(
        acme, name="Hööli", email="ada@example.org", ein="12-3456789", legal_number="HRB 1"
    )
    values, reason = LIKE[like]
    if like == "email of one without a name":
        known = factories.customer(acme, email="eve@example.org")
    before = Customer.objects.count()

    response = editor.post(at("customer_new"), {**values, "reason": "asked", "once": "1"})

    page = text(response)
    assert response.status_code == 409
    assert "A customer like this exists. Nothing was created." in page.replace("</strong>", "")
    assert at("customer", known.pk) in page
    assert [found.reasons for found in response.context["alike"]] == [[reason]]
    assert Customer.objects.count() == before

    sent = {**values, "reason": "asked", "once": "1", "anyway": "on"}
    assert editor.post(at("customer_new"), sent).status_code == 302
    assert CustomerEvent.objects.latest("pgh_id").pgh_context["reason"] == "asked"
    assert Customer.objects.count() == before + 1


@pytest.mark.parametrize(
    "values", [{"name": "Hooli Ltd"}, {"city": "Kyiv"}, {"email": "b@example.org"}, {"phone": "1"}]
)
def test_a_customer_that_is_like_no_other_is_created_at_once(
    editor: Client, acme: Organization, values: dict[str, str]
) -> None:
    factories.customer(acme, name="Hooli", city="Kyiv", email="a@example.org", phone="1")

    assert editor.post(at("customer_new"), values).status_code == 302


def test_archived_customers_and_those_of_others_warn_no_one(
    editor: Client, acme: Organization, globex: Organization
) -> None:
    factories.customer(acme, name="Hooli").archive()
    factories.customer(acme, "test", name="Hooli")
    factories.customer(globex, name="Hooli")

    assert editor.post(at("customer_new"), {"name": "Hooli"}).status_code == 302


def test_a_refused_form_is_corrected_before_the_warning(editor: Client, acme: Organization) -> None:
    factories.customer(acme, name="Hooli")

    response = editor.post(at("customer_new"), {"name": "Hooli", "email": "nobody"})

    assert response.status_code == 400
    assert "A customer like this" not in text(response)
