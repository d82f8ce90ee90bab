"""Customers as lines for COPY, with users, payment methods and the history of all three.

The history is what the triggers would have written: each change of a customer is an event with the
row as it was left. A test writes the same changes through the triggers and compares.

Nothing here needs Django: a process of its own makes the rows, while the database stores them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import NamedTuple

from customers.generator import words
from customers.generator.places import Place, fill, places

#: The columns of each table, in the order of the values here.
CUSTOMER = (
    *("id", "created_at", "organization_id", "mode", "external_id", "processor_reference"),
    *("reference", "email", "name", "legal_name", "legal_number", "ein", "address_line1"),
    *("address_line2", "city", "state", "postal_code", "country", "url", "logo_url", "metadata"),
    *("phone", "default_payment_method_id", "archived_at", "version", "updated_at"),
)
USER = (
    *("id", "created_at", "organization_id", "mode", "customer_id", "email", "first_name"),
    *("last_name", "version", "updated_at"),
)
METHOD = (
    *("id", "created_at", "organization_id", "mode", "customer_id", "type", "brand", "last4"),
    *("exp_month", "exp_year", "bank_name", "processor", "processor_token"),
    *("version", "updated_at"),
)
#: What an event has after the columns of its row.
EVENT = ("pgh_label", "pgh_obj_id", "pgh_created_at", "pgh_context")

NULL = "\\N"
CHUNK = 2000
START = datetime(2019, 1, 1, tzinfo=UTC)
YEARS = 6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# All times are microseconds since 1970.
_START = (START - _EPOCH) // _MICROSECOND
_SPAN = YEARS * 365 * 24 * 60 * 60 * 1_000_000
_WEEKS = 41  # bits: up to 25 days
#: How many users a customer has: none for most of them.
_USERS = (0, 0, 0, 0, 0, 0, 1, 2)
_TO_LETTERS = str.maketrans("0123456789abcdef", "qrstuvwxyzabcdef")
_NOT_ASCII = str.maketrans("łøßŁØ'", "losLO-")


class Order(NamedTuple):
    """What rows to make. `context` is the JSON of the events' author."""

    organization_id: str
    slug: str
    mode: str
    customers: int
    seed: int
    context: str


class Batch(NamedTuple):
    """Lines of each table. An event's line is its row's, with the columns `EVENT` after it."""

    customers: list[str]
    customer_events: list[str]
    users: list[str]
    user_events: list[str]
    methods: list[str]
    method_events: list[str]


class _Spot(NamedTuple):
    """A place as a row has it: an address without its house number, and who lives there."""

    place: Place
    line_start: str
    line_end: str
    columns: str
    first_names: list[str]
    last_names: list[str]
    legal_number: str


class _Customer(NamedTuple):
    """What users and payment methods need to know of a customer."""

    id: str
    at: int
    spot: _Spot
    domain: str


def external_id_prefix(seed: int) -> str:
    """What the external ids of a seed begin with."""
    return f"K{seed}-"


class Rows:
    """The rows of an organization in a mode: the same for the same slug, mode, count and seed."""

    def __init__(self, order: Order) -> None:
        self.count = order.customers
        self.context = order.context
        self.prefix = external_id_prefix(order.seed)
        self.step = max(_SPAN // order.customers, 1)
        self.owner = f"{order.organization_id}\t{order.mode}"
        random = Random(f"{order.slug} {order.mode} {order.customers} {order.seed}")  # noqa: S311
        self.bits = random.getrandbits
        self.spots = [_spot(place, random) for place in places(random, 1024)]
        self.batch = Batch([], [], [], [], [], [])

    def batches(self) -> Iterator[Batch]:
        """All rows, those of some customers at a time."""
        for number in range(1, self.count + 1):
            self._add(number)
            if number % CHUNK == 0 or number == self.count:
                yield self.batch
                self.batch = Batch([], [], [], [], [], [])

    def _add(self, number: int) -> None:
        bits = self.bits
        at = _START + number * self.step + bits(40) % self.step
        when = _text(at)
        customer, head, phone = self._customer(number, at, when)
        row = f"{head}\t{phone}\t{NULL}\t{NULL}\t1\t{when}"
        events = self.batch.customer_events
        events.append(self._event(row, "insert", customer.id, when))
        version, default, archived = 1, NULL, NULL
        if not bits(2):
            at += bits(_WEEKS)
            when = _text(at)
            default = self._methods(customer, at, when)
            version += 1
            row = f"{head}\t{phone}\t{default}\t{NULL}\t{version}\t{when}"
            events.append(self._event(row, "update", customer.id, when))
        if not bits(4):
            at += bits(_WEEKS)
            when = _text(at)
            phone = f"{customer.spot.place.country.dial} {bits(13):04d}"
            version += 1
            row = f"{head}\t{phone}\t{default}\t{NULL}\t{version}\t{when}"
            events.append(self._event(row, "update", customer.id, when))
        if bits(5) < 2:
            at += bits(_WEEKS)
            archived = _text(at)
            version += 1
            row = f"{head}\t{phone}\t{default}\t{archived}\t{version}\t{archived}"
            events.append(self._event(row, "update", customer.id, archived))
        self.batch.customers.append(f"{row}\n")
        for turn in range(_USERS[bits(3)]):
            self._user(customer, turn)

    def _customer(self, number: int, at: int, when: str) -> tuple[_Customer, str, str]:
        """The customer, its values up to the metadata, and its first telephone number."""
        bits = self.bits
        spot = self.spots[bits(10)]
        country = spot.place.country
        company = words.COMPANIES[bits(6)]
        trade = words.TRADES[bits(6)]
        domain = f"{company}-{trade}-{number}.example".lower()
        form = bits(2)
        if form == 0:
            name = f"{spot.first_names[bits(4)]} {spot.last_names[bits(4)]}"
        elif form == 1:
            name = f"{company} & {spot.last_names[bits(4)]} {trade}"
        elif form == 2:
            name = f"{company} {trade} {spot.place.city}"
        else:
            name = f"{company} {trade}"
        id = _id(at, bits(62))
        external_id = f"{self.prefix}{number:06d}" if bits(3) else NULL
        processor = NULL if bits(2) else f"cus_{bits(56):014x}".translate(_TO_LETTERS)
        reference = NULL if bits(3) else words.REFERENCES[bits(3)]
        email = f"{words.MAILBOXES[bits(3)]}@{domain}" if bits(4) else NULL
        legal_name = f"{name} {country.legal_form}" if form else NULL
        legal_number = NULL
        if form and bits(1):
            legal_number = spot.legal_number.replace("~", f"{bits(13) % 10_000:04d}")
        ein = NULL
        if form and country.code == "US":
            ein = f"{words.EIN_PREFIXES[bits(3)]}-{bits(23) % 10_000_000:07d}"
        line2 = NULL if bits(3) else words.FLOORS[bits(3)]
        url = f"https://www.{domain}" if form and bits(1) else NULL
        logo = f"{url}/logo.png" if url != NULL and not bits(2) else NULL
        metadata = words.METADATA[bits(3)] if bits(1) else "{}"
        head = (
            f"{id}\t{when}\t{self.owner}\t{external_id}\t{processor}\t{reference}\t{email}"
            f"\t{name}\t{legal_name}\t{legal_number}\t{ein}"
            f"\t{spot.line_start}{1 + bits(8)}{spot.line_end}\t{line2}\t{spot.columns}"
            f"\t{url}\t{logo}\t{metadata}"
        )
        phone = f"{country.dial} {bits(13):04d}" if bits(2) else NULL
        return _Customer(id, at, spot, domain), head, phone

    def _event(self, row: str, label: str, id: str, when: str) -> str:
        return f"{row}\t{label}\t{id}\t{when}\t{self.context}\n"

    def _user(self, customer: _Customer, turn: int) -> None:
        bits = self.bits
        at = customer.at + bits(_WEEKS)
        when = _text(at)
        id = _id(at, bits(62))
        first, last = customer.spot.first_names[bits(4)], customer.spot.last_names[bits(4)]
        # The turn makes it the only one of its customer.
        email = f"{_ascii(first)}.{_ascii(last)}{turn or ''}@{customer.domain}"
        row = f"{id}\t{when}\t{self.owner}\t{customer.id}\t{email}\t{first}\t{last}\t1\t{when}"
        self.batch.users.append(f"{row}\n")
        self.batch.user_events.append(self._event(row, "insert", id, when))

    def _methods(self, customer: _Customer, at: int, when: str) -> str:
        """Add one or two payment methods. Returns the id of the first, which is the default."""
        default = self._method(customer, at, when)
        if not self.bits(3):
            at += self.bits(_WEEKS)
            self._method(customer, at, _text(at))
        return default

    def _method(self, customer: _Customer, at: int, when: str) -> str:
        bits = self.bits
        id = _id(at, bits(62))
        processor = words.PROCESSORS[bits(1)]
        last4 = f"{bits(13):04d}"
        if bits(3):
            token = f"pm_{bits(64):016x}".translate(_TO_LETTERS)
            expiry = f"{1 + bits(7) % 12}\t{2022 + bits(3)}"
            kind = f"card\t{words.BRANDS[bits(2)]}\t{last4}\t{expiry}\t{NULL}"
        else:
            token = f"ba_{bits(64):016x}".translate(_TO_LETTERS)
            kind = f"standard_ach\t{NULL}\t{last4}\t{NULL}\t{NULL}\t{words.BANKS[bits(2)]}"
        row = f"{id}\t{when}\t{self.owner}\t{customer.id}\t{kind}\t{processor}\t{token}\t1\t{when}"
        self.batch.methods.append(f"{row}\n")
        self.batch.method_events.append(self._event(row, "insert", id, when))
        return id


def _text(at: int) -> str:
    return (_EPOCH + at * _MICROSECOND).isoformat()


def _id(at: int, random: int) -> str:
    """The text of `customers.values.uuid7.uuid7`, for microseconds since 1970."""
    milliseconds, microseconds = divmod(at, 1000)
    return f"{milliseconds:012x}7{microseconds * 4096 // 1000:03x}{0b10 << 62 | random:016x}"


@cache
def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(_NOT_ASCII))
    return "".join(char for char in plain if char.isascii())


def _spot(place: Place, random: Random) -> _Spot:
    first_names, last_names = words.PEOPLE[place.country.names]
    street = random.choice(words.STREETS)
    start, end = place.country.street.format(street=street, number="\t").split("\t")
    columns = (place.city, place.state or NULL, place.postal_code, place.country.code)
    legal_number = fill(place.country.legal_number[:-4], random) + "~"
    return _Spot(place, start, end, "\t".join(columns), first_names, last_names, legal_number)
