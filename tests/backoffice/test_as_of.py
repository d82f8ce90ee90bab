"""A customer as it stood at a time: what is different today is marked, and can be restored."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from customers.models import Customer, Organization
from tests import factories
from tests.backoffice.support import CustomerEvent, at, signed_in, text


def now() -> datetime:
    """The database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
        return found


def shown(client: Client, customer: Customer, then: datetime) -> Any:
    return client.get(at("customer_as_of", customer.pk), {"at": then.isoformat()})


def different(response: Any) -> dict[str, tuple[str, str]]:
    """The marked parts: then and today, by label."""
    return {
        part.label: (part.then, part.today) for part in response.context["comparison"].different
    }


def names(response: Any, *labels: str) -> list[str]:
    """What the form sends of the parts with these labels."""
    parts = response.context["comparison"].different
    return [part.name for part in parts if part.label in labels]


def restore(client: Client, response: Any, *labels: str, **changed: Any) -> Any:
    """Send the form of a page with the parts of these labels ticked; with none, its whole."""
    context = response.context
    sent = {
        "at": context["exact"],
        "version": context["customer"].version,
        "part": names(response, *labels),
        "all": [part.name for part in context["comparison"].different],
        **({} if labels else {"whole": "on"}),
        **changed,
    }
    return client.post(at("customer_restore_then", context["customer"].pk), sent)


def state(customer: Customer) -> Any:
    fresh = Customer.objects.get(pk=customer.pk)
    fields = {name: getattr(fresh, name) for name in Customer.WRITABLE}
    return (
        fields,
        fresh.archived_at is not None,
        fresh.default_payment_method_id,
        list(fresh.users.order_by("pk").values_list("pk", "email", "first_name")),
        list(fresh.payment_methods.order_by("pk").values_list("pk", "brand", "last4")),
    )


@pytest.fixture
def full(customer: Customer) -> Customer:
    customer.revise({"city": "Paris", "metadata": {"plan": "gold", "old": "1"}})
    factories.user(customer, first_name="Ada")
    factories.user(customer, email="grace@example.org", first_name="Grace")
    customer.add_payment_method(type="card", brand="visa", last4="4242")
    return customer


@pytest.fixture
def then(full: Customer) -> datetime:
    """A time since which all that can be different is different."""
    found = now()
    full.users.get(first_name="Ada").remove()
    full.users.get().revise({"first_name": "Admiral"})
    factories.user(full, email="joan@example.org")
    full.payment_methods.get().remove()
    full.add_payment_method(type="card", brand="amex", last4="0005")
    full.revise({"city": "Kyiv", "phone": "1", "metadata": {"plan": "silver", "new": "2"}})
    full.archive()
    return found


def test_what_is_different_today_is_marked(viewer: Client, full: Customer, then: datetime) -> None:
    response = shown(viewer, full, then)

    assert response.status_code == 200
    found = different(response)
    assert found["City"] == ("Paris", "Kyiv")
    assert found["Phone"] == ("", "1")
    assert found["Metadata: plan"] == ("gold", "silver")
    assert found["Metadata: old"] == ("1", "")
    assert found["Metadata: new"] == ("", "2")
    assert found["Default payment method"] == ("visa •••• 4242", "amex •••• 0005")
    assert found["Status"] == ("live", "archived")
    related = [(part.then, part.today) for part in response.context["comparison"].related]
    assert related == [
        ("Ada, ada@example.org", ""),
        ("Grace, grace@example.org", "Admiral, grace@example.org"),
        ("", "joan@example.org"),
        ("visa •••• 4242", ""),
        ("", "amex •••• 0005"),
    ]
    page = text(response)
    assert page.count('class="differs"') == len(response.context["comparison"].different) == 12
    assert "Coleman-Blair" in page
    assert "different today" in page


def test_the_whole_is_restored(editor: Client, full: Customer, then: datetime) -> None:
    response = shown(editor, full, then)
    removed = full.users.get(email="joan@example.org").pk

    answer = restore(editor, response, reason="A mistake")

    assert answer.status_code == 302
    assert shown(editor, full, then).context["comparison"].related[1].differs is not None
    fields, archived, default, users, methods = state(full)
    assert (fields["city"], fields["phone"]) == ("Paris", None)
    assert fields["metadata"] == {"plan": "gold", "old": "1"}
    assert archived is False
    assert [user[1:] for user in users] == [
        ("ada@example.org", "Ada"),
        ("grace@example.org", "Grace"),
    ]
    assert removed not in [user[0] for user in users]
    assert [method[1:] for method in methods] == [("visa", "4242")]
    assert default == methods[0][0]
    event = CustomerEvent.objects.filter(pgh_obj=full.pk).latest("pgh_id")
    assert event.pgh_context["reason"] == "A mistake"
    assert event.pgh_context["actor"]["label"] == "edda"


def test_one_field_is_restored_and_the_rest_stays(
    editor: Client, full: Customer, then: datetime
) -> None:
    before = state(full)

    answer = restore(editor, shown(editor, full, then), "City", "Metadata: old")

    fields, *rest = state(full)
    assert (fields["city"], fields["phone"]) == ("Paris", "1")
    assert fields["metadata"] == {"plan": "silver", "new": "2", "old": "1"}
    assert rest == list(before[1:])
    event = CustomerEvent.objects.filter(pgh_obj=full.pk).latest("pgh_id")
    assert event.pgh_context["reason"] == f"Restored to {then:%Y-%m-%d %H:%M:%S} UTC"
    undo = re.search(r'<a href="([^"]+)">Undo</a>', text(editor.get(answer.url)))
    assert undo
    assert editor.post(undo[1]).status_code == 302
    assert state(full) == before


def test_a_colleagues_change_meanwhile_is_a_conflict(
    editor: Client, full: Customer, then: datetime
) -> None:
    opened = shown(editor, full, then)
    Customer.objects.get(pk=full.pk).revise({"city": "Lviv"})
    meanwhile = state(full)

    response = restore(editor, opened, "City", reason="Mine")

    assert response.status_code == 409
    assert state(full) == meanwhile
    page = text(response)
    assert "Someone changed this customer meanwhile. Nothing was restored." in page
    assert "The last change:" in page
    assert "Mine" in page
    assert response.context["ticked"] == ["city"]
    assert different(response)["City"] == ("Paris", "Lviv")
    assert restore(editor, response, "City").status_code == 302
    assert state(full)[0]["city"] == "Paris"


def test_a_user_that_was_changed_meanwhile_is_a_conflict(
    editor: Client, full: Customer, then: datetime
) -> None:
    opened = shown(editor, full, then)
    full.users.get(email="grace@example.org").revise({"last_name": "Hopper"})
    meanwhile = state(full)

    response = restore(editor, opened)

    assert response.status_code == 409
    assert state(full) == meanwhile
    assert len(response.context["ticked"]) == 12


def test_a_default_that_was_removed_is_restored_only_with_its_row(
    editor: Client, full: Customer, then: datetime
) -> None:
    before = state(full)

    response = restore(editor, shown(editor, full, then), "Default payment method")

    assert response.status_code == 400
    assert "was removed. Restore it too." in text(response)
    assert state(full) == before


def test_an_external_id_that_is_anothers_by_now_restores_nothing(
    editor: Client, customer: Customer
) -> None:
    then = now()
    customer.revise({"external_id": "ext-9", "city": "Kyiv"})
    factories.customer(customer.organization, name="Hooli", external_id="ext-1")
    before = state(customer)

    response = restore(editor, shown(editor, customer, then))

    assert response.status_code == 409
    assert "has this external id" in text(response)
    assert state(customer) == before


def test_a_form_that_is_sent_twice_is_done_once(
    editor: Client, full: Customer, then: datetime
) -> None:
    opened = shown(editor, full, then)

    answers = [restore(editor, opened, "City", once="1") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    made = CustomerEvent.objects.filter(pgh_obj=full.pk, city="Paris", archived_at__isnull=False)
    assert made.count() == 1


def test_a_time_without_a_fraction_is_the_whole_second(editor: Client, full: Customer) -> None:
    full.revise({"name": "Of this second"})
    whole = now().replace(microsecond=0)

    page = editor.get(at("customer_as_of", full.pk), {"at": f"{whole:%Y-%m-%dT%H:%M:%S}+00:00"})

    assert page.context["comparison"].event.name == "Of this second"


def test_nothing_ticked_restores_nothing(editor: Client, full: Customer, then: datetime) -> None:
    response = restore(editor, shown(editor, full, then), "Name")

    assert response.status_code == 400
    assert "Tick what to restore." in text(response)


def test_a_viewer_sees_but_does_not_restore(viewer: Client, full: Customer, then: datetime) -> None:
    response = shown(viewer, full, then)

    assert "Restore what is ticked" not in text(response)
    assert restore(viewer, response).status_code == 403


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("2020-01-01T00:00", "The record begins at "),
        ("2999-01-01T00:00", "Give a time that has passed."),
        ("yesterday", "Enter a valid date/time."),
        ("0001-01-01T00:00:00+14:00", "Enter a valid date/time."),
        ("9999-12-31T23:59:59-14:00", "Enter a valid date/time."),
        ("", "This field is required."),
    ],
)
def test_a_time_that_cannot_be_shown_is_said_why(
    viewer: Client, customer: Customer, given: str, sentence: str
) -> None:
    response = viewer.get(at("customer_as_of", customer.pk), {"at": given})

    assert response.status_code == 400
    assert sentence in text(response)


def test_a_time_is_in_the_readers_zone(viewer: Client, customer: Customer) -> None:
    viewer.cookies["timezone"] = "America/New_York"
    local = now().astimezone(ZoneInfo("America/New_York"))
    typed = local.replace(tzinfo=None).isoformat()

    response = viewer.get(at("customer_as_of", customer.pk), {"at": typed})

    assert response.context["at"] == local
    assert f'value="{local:%Y-%m-%dT%H:%M:%S}"' in text(response)


def test_the_timeline_links_to_the_time_of_each_change(viewer: Client, customer: Customer) -> None:
    customer.revise({"city": "Kyiv"})
    page = text(viewer.get(at("customer", customer.pk)))

    links = re.findall(r'href="([^"]+as-of/\?at=[^"]+)"', page)

    versions = [viewer.get(link).context["comparison"].event.version for link in links]
    assert versions == [2, 1]


def test_another_tenants_customer_is_not_found(
    editor: Client, globex: Organization, customer: Customer
) -> None:
    stranger = signed_in(globex, "Editor", username="gus")
    for name in ("customer_as_of", "customer_restore_then"):
        assert stranger.get(at(name, customer.pk)).status_code == 404
        assert stranger.get(at(name, customer.pk, organization="globex")).status_code == 404
        assert editor.get(at(name, customer.pk, mode="test")).status_code == 404


def test_the_queries_do_not_depend_on_how_much_there_is(viewer: Client, full: Customer) -> None:
    def count() -> int:
        with connection.execute_wrapper(counting):
            shown(viewer, full, datetime.now(UTC))
        return len(queries)

    queries: list[str] = []

    def counting(execute: Any, sql: str, *rest: Any) -> Any:
        queries.append(sql)
        return execute(sql, *rest)

    shown(viewer, full, now())
    few = count()
    for number in range(20):
        factories.user(full, email=f"{number}@example.org")
        full.revise({"city": str(number)})
    queries.clear()

    assert count() == few <= 20
