"""Matches the columns of a file with the fields of a customer, by the names in common use."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer, base
from customers.models.querysets import read_id
from customers.values.text import trimmed

#: The fields that an import writes, in the order of the export's columns.
FIELDS = tuple(
    field.name for field in Customer._meta.concrete_fields if field.name in Customer.WRITABLE
)
#: The columns that the export has as well, and no import writes.
READ_ONLY = ("created_at", "updated_at", "archived_at", "version")
#: The fields by which a row is matched with an existing customer.
KEYS = ("id", "external_id")

# Names of columns beside the fields' own, in common use and in the exports of Stripe, Chargebee,
# Xero, QuickBooks, Shopify, Salesforce and HubSpot. "Customer id" is not one of them: in some
# systems it is the id, in others the external id.
_ALIASES = {
    "id": ("uuid", "lago id", "internal id"),
    "external_id": (
        "external customer id",
        "external identifier",
        "your id",
        "account number",
        "account no",
        "customer number",
        "customer no",
    ),
    "processor_reference": (
        *("customer integration id", "external reference", "stripe id", "stripe customer id"),
        *("record id", "account id", "shopify customer id", "chargebee customer id"),
    ),
    "reference": ("ref", "label", "your reference"),
    "email": ("email address", "mail", "contact email"),
    "name": (
        *("customer name", "display name", "display name as", "company", "company name"),
        *("contact name", "full name", "customer full name", "account name", "business name"),
    ),
    "legal_name": ("legal entity", "legal entity name", "registered name", "legal business name"),
    "legal_number": (
        *("company registration number", "company number", "registration number"),
        *("legal registration number", "company registration no"),
    ),
    "ein": ("employer identification number", "tax id ein", "federal tax id"),
    "address_line1": (
        "address",
        "address 1",
        "street",
        "street address",
        "street 1",
        "line 1",
        "street address 1",
        "street line 1",
    ),
    "address_line2": (
        "address 2",
        "sub premise",
        "line 2",
        "apartment",
        "suite",
        "unit",
        "street address 2",
        "street 2",
        "street line 2",
        "apt suite",
    ),
    "city": ("town", "locality", "town city", "city town"),
    "state": (
        "province",
        "region",
        "county",
        "state or province",
        "state province",
        "state region",
        "province code",
        "state code",
        "province state",
    ),
    "postal_code": (
        "postcode",
        "post code",
        "zip",
        "zip code",
        "zipcode",
        "zip postal code",
        "postal zip code",
        "postal",
        "zip postcode",
    ),
    "country": ("country code", "country name", "country region"),
    "phone": (
        "telephone",
        "phone number",
        "telephone number",
        "tel",
        "mobile",
        "phone numbers",
        "mobile number",
        "mobile phone",
        "phone no",
    ),
    "url": (
        "website",
        "web site",
        "homepage",
        "web address",
        "website url",
        "web",
        "company domain name",
        "website address",
    ),
    "logo_url": ("logo",),
    "metadata": ("meta data",),
    "created_at": ("created", "created utc"),
    "updated_at": ("updated",),
    "archived_at": ("archived",),
}
# What exports put before the name of a field. PO is Xero's postal address.
_ADDRESS = ("address_line1", "address_line2", "city", "state", "postal_code", "country")
_PREFIXES = {
    **dict.fromkeys(
        ("billing", "billing address", "bill to", "bill", "default address"),
        (*_ADDRESS, "name", "email", "phone"),
    ),
    **dict.fromkeys(
        ("po", "card", "card address", "mailing", "mailing address", "postal address"), _ADDRESS
    ),
    **dict.fromkeys(
        ("customer", "company", "account", "main", "primary", "contact"),
        (*_ADDRESS, "email", "phone", "url"),
    ),
}

_LABELS: dict[str, Promise] = {
    "id": gettext_lazy("Id"),
    "address_line1": gettext_lazy("Address line 1"),
    "address_line2": gettext_lazy("Address line 2"),
    "legal_number": gettext_lazy("Company registration number"),
}


def label(field: str) -> str:
    """The name of a field as pages show it."""
    return str(_LABELS[field]) if field in _LABELS else base.label(Customer, field)


def field_of(header: str) -> str | None:
    """The field, or read-only column, with this name; None if there is none."""
    name = _normalized(header)
    return _BY_NAME.get(name) or _BY_PREFIXED_NAME.get(name)


def match(header: Sequence[str], first: Sequence[Sequence[str | None]] = ()) -> list[str | None]:
    """For each column the field that it fills, or None. `first` are the first rows of the file.

    A field is filled by one column: the one with its own name, or else the first. A column "id"
    that holds another system's ids fills the processor reference.
    """
    named = [field_of(name) for name in header]
    mapping: list[str | None] = [None] * len(header)
    for field in ("id", *FIELDS):
        columns = [column for column, other in enumerate(named) if other == field]
        if columns:
            own = [
                column for column in columns if _normalized(header[column]) == _normalized(field)
            ]
            mapping[(own or columns)[0]] = field
    if "id" in mapping and "processor_reference" not in mapping:
        column = mapping.index("id")
        ids = [cell for row in first if (cell := trimmed(row[column] or ""))]
        if ids and all(_OTHER_ID.fullmatch(id) and read_id(id) is None for id in ids):
            mapping[column] = "processor_reference"
    return mapping


def problems(mapping: Sequence[str | None]) -> list[str]:
    """Messages about what is wrong with a mapping."""
    fields = [field for field in mapping if field is not None]
    if not fields:
        return [_("No column is matched to a field. Choose a field for at least one.")]
    repeated = sorted({field for field in fields if fields.count(field) > 1})
    messages = [
        _("Two columns are matched to “%(field)s”. Choose one of them.") % {"field": label(field)}
        for field in repeated
    ]
    if set(fields) == {"id"}:
        messages.append(_("Only the id is matched. Choose a field to import as well."))
    return messages


def has_key(mapping: Sequence[str | None]) -> bool:
    """Whether rows can be matched with existing customers. Otherwise every row is a new one."""
    return any(key in mapping for key in KEYS)


def _normalized(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


# Ids of other systems: cus_NffrFeUfNV2Hib, 0015g00000XyZabAAB, 7064183931. Short ones may be slips.
_OTHER_ID = re.compile(r"[A-Za-z]{2,9}_\w{6,}|(?=\w*\d)\w{8,}", re.ASCII)

_BY_NAME = {
    _normalized(name): field
    for field in ("id", *FIELDS, *READ_ONLY)
    for name in (field, *_ALIASES.get(field, ()))
}
_BY_PREFIXED_NAME = {
    _normalized(f"{prefix} {name}"): field
    for prefix, fields in _PREFIXES.items()
    for field in fields
    for name in (field, *_ALIASES.get(field, ()))
}
