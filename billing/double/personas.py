"""Personas: customers of the demo's data, each named by what tests need it for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from billing.double.credentials import API_KEYS
from customers.models import Customer, Mode
from customers.rest.contract import contracts


@dataclass(frozen=True, slots=True)
class Role:
    """What a persona is for, and where the demo's data have it."""

    reference: str
    """Its `reference` in `fixtures/demo.json`."""

    sentence: str
    organization: str = "demo-acme"
    mode: str = Mode.LIVE

    @property
    def key(self) -> str:
        """The name of the API key that sees it."""
        return next(
            name
            for name, key in API_KEYS.items()
            if (key.organization, key.mode) == (self.organization, self.mode)
        )


CAST: Mapping[str, Role] = {
    "documented_by_alternative_payments": Role(
        "alternative-payments", "The customer that the documentation of its contract shows."
    ),
    "documented_by_billabear": Role(
        "billabear-created", "The customer that the documentation of its contract creates."
    ),
    "documented_by_lago": Role(
        "lago", "The customer that the documentation of its contract shows."
    ),
    "documented_by_vatly": Role(
        "vatly", "The customer that the documentation of its contract shows."
    ),
    "has_payment_methods": Role(
        "alternative-payments", "Has a card as default, one that has expired, and a bank account."
    ),
    "has_a_user": Role("alternative-payments", "Has one user, Ada."),
    "shares_a_user": Role("company-01", "Has Ada as a user too, and Grace, who has no email."),
    "has_many_users": Role("many-users", "Has 120 users: more than a page."),
    "has_no_email": Role("no-email", "Has a name, and no email."),
    "has_no_name": Role("no-name", "Has an external id and a country, and no name."),
    "has_no_external_id": Role("vatly", "Has an email, and no external id."),
    "has_an_odd_external_id": Role(
        "odd-external-id", "Its external id has a slash, spaces, `?`, `#` and `%2F` in it."
    ),
    "has_a_long_number_as_id": Role(
        "long-number-as-id", "Its external id looks like the number of a card."
    ),
    "has_full_metadata": Role("fifty-metadata-keys", "Has fifty keys of metadata: the most."),
    "has_an_apostrophe": Role("company-08", "Has an apostrophe and an ampersand in its name."),
    "has_an_emoji": Role("company-09", "Has an emoji and an umlaut in its name."),
    "has_wildcards": Role(
        "company-15", "Has `%` and `_`, which SQL reads as wildcards, in its name."
    ),
    "writes_japanese": Role("company-04", "Has a name in Japanese."),
    "writes_right_to_left": Role("company-05", "Has a name in Arabic."),
    "writes_cyrillic": Role("company-07", "Has a name in Cyrillic and quotation marks."),
    "shares_an_email": Role("shared-email-1", "Another customer has its email, in another case."),
    "shares_an_email_too": Role("shared-email-2", "Has the email of `shares_an_email`."),
    **{
        f"shares_a_timestamp{suffix}": Role(
            f"same-instant-{number}", "Was created in the same microsecond as four others."
        )
        for number, suffix in enumerate(["", "_2", "_3", "_4", "_5"], 1)
    },
    "is_archived": Role(
        "archived-external-id-taken", "Is archived, and another has its external id."
    ),
    "took_an_external_id": Role("took-external-id", "Has the external id of `is_archived`."),
    "is_test_data": Role("test-1", "Is among the test data.", mode=Mode.TEST),
    "is_of_another_organization": Role(
        "globex-1", "Belongs to another organization.", organization="demo-globex"
    ),
}


def cast(names: Iterable[str], origin: str) -> dict[str, dict[str, Any]]:
    """What a test needs to know of each persona, by name.

    Links in the answers begin with `origin`.
    """
    found = {
        (each.organization.slug, each.mode, each.reference): each
        for each in Customer.objects.select_related("organization")
    }
    return {
        name: _described(found[role.organization, role.mode, role.reference], role, origin)
        for name, role in CAST.items()
        if name in names
    }


def _described(customer: Customer, role: Role, origin: str) -> dict[str, Any]:
    paths = {contract.slug: contract.customer_path(customer) for contract in contracts()}
    return {
        "description": role.sentence,
        "key": role.key,
        "ids": {slug: unquote(path.rpartition("/")[2]) for slug, path in paths.items()},
        "paths": paths,
        "answers": {
            contract.slug: contract.represent(customer, origin) for contract in contracts()
        },
    }
