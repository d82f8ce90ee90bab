"""`manage.py dump_fixture --customer ID`: customers for a test or a bug report, naming no one."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from django.core import serializers
from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.dumps.customers import made_up
from customers.models import Customer, Mode
from customers.models.querysets import read_id


class Command(BaseCommand):
    help = (
        "Write customers, with their organization, users and payment methods, as a fixture for "
        "loaddata. Ids, texts and metadata are replaced by made-up ones, the same in every run; "
        "countries, times, numbers, choices and what is absent stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--customer",
            action="extend",
            nargs="+",
            required=True,
            metavar="ID",
            help="a UUID, a cus_… id or, with --organization, an external id",
        )
        parser.add_argument("--organization", metavar="SLUG", help="whose external ids they are")
        parser.add_argument("--mode", choices=Mode.values, help="in which data they are")
        parser.add_argument("-o", "--output", metavar="FILE", help="instead of standard output")

    def handle(self, *args: Any, customer: list[str], **options: Any) -> None:
        ids = {self.find(text, options["organization"], options["mode"]) for text in customer}
        rows = made_up(sorted(ids))
        self.stdout.ending = None  # type: ignore[assignment]
        with ExitStack() as stack:
            out: TextIO = self.stdout  # type: ignore[assignment]
            if options["output"]:
                out = stack.enter_context(Path(options["output"]).open("w", encoding="utf-8"))
            serializers.serialize("json", rows, stream=out, indent=1)
        for row in rows:
            if isinstance(row, Customer):
                self.stderr.write(f"A customer is {row.pk} in the fixture.", lambda text: text)

    def find(self, text: str, slug: str | None, mode: str | None) -> UUID:
        """The id of the customer that is known by a text."""
        chosen = Customer.objects.all()
        if slug is not None:
            chosen = chosen.filter(organization__slug=slug)
        if mode is not None:
            chosen = chosen.filter(mode=mode)
        id = read_id(text)
        found = list(chosen.filter(pk=id).values_list("pk", flat=True)) if id else []
        if not found and slug is not None:
            found = list(chosen.filter(external_id=text).values_list("pk", flat=True))
        if not found:
            hint = "" if slug else " An external id needs --organization."
            raise CommandError(f"There is no customer {text}.{hint}")
        if len(found) > 1:
            listed = ", ".join(map(str, found))
            raise CommandError(f"Several customers have this external id. Give the id: {listed}")
        return found[0]
