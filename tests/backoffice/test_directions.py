"""A name with characters that change the direction of text changes it for itself alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from customers.models import Customer, Organization
from tests import factories
from tests.backoffice.support import at, text

NAME = "\u202eevil txt.exe"


class Places(HTMLParser):
    """Finds texts of a page's body with the name that no `<bdi>` is around."""

    def __init__(self) -> None:
        super().__init__()
        self.found = 0
        self.bare: list[str] = []
        self._depth = 0
        self._in_body = False

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self._in_body = self._in_body or tag == "body"
        self._depth += tag == "bdi"

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag == "bdi"

    def handle_data(self, data: str) -> None:
        if self._in_body and NAME in data:
            self.found += 1
            if not self._depth:
                self.bare.append(data.strip())


def places(html: str) -> Places:
    found = Places()
    found.feed(re.sub(r"(?s)<(script|pre|textarea)\b.*?</\1>", "", html))
    return found


@pytest.fixture
def odd(acme: Organization) -> Customer:
    return factories.customer(acme, external_id="rlo-1", name=NAME)


@pytest.mark.parametrize("name", ["customer", "customer_archive", "customer_restore"])
def test_a_page_of_the_customer_isolates_its_name(
    manager: Client, odd: Customer, name: str
) -> None:
    found = places(text(manager.get(at(name, odd.pk))))

    assert found.found
    assert not found.bare


def test_the_list_isolates_the_name(manager: Client, odd: Customer) -> None:
    found = places(text(manager.get(at("customers"))))

    assert found.found
    assert not found.bare


def test_the_title_of_a_page_keeps_its_direction(manager: Client, odd: Customer) -> None:
    shown = text(manager.get(at("customer", odd.pk)))

    assert f"<title>{NAME}\u202c · " in shown


@pytest.mark.parametrize("page", ["change", "history"])
def test_the_admin_keeps_its_direction_after_a_name(
    admin_client: Client, odd: Customer, page: str
) -> None:
    shown = text(admin_client.get(reverse(f"admin:customers_customer_{page}", args=[odd.pk])))
    without_fields = re.sub(r"<input[^>]*>", "", shown)

    assert f"{NAME}\u202c" in without_fields
    assert not re.search(rf"{NAME}(?!\u202c)", without_fields)


def test_control_a_name_that_is_not_isolated_is_found() -> None:
    assert places(f"<body><p>{NAME}</p><bdi>{NAME}</bdi>").bare == [NAME]
