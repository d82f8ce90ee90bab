"""Matches the columns of a file with the fields of a customer, by the names in common use."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import Customer, base

#: The fields that an import writes, in the order of the export's columns.
FIELDS = tuple(
    field.name for field in Customer._meta.concrete_fields if field.name in Customer.WRITABLE
)
#: The columns that the export has as well, and no import writes.
READ_ONLY = ("created_at", "updated_at", "archived_at", "version")
#: The fields by which a row is matched with an existing customer.
KEYS = ("id", "external_id")

# Names of columns beside the fields' own. "Customer id" is not one of them: in some systems it is
# the id, in others the external id.
_ALIASES = {
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
    """The name of a field as pages show it."""
    return str(_LABELS[field]) if field in _LABELS else base.label(Customer, field)


def field_of(header: str) -> str | None:
    """The field, or read-only column, with this name; None if there is none."""
    return _BY_NAME.get(_normalized(header))


def match(header: Sequence[str]) -> list[str | None]:
    """For each column the field that it fills, or None.

    A field is filled by one column: the one with its own name, or else the first.
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


_BY_NAME = {
    _normalized(name): field
    for field in ("id", *FIELDS, *READ_ONLY)
    for name in (field, *_ALIASES.get(field, ()))
}
