"""An import that is not there to be worked on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from customers.imports.locking import NotPossible
from customers.models import CustomerImport, Organization
from customers.models.customer_import import UNAPPLIED_KEPT_FOR
from tests.imports.support import check_again, checked, confirm, take_back


@pytest.mark.parametrize("step", [check_again, confirm, take_back])
def test_what_was_swept_is_shown_to_be_deleted(
    acme: Organization, step: Callable[[CustomerImport], object]
) -> None:
    found = checked(acme, [["name"], ["A"]])
    with time_machine.travel(timezone.now() + UNAPPLIED_KEPT_FOR + timedelta(minutes=1)):
        call_command("sweep")

    with pytest.raises(NotPossible, match="was deleted meanwhile"):
        step(found)
