"""People who use the back office, and what they send and read."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from customers.models import Customer, Organization
from customers.staff.models import StaffUser
from tests import factories

CustomerEvent: Any = Customer._meta.get_field("events").related_model

CARD = "4242 4242 4242 4242"


def signed_in(
    organization: Organization | None, *groups: str, username: str = "ada", **values: Any
) -> Client:
    """Return the client of a signed-in member of the organization with these groups.

    They have no password: hashing one takes as long as many requests.
    """
    person = StaffUser.objects.create(username=username, **{"is_staff": True, **values})
    person.groups.set(Group.objects.get(name=name) for name in groups)
    person.organizations.set([organization] if organization else [])
    client = Client()
    client.force_login(person, "customers.staff.backends.StaffBackend")
    return client


def at(name: str, *args: object, organization: str = "acme", mode: str = "live") -> str:
    """The address of a page of an organization."""
    return reverse(f"backoffice:{name}", args=[organization, mode, *args])


def text(response: Any) -> str:
    """The whole body of a response."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return str(body.decode())


def page(response: Any) -> str:
    """The body of a response without its forms' tokens, which differ each time."""
    return re.sub(r'name="(csrfmiddlewaretoken|once)" value="\w+"', "", text(response))


def form_of(response: Any, **changed: object) -> dict[str, Any]:
    """The data that a browser would send for a page's form, with some of it changed."""
    form = response.context["form"]
    sent: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if field.name == "metadata":
            pairs = value if isinstance(value, list) else list((value or {}).items())
            sent["metadata_key"] = [key for key, _value in pairs]
            sent["metadata_value"] = [text for _key, text in pairs]
        else:
            sent[field.html_name] = "" if value is None else value
    return {**sent, **changed}


def edited(client: Client, address: str, **changed: object) -> Any:
    """Open a form, send it with some of it changed, and return the response."""
    return client.post(address, form_of(client.get(address), **changed))


def select(client: Client, action: str, *customers: object, **more: object) -> Any:
    """Tick customers in the list and press a button."""
    return client.post(at("selection"), {"action": action, "id": [*customers], **more})


def confirm(client: Client, address: str, **more: object) -> Any:
    return client.post(address, {"confirmed": "yes", **more})


def choose_value(client: Client, address: str, **values: object) -> Any:
    """Choose a field and a value, and return the address of the preview."""
    response: Any = client.post(address, values)
    assert response.status_code == 302, text(response)
    return response.url


def make(acme: Organization, count: int, **values: Any) -> list[Customer]:
    return [factories.customer(acme, name=f"Customer {n}", **values) for n in range(count)]
