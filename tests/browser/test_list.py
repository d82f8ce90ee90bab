"""The list of customers: pages, filters, order, columns and curl commands."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from customers.backoffice import customer_list
from customers.models import ApiKey, Customer, Organization
from customers.rest.contract import contracts
from customers.values import cus_ids
from tests import factories
from tests.browser.support import ACME, Browsing, field, find, follow, names, press, search_box

pytestmark = pytest.mark.slow


def opened(page: Page, name: str) -> Locator:
    """The chip of a filter, of the order or of the columns, after a click opens it."""
    chip = (
        page.get_by_role("form", name="Filters")
        .locator("details")
        .filter(has=page.locator("summary", has_text=name))
    )
    chip.locator("summary").click()
    return chip


def choose(page: Page, name: str, value: str) -> None:
    """Open the chip of a filter, choose a value and apply it."""
    opened(page, name).get_by_role("combobox").select_option(value)
    press(page, f"Apply {name}")


def order(page: Page, name: str) -> None:
    opened(page, "Order").get_by_role("link", name=name).click()
    page.wait_for_load_state()


def make(acme: Organization, count: int, **values: Any) -> list[str]:
    """Create customers and return their names, the newest first."""
    created = [f"Customer {number:03}" for number in range(count)]
    for name in created:
        factories.customer(acme, name=name, **values)
    return created[::-1]


def test_pages_forward_and_back_keep_search_and_filters(sara: Page, acme: Organization) -> None:
    expected = make(acme, 120, country="DE")
    make(acme, 2, country="FR")
    factories.customer(acme, name="Other", country="DE")
    sara.goto(f"{ACME}/customers/?country=DE")
    find(sara, "customer")
    choose(sara, "Country", "DE")

    pages = []
    for _number in range(3):
        pages.append(names(sara))
        if len(pages) < 3:
            follow(sara, "Next")
            expect(sara.get_by_role("link", name=expected[50 * len(pages)])).to_be_visible()
        expect(sara.get_by_text("Country: Germany", exact=True)).to_be_visible()
        expect(sara.get_by_text("120 customers")).to_be_visible()
        expect(search_box(sara)).to_have_value("customer")
    assert [len(page) for page in pages] == [50, 50, 20]
    assert [name for page in pages for name in page] == expected
    expect(sara.get_by_role("link", name="Next")).to_have_count(0)

    for page in pages[1::-1]:
        follow(sara, "Previous")
        expect(sara.get_by_role("link", name=page[0])).to_be_visible()
        assert names(sara) == page
    expect(sara.get_by_role("link", name="Previous")).to_have_count(0)


@pytest.fixture
def assorted(acme: Organization) -> dict[str, Customer]:
    """One customer for each filter."""
    values: dict[str, dict[str, Any]] = {
        "Old": {"created_at": datetime(2024, 2, 29, 12, tzinfo=UTC)},
        "German": {"country": "DE"},
        "Late": {},
        "Twin one": {"email": "twin@example.org"},
        "Twin two": {"email": "TWIN@example.org"},
        "Gone": {},
    }
    made = {name: factories.customer(acme, name=name, **given) for name, given in values.items()}
    factories.payment_method(made["Late"], exp_month=1, exp_year=2020)
    factories.payment_method(made["German"])
    made["Gone"].archive()
    return made


@pytest.mark.usefixtures("assorted")
def test_each_filter_shows_only_its_matches(sara: Page) -> None:
    """Each filter alone, from the unfiltered list."""
    live = ["Twin two", "Twin one", "Late", "German", "Old"]

    def fill(name: str, day: str) -> None:
        opened(sara, "Created").get_by_label(name).fill(day)
        press(sara, "Apply Created")

    def tick() -> None:
        opened(sara, "Duplicates").get_by_label("Possible duplicates").check()
        press(sara, "Apply Duplicates")

    steps: list[tuple[Callable[[], Any], list[str]]] = [
        (lambda: choose(sara, "Status", "archived"), ["Gone"]),
        (lambda: choose(sara, "Status", "all"), ["Gone", *live]),
        (lambda: choose(sara, "Country", "DE"), ["German"]),
        (
            lambda: choose(sara, "Country", "none"),
            [name for name in live if name != "German"],
        ),
        (lambda: fill("Created until", "2024-02-29"), ["Old"]),
        (lambda: fill("Created from", "2024-03-01"), live[:-1]),
        (lambda: choose(sara, "Cards", "expired"), ["Late"]),
        (tick, ["Twin two", "Twin one"]),
        (lambda: order(sara, "Oldest first"), live[::-1]),
        (lambda: order(sara, "Name, A to Z"), sorted(live)),
        (lambda: order(sara, "Name, Z to A"), sorted(live)[::-1]),
    ]
    sara.goto(f"{ACME}/")  # counts the duplicates
    for step, expected in steps:
        sara.goto(f"{ACME}/customers/")
        assert names(sara) == live
        step()
        sara.wait_for_url("**/customers/?*")
        assert names(sara) == expected, sara.url


@pytest.mark.usefixtures("assorted")
def test_filters_combine_and_are_cleared_together(sara: Page) -> None:
    sara.goto(f"{ACME}/customers/")
    choose(sara, "Country", "DE")
    choose(sara, "Cards", "expired")

    expect(sara.get_by_role("heading", name="No customer found")).to_be_visible()
    follow(sara, "Clear all")
    expect(sara.get_by_role("link", name="German", exact=True)).to_be_visible()
    assert len(names(sara)) == 5


@pytest.mark.usefixtures("assorted")
def test_a_chip_is_removed_alone_and_the_title_tells_the_rest(sara: Page) -> None:
    sara.goto(f"{ACME}/customers/?country=DE&cards=expired")
    expect(sara).to_have_title("Country: Germany, Cards: Has an expired one · Customers · Acme")
    sara.get_by_role("link", name="Remove the filter Cards").click()

    expect(sara).to_have_title("Country: Germany · Customers · Acme")
    assert names(sara) == ["German"]


@pytest.mark.usefixtures("assorted")
def test_a_click_on_a_heading_orders_the_list_and_another_turns_it_round(sara: Page) -> None:
    sara.goto(f"{ACME}/customers/")
    live = names(sara)
    heading = sara.get_by_role("columnheader", name="Customer")
    for direction, expected in (("ascending", sorted(live)), ("descending", sorted(live)[::-1])):
        heading.get_by_role("link").click()
        expect(heading).to_have_attribute("aria-sort", direction)
        assert names(sara) == expected
    for direction, expected in (("descending", live), ("ascending", live[::-1])):
        sara.get_by_role("link", name="Created", exact=True).click()
        created = sara.get_by_role("columnheader", name="Created")
        expect(created).to_have_attribute("aria-sort", direction)
        assert names(sara) == expected


@pytest.mark.usefixtures("assorted")
def test_a_view_is_saved_opened_shared_and_deleted(sara: Page) -> None:
    sara.goto(f"{ACME}/customers/?country=DE&sort=name")
    follow(sara, "Save this view…")
    field(sara, "Name").fill("German ones")
    sara.get_by_label("Everyone of the organization").check()
    press(sara, "Save")
    expect(sara.get_by_text("The view “German ones” is saved.")).to_be_visible()

    sara.goto(f"{ACME}/customers/")
    follow(sara, "German ones")
    sara.wait_for_url("**/customers/?country=DE&sort=name")
    assert names(sara) == ["German"]
    follow(sara, "Edit views")
    expect(sara.get_by_role("cell", name="yours, shared")).to_be_visible()
    follow(sara, "Edit German ones")
    press(sara, "Delete this view")
    expect(sara.get_by_text("The view “German ones” is deleted.")).to_be_visible()
    expect(sara.get_by_text("No views yet.")).to_be_visible()


def test_a_filter_that_is_not_valid_shows_an_error(sara: Page, customer: Customer) -> None:
    sara.goto(f"{ACME}/customers/?created_from=yesterday")

    expect(sara.get_by_role("heading", name="Some filters are not valid")).to_be_visible()
    expect(sara.get_by_text("Enter a valid date.")).to_be_visible()


def test_the_chosen_columns_are_remembered(sara: Page, acme: Organization) -> None:
    factories.customer(acme, name="Hooli", city="Palo Alto", reference="R-7")
    sara.goto(f"{ACME}/customers/")
    assert sara.locator("thead th").all_inner_texts()[2:] == [
        *("Email", "External id", "Country", "Pays with", "Created")
    ]

    sara.get_by_text("Columns", exact=True).click()
    for name in ("Email", "External id", "Country", "Pays with", "Created"):
        sara.get_by_role("checkbox", name=name, exact=True).uncheck()
    for name in ("City", "Reference"):
        sara.get_by_role("checkbox", name=name, exact=True).check()
    press(sara, "Show these columns")
    expect(sara.get_by_role("cell", name="Palo Alto")).to_be_visible()

    sara.goto(f"{ACME}/customers/")
    assert sara.locator("thead th").all_inner_texts()[2:] == ["City", "Reference"]
    expect(sara.get_by_role("cell", name="R-7")).to_be_visible()


def called(page: Page, browsing: Browsing, acme: Organization) -> dict[str, tuple[bool, list[str]]]:
    """Run the commands. By contract: whether one call gets the list, and the ids it gets."""
    _, key = ApiKey.issue(acme, "live")
    page.get_by_text("Copy as curl").click()
    headings = page.locator("details[open] h2").all_inner_texts()
    lines = page.locator("details[open] pre").all_inner_texts()
    environment = {"HOST": browsing.origin, "API_KEY": key, "PATH": "/usr/bin:/bin"}
    found = {}
    for contract, heading, shown in zip(contracts(), headings, lines, strict=True):
        assert heading.startswith(contract.title)
        answer = subprocess.run(
            ["bash", "-c", shown.replace("curl ", "curl -sSf ")],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
            timeout=20,
        )
        found[contract.title] = ("the same list" in heading, ids(answer.stdout))
    return found


def ids(text: str) -> list[str]:
    """The ids of customers in one response, or in several one after another."""
    decoder, found = json.JSONDecoder(), []
    while text := text.lstrip():
        answer, end = decoder.raw_decode(text)
        text = text[end:]
        rows = answer.get("data") or answer.get("customers") or [answer.get("customer") or answer]
        found += [row.get("lago_id") or row["id"] for row in rows]
    return sorted(str(cus_ids.decode(id)) if id.startswith("cus_") else id for id in found)


def shown_ids(page: Page) -> list[str]:
    boxes = page.locator("tbody input[name=id]").all()
    return sorted(str(box.get_attribute("value")) for box in boxes)


@pytest.mark.parametrize(
    ("query", "lists"),
    [
        ("", {"Alternative Payments", "BillaBear", "Lago", "Registry", "Vatly"}),
        ("?country=DE", {"BillaBear", "Lago", "Registry"}),
        ("?created_from=2024-01-01&created_to=2024-12-31", {"Alternative Payments", "Registry"}),
        ("?q=twin", set()),
    ],
)
@pytest.mark.usefixtures("assorted")
def test_copied_calls_give_the_rows_that_are_shown(
    sara: Page, browsing: Browsing, acme: Organization, query: str, lists: set[str]
) -> None:
    sara.goto(f"{ACME}/customers/{query}")
    found = called(sara, browsing, acme)

    assert {title for title, (is_list, _ids) in found.items() if is_list} == lists
    assert {title: ids for title, (_is_list, ids) in found.items()} == dict.fromkeys(
        found, shown_ids(sara)
    )


def test_copied_calls_give_the_rows_of_every_page(
    sara: Page, browsing: Browsing, acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_list, "ROWS", 3)
    make(acme, 5)
    sara.goto(f"{ACME}/customers/")
    for count in (3, 2):
        found = called(sara, browsing, acme)
        assert len(shown_ids(sara)) == count
        assert {title: ids for title, (_is_list, ids) in found.items()} == dict.fromkeys(
            found, shown_ids(sara)
        )
        if count == 3:
            follow(sara, "Next")
            sara.wait_for_url("**after=*")
