"""The rules that the database itself keeps: each named constraint, broken past the verbs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection

from customers.models import (
    ApiKey,
    Customer,
    CustomerImport,
    CustomerNote,
    CustomerUser,
    Figures,
    IdempotencyRecord,
    ImportRow,
    LastWrite,
    Membership,
    NotDuplicate,
    OAuthClient,
    Organization,
    PaymentMethod,
    RequestCount,
    SavedView,
    Selection,
)
from customers.models.errors import RuleBroken, refusals
from customers.staff.models import StaffUser
from customers.values.uuid7 import uuid7
from tests import factories
from tests.store.breaking import at_once, broken, insert, raw, set_on

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class World:
    """One row of everything, and a second organization."""

    acme: Organization
    globex: Organization
    one: Customer
    two: Customer
    theirs: Customer
    user: CustomerUser
    method: PaymentMethod
    key: ApiKey
    client: OAuthClient
    member: Membership
    file: CustomerImport
    note: CustomerNote
    pair: NotDuplicate
    selection: Selection
    view: SavedView


@pytest.fixture
def world(acme: Organization, globex: Organization) -> World:
    one = factories.customer(acme, name="One", external_id="ext-1")
    two = factories.customer(acme, name="Two", external_id="ext-2")
    person = StaffUser.objects.create_user("ada")
    return World(
        acme=acme,
        globex=globex,
        one=one,
        two=two,
        theirs=factories.customer(globex, name="Theirs"),
        user=factories.user(one, email="ada@example.org"),
        method=factories.payment_method(one),
        key=ApiKey.issue(acme, "live")[0],
        client=OAuthClient.issue(acme, "live")[0],
        member=Membership.objects.create(organization=acme, staff_user=person),
        file=CustomerImport.objects.create(organization=acme, mode="live"),
        note=factories.note(one),
        pair=NotDuplicate.objects.create(organization=acme, mode="live", customer=one, other=two),
        selection=Selection.choose(
            one.tenant, Customer.objects.filter(pk=one.pk), action="archive", query=""
        ),
        view=SavedView.objects.create(organization=acme, owner=person, name="Germany", query=""),
    )


Break = Callable[[World], object]
EARLIER = timedelta(microseconds=1)

BREAKS: list[tuple[str, Break]] = [
    # Customers' numbers
    (
        "customer_sequential_id_unique",
        lambda world: insert(world.one, external_id="ext-3", sequential_id=world.two.sequential_id),
    ),
    # Figures
    (
        "figures_once_per_organization_and_mode",
        lambda world: Figures.objects.bulk_create(
            Figures(organization=world.acme, mode="live", taken_at=EPOCH, numbers={})
            for _ in range(2)
        ),
    ),
    # Customer
    (
        "customer_external_id_unique_among_live",
        lambda world: set_on(world.two, external_id="ext-1"),
    ),
    ("customer_external_id_unique_among_live", lambda world: insert(world.one)),
    ("customer_external_id_not_empty", lambda world: set_on(world.one, external_id="")),
    ("customer_mode_is_live_or_test", lambda world: set_on(world.two, mode="demo")),
    ("customer_country_is_iso", lambda world: set_on(world.one, country="XX")),
    ("customer_country_is_iso", lambda world: set_on(world.one, country="de")),
    (
        "customer_begins_with_something",
        lambda world: insert(world.two, name=None, external_id=None, version=1),
    ),
    ("customeruser_begins_with_something", lambda world: insert(world.user, email=None, version=1)),
    ("customer_metadata_is_object", lambda world: set_on(world.one, metadata=[])),
    (
        "customer_metadata_is_object",
        lambda world: raw(
            "UPDATE customers_customer SET metadata = 'null' WHERE id = %s", world.one.pk
        ),
    ),
    (
        "customer_id_tells_created_at",
        lambda world: set_on(world.two, created_at=world.two.created_at - EARLIER),
    ),
    (
        "customer_id_tells_created_at",
        lambda world: insert(world.two, external_id=None, id=UUID(int=7 << 76 | 2 << 62)),
    ),
    (
        "customer_id_tells_created_at",
        lambda world: raw(
            "UPDATE customers_customer SET id = gen_random_uuid() WHERE id = %s", world.two.pk
        ),
    ),
    (
        "customer_default_payment_method_is_its_own",
        lambda world: set_on(world.two, default_payment_method=world.method),
    ),
    (
        "customer_default_payment_method_is_its_own",
        lambda world: set_on(world.theirs, default_payment_method=world.method),
    ),
    (
        "customer_default_payment_method_is_its_own",
        lambda world: set_on(world.one, default_payment_method_id=uuid7(datetime.now(UTC))),
    ),
    # User
    (
        "customeruser_email_unique_per_customer",
        lambda world: insert(world.user, email="ADA@Example.org"),
    ),
    (
        "customeruser_customer_in_organization",
        lambda world: set_on(world.user, organization=world.globex),
    ),
    ("customeruser_customer_in_organization", lambda world: set_on(world.user, mode="test")),
    (
        "customeruser_customer_in_organization",
        lambda world: set_on(world.user, customer=world.theirs),
    ),
    (
        "customeruser_customer_in_organization",
        lambda world: raw("DELETE FROM customers_customer WHERE id = %s", world.one.pk),
    ),
    (
        "customeruser_id_tells_created_at",
        lambda world: set_on(world.user, created_at=world.user.created_at - EARLIER),
    ),
    # Payment method
    (
        "paymentmethod_customer_in_organization",
        lambda world: set_on(world.method, organization=world.globex),
    ),
    ("paymentmethod_customer_in_organization", lambda world: set_on(world.method, mode="test")),
    (
        "paymentmethod_customer_in_organization",
        lambda world: insert(world.method, customer_id=world.theirs.pk),
    ),
    ("paymentmethod_type_is_known", lambda world: set_on(world.method, type="cash")),
    ("paymentmethod_last4_is_four_digits", lambda world: set_on(world.method, last4="")),
    ("paymentmethod_last4_is_four_digits", lambda world: set_on(world.method, last4="123")),
    ("paymentmethod_last4_is_four_digits", lambda world: set_on(world.method, last4="12a4")),
    ("paymentmethod_last4_is_four_digits", lambda world: set_on(world.method, last4="12\n4")),
    ("paymentmethod_last4_is_four_digits", lambda world: set_on(world.method, last4="١٢٣٤")),
    ("paymentmethod_exp_month_is_month", lambda world: set_on(world.method, exp_month=13)),
    ("paymentmethod_exp_year_is_year", lambda world: set_on(world.method, exp_year=30)),
    ("paymentmethod_exp_year_is_year", lambda world: set_on(world.method, exp_year=2200)),
    ("paymentmethod_expiry_is_whole", lambda world: set_on(world.method, exp_year=None)),
    ("paymentmethod_expiry_is_whole", lambda world: set_on(world.method, exp_month=None)),
    (
        "paymentmethod_id_tells_created_at",
        lambda world: set_on(world.method, created_at=world.method.created_at - EARLIER),
    ),
    # Organization and credentials
    (
        "organization_id_tells_created_at",
        lambda world: set_on(world.globex, created_at=world.globex.created_at - EARLIER),
    ),
    ("apikey_digest_unique", lambda world: insert(world.key)),
    ("apikey_mode_is_live_or_test", lambda world: set_on(world.key, mode="demo")),
    (
        "apikey_id_tells_created_at",
        lambda world: set_on(world.key, created_at=world.key.created_at - EARLIER),
    ),
    ("oauthclient_mode_is_live_or_test", lambda world: set_on(world.client, mode="demo")),
    (
        "membership_once_per_organization",
        lambda world: Membership.objects.create(
            organization=world.acme, staff_user=world.member.staff_user
        ),
    ),
    # Notes, and pairs that are not duplicates
    (
        "customernote_id_tells_created_at",
        lambda world: set_on(world.note, created_at=world.note.created_at - EARLIER),
    ),
    (
        "customernote_customer_in_organization",
        lambda world: set_on(world.note, customer=world.theirs),
    ),
    ("notduplicate_once", lambda world: insert(world.pair)),
    ("notduplicate_of_two", lambda world: set_on(world.pair, other=world.one)),
    (
        "notduplicate_customer_in_organization",
        lambda world: set_on(world.pair, customer=world.theirs),
    ),
    (
        "notduplicate_other_in_organization",
        lambda world: set_on(world.pair, other=world.theirs),
    ),
    # Selections and saved views
    ("selection_mode_is_live_or_test", lambda world: set_on(world.selection, mode="demo")),
    (
        "selection_id_tells_created_at",
        lambda world: set_on(world.selection, created_at=world.selection.created_at - EARLIER),
    ),
    (
        "savedview_id_tells_created_at",
        lambda world: set_on(world.view, created_at=world.view.created_at - EARLIER),
    ),
    (
        "savedview_name_once_per_owner",
        lambda world: SavedView.objects.create(
            organization=world.acme, owner=world.view.owner, name=world.view.name, query=""
        ),
    ),
    # Imports
    ("customerimport_mode_is_live_or_test", lambda world: set_on(world.file, mode="demo")),
    ("customerimport_state_is_known", lambda world: set_on(world.file, state="lost")),
    (
        "customerimport_id_tells_created_at",
        lambda world: set_on(world.file, created_at=world.file.created_at - EARLIER),
    ),
    (
        "importrow_once_per_number",
        lambda world: [
            ImportRow.objects.create(customer_import=world.file, number=2, cells=[])
            for _ in range(2)
        ],
    ),
    (
        "importcorrection_once_per_number",
        lambda world: [
            world.file.corrections.create(row=2, number=1, before=[]) for _again in range(2)
        ],
    ),
    # Requests
    (
        "idempotencyrecord_key_unique_per_credential",
        lambda world: [
            IdempotencyRecord.objects.create(
                organization=world.acme,
                credential="api_key 1",
                key_digest="d",
                fingerprint=fingerprint,
                status=200,
                body=b"",
            )
            for fingerprint in ("a", "b")
        ],
    ),
    (
        "lastwrite_once_per_slot",
        lambda _world: [
            LastWrite.objects.create(caller="api_key 1", slot=1, position=position)
            for position in (1, 2)
        ],
    ),
    (
        "requestcount_one_per_window",
        lambda _world: [
            RequestCount.objects.create(caller="api_key 1", window_start=EPOCH, count=count)
            for count in (1, 2)
        ],
    ),
]

# They only give the composite foreign keys something to refer to: the primary key implies them.
IMPLIED = {"customer_in_its_organization", "paymentmethod_of_its_customer"}


@pytest.mark.parametrize(("name", "change"), BREAKS, ids=[name for name, _ in BREAKS])
def test_the_database_refuses(world: World, name: str, change: Break) -> None:
    assert broken(lambda: change(world)) == name


def test_every_named_constraint_is_tried() -> None:
    named = {
        constraint.name
        for model in apps.get_app_config("customers").get_models()
        for constraint in model._meta.constraints
    }

    assert named == {name for name, _ in BREAKS} | IMPLIED


@pytest.mark.parametrize("name", sorted(IMPLIED))
def test_what_the_primary_key_implies_is_there_to_refer_to(db: None, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_depend d JOIN pg_constraint c ON c.oid = d.objid"
            " JOIN pg_class i ON i.oid = d.refobjid WHERE c.contype = 'f' AND i.relname = %s",
            [name],
        )
        assert cursor.fetchone()[0] >= 1


def test_an_archived_customers_external_id_may_be_held_again(world: World) -> None:
    world.one.archive()

    insert(world.one)  # archived, as the copy is
    set_on(world.two, external_id="ext-1")

    assert Customer.objects.filter(external_id="ext-1").count() == 3


def test_the_users_of_two_customers_may_share_an_email(world: World) -> None:
    insert(world.user, customer_id=world.two.pk)

    assert CustomerUser.objects.count() == 2


def test_a_customers_own_payment_method_may_be_its_default(world: World) -> None:
    at_once(lambda: set_on(world.one, default_payment_method=world.method))

    assert PaymentMethod.objects.get().is_default


def test_a_default_payment_method_is_not_deleted_by_sql(world: World) -> None:
    set_on(world.one, default_payment_method=world.method)

    name = broken(lambda: raw("DELETE FROM customers_paymentmethod"))

    assert name == "customer_default_payment_method_is_its_own"


def test_a_default_payment_method_that_is_deleted_is_no_default_any_more(world: World) -> None:
    set_on(world.one, default_payment_method=world.method)

    at_once(world.method.delete)

    assert Customer.objects.get(pk=world.one.pk).default_payment_method_id is None


def test_the_database_and_the_application_make_the_same_ids(acme: Organization) -> None:
    start = datetime(1970, 1, 1, tzinfo=UTC)
    times = [
        start + number * timedelta(days=1401, hours=5, microseconds=9_377) for number in range(300)
    ]
    times += [start + timedelta(days=20_000, microseconds=number) for number in range(1000)]
    times.append(datetime.max.replace(tzinfo=UTC))

    rows = Customer.objects.bulk_create(
        Customer(organization=acme, mode="live", created_at=at, city="Kyiv") for at in times
    )

    assert len(rows) == 1301
    assert list(Customer.objects.order_by("pk").values_list("created_at", flat=True)) == sorted(
        times
    )


def test_a_constraint_without_an_error_of_its_own_is_a_broken_rule(world: World) -> None:
    with pytest.raises(RuleBroken) as caught, refusals():
        set_on(world.one, country="XX")

    assert caught.value.constraint == "customer_country_is_iso"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert "XX" not in str(caught.value)
