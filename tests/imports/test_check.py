"""The check: every outcome, and every reason to refuse a row."""

from __future__ import annotations

import pytest

from customers.models import Customer, Organization
from customers.values import cus_ids
from tests import factories
from tests.imports.support import check_again, checked, outcomes, problems, rows

CARD = "4111 1111 1111 1111"


def test_a_row_of_no_existing_customer_is_new(acme: Organization) -> None:
    found = checked(acme, [["external_id", "name"], ["x-1", "Hooli"]])

    (row,) = rows(found)
    assert (row.outcome, row.customer_id, row.claims) == ("new", None, "x-1")
    assert row.changes == {"external_id": [None, "x-1"], "name": [None, "Hooli"]}
    assert found.counts == {"new": 1}
    assert found.state == "checked"
    assert not Customer.objects.exists()


@pytest.mark.parametrize("spelling", ["uuid", "cus_", "external_id"])
def test_a_row_is_matched_by_any_of_a_customers_ids(customer: Customer, spelling: str) -> None:
    id = {"uuid": str(customer.pk), "cus_": cus_ids.encode(customer.pk), "external_id": "ext-1"}
    column = "external_id" if spelling == "external_id" else "id"
    found = checked(customer.organization, [[column, "name"], [id[spelling], "Hooli"]])

    (row,) = rows(found)
    assert (row.outcome, row.customer_id, row.seen_version) == ("changed", customer.pk, 1)
    assert row.changes == {"name": ["Coleman-Blair", "Hooli"]}


def test_a_row_with_the_values_of_its_customer_is_unchanged(customer: Customer) -> None:
    found = checked(
        customer.organization,
        [["external_id", "name", "city", "country"], ["ext-1", "Coleman-Blair", "", ""]],
    )

    assert outcomes(found) == ["unchanged"]


def test_another_spelling_of_the_same_values_is_unchanged(acme: Organization) -> None:
    factories.customer(acme, external_id="x", country="DE", metadata={"a": "b"}, email="a@b.test")

    found = checked(
        acme,
        [
            ["external_id", "country", "metadata", "email"],
            ["x", "Germany", '{"a":"b"}', " a@b.test "],
        ],
    )

    assert outcomes(found) == ["unchanged"]


def test_an_archived_customer_is_matched_by_its_id_and_not_by_its_external_id(
    customer: Customer,
) -> None:
    customer.archive()

    found = checked(
        customer.organization,
        [["id", "external_id", "name"], [str(customer.pk), "", "A"], ["", "ext-1", "B"]],
    )

    assert outcomes(found) == ["changed", "new"]


def test_a_blank_cell_leaves_the_field_as_it_is(customer: Customer) -> None:
    found = checked(customer.organization, [["external_id", "name"], ["ext-1", "  "]])

    assert outcomes(found) == ["unchanged"]


def test_a_blank_cell_clears_the_field_with_blank_clears(customer: Customer) -> None:
    customer.revise({"metadata": {"a": "b"}})

    found = checked(
        customer.organization,
        [["id", "external_id", "name", "metadata", "city"], [str(customer.pk), "", " ", "", ""]],
        blank_clears=True,
    )

    (row,) = rows(found)
    assert row.changes == {
        "external_id": ["ext-1", None],
        "name": ["Coleman-Blair", None],
        "metadata": [{"a": "b"}, {}],
    }


@pytest.mark.parametrize("cell", ["{}", "null"])
def test_metadata_without_keys_clears_it(customer: Customer, cell: str) -> None:
    customer.revise({"metadata": {"a": "b"}})

    found = checked(customer.organization, [["external_id", "metadata"], ["ext-1", cell]])

    assert rows(found)[0].changes == {"metadata": [{"a": "b"}, {}]}


def test_values_are_not_trimmed(acme: Organization) -> None:
    found = checked(acme, [["name"], [" Hooli "]])

    assert rows(found)[0].changes == {"name": [None, " Hooli "]}


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("country", "Nowhere", "Give a two-letter code (DE)"),
        ("email", "not an email", "valid email"),
        ("ein", "12", "nine digits"),
        ("url", "ftp://example.org", "Give an http or https URL"),
        ("name", "x" * 256, "at most 255 characters"),
        ("metadata", "gold", "JSON object"),
        ("metadata", '["gold"]', "object whose values are strings"),
        ("metadata", '{"a": 1}', "object whose values are strings"),
        ("metadata", '{"a": "1", "a": "2"}', "JSON object"),
        ("metadata", "[" * 5000, "JSON object"),
        ("metadata", '{"a": "\\u0000"}', "cannot be stored"),
        ("id", "no-id", "not a customer id"),
        ("id", "01890a5d-ac96-774b-bcce-b302099a8057", "no customer with this id"),
    ],
)
def test_a_row_with_an_invalid_cell_is_refused(
    acme: Organization, column: str, cell: str, message: str
) -> None:
    found = checked(acme, [[column, "city"], [cell, "Berlin"]])

    assert outcomes(found) == ["refused"]
    assert list(problems(found)) == [column]
    assert message in problems(found)[column]
    assert rows(found)[0].changes == {}


def test_a_row_has_a_problem_for_every_invalid_cell(acme: Organization) -> None:
    found = checked(acme, [["Land", "E-mail", "Country"], ["x", "nobody", "Nowhere"]])

    assert set(problems(found)) == {"E-mail", "Country"}


def test_a_row_without_a_value_is_refused(acme: Organization) -> None:
    found = checked(acme, [["name", "of no field"], ["", "something"]])

    assert "No imported column has a value" in problems(found)[""]


def test_an_invalid_value_that_does_not_change_is_accepted(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(email="not an email")

    found = checked(
        customer.organization, [["external_id", "email", "name"], ["ext-1", "not an email", "A"]]
    )

    assert outcomes(found) == ["changed"]


def test_an_id_and_an_external_id_of_two_customers_are_refused(customer: Customer) -> None:
    other = factories.customer(customer.organization, external_id="ext-2", name="Other")

    found = checked(customer.organization, [["id", "external_id"], [str(customer.pk), "ext-2"]])

    message = problems(found)["external_id"]
    assert "another customer, “Other”" in message
    assert str(other.pk) in message


def test_an_archived_customer_may_keep_an_external_id_that_another_has_now(
    customer: Customer,
) -> None:
    customer.archive()
    factories.customer(customer.organization, external_id="ext-1")

    found = checked(
        customer.organization,
        [["id", "external_id", "name"], [str(customer.pk), "ext-1", "New name"]],
    )

    assert outcomes(found) == ["changed"]


def test_the_same_customer_twice_is_refused_the_second_time(customer: Customer) -> None:
    found = checked(
        customer.organization,
        [
            ["id", "external_id", "name"],
            ["", "ext-1", "A"],
            ["", "x-9", "B"],
            [str(customer.pk), "", "C"],
        ],
    )

    assert outcomes(found) == ["changed", "new", "refused"]
    assert rows(found)[2].problems == {"id": "This customer is already in row 2."}
    assert found.counts == {"changed": 1, "new": 1, "refused": 1}


def test_the_same_new_external_id_twice_is_refused_the_second_time(customer: Customer) -> None:
    found = checked(
        customer.organization,
        [
            ["id", "external_id", "name"],
            ["", "x-1", "A"],
            ["", "x-1", "B"],
            [str(customer.pk), "x-1", "C"],
        ],
    )

    assert outcomes(found) == ["new", "refused", "refused"]
    assert rows(found)[2].problems == {"external_id": "This external id is already in row 2."}


def test_repeated_keys_are_found_across_batches(acme: Organization) -> None:
    lines = [["external_id", "name"], *([f"x-{n}", "A"] for n in range(1500)), ["x-0", "B"]]

    found = checked(acme, lines)

    assert found.counts == {"new": 1500, "refused": 1}
    assert rows(found)[-1].problems["external_id"] == "This external id is already in row 2."


def test_customers_of_other_tenants_are_not_found(acme: Organization, globex: Organization) -> None:
    theirs = factories.customer(globex, external_id="x", name="Theirs")
    test = factories.customer(acme, "test", external_id="x", name="Test")

    found = checked(
        acme,
        [
            ["id", "external_id", "city"],
            [str(theirs.pk), "", "A"],
            [str(test.pk), "", "A"],
            ["", "x", "A"],
        ],
    )

    assert outcomes(found) == ["refused", "refused", "new"]


def test_checking_again_replaces_the_findings(customer: Customer) -> None:
    found = checked(
        customer.organization, [["external_id", "name"], ["ext-1", "A"], ["ext-1", "B"]]
    )
    assert outcomes(found) == ["changed", "refused"]

    customer.revise({"name": "A", "external_id": "ext-0"})
    found = check_again(found)

    assert outcomes(found) == ["new", "refused"]


def test_the_number_of_queries_does_not_grow_with_the_rows(
    acme: Organization, django_assert_max_num_queries: object
) -> None:
    few = [["external_id", "name"], *([f"x-{n}", "A"] for n in range(900))]

    with django_assert_max_num_queries(60):  # type: ignore[operator]
        checked(acme, few)
