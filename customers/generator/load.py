"""Made-up customers into the database: all of them, or none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict

from django.db import connection, transaction

from customers.generator.rows import (
    CUSTOMER,
    EVENT,
    METHOD,
    START,
    USER,
    Order,
    external_id_prefix,
)
from customers.generator.stream import parts
from customers.generator.tables import events_of, ready_for_copy
from customers.models import Customer, CustomerUser, Organization, PaymentMethod
from customers.models.credential import Actor, Tenant
from customers.values.uuid7 import uuid7

TRACKED = (Customer, CustomerUser, PaymentMethod)
COLUMNS = (CUSTOMER, USER, METHOD)
COMMAND = Actor("command", "generate_customers", "manage.py generate_customers")
CONTEXT = {"actor": asdict(COMMAND)}
_STATEMENTS = [
    f'COPY "{table._meta.db_table}" ({", ".join(columns)}) FROM STDIN'
    for model, own in zip(TRACKED, COLUMNS, strict=True)
    for table, columns in ((model, own), (events_of(model), own + EVENT))
]


class SeedTaken(Exception):
    """Live customers have external ids of this seed."""


@transaction.atomic
def load(
    slug: str, mode: str, count: int, seed: int, sent: Callable[[int], None]
) -> dict[str, int]:
    """Add `count` customers, and their organization if there is none. `sent` hears how many so far.

    Returns:
        The number of rows that were added, by their name.

    Raises:
        ValidationError: the slug is not one.
        SeedTaken: nothing is added.
    """
    organization = _organization(slug)
    mine = Customer.objects.visible_to(Tenant(organization.pk, mode)).live()
    if mine.filter(external_id__startswith=external_id_prefix(seed)).exists():
        raise SeedTaken
    order = Order(str(organization.pk), slug, mode, count, seed, json.dumps(CONTEXT))
    names = _names()
    added = dict.fromkeys(names, 0)
    with ready_for_copy(TRACKED), connection.cursor() as cursor, closing(parts(order)) as coming:
        for part in coming:
            with cursor.copy(_STATEMENTS[part.table]) as copy:
                for piece in part.pieces:
                    copy.write(piece)
            added[names[part.table]] += part.lines
            if part.table == 0:
                sent(added[names[0]])
    return added


def analyze() -> None:
    """Tell the planner what the tables have now."""
    tables = [f'"{t._meta.db_table}"' for model in TRACKED for t in (model, events_of(model))]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def _names() -> list[str]:
    """What the tables have, in the order of the batches."""
    return [
        str(table._meta.verbose_name_plural)
        for model in TRACKED
        for table in (model, events_of(model))
    ]


def _organization(slug: str) -> Organization:
    """The organization of a slug. A new one is the same in every database, as the customers are."""
    found = Organization.objects.filter(slug=slug).first()
    if found is None:
        random = int.from_bytes(hashlib.sha256(slug.encode()).digest()[:8], "big")
        name = slug.replace("-", " ").title()
        found = Organization(slug=slug, name=name, created_at=START, updated_at=START)
        found.id = uuid7(START, random=random)
        found.full_clean()
        found.save(force_insert=True)
    return found
