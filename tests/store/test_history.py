"""The history: every change of every row, who made it, and nothing that changes it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection, transaction
from django.http import HttpRequest, HttpResponse

from customers.models import Customer, CustomerUser, Organization, PaymentMethod, history
from customers.models.credential import Actor
from customers.rest.request_id import request_id
from customers.staff.middleware import StaffHistory
from customers.staff.models import StaffUser
from tests import factories

ADA = Actor("api_key", "key-1", "live_abcd…wxyz")
ADA_WRITTEN = {"kind": "api_key", "id": "key-1", "label": "live_abcd…wxyz"}
CustomerEvent: Any = Customer._meta.get_field("events").related_model


def events(row: Any) -> list[Any]:
    model = type(row)._meta.get_field("events").related_model
    return list(model.objects.filter(pgh_obj_id=row.pk).order_by("pgh_id"))


def labels(row: Any) -> list[str]:
    return [event.pgh_label for event in events(row)]


def execute(sql: str, *params: UUID | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_a_new_row_is_an_event_with_all_its_fields(acme: Organization) -> None:
    customer = factories.customer(acme, name="Acme", metadata={"a": "b"}, external_id="ext-1")

    (event,) = events(customer)
    assert event.pgh_label == "insert"
    customer.refresh_from_db()
    for field in Customer._meta.concrete_fields:
        if field.generated or field.name == "sequential_id":
            continue
        assert getattr(event, field.attname) == getattr(customer, field.attname)


def test_a_change_is_an_event_with_the_row_as_it_was_left(customer: Customer) -> None:
    customer.revise({"name": "New", "city": "Berlin"})

    first, second = events(customer)
    assert (first.pgh_label, first.version, first.name) == ("insert", 1, "Coleman-Blair")
    assert (second.pgh_label, second.version, second.name) == ("update", 2, "New")
    assert second.city == "Berlin"
    assert second.pgh_created_at > first.pgh_created_at


def test_a_deleted_row_is_an_event_that_stays(customer: Customer) -> None:
    pk = customer.pk
    customer.delete()

    found = CustomerEvent.objects.filter(pgh_obj_id=pk).order_by("pgh_id")
    assert [event.pgh_label for event in found] == ["insert", "delete"]
    assert [event.name for event in found] == ["Coleman-Blair"] * 2


def test_archiving_and_restoring_are_events(customer: Customer) -> None:
    customer.archive()
    customer.restore()

    archived = [event.archived_at is not None for event in events(customer)]
    assert archived == [False, True, False]


def test_what_changes_nothing_is_no_event(customer: Customer) -> None:
    customer.revise({"name": "Coleman-Blair"})
    customer.restore()

    assert labels(customer) == ["insert"]


def test_a_change_that_did_not_come_about_is_no_event(customer: Customer) -> None:
    with pytest.raises(TypeError):
        customer.revise({"name": "New", "version": 1})
    with transaction.atomic():
        customer.revise({"name": "New"})
        transaction.set_rollback(True)

    assert labels(customer) == ["insert"]


def bulk_create(organization: Organization) -> Customer:
    return Customer.objects.bulk_create(
        [Customer(organization=organization, mode="live", name="Bulk")]
    )[0]


def raw_insert(organization: Organization) -> Customer:
    model = factories.customer(organization, name="Model")
    columns = ", ".join(
        f'"{field.column}"'
        for field in Customer._meta.concrete_fields
        if field.name not in ("id", "name", "sequential_id") and not field.generated
    )
    # Another random part: the same time.
    execute(
        f"INSERT INTO customers_customer (id, name, {columns})"
        f" SELECT overlay(id::text PLACING %s FROM 25)::uuid, 'Raw', {columns}"
        " FROM customers_customer WHERE id = %s",
        "0123456789ab",
        model.pk,
    )
    return Customer.objects.get(name="Raw")


@pytest.mark.parametrize("insert", [bulk_create, raw_insert])
def test_an_insert_past_the_verbs_is_an_event(
    acme: Organization, insert: Callable[[Organization], Customer]
) -> None:
    assert labels(insert(acme)) == ["insert"]


def queryset_update(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(city="Berlin")


def raw_update(customer: Customer) -> None:
    execute("UPDATE customers_customer SET city = 'Berlin' WHERE id = %s", customer.pk)


@pytest.mark.parametrize("change", [queryset_update, raw_update])
def test_an_update_past_the_verbs_is_an_event(
    customer: Customer, change: Callable[[Customer], None]
) -> None:
    change(customer)

    assert labels(customer) == ["insert", "update"]
    assert (events(customer)[-1].city, events(customer)[-1].version) == ("Berlin", 2)


def test_a_delete_past_the_verbs_is_an_event(customer: Customer) -> None:
    execute("DELETE FROM customers_customer WHERE id = %s", customer.pk)

    assert labels(customer) == ["insert", "delete"]


def test_users_payment_methods_and_organizations_have_a_history(customer: Customer) -> None:
    user, method = factories.user(customer), factories.payment_method(customer)
    CustomerUser.objects.update(first_name="Ada")
    PaymentMethod.objects.update(brand="mastercard")
    Organization.objects.update(name="New")

    for row in (user, method, customer.organization):
        assert labels(row) == ["insert", "update"]


@pytest.mark.parametrize("make", [factories.user, factories.payment_method])
def test_a_deleted_user_or_payment_method_leaves_its_history(
    customer: Customer, make: Callable[[Customer], Any]
) -> None:
    row = make(customer)
    pk = row.pk

    customer.delete()

    assert labels(type(row)(pk=pk)) == ["insert", "delete"]


APPEND_ONLY = [
    "UPDATE customers_customerevent SET name = 'other'",
    "UPDATE customers_customerevent SET pgh_context = NULL",
    "DELETE FROM customers_customerevent",
]


@pytest.mark.parametrize("sql", APPEND_ONLY)
def test_an_event_is_never_changed_by_sql(customer: Customer, sql: str) -> None:
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        execute(sql)

    assert [event.name for event in events(customer)] == ["Coleman-Blair"]


@pytest.mark.parametrize("kind", ["customer", "customeruser", "paymentmethod", "organization"])
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_no_history_is_changed(customer: Customer, kind: str, verb: str) -> None:
    factories.user(customer)
    factories.payment_method(customer)
    sql = {
        "update": f"UPDATE customers_{kind}event SET pgh_label = 'x'",
        "delete": f"DELETE FROM customers_{kind}event",
    }
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        execute(sql[verb])


def test_an_event_is_never_changed_by_the_orm(customer: Customer) -> None:
    (event,) = events(customer)
    event.name = "other"
    for change in (event.save, event.delete, CustomerEvent.objects.all().delete):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()

    assert [event.name for event in events(customer)] == ["Coleman-Blair"]


# --- Who ------------------------------------------------------------------------------------------


def test_who_acts_through_what_is_written(customer: Customer) -> None:
    with history.acting(ADA, contract="lago", request_id="req-1"):
        customer.revise({"name": "New"})

    assert events(customer)[-1].pgh_context == {
        "actor": ADA_WRITTEN,
        "contract": "lago",
        "request_id": "req-1",
    }


def test_a_plain_call_adds_to_the_block_that_is_open(customer: Customer) -> None:
    with history.recording(contract="vatly", request_id="req-1"):
        history.acting(ADA)
        customer.revise({"name": "New"})

    assert events(customer)[-1].pgh_context == {
        "actor": ADA_WRITTEN,
        "contract": "vatly",
        "request_id": "req-1",
    }


def test_a_change_outside_of_a_block_has_no_context(customer: Customer) -> None:
    customer.revise({"name": "New"})

    assert [event.pgh_context for event in events(customer)] == [None, None]


def test_bulk_and_raw_changes_have_the_context_too(customer: Customer) -> None:
    with history.acting(ADA, contract="lago"):
        raw_update(customer)
        Customer.objects.update(city="Paris")
        customer.delete()

    made = CustomerEvent.objects.exclude(pgh_label="insert")
    assert [event.pgh_context["contract"] for event in made] == ["lago"] * 3


@pytest.mark.parametrize("label", ["it's", '"quoted"', "100%", "%s %(x)s {}", "back\\slash", "ü🦆"])
def test_an_actor_may_have_any_name(customer: Customer, label: str) -> None:
    with history.acting(Actor("command", "1", label)):
        customer.revise({"name": "New"})
        raw_update(customer)

    assert events(customer)[-1].pgh_context["actor"]["label"] == label
    assert events(customer)[-2].pgh_context["actor"]["label"] == label


@pytest.mark.django_db(transaction=True)
def test_the_context_ends_with_its_block() -> None:
    customer = factories.customer(factories.organization("acme"), name="Acme")
    with history.acting(ADA):
        customer.revise({"name": "New"})
    customer.revise({"name": "Newer"})
    with history.acting(Actor("staff", "7", "bob")):
        customer.revise({"name": "Newest"})

    contexts = [event.pgh_context for event in events(customer)]
    who = [context and context["actor"]["label"] for context in contexts]
    assert who == [None, ADA.label, None, "bob"]


def staff_request(user: object) -> HttpRequest:
    request = HttpRequest()
    request.user = user  # type: ignore[assignment]
    return request


@pytest.mark.parametrize("signed_in", [True, False])
def test_what_staff_change_is_theirs(customer: Customer, signed_in: bool) -> None:  # noqa: FBT001
    ada = StaffUser.objects.create_user("ada")

    def change(request: HttpRequest) -> HttpResponse:
        customer.revise({"name": "New"})
        return HttpResponse()

    token = request_id.set("req-1")
    try:
        StaffHistory(change)(staff_request(ada if signed_in else AnonymousUser()))
    finally:
        request_id.reset(token)

    actor = {"actor": {"kind": "staff", "id": str(ada.pk), "label": "ada"}} if signed_in else {}
    assert events(customer)[-1].pgh_context == {"request_id": "req-1", **actor}
