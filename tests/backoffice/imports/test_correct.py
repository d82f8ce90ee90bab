"""A row is corrected in the page, and checked at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from customers.models import Customer, CustomerImport, Organization
from tests import factories
from tests.backoffice.imports.support import (
    CustomerEvent,
    send_confirmation,
    text,
    url_of,
)
from tests.imports.support import checked, confirm, outcomes, rows

NAME, COUNTRY = "1-name", "2-country"


@pytest.fixture
def refused(customer: Customer) -> CustomerImport:
    """An import of two refused rows and a new one."""
    return checked(
        customer.organization,
        [
            ["external_id", "name", "country", "Colour"],
            ["ext-1", "Hooli", "Nowhere", "red"],
            ["x-2", "Raviga", "nowhere", "blue"],
            ["x-3", "Aviato", "DE", "green"],
        ],
    )


def address(customer_import: CustomerImport, number: int, query: str = "") -> str:
    return url_of(customer_import, f"rows/{number}/{query}")


def send(client: Client, customer_import: CustomerImport, number: int = 2, **sent: str) -> Any:
    """Open the form of a row, change some of its fields, and send it."""
    form = client.get(address(customer_import, number)).context["form"]
    data = {field.html_name: field.value() for field in form}
    changed = {name.removeprefix("cell_").replace("_", "-"): text for name, text in sent.items()}
    return client.post(address(customer_import, number), {**data, **changed})


def test_the_form_stands_below_its_row_with_the_reasons(
    editor: Client, refused: CustomerImport
) -> None:
    assert address(refused, 2) in text(editor.get(url_of(refused)))

    page = text(editor.get(address(refused, 2)))

    assert page.index('id="row-2"') < page.index('class="correct"') < page.index('id="row-3"')
    assert 'value="Nowhere"' in page
    assert 'aria-invalid="true" autofocus' in page
    assert "Colour" in page
    assert 'value="red"' not in page  # it is not imported


def test_a_corrected_row_is_checked_and_applied(
    editor: Client, refused: CustomerImport, customer: Customer
) -> None:
    response = send(editor, refused, cell_2_country="Germany")
    assert response.url == f"{url_of(refused)}#row-2"
    page = text(editor.get(response.url))
    assert "Row 2 is checked: Changed." in page
    assert "corrected by sara" in page
    assert "Import 2 of 3 rows: 1 new, 1 changed" in page

    send_confirmation(editor, refused)
    customer.refresh_from_db()
    assert (customer.name, customer.country) == ("Hooli", "DE")
    event = CustomerEvent.objects.filter(pgh_obj_id=customer.pk).latest("pgh_id")
    assert (event.country, event.pgh_context["import"]) == ("DE", str(refused.pk))


def test_a_row_that_is_still_refused_stays_open(editor: Client, refused: CustomerImport) -> None:
    response = send(editor, refused, cell_1_name="Hooli XYZ", cell_2_country="Elsewhere")
    assert response.url == address(refused, 2)

    page = text(editor.get(response.url))
    assert "Row 2 is still refused." in page
    assert 'value="Elsewhere"' in page
    assert "In the file: <bdi>Nowhere</bdi>" in page

    send(editor, refused, cell_2_country="US")
    assert rows(refused)[0].cells == ["ext-1", "Hooli XYZ", "US", "red"]


def test_the_next_refused_row_can_be_opened(editor: Client, refused: CustomerImport) -> None:
    data = {"seen": "0", COUNTRY: "DE", "next": "1"}

    assert editor.post(address(refused, 2), data).url == address(refused, 3)  # type: ignore[attr-defined]
    last = editor.post(address(refused, 3), data)
    assert last.url == f"{url_of(refused)}#row-3"  # type: ignore[attr-defined]


def test_a_field_that_was_not_sent_is_left_as_it_is(
    editor: Client, refused: CustomerImport
) -> None:
    editor.post(address(refused, 2), {"seen": "0", COUNTRY: "DE"})

    assert rows(refused)[0].cells == ["ext-1", "Hooli", "DE", "red"]


def test_the_page_of_the_list_is_kept(editor: Client, refused: CustomerImport) -> None:
    query = "?outcome=refused&after=refused-2"
    page = text(editor.get(address(refused, 3, query)))
    assert f'action="{address(refused, 3)}?outcome=refused&amp;after=refused-2"' in page

    response = editor.post(address(refused, 3, query), {"seen": "0", COUNTRY: "DE"})
    assert response.url == f"{url_of(refused)}{query}#row-3"  # type: ignore[attr-defined]


def test_a_row_of_another_page_is_shown_first(editor: Client, acme: Organization) -> None:
    found = checked(acme, [["name"], *([f"name-{number}"] for number in range(60))])

    lines = editor.get(address(found, 61)).context["lines"]

    assert [line.row.number for line in lines[:2]] == [61, 2]


def test_a_correction_of_a_colleague_meanwhile_is_shown(
    editor: Client, refused: CustomerImport
) -> None:
    olga = Client()
    olga.force_login(factories.staff("olga", "Editor", organizations=[refused.organization]))
    send(olga, refused, cell_2_country="FR")

    mine = {"seen": "0", "0-external_id": "ext-1", NAME: "Mine", COUNTRY: "DE"}
    response: Any = editor.post(address(refused, 2), mine)
    page = text(response)
    assert response.status_code == 409
    assert "olga corrected this row while you did, so nothing was saved." in page
    assert "The cell holds now: <bdi>FR</bdi>" in page
    assert 'value="Mine"' in page
    assert rows(refused)[0].cells[2] == "FR"

    seen = {field.html_name: field.value() for field in response.context["form"]}
    editor.post(address(refused, 2), seen)
    assert rows(refused)[0].cells == ["ext-1", "Mine", "DE", "red"]


def test_a_card_number_is_neither_stored_nor_shown(editor: Client, refused: CustomerImport) -> None:
    response = send(editor, refused, cell_1_name="4111 1111 1111 1111", cell_2_country="DE")

    page = text(editor.get(response.url)) + text(editor.get(url_of(refused, "refused.csv")))
    assert "payment card number" in page
    assert "4111" not in page
    assert rows(refused)[0].cells == ["ext-1", None, "DE", "red"]


@pytest.mark.parametrize("bad", ["\x00", "x" * 200_001, "\ud800"])
def test_a_card_number_beside_what_cannot_be_stored_is_not_shown(
    editor: Client, refused: CustomerImport, bad: str
) -> None:
    data = {"seen": "0", NAME: "4111 1111 1111 1111", COUNTRY: bad}
    sent = "&".join(f"{name}={text}" for name, text in data.items()).encode(errors="surrogatepass")
    kind = "application/x-www-form-urlencoded"
    response = editor.post(address(refused, 2), sent, content_type=kind)

    assert response.status_code in (200, 302, 400)
    assert "4111" not in text(response)
    assert "4111" not in str(rows(refused)[0].cells)


def test_a_card_number_of_the_file_is_corrected_in_any_column(
    editor: Client, acme: Organization
) -> None:
    found = checked(acme, [["name", "Colour"], ["Hooli", "4111 1111 1111 1111"]])
    assert "1-" in editor.get(address(found, 2)).context["form"].fields

    send(editor, found)

    assert (outcomes(found), rows(found)[0].cells) == (["new"], ["Hooli", ""])


def test_line_breaks_of_a_cell_that_was_not_edited_are_kept(
    editor: Client, acme: Organization
) -> None:
    found = checked(acme, [["name", "address_line1"], ["x" * 300, "12 Main St\nFloor 2"]])
    assert "<textarea" in text(editor.get(address(found, 2)))

    data = {"seen": "0", "0-name": "A", "1-address_line1": "12 Main St\r\nFloor 2"}
    editor.post(address(found, 2), data)

    assert rows(found)[0].cells == ["A", "12 Main St\nFloor 2"]


def test_a_form_without_what_was_seen_is_refused(editor: Client, refused: CustomerImport) -> None:
    assert editor.post(address(refused, 2), {COUNTRY: "DE"}).status_code == 400
    assert outcomes(refused) == ["refused", "refused", "new"]


def test_an_applied_import_is_not_corrected(editor: Client, refused: CustomerImport) -> None:
    confirm(refused)

    assert "/rows/" not in text(editor.get(url_of(refused)))
    for response in (
        editor.get(address(refused, 2)),
        editor.post(address(refused, 2), {"seen": "0", COUNTRY: "DE"}),
    ):
        assert response.url == f"{url_of(refused)}#row-2"  # type: ignore[attr-defined]
    assert "Nothing was saved." in text(editor.get(url_of(refused)))
    assert rows(refused)[0].cells[2] == "Nowhere"


@pytest.mark.parametrize("number", [1, 5, 10**12])
def test_a_row_that_the_file_does_not_have_is_not_found(
    editor: Client, refused: CustomerImport, number: int
) -> None:
    assert editor.get(address(refused, number)).status_code == 404
    assert editor.post(address(refused, number)).status_code == 404


def test_the_form_sent_twice_corrects_once(editor: Client, refused: CustomerImport) -> None:
    data = {"seen": "0", COUNTRY: "DE", "once": "a"}
    first, second = (editor.post(address(refused, 2), data) for _again in range(2))

    assert first.url == second.url  # type: ignore[attr-defined]
    assert refused.corrections.count() == 1
    assert "You sent this form twice." in text(editor.get(url_of(refused)))
