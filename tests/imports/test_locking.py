"""What an import locks, and an import that was deleted while its page was open."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from billing.postgres.connection import set_limits
from customers.imports.apply import apply
from customers.imports.errors import ImportUnavailable
from customers.models import Customer, CustomerImport, Organization
from customers.models.customer_import import UNAPPLIED_KEPT_FOR
from customers.values.limits import Limits
from tests import factories
from tests.imports.support import SARA, check_again, checked, confirm, undone


@pytest.mark.parametrize("step", [check_again, confirm, undone])
def test_every_step_of_a_deleted_import_is_refused(
    acme: Organization, step: Callable[[CustomerImport], object]
) -> None:
    found = checked(acme, [["name"], ["A"]])
    with time_machine.travel(timezone.now() + UNAPPLIED_KEPT_FOR + timedelta(minutes=1)):
        call_command("sweep")

    with pytest.raises(ImportUnavailable, match="has been deleted"):
        step(found)


@pytest.mark.django_db(transaction=True)
def test_a_change_of_a_customer_in_a_running_import_is_409_at_once(acme: Organization) -> None:
    customer = factories.customer(acme, name="Before", external_id="ext-1")
    client = factories.client(acme)
    found = checked(acme, [["external_id", "name"], ["ext-1", "Imported"]])
    with transaction.atomic():
        for _done in apply(found.pk, SARA):
            pass
        with ThreadPoolExecutor(1) as pool:
            began = time.monotonic()
            asked = pool.submit(patch_within, 0.2, client, customer)
            refused = asked.result(20)
    allowed = client.patch(f"/customers/{customer.pk}", {"name": "After"}, format="json")

    assert refused.status_code == 409
    assert "an import is changing this" in refused.json()["message"]
    assert refused["Retry-After"] == "1"
    assert time.monotonic() - began < 10
    assert allowed.json()["name"] == "After"


def patch_within(seconds: float, client: Any, customer: Customer) -> Any:
    """PATCH by a connection that waits no longer for a lock."""
    set_limits(Limits(lock=seconds))
    try:
        return client.patch(f"/customers/{customer.pk}", {"name": "New"}, format="json")
    finally:
        connection.close()
