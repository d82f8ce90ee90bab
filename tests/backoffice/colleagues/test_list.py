"""The list of colleagues."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from customers.models import Organization
from customers.staff.models import AuthenticatorApp, StaffUser
from tests import factories
from tests.backoffice.colleagues.support import nia
from tests.backoffice.support import at, text


def test_the_list_shows_who_sees_the_organization(
    manager: Client, acme: Organization, globex: Organization
) -> None:
    person = nia(acme, "Editor", first_name="Nia", last_login=timezone.now())
    AuthenticatorApp.set_up(person, confirmed=True)
    person.organizations.add(globex)
    factories.staff("gus", organizations=[globex])
    StaffUser.objects.create_superuser("root")

    response: Any = manager.get(at("colleagues"))
    row = next(row for row in response.context["rows"] if row["person"] == person)
    page = text(response)

    assert {row["person"].username for row in response.context["rows"]} == {"mona", "nia", "root"}
    assert row["person"].has_second_factor
    assert [str(row) for row in row["organizations"]] == ["Acme"]
    assert "and 1 that is not yours" in page
    assert "Globex" not in page
    assert "Superuser" in page


def test_the_list_takes_as_many_queries_for_many_colleagues(
    manager: Client, acme: Organization, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        factories.staff(f"n-{number}", "Editor", organizations=[acme])

    with django_assert_max_num_queries(20):
        manager.get(at("colleagues"))


def test_a_long_list_has_pages(manager: Client, acme: Organization) -> None:
    acme.staff.add(*(StaffUser.objects.create(username=f"n-{number}") for number in range(60)))

    first: Any = manager.get(at("colleagues"))
    last: Any = manager.get(at("colleagues"), {"page": "2"})

    assert [len(page.context["rows"]) for page in (first, last)] == [50, 11]
    assert 'rel="next" href="?page=2"' in text(first)
