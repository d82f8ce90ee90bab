"""What the requests ask for: customers and patterns, chosen from the database under test."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import psycopg

from benchmarks.databases import ORGANIZATION

CUSTOMERS = 10_000  # how many different ones are asked for
PATTERNS = 100
MODE = "live"
# No name and no address has these letters in this order.
ABSENT = "xqzjvk"


@dataclass(frozen=True)
class Targets:
    """Customers and patterns of one database."""

    organization_id: UUID
    #: Live customers, in any order: id, and external id.
    customers: list[tuple[UUID, str]]
    #: The cursors before the last page of 10, and of 100.
    last: dict[int, UUID]
    #: How many live customers there are.
    count: int
    #: Patterns of names and of emails, by kind.
    names: dict[str, list[str]]
    emails: dict[str, list[str]]

    @property
    def ids(self) -> list[UUID]:
        return [id for id, _ in self.customers]


def choose(url: str) -> Targets:
    """Choose, the same every time."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT setseed(0.5)")
        found = connection.execute(
            "SELECT id FROM customers_organization WHERE slug = %s", [ORGANIZATION]
        ).fetchone()
        assert found is not None
        (organization,) = found
        mine = "organization_id = %s AND mode = %s AND archived_at IS NULL"
        of = [organization, MODE]
        rows = connection.execute(
            f"SELECT id, external_id, coalesce(legal_name, name), email FROM customers_customer"
            f" WHERE {mine} AND external_id IS NOT NULL AND email IS NOT NULL"
            f" AND coalesce(legal_name, name) IS NOT NULL ORDER BY random() LIMIT %s",
            [*of, CUSTOMERS],
        ).fetchall()
        counted = connection.execute(
            f"SELECT count(*) FROM customers_customer WHERE {mine}", of
        ).fetchone()
        oldest = connection.execute(
            f"SELECT id FROM customers_customer WHERE {mine} ORDER BY id LIMIT 101", of
        ).fetchall()
    assert counted is not None
    return Targets(
        organization_id=organization,
        # Without those that patterns come from: the rows that write would change their names.
        customers=[(id, external_id) for id, external_id, _, _ in rows[PATTERNS:]],
        last={10: oldest[10][0], 100: oldest[100][0]},
        count=counted[0],
        names=patterns([name for _, _, name, _ in rows]),
        emails=patterns([email for _, _, _, email in rows]),
    )


def patterns(texts: list[str]) -> dict[str, list[str]]:
    """Patterns to search these texts with: rare, common, absent, and of two characters.

    A rare one is nearly a whole text; the common one is the five characters that most texts have.
    """
    texts = [text.lower() for text in texts]
    frequent = Counter(part for text in texts for part in _parts(text, 5))
    pairs = Counter(part for text in texts for part in _parts(text, 2))
    chance = random.Random(1)  # noqa: S311
    return {
        "rare": [text[1:-1] for text in texts[:PATTERNS]],
        "common": [frequent.most_common(1)[0][0]],
        "absent": [ABSENT + "".join(chance.choices("bcdfghjklm", k=4)) for _ in range(PATTERNS)],
        "two": sorted(pairs)[:: max(1, len(pairs) // PATTERNS)],
    }


def _parts(text: str, length: int) -> set[str]:
    found = {text[at : at + length] for at in range(len(text) - length + 1)}
    return {part for part in found if part.isascii() and part.isalpha()}
