"""`manage.py verify_history`: a difference between history and tables is found, whatever it is."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from customers.insights import verification
from customers.insights.verification import tracked_models, verify
from customers.models import ApiKey, Customer, CustomerUser, Membership, Organization, PaymentMethod
from tests import factories


def run() -> tuple[str, str]:
    """What the command writes, and what it ends with if it fails."""
    out = StringIO()
    try:
        call_command("verify_history", stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def behind_the_triggers(sql: str, *params: Any) -> None:
    """Run SQL as someone does who has switched the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def lived(acme: Organization, customer: Customer) -> Customer:
    """A customer with a history of every kind of change, among others."""
    user = factories.user(customer)
    user.revise({"first_name": "Ada"})
    removed = factories.user(customer, email="grace@example.org")
    removed_id = removed.pk
    removed.remove()
    events: Any = CustomerUser._meta.get_field("events").related_model
    CustomerUser.bring_back(events.objects.filter(pgh_obj=removed_id).latest("pgh_id"))
    gone = factories.user(customer, email="joan@example.org")
    gone.remove()
    customer.add_payment_method(type="card", brand="visa", last4="4242")
    customer.revise({"city": "Paris", "metadata": {"plan": "gold"}})
    customer.archive()
    customer.restore()
    ApiKey.issue(acme, "live")
    factories.staff("ada", organizations=[acme])
    factories.customer(acme, name="Other").revise({"city": "Kyiv"})
    return customer


def test_a_history_that_triggers_wrote_holds(lived: Customer) -> None:
    out, error = run()

    assert error == ""
    assert "customers_customer: 2 rows, 7 events: holds\n" in out
    assert "customers_customeruser: 2 rows, 7 events: holds\n" in out
    assert out.count(": holds\n") == len(out.splitlines()) == len(tracked_models())


def test_every_table_with_a_history_is_read() -> None:
    assert {Customer, CustomerUser, PaymentMethod, Organization, ApiKey, Membership} <= {
        *tracked_models()
    }
    assert tracked_models()[0] is Customer


#: What someone does, and what is said of it.
PLANTED: dict[str, tuple[str, str, str]] = {
    "a changed value": (
        "UPDATE customers_customer SET city = 'Lviv', phone = '1' WHERE id = %s",
        "customers_customer",
        "the history ends in another value of city, phone",
    ),
    "a changed key of metadata": (
        """UPDATE customers_customer SET metadata = '{"plan": "free"}' WHERE id = %s""",
        "customers_customer",
        "the history ends in another value of metadata",
    ),
    "a version that was raised": (
        "UPDATE customers_customer SET version = version + 1 WHERE id = %s",
        "customers_customer",
        "the history ends in another value of version",
    ),
    "a changed user": (
        (
            "UPDATE customers_customeruser SET last_name = 'L'"
            " WHERE first_name = 'Ada' AND customer_id = %s"
        ),
        "customers_customeruser",
        "the history ends in another value of last_name",
    ),
    "a removed payment method": (
        "DELETE FROM customers_paymentmethod WHERE customer_id = %s",
        "customers_paymentmethod",
        "the history ends with insert, but the row is not there",
    ),
    "a row without a history": (
        "DELETE FROM customers_paymentmethodevent WHERE customer_id = %s",
        "customers_paymentmethod",
        "has no history",
    ),
    "a removal that was not": (
        "UPDATE customers_paymentmethodevent SET pgh_label = 'delete' WHERE customer_id = %s",
        "customers_paymentmethod",
        "the history ends with its removal, but the row is there",
    ),
    "a changed last event": (
        "UPDATE customers_customerevent SET name = 'New' WHERE version = 5 AND pgh_obj_id = %s",
        "customers_customer",
        "the history ends in another value of name",
    ),
    "a version that was taken out": (
        "DELETE FROM customers_customerevent WHERE version = 3 AND pgh_obj_id = %s",
        "customers_customer",
        "update of version 4 follows update of version 2",
    ),
    "a first version that was taken out": (
        "DELETE FROM customers_customerevent WHERE version = 1 AND pgh_obj_id = %s",
        "customers_customer",
        "update of version 2 follows nothing",
    ),
    "an event that is there twice": (
        "UPDATE customers_customerevent SET version = 3 WHERE version = 4 AND pgh_obj_id = %s",
        "customers_customer",
        "update of version 3 follows update of version 3",
    ),
    "a removal that was taken out": (
        (
            "DELETE FROM customers_customeruserevent"
            " WHERE pgh_label = 'delete' AND email LIKE 'grace@%%' AND customer_id = %s"
        ),
        "customers_customeruser",
        "insert of version 2 follows insert of version 1",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_difference_is_found(lived: Customer, name: str) -> None:
    sql, table, said = PLANTED[name]
    behind_the_triggers(sql, lived.pk)

    out, error = run()

    lines = [line for line in out.splitlines() if line.endswith(f": {said}")]
    assert len(lines) == 1, out
    assert lines[0].startswith(f"{table} ")
    assert str(lived.pk) in lines[0]
    assert "does not hold" in out
    assert error.startswith("The history and the tables differ in ")
    assert "Lviv" not in out  # no value of a row is shown
    others = [line for line in out.splitlines() if line.endswith(": holds")]
    assert len(others) == len(tracked_models()) - 1


def test_a_difference_of_what_is_no_customers_is_found(acme: Organization) -> None:
    behind_the_triggers("UPDATE customers_organization SET name = 'New' WHERE id = %s", acme.pk)

    out, error = run()

    assert f"customers_organization {acme.pk}: the history ends in another value of name" in out
    assert error == "The history and the tables differ in 1 places."


def test_findings_come_a_few_at_a_time(acme: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        factories.customer(acme, name=str(number))
    behind_the_triggers("UPDATE customers_customer SET city = 'Lviv'")
    monkeypatch.setattr(verification, "CHUNK", 2)

    assert len(list(verify(Customer))) == 7


def test_verifying_writes_nothing_and_ends_with_0(lived: Customer) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # which would lock rows at the end
        cursor.execute("SET TRANSACTION READ ONLY")

    assert run()[1] == ""
