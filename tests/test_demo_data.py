"""fixtures/demo.json: deterministic, loadable twice, and full of traps."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Count

from customers.models import Customer, CustomerUser, Organization, PaymentMethod
from tests.stored import everything_stored

FIXTURES = Path(settings.BASE_DIR, "fixtures")


def cast() -> ModuleType:
    spec = importlib.util.spec_from_file_location("demo_cast", FIXTURES / "demo.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load() -> None:
    call_command("loaddata", "demo", verbosity=0)


def test_the_checked_in_file_is_what_its_cast_makes() -> None:
    module = cast()

    assert (FIXTURES / "demo.json").read_text("utf-8") == module.write(module.demo())


@pytest.mark.django_db
def test_loading_twice_gives_the_same_rows() -> None:
    load()
    once = sorted(everything_stored().splitlines())
    load()

    assert sorted(everything_stored().splitlines()) == once


@pytest.mark.django_db
def test_there_are_two_organizations_with_both_modes() -> None:
    load()

    for organization in Organization.objects.all():
        modes = organization.customers.values_list("mode", flat=True)
        assert set(modes) == {"live", "test"}
    assert Organization.objects.count() == 2
    assert Customer.objects.count() >= 40


@pytest.mark.django_db
def test_every_row_keeps_the_rules_of_its_fields() -> None:
    load()

    for model in (Customer, CustomerUser, PaymentMethod):
        for row in model._default_manager.all():
            row.full_clean()


@pytest.mark.django_db
def test_the_traps_are_there() -> None:
    load()
    same_instant = Customer.objects.values("created_at").annotate(n=Count("pk")).filter(n__gte=5)
    reused = Customer.objects.filter(external_id="reused-7")
    crowd = Customer.objects.annotate(n=Count("users")).order_by("-n")[0]

    assert same_instant.exists()
    assert (reused.live().count(), reused.archived().count()) == (1, 1)
    assert Customer.objects.filter(email=None).exclude(name=None).exists()
    assert Customer.objects.filter(name=None).exists()
    assert max(len(customer.metadata) for customer in Customer.objects.all()) == 50
    assert crowd.users.count() > 100
    assert any(
        "\u0590" <= char <= "\u06ff" for c in Customer.objects.all() for char in c.name or ""
    )
    assert Customer.objects.filter(name__contains="%").exists()
    assert any(method.has_expired() for method in PaymentMethod.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"external_id": "5eb02857-a71e-4ea2-bcf9-57d3a41bc6ba", "phone": "1-171-883-3711 x245"},
        {"email": "iain.cambridge@example.org", "country": "DE"},
        {"reference": "Customer One", "processor_reference": "cust_jf9j545"},
        {"email": "john@example.com"},
        {"legal_name": "Acme Corporation Inc.", "ein": "12-3456789"},
    ],
)
def test_the_documents_own_customers_are_among_them(values: dict[str, str]) -> None:
    load()

    assert Customer.objects.filter(**values).exists()
