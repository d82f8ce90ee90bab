"""Who acts in the demo's history: people of the back office, API keys, OAuth clients, a command.

No one can sign in as any of them. The people have no usable password until a superuser sets one.
The keys and clients have only digests, of which no one knows the secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import Group
from django.utils import timezone

from billing.demo.chance import letters
from customers.models import ApiKey, Mode, OAuthClient, Organization
from customers.models.credential import Actor, Credential, Tenant
from customers.models.issued_credentials import IssuedCredential
from customers.models.scopes import all_scopes
from customers.staff.models import StaffUser
from customers.values.api_keys import digest
from customers.values.demo_credentials import STAFF_LOGIN

ACME, GLOBEX = "demo-acme", "demo-globex"
# A hash that no secret has, in the format of passwords and client secrets.
NO_SECRET = "pbkdf2_sha256$1$demo$none"  # noqa: S105


class Home(NamedTuple):
    """Whose data, live or test."""

    slug: str
    mode: str

    @property
    def organization(self) -> Organization:
        return Organization.objects.get(slug=self.slug)


LIVE, TEST = Home(ACME, Mode.LIVE), Home(ACME, Mode.TEST)
OTHER_LIVE, OTHER_TEST = Home(GLOBEX, Mode.LIVE), Home(GLOBEX, Mode.TEST)


@dataclass(frozen=True, slots=True)
class Person:
    first_name: str
    last_name: str
    group: str
    organizations: tuple[str, ...]

    @property
    def username(self) -> str:
        return self.first_name.lower()


PEOPLE = [
    Person("Mara", "Lindqvist", "Manager", (ACME, GLOBEX)),
    Person("Tomas", "Rivera", "Editor", (ACME,)),
    Person("Aiko", "Tanaka", "Editor", (ACME, GLOBEX)),
    Person("Viktor", "Hahn", "Viewer", (ACME,)),
]

BOSS, MARA, TOMAS, AIKO = STAFF_LOGIN, "mara", "tomas", "aiko"
SYNC, SHOP, OLD_CRM, REPORTS, MIGRATION = (
    "Billing sync",
    "Web shop",
    "Old CRM",
    "Reporting",
    "Data migration",
)
CHECKOUT = "Checkout"
COMMAND = "issue_api_key"


def employ(person: Person) -> None:
    """Create someone's account, with a group and the organizations they see."""
    account, is_new = StaffUser.objects.get_or_create(
        username=person.username,
        defaults={
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": f"{person.username}@staff.example",
            "is_staff": True,
            "password": f"!{NO_SECRET}",  # `!` makes it unusable
        },
    )
    if is_new:
        account.groups.set(Group.objects.filter(name=person.group))
    for slug in person.organizations:
        Organization.objects.get(slug=slug).staff.add(account)


def issue_key(
    home: Home,
    name: str,
    *,
    generation: int = 1,
    scopes: list[str] | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Issue an API key that no one has."""
    shown = letters(f"{home} {name} {generation}", 8)
    key = ApiKey(
        organization=home.organization,
        mode=home.mode,
        name=name,
        prefix=f"{home.mode}_{shown[:4]}",
        last4=shown[4:],
        digest=digest(f"no key: {home} {name} {generation}"),
        scopes=scopes or all_scopes(),
        expires_at=expires_at,
    )
    key.full_clean()
    key.save(force_insert=True)


def issue_client(home: Home, name: str) -> None:
    """Issue an OAuth client that has no secret."""
    client = OAuthClient(
        organization=home.organization,
        mode=home.mode,
        name=name,
        client_id=letters(f"{home} {name}", 40),
        client_secret=NO_SECRET,
        client_type=OAuthClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=OAuthClient.GRANT_CLIENT_CREDENTIALS,
    )
    client.full_clean()
    client.save(force_insert=True)


def key_of(home: Home, name: str) -> ApiKey | None:
    """The newest key of the name."""
    keys = ApiKey.objects.filter(organization__slug=home.slug, mode=home.mode, name=name)
    return keys.filter(revoked_at=None).order_by("-pk").first()


def client_of(home: Home, name: str) -> OAuthClient | None:
    clients = OAuthClient.objects.filter(organization__slug=home.slug, mode=home.mode, name=name)
    return clients.filter(revoked_at=None).order_by("-pk").first()


class _Found(NamedTuple):
    credential: Credential
    issued: IssuedCredential | None = None


class Cast:
    """Who can act now. It is looked up once, and again after `refresh`."""

    def __init__(self) -> None:
        self._found: dict[tuple[Home, str], _Found | None] = {}
        #: The keys and clients that acted, and when they last did.
        self.uses: dict[IssuedCredential, datetime] = {}

    def refresh(self) -> None:
        """Look everyone up again: an account was created, or a credential issued or ended."""
        self._found.clear()

    def credential(self, home: Home, name: str) -> Credential | None:
        """The credential someone acts with now; None if they are gone or it has ended."""
        if (home, name) not in self._found:
            self._found[home, name] = _find(home, name)
        found = self._found[home, name]
        if found is None:
            return None
        if found.issued is not None:
            self.uses[found.issued] = timezone.now()
        return found.credential


def _find(home: Home, name: str) -> _Found | None:
    if name == COMMAND:
        return _Found(_all_of(home, Actor("command", name, f"manage.py {name}")))
    if name in (BOSS, MARA, TOMAS, AIKO):
        person = StaffUser.objects.filter(username=name, is_active=True).first()
        if person is None:
            return None
        return _Found(_all_of(home, Actor("staff", str(person.pk), person.get_username())))
    issued = client_of(home, name) if name == CHECKOUT else key_of(home, name)
    return _Found(issued.credential, issued) if issued and issued.is_active else None


def _all_of(home: Home, who: Actor) -> Credential:
    tenant = Tenant(home.organization.pk, home.mode)
    return Credential(tenant, frozenset(all_scopes()), who)
