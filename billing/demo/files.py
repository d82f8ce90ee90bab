"""The imports of the demo: files that were imported, undone again, or wait with rows refused."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from billing.demo.cast import AIKO, LIVE, TOMAS
from billing.demo.chance import first_id
from billing.demo.stories import Happening
from billing.demo.times import DAY, MINUTE, at_work
from customers.imports.apply import apply
from customers.imports.check import check
from customers.imports.undo import undo
from customers.imports.upload import upload
from customers.models import Organization
from customers.models.credential import Credential
from customers.staff.models import StaffUser

# fmt: off
LEADS = [
    ("External id", "Name", "Email", "City", "Postcode", "Country"),
    ("F-1", "Alder & Finch Stationery", "desk@alderfinch.example", "York", "YO1 7HH", "GB"),
    ("F-2", "Bergmann Messebau", "info@bergmann-messebau.example", "Köln", "50667", "DE"),
    ("F-3", "Sundara Spices", "orders@sundara.example", "Utrecht", "3511 AB", "NL"),
    ("F-4", "Puerto Azul Cafés", "hola@puertoazul.example", "Cádiz", "11001", "ES"),
    ("F-5", "Skovlund Møbler", "post@skovlund.example", "Aarhus", "8000", "DK"),
    ("F-6", "Trentino Sports", "ufficio@trentinosports.example", "Trento", "38122", "IT"),
]
ADDRESSES = [
    ("External id", "Street", "City", "Postcode"),
    ("S-101", "4 Esplanade", "Scarborough", "YO11 2AF"),
    ("S-102", "17 Chapel Walk", "Sheffield", "S1 2PD"),
    ("S-103", "88 Northgate", "Chester", "CH1 2HT"),
]
TWICE = [
    ("External id", "Name", "Email"),
    ("FAIR-1", "Alder and Finch", "desk@alderfinch.example"),
    ("FAIR-2", "Bergmann", "info@bergmann-messebau.example"),
]
UNREADY = [
    ("Name", "Email", "Country"),
    ("Windermere Boats", "hire@windermere.example", "GB"),
    ("Kilbride Knitwear", "kilbride.example", "IE"),
    ("Lowland Seeds", "seeds@lowland.example", "Lowlands"),
]
# fmt: on


def imports(today: date) -> Iterator[Happening]:
    """A file with new customers, one with addresses, one undone, and one not imported yet."""
    yield from _import("trade-fair.csv", LEADS, today - 62 * DAY, TOMAS, [check, apply])
    yield from _import("trade-fair-2.csv", TWICE, today - 61 * DAY, TOMAS, [check, apply, undo])
    yield from _import("addresses.csv", ADDRESSES, today - 12 * DAY, AIKO, [check, apply])
    yield from _import("boat-show.csv", UNREADY, today - 1 * DAY, AIKO, [check])


def _import(
    name: str,
    rows: Sequence[tuple[str, ...]],
    day: date,
    by: str,
    steps: list[Callable[..., Any]],
) -> Iterator[Happening]:
    """The upload of a file, and minutes later each of the steps."""
    begin = at_work(day, name)
    text = StringIO()
    csv.writer(text).writerows(rows)
    file = BytesIO(text.getvalue().encode())

    def take_in(mine: Credential) -> None:
        organization = Organization.objects.get(pk=mine.tenant.organization_id)
        upload(organization, mine.tenant.mode, StaffUser.objects.get(username=by), file, name)

    yield Happening(begin, name, LIVE, by, take_in)
    id = first_id(begin, name)
    for turn, step in enumerate(steps, 1):

        def go_on(mine: Credential, step: Callable[..., Any] = step) -> None:
            for _done in step(id) if step is check else step(id, mine.actor):
                pass

        yield Happening(begin + turn * 2 * MINUTE, f"{name} {turn}", LIVE, by, go_on)
