from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from customers.insights import events
from customers.models import Organization
from customers.webhooks import tasks
from customers.webhooks.models import WebhookEndpoint
from tests.factories import tenant
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture(autouse=True)
def everything_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Transactions of other tests, in their own databases, would hold events back."""
    monkeypatch.setattr(events, "oldest_running", newest)


def newest() -> int:
    """The number of the transaction that begins next. Here one at a time writes customers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint + customers_xid_offset()"
        )
        number: int = cursor.fetchone()[0]
        return number


@pytest.fixture
def endpoint(transactional_db: None, acme: Organization, receiver: Receiver) -> WebhookEndpoint:
    """An endpoint of Acme's live data, at the receiver."""
    return WebhookEndpoint.create(tenant(acme), {"url": receiver.url})[0]


@pytest.fixture(autouse=True)
def no_connection_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Close the connection of the thread that writes outcomes."""
    yield
    tasks.close()
