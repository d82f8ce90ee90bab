"""An import that was deleted while its page was open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from customers.imports.errors import ImportUnavailable
from customers.models import CustomerImport, Organization
from customers.models.customer_import import UNAPPLIED_KEPT_FOR
from tests.imports.support import check_again, checked, confirm, undone


@pytest.mark.parametrize("step", [check_again, confirm, undone])
def test_every_step_of_a_deleted_import_is_refused(
    acme: Organization, step: Callable[[CustomerImport], object]
) -> None:
    found = checked(acme, [["name"], ["A"]])
    with time_machine.travel(timezone.now() + UNAPPLIED_KEPT_FOR + timedelta(minutes=1)):
        call_command("sweep")

    with pytest.raises(ImportUnavailable, match="has been deleted"):
        step(found)
