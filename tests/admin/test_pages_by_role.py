"""Every page of the admin, for every role and row: none fails, and what one may view opens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from customers.models import ApiKey, Organization
from customers.staff.models import StaffUser
from tests import factories
from tests.admin.test_matrix import FOR_SUPERUSERS, OF_ORGANIZATIONS, row_of

pytestmark = pytest.mark.slow

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
ROLES = ["Viewer", "Editor", "Manager", "superuser"]

PAGES = {"changelist", "add", "change", "history", "delete"}

every_role = pytest.mark.parametrize("role", ROLES)


@pytest.fixture
def cast(acme: Organization) -> None:
    """A row of every model, and customers with everything, with nothing, and archived."""
    for model in OF_ORGANIZATIONS:
        row_of(acme, model)
    rich = factories.customer(acme, name="Rich", metadata={"k": "v"}, url="https://x.example")
    factories.user(rich, first_name="Ada")
    rich.add_payment_method(type="card", brand="visa", last4="4242")
    rich.add_payment_method(type="card", exp_month=1, exp_year=2001)
    rich.users.get().remove()
    factories.customer(acme, "test", external_id="bare")
    factories.customer(acme, name="Gone").archive()
    ApiKey.issue(acme, "live", name="revoked")[0].revoke()
    Client().post("/backoffice/login/", {"username": "ada", "password": "wrong"})
    factories.staff("bob", "Viewer")
    factories.signs_in(Client(), "bob")


@pytest.fixture
def person(client: Client, acme: Organization, role: str) -> StaffUser:
    if role == "superuser":
        person = StaffUser.objects.create_superuser("root")
    else:
        person = factories.staff("ada", role, organizations=[acme])
    client.force_login(person)
    return person


def pages(model: type[Model]) -> Iterator[tuple[str, str]]:
    """Every page about a model: what it is for, and its address; pages of a row for every row."""
    for pattern in admin.site._registry[model].get_urls():
        if not pattern.name:
            continue
        page = pattern.name.rpartition("_")[2]
        if pattern.pattern.converters:
            for row in model._default_manager.all():
                yield page, reverse(f"admin:{pattern.name}", args=[row.pk])
        else:
            yield page, reverse(f"admin:{pattern.name}")


def may(person: StaffUser, page: str, model: type[Model]) -> bool:
    """Whether a page is one that the person's role may view."""
    if page not in {"changelist", "change", "history"}:
        return False
    if model in FOR_SUPERUSERS:
        return person.is_superuser
    return person.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


@every_role
@pytest.mark.usefixtures("cast")
def test_no_page_fails_and_what_may_be_viewed_opens(client: Client, person: StaffUser) -> None:
    for model in MODELS:
        statuses = {
            (page, address): client.get(address).status_code for page, address in pages(model)
        }
        may_view = {opened for opened in statuses if may(person, opened[0], model)}

        assert {page for page, _ in statuses} >= PAGES
        assert not {opened: status for opened, status in statuses.items() if status >= 500}
        assert {opened for opened in may_view if statuses[opened] != 200} == set()


@every_role
def test_the_index_of_every_app_opens(client: Client, person: StaffUser) -> None:
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/customers/").status_code == 200
    for app in {model._meta.app_label for model in MODELS}:
        expected = 200 if person.is_superuser or app == "customers" else 404
        assert client.get(reverse("admin:app_list", args=[app])).status_code == expected
