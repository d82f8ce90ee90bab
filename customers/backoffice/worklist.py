"""What needs someone's attention: each line of it is a link to those rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.backoffice.pages import Scope
from customers.models import ApiKey, CustomerImport, OAuthClient
from customers.webhooks.models import WebhookEndpoint

SOON = timedelta(days=14)

State = CustomerImport.State


@dataclass(frozen=True, slots=True)
class Task:
    """Rows that need attention."""

    count: int
    text: str
    """What they are, after the number."""
    address: str


def worklist(scope: Scope, numbers: dict[str, Any]) -> list[Task]:
    """The tasks of an organization that the person may see, the most urgent first.

    `numbers` are those of the figures.
    """
    tasks = [
        *_of_webhooks(scope),
        *_of_credentials(scope),
        *_of_imports(scope),
        *_of_customers(scope, numbers),
    ]
    return [task for task in tasks if task.count]


def _of_webhooks(scope: Scope) -> Iterator[Task]:
    if not scope.user.has_perm("webhooks.view_webhookendpoint"):
        return
    count = WebhookEndpoint.objects.visible_to(scope.tenant).given_up().count()
    text = ngettext(
        "webhook endpoint is off: deliveries failed for days",
        "webhook endpoints are off: deliveries failed for days",
        count,
    )
    yield Task(count, text, scope.address("webhooks"))


def _of_credentials(scope: Scope) -> Iterator[Task]:
    address = scope.address("credentials")
    if scope.user.has_perm("customers.view_apikey"):
        keys = ApiKey.ending(scope.tenant, SOON).count()
        text = ngettext("API key ends within 14 days", "API keys end within 14 days", keys)
        yield Task(keys, text, address)
    if scope.user.has_perm("customers.view_oauthclient"):
        clients = OAuthClient.ending(scope.tenant, SOON).count()
        text = ngettext(
            "OAuth client ends within 14 days", "OAuth clients end within 14 days", clients
        )
        yield Task(clients, text, address)


def _of_imports(scope: Scope) -> Iterator[Task]:
    if not scope.user.has_perm("customers.import_customer"):
        return
    address = scope.address("imports")
    waiting = CustomerImport.objects.visible_to(scope.tenant)
    checked = list(waiting.filter(state=State.CHECKED).only("id", "counts"))
    refused = sum(bool(each.count("refused")) for each in checked)
    text = ngettext("import has refused rows", "imports have refused rows", refused)
    yield Task(refused, text, address)
    ready = len(checked) - refused
    text = ngettext(
        "import is checked and not imported", "imports are checked and not imported", ready
    )
    yield Task(ready, text, address)
    uploaded = waiting.filter(state=State.UPLOADED).count()
    text = ngettext(
        "file is uploaded and not checked", "files are uploaded and not checked", uploaded
    )
    yield Task(uploaded, text, address)


def _of_customers(scope: Scope, numbers: dict[str, Any]) -> Iterator[Task]:
    address = scope.address("customers")
    expired, expiring = numbers["expired"], numbers["expiring"]
    text = ngettext("customer has an expired card", "customers have an expired card", expired)
    yield Task(expired, text, f"{address}?cards=expired")
    if expiring > expired:
        text = _("customers have a card that is expired or expires within 60 days")
        yield Task(expiring, text, f"{address}?cards=expiring")
    unpayable = numbers["unpayable"]
    text = ngettext("customer has no way to pay", "customers have no way to pay", unpayable)
    yield Task(unpayable, text, f"{address}?lacking=payment")
    unaddressed = numbers["unaddressed"]
    text = ngettext("customer has no address", "customers have no address", unaddressed)
    yield Task(unaddressed, text, f"{address}?lacking=address")
    duplicates = numbers["duplicates"]
    text = ngettext(
        "customer is a possible duplicate", "customers are possible duplicates", duplicates
    )
    yield Task(duplicates, text, f"{address}?duplicates=on")
