"""Which column of a file is which field of a customer: by name, as people and systems write it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer, base

#: What can be filled, in the order of the export's columns.
FIELDS = tuple(
    field.name for field in Customer._meta.concrete_fields if field.name in Customer.WRITABLE
)
#: What the export tells beyond, and no import writes.
READ_ONLY = ("created_at", "updated_at", "archived_at", "version")
#: By these a row is matched with a customer.
KEYS = ("id", "external_id")

# Besides the store's own names. "Customer id" is none: one system means the id by it, another the
# external id.
_ALSO = {
    "id": ("uuid", "lago id", "internal id"),
    "external_id": ("external customer id", "external identifier", "your id"),
    "processor_reference": (
        "customer integration id",
        "external reference",
        "stripe id",
        "stripe customer id",
    ),
    "reference": ("ref", "label", "your reference"),
    "email": ("email address", "mail", "contact email"),
    "name": ("customer name", "display name", "company", "company name"),
    "legal_name": ("legal entity", "legal entity name", "registered name"),
    "legal_number": (
        "company registration number",
        "company number",
        "registration number",
        "legal registration number",
    ),
    "ein": ("employer identification number", "tax id ein", "federal tax id"),
    "address_line1": ("address", "address 1", "street", "street address", "line 1"),
    "address_line2": ("address 2", "sub premise", "line 2", "apartment", "suite", "unit"),
    "city": ("town", "locality"),
    "state": ("province", "region", "county", "state or province"),
    "postal_code": ("postcode", "post code", "zip", "zip code", "zipcode"),
    "country": ("country code", "country name"),
    "phone": ("telephone", "phone number", "telephone number", "tel", "mobile"),
    "url": ("website", "web site", "homepage", "web address"),
    "logo_url": ("logo",),
    "metadata": ("meta data",),
    "created_at": ("created",),
    "updated_at": ("updated",),
    "archived_at": ("archived",),
}

_LABELS: dict[str, Promise] = {
    "id": gettext_lazy("Id"),
    "address_line1": gettext_lazy("Address line 1"),
    "address_line2": gettext_lazy("Address line 2"),
    "legal_number": gettext_lazy("Company registration number"),
}


def label(field: str) -> str:
    """What people call a field."""
    return str(_LABELS[field]) if field in _LABELS else base.label(Customer, field)


def field_of(header: str) -> str | None:
    """The field, or read-only column, that a header names."""
    return _BY_NAME.get(_plain(header))


def match(header: Sequence[str]) -> list[str | None]:
    """For each column the field it fills. A field is filled once: by its own name, or the first."""
    found = [field_of(name) for name in header]
    mapping: list[str | None] = [None] * len(header)
    for field in ("id", *FIELDS):
        columns = [column for column, other in enumerate(found) if other == field]
        if columns:
            own = [column for column in columns if _plain(header[column]) == _plain(field)]
            mapping[(own or columns)[0]] = field
    return mapping


def problems(mapping: Sequence[str | None]) -> list[str]:
    """Why a file cannot be read by this mapping."""
    fields = [field for field in mapping if field is not None]
    if not fields:
        return [_("No column is matched to a field. Choose a field for at least one.")]
    twice = sorted({field for field in fields if fields.count(field) > 1})
    told = [
        _("Two columns are matched to “%(field)s”. Choose one of them.") % {"field": label(field)}
        for field in twice
    ]
    if set(fields) == {"id"}:
        told.append(_("Only the id is matched. Choose a field to import as well."))
    return told


def has_key(mapping: Sequence[str | None]) -> bool:
    """Whether rows can be matched with customers that are there; else every row is new."""
    return any(key in mapping for key in KEYS)


def _plain(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


_BY_NAME = {
    _plain(name): field
    for field in ("id", *FIELDS, *READ_ONLY)
    for name in (field, *_ALSO.get(field, ()))
}
