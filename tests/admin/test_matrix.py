"""Every model of the admin: a member of an organization finds its rows, and no others' at all.

The matrix comes from what is registered, so that a model added to the admin fails here until it is
said how a row of an organization is made.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from customers.models import (
    ApiKey,
    Customer,
    IdempotencyRecord,
    Membership,
    OAuthClient,
    Organization,
)
from customers.models.base import HistoryEvent
from customers.staff.models import PasswordLink, StaffUser
from tests import factories


def record(organization: Organization) -> IdempotencyRecord:
    return IdempotencyRecord.objects.create(
        organization=organization,
        credential="api_key 1",
        key_digest=secrets.token_hex(32),
        fingerprint="0" * 64,
        status=201,
        body=b'{"name": "Body of the answer"}',
    )


def api_key(organization: Organization) -> ApiKey:
    return ApiKey.issue(organization, "live", name=f"key of {organization.slug}")[0]


def member(organization: Organization) -> Any:
    person = factories.staff(secrets.token_hex(8))
    organization.staff.add(person)
    return Membership.objects.get(staff_user=person)


def customer(organization: Organization) -> Customer:
    return factories.customer(organization, name=f"customer of {organization.slug}")


#: How a row of an organization is made: itself, or the row whose history is meant.
ROWS: dict[str, Callable[[Organization], Model]] = {
    "apikey": api_key,
    "customer": customer,
    "customernote": lambda organization: factories.note(customer(organization)),
    "customeruser": lambda organization: factories.user(customer(organization)),
    "idempotencyrecord": record,
    "membership": member,
    "oauthclient": factories.oauth_client,
    "organization": lambda organization: organization,
    "paymentmethod": lambda organization: factories.payment_method(customer(organization)),
    "webhookendpoint": lambda organization: factories.delivery(organization).endpoint,
}
STAFF_EVENTS = [
    model for model in apps.get_app_config("staff").get_models() if issubclass(model, HistoryEvent)
]
FOR_SUPERUSERS: list[type[Model]] = [StaffUser, Group, AccessAttempt, AccessLog, *STAFF_EVENTS]
OF_ORGANIZATIONS = sorted(
    (model for model in admin.site._registry if model not in FOR_SUPERUSERS),
    key=lambda model: model._meta.model_name or "",
)
PAGES = ["change", "history", "delete"]

of_every_model = pytest.mark.parametrize("model", OF_ORGANIZATIONS, ids=lambda m: m.__name__)


def row_of(organization: Organization, model: type[Model]) -> Any:
    """One row of the model; of a history table, the event of such a row."""
    name = model._meta.model_name or ""
    row = ROWS[name.removesuffix("event")](organization)
    if name.endswith("event"):
        return model._default_manager.filter(pgh_obj_id=row.pk).latest("pgh_id")
    return row


def address(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def clerk(client: Client, acme: Organization) -> Client:
    """Someone of Acme with every permission there is."""
    person = factories.staff("clerk", organizations=[acme])
    person.user_permissions.set(Permission.objects.all())
    client.force_login(person)
    return client


def listed(client: Client, model: type[Model]) -> list[Any]:
    response: Any = client.get(address(model, "changelist"), {"status": "all"})
    if response.status_code == 302:  # a parameter that only some lists know
        response = client.get(address(model, "changelist"))
    assert response.status_code == 200
    return list(response.context["cl"].queryset)


def test_every_history_table_is_registered() -> None:
    events = {model for model in apps.get_models() if issubclass(model, HistoryEvent)}

    assert events
    assert events <= admin.site._registry.keys()


@of_every_model
def test_a_list_has_the_organizations_rows_only(
    clerk: Client, acme: Organization, globex: Organization, model: type[Model]
) -> None:
    mine, theirs = row_of(acme, model), row_of(globex, model)

    rows = listed(clerk, model)

    assert mine in rows
    assert theirs not in rows


@of_every_model
@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_others_is_not_found(
    clerk: Client, globex: Organization, model: type[Model], page: str
) -> None:
    theirs = row_of(globex, model)

    assert clerk.get(address(model, page, theirs.pk)).status_code == 404
    assert clerk.post(address(model, page, theirs.pk), {"post": "yes"}).status_code in {404, 405}
    assert model._default_manager.filter(pk=theirs.pk).exists()


@of_every_model
@pytest.mark.parametrize("page", ["change", "history"])
def test_a_page_of_ones_own_is_shown(
    clerk: Client, acme: Organization, model: type[Model], page: str
) -> None:
    assert clerk.get(address(model, page, row_of(acme, model).pk)).status_code == 200


@of_every_model
def test_nothing_is_deleted(clerk: Client, acme: Organization, model: type[Model]) -> None:
    mine = row_of(acme, model)

    assert clerk.post(address(model, "delete", mine.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=mine.pk).exists()


@of_every_model
def test_a_page_of_what_never_was_is_not_found(
    clerk: Client, acme: Organization, model: type[Model]
) -> None:
    for id in ("0", "nonsense", "019dd200-0000-7000-8000-000000000000"):
        assert clerk.get(address(model, "change", id)).status_code == 404


@of_every_model
def test_a_list_of_twenty_rows_takes_few_queries(
    clerk: Client,
    acme: Organization,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    model: type[Model],
) -> None:
    for _ in range(20):
        row_of(acme, model)

    with django_assert_max_num_queries(14):
        clerk.get(address(model, "changelist"))


@pytest.mark.parametrize("model", [Customer, ApiKey, OAuthClient])
def test_only_ones_own_organizations_can_be_chosen(
    clerk: Client, acme: Organization, globex: Organization, model: type[Model]
) -> None:
    asked = {
        "app_label": "customers",
        "model_name": str(model._meta.model_name),
        "field_name": "organization",
        "term": "",
    }

    offered = clerk.get("/admin/autocomplete/", asked).json()["results"]

    assert [choice["text"] for choice in offered] == ["Acme"]


@pytest.mark.parametrize("model", FOR_SUPERUSERS)
def test_what_is_for_superusers_is_shown_to_them_alone(
    clerk: Client, acme: Organization, model: type[Model]
) -> None:
    PasswordLink.issue(factories.staff("ada", "Viewer"))
    form = {"username": "clerk", "password": "wrong"}
    Client().post("/backoffice/login/", form)
    factories.signs_in(Client(), "clerk")
    row: Any = model._default_manager.first()
    root = Client()
    root.force_login(StaffUser.objects.create_superuser("root"))
    if row is None:  # the failures, which success forgot
        Client().post("/backoffice/login/", form)
        row = model._default_manager.get()

    assert clerk.get(address(model, "changelist")).status_code == 403
    assert clerk.get(address(model, "change", row.pk)).status_code == 404
    assert root.get(address(model, "changelist")).status_code == 200
    assert root.get(address(model, "change", row.pk)).status_code == 200
    assert model._meta.verbose_name_plural.title() not in clerk.get("/admin/").content.decode()  # type: ignore[union-attr]


def test_members_are_shown_and_not_changed_by_others_than_superusers(
    clerk: Client, acme: Organization
) -> None:
    page = address(Organization, "change", acme.pk)

    assert "clerk" in clerk.get(page).content.decode()
    assert clerk.post(page, {"name": "Renamed", "slug": "acme"}).status_code == 403


def test_a_kept_answer_is_never_shown(clerk: Client, acme: Organization) -> None:
    kept = record(acme)

    shown = clerk.get(address(IdempotencyRecord, "changelist")).content.decode()
    shown += clerk.get(address(IdempotencyRecord, "change", kept.pk)).content.decode()

    assert "30\xa0bytes" in shown
    assert "Body of the answer" not in shown
    assert kept.key_digest not in shown
