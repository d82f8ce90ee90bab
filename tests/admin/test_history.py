"""The history tables in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin import site
from django.db import connection
from django.db.models import Model
from django.test import Client, RequestFactory

from customers.models import ApiKey, Customer, CustomerUser, Organization, PaymentMethod
from customers.staff.models import StaffUser
from tests import factories

EVENTS = "/admin/customers/customerevent/"


@pytest.fixture
def admin(client: Client, db: None) -> Client:
    client.force_login(StaffUser.objects.create_superuser("root"))
    return client


def listed(admin: Client, **query: str) -> list[Any]:
    response: Any = admin.get(EVENTS, query)
    return list(response.context["cl"].result_list)


def test_a_change_shows_who_what_and_through_what(
    admin: Client, acme: Organization, customer: Customer
) -> None:
    api = factories.client(acme)
    answer = api.patch(f"/customers/{customer.pk}", {"city": "Kiel"}, format="json")

    page = admin.get(EVENTS).content.decode()

    assert answer.status_code == 200
    assert f'<a href="/admin/customers/customer/{customer.pk}/change/">Coleman-Blair</a>' in page
    assert answer["X-Request-Id"] in page
    assert "alternative-payments" in page or "alternative_payments" in page
    assert "live_" in page


def test_an_events_page_shows_what_changed(admin: Client, customer: Customer) -> None:
    customer.revise({"city": "Kiel", "country": "DE"})
    customer.revise({"city": "Lübeck"})
    event = listed(admin)[0]

    page = admin.get(f"{EVENTS}{event.pgh_id}/change/").content.decode()

    assert "<p>City: <del>Kiel</del> → <ins>Lübeck</ins></p>" in page
    assert page.count("<del>") == 1


def test_an_archived_customer_shows_when(admin: Client, customer: Customer) -> None:
    customer.archive()
    event = listed(admin)[0]

    page = admin.get(f"{EVENTS}{event.pgh_id}/change/").content.decode()

    assert "<p>Archived at: <del>—</del> → <ins>" in page


def test_a_default_payment_method_is_shown_by_name(admin: Client, customer: Customer) -> None:
    customer.add_payment_method(type="card", brand="visa", last4="4242")
    event = listed(admin)[0]

    page = admin.get(f"{EVENTS}{event.pgh_id}/change/").content.decode()

    assert "<p>Default payment method: <del>—</del> → <ins>visa •••• 4242</ins></p>" in page


def test_a_revoked_key_shows_when_and_nothing_of_its_secret(
    admin: Client, acme: Organization
) -> None:
    key, _ = ApiKey.issue(acme, "live")
    key.revoke()
    event: Any = key.events.latest("pgh_id")  # type: ignore[attr-defined]

    page = admin.get(f"/admin/customers/apikeyevent/{event.pgh_id}/change/").content.decode()

    assert "<p>Revoked at: <del>—</del> → <ins>" in page
    assert page.count("<del>") == 1
    assert key.digest not in page


def test_the_first_event_has_nothing_to_compare_with(admin: Client, customer: Customer) -> None:
    event = listed(admin)[0]

    assert "<del>" not in admin.get(f"{EVENTS}{event.pgh_id}/change/").content.decode()


def test_the_newest_come_first(admin: Client, customer: Customer) -> None:
    customer.revise({"city": "Kiel"})

    assert [event.pgh_label for event in listed(admin)] == ["update", "insert"]


def test_events_are_found_by_what_was_changed_and_by_request(
    admin: Client, acme: Organization, customer: Customer
) -> None:
    from customers.values.cus_ids import encode

    other = factories.client(acme).post("/customers", {"name": "Other"}, format="json")

    def found(term: str) -> list[str]:
        return [event.name for event in listed(admin, q=term)]

    assert found(str(customer.pk)) == ["Coleman-Blair"]
    assert found(encode(customer.pk)) == ["Coleman-Blair"]
    assert found(other["X-Request-Id"]) == ["Other"]
    assert found("nothing of the kind") == []


@pytest.mark.parametrize("tracked", [Customer, CustomerUser, PaymentMethod])
def test_what_a_request_changed_is_found_by_an_index(
    customer: Customer, tracked: type[Model], rf: RequestFactory
) -> None:
    events: Any = tracked._meta.get_field("events").related_model
    history = site._registry[events]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    found, _ = history.get_search_results(rf.get("/"), events.objects.order_by(), "abc")

    plan = found.explain()
    assert f"{tracked._meta.model_name}event_request" in plan
    assert "Index Cond: ((pgh_context ->> 'request_id'::text) = 'abc'::text)" in plan


def test_events_are_filtered_by_what_happened(admin: Client, customer: Customer) -> None:
    customer.revise({"city": "Kiel"})

    assert [event.pgh_label for event in listed(admin, action="insert")] == ["insert"]


def test_a_change_by_nobody_known_is_shown_too(admin: Client, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(city="Kiel")

    assert listed(admin)[0].pgh_label == "update"


def test_the_history_of_a_member_who_is_gone_is_kept(admin: Client, acme: Organization) -> None:
    person = factories.staff("ada", organizations=[acme])
    person.delete()

    response: Any = admin.get("/admin/customers/membershipevent/")

    assert [event.pgh_label for event in response.context["cl"].result_list] == ["delete", "insert"]


def test_the_history_of_a_users_row_leads_to_its_customer(
    admin: Client, customer: Customer
) -> None:
    factories.user(customer, first_name="Ada").delete()

    page = admin.get("/admin/customers/customeruserevent/").content.decode()

    assert page.count(f'<a href="/admin/customers/customer/{customer.pk}/change/">Ada</a>') == 2
    assert "Deleted" in page


def test_history_is_not_written_by_hand(admin: Client, customer: Customer) -> None:
    event = listed(admin)[0]

    assert admin.get(f"{EVENTS}add/").status_code == 403
    assert admin.post(f"{EVENTS}{event.pgh_id}/change/", {"name": "x"}).status_code == 403
    assert admin.post(f"{EVENTS}{event.pgh_id}/delete/", {"post": "yes"}).status_code == 403
