"""What the tests of colleagues share."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from customers.models import Organization
from customers.staff.models import StaffUser
from tests import factories
from tests.backoffice.support import at


def role(name: str) -> str:
    return str(Group.objects.get(name=name).pk)


def filled(*organizations: Organization, **changed: Any) -> dict[str, Any]:
    return {
        "first_name": "Nia",
        "last_name": "Okoye",
        "email": "nia@example.org",
        "username": "nia",
        "role": role("Editor"),
        "organizations": [str(row.pk) for row in organizations],
        **changed,
    }


def invited(client: Client, *organizations: Organization, **changed: Any) -> Any:
    """Invite Nia, and return the page that shows the link."""
    sent = filled(*organizations, **changed)
    return client.post(at("colleague_invite"), sent, follow=True)


def nia(acme: Organization, *groups: str, **values: Any) -> StaffUser:
    return factories.staff("nia", *groups, organizations=[acme], **values)


def groups_of(person: StaffUser) -> list[str]:
    return sorted(person.groups.values_list("name", flat=True))


def slugs_of(person: StaffUser) -> list[str]:
    return sorted(person.organizations.values_list("slug", flat=True))
