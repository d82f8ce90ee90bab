"""`kill -9` of what delivers webhooks, under load: every acknowledged change is still delivered."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from customers.webhooks.tickets import SILENCE
from deploy.cluster.processes import Process
from tests.faults import FULL
from tests.faults.ledger import Ledger
from tests.faults.results import Result
from tests.faults.servers import ORGANIZATION, Web, manage
from tests.webhooks.receiver import Receiver, receiving

LATEST = SILENCE + 10  # seconds from a kill until another has taken over and caught up
ENDPOINT = """
from customers.models import Organization
from customers.models.credential import Tenant
from customers.webhooks.models import WebhookEndpoint
tenant = Tenant(Organization.objects.get(slug={slug!r}).pk, "live")
WebhookEndpoint.create(tenant, {{"url": {url!r}}})
"""
# The control: no one takes over the tickets of the dead.
WITHOUT_HAND_ON = """
import sys
from django.core.management import execute_from_command_line
import django
django.setup()
from customers.webhooks import tickets
tickets.hand_on = lambda: 0
execute_from_command_line(["manage.py", "deliver_webhooks"])
"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        found.delay = 0.02  # so that a kill meets something that is being sent
        yield found


class Deliverers:
    """Two processes that deliver the webhooks of a registry. This machine is a developer's."""

    def __init__(self, web: Web, folder: Path, command: list[str]) -> None:
        environment = {"DATABASE_URL": web.environment["DATABASE_URL"], "DEBUG": "1"}
        environment["DJANGO_SETTINGS_MODULE"] = "billing.settings"
        self.environment = environment
        self.processes = [
            Process(f"deliverer {number}", command, folder / f"deliverer-{number}.log", environment)
            for number in range(2)
        ]

    def kill_one(self, number: int) -> None:
        process = self.processes[number % 2]
        process.check()
        process.kill()
        process.start()


@contextmanager
def delivering(
    web: Web, folder: Path, receiver: Receiver, command: list[str]
) -> Iterator[Deliverers]:
    deliverers = Deliverers(web, folder, command)
    code = ENDPOINT.format(slug=ORGANIZATION, url=receiver.url)
    make = Process("shell", manage("shell", "-c", code), folder / "log", deliverers.environment)
    make.start()
    assert make.running is not None
    assert make.running.wait() == 0, make.tail()
    try:
        for process in deliverers.processes:
            process.start()
        yield deliverers
    finally:
        for process in deliverers.processes:
            process.kill()


def names(receiver: Receiver) -> list[str]:
    return [received.record["name"] for received in list(receiver.received)]


def undelivered(ledger: Ledger, receiver: Receiver, seconds: float) -> set[str]:
    """The acknowledged names that have not come after at most so many seconds."""
    ends_at = time.monotonic() + seconds
    while missing := ledger.acknowledged.keys() - set(names(receiver)):
        if time.monotonic() > ends_at:
            break
        time.sleep(0.1)
    return set(missing)


def test_killed_deliverers_lose_nothing(web: Web, folder: Path, receiver: Receiver) -> None:
    kills = 10 if FULL else 2
    with delivering(web, folder, receiver, manage("deliver_webhooks")) as deliverers:
        with Ledger(web.origin, web.api_key, threads=2) as ledger:
            receiver.wait_for(20)
            for number in range(kills):
                deliverers.kill_one(number)
                time.sleep(1)
        missing = undelivered(ledger, receiver, LATEST)
    sent = names(receiver)
    Result(
        "kill -9 of what delivers webhooks",
        times=kills,
        acknowledged=len(ledger.acknowledged),
        lost=len(missing),
        note=f"{len(sent)} deliveries, {len(sent) - len(set(sent))} of them again",
    ).record()
    assert not missing
    assert len(sent) > 50


def test_control_without_taking_over_a_killed_deliverer_holds_up_its_endpoint(
    web: Web, folder: Path, receiver: Receiver
) -> None:
    command = [sys.executable, "-c", WITHOUT_HAND_ON]
    with delivering(web, folder, receiver, command) as deliverers:
        with Ledger(web.origin, web.api_key, threads=2) as ledger:
            receiver.wait_for(20)
            # Whichever of them holds the endpoint's ticket.
            for number in range(2):
                deliverers.kill_one(number)
            time.sleep(1)
        missing = undelivered(ledger, receiver, 1.5)
    Result(
        "kill -9 of what delivers webhooks, without taking over its tickets",
        times=2,
        acknowledged=len(ledger.acknowledged),
        lost=len(missing),
        control=True,
    ).record()
    assert missing
