"""Starting the demo on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.conf import LazySettings
from django.core.management import call_command

from billing.demo.history import add_history
from customers.models import Organization
from customers.staff.models import StaffUser
from tests.demo.support import Start, noon


@pytest.fixture
def start(settings: LazySettings, real_hashes: None) -> Iterator[Start]:
    """Starts the demo at noon of a day, and leaves the clock there. Its secrets are hashes."""
    settings.DEBUG = True
    with time_machine.travel(0, tick=False) as clock:

        def begin(day: date) -> int:
            clock.move_to(noon(day))
            if not Organization.objects.exists():
                call_command("loaddata", "demo", verbosity=0)
                StaffUser.objects.create(username="demo", is_staff=True, is_superuser=True)
            return add_history()

        yield begin
