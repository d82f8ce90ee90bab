"""`manage.py twin CUSTOMER…`: customers as a fixture in which every personal value is another."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.models import Customer, Mode
from customers.models.querysets import read_id
from customers.twin.fixture import NotProved, Proved, Refused, write_twin

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Write customers, with all that belongs to them and their history, as a fixture for "
        "loaddata. Ids and texts are replaced by others of the same length, script and form; "
        "equal ones stay equal. The file is there once it is proved that no original value is in "
        "it. docs/twin.md says what stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "customer",
            nargs="*",
            metavar="CUSTOMER",
            help="a UUID, a cus_… id or, with --organization, an external id",
        )
        parser.add_argument(
            "--all", action="store_true", help="all there are, or all of the organization"
        )
        parser.add_argument("--organization", metavar="SLUG", help="whose customers they are")
        parser.add_argument("--mode", choices=Mode.values, help="in which data they are")
        parser.add_argument(
            "--seed",
            metavar="TEXT",
            help="the same one, the same replacements; who knows it can try out values. Without "
            "it, one that no one knows",
        )
        parser.add_argument(
            "--keep-keys",
            nargs="+",
            default=[],
            metavar="KEY",
            help="keys of metadata that are names of fields, and stay",
        )
        parser.add_argument("-o", "--output", metavar="FILE", help="instead of standard output")

    def handle(self, *args: Any, customer: list[str], **options: Any) -> None:
        ids = self.chosen(customer, options)
        seed = options["seed"] or secrets.token_hex()
        if options["output"]:
            proved = self.write(ids, Path(options["output"]), seed, options["keep_keys"])
        else:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "twin.json"
                proved = self.write(ids, path, seed, options["keep_keys"])
                self.stdout.write(path.read_text("utf-8"), ending="")
        self.report(
            f"Proved: none of {proved.originals:,} values and words is in {proved.rows:,} rows."
        )
        if len(ids) <= SHOWN:
            for id in ids:
                self.report(f"{id} is {proved.ids[id]} in the fixture.")

    def write(self, ids: list[UUID], path: Path, seed: str, keys: list[str]) -> Proved:
        try:
            return write_twin(ids, path, seed, keys)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from None
        except Refused as refused:
            reason, places = (
                "These values cannot be replaced safely",
                list(map(str, refused.refusals)),
            )
        except NotProved as found:
            reason, places = "An original value is left in these places", list(found.places)
        listed = "\n".join(f"  {place}" for place in places[:SHOWN])
        more = f"\n  and {len(places) - SHOWN:,} more" if len(places) > SHOWN else ""
        raise CommandError(f"{reason}; nothing is written.\n{listed}{more}")

    def chosen(self, texts: list[str], options: dict[str, Any]) -> list[UUID]:
        """The ids of the customers that are meant, in the order of their creation."""
        known = Customer.objects.all()
        if options["organization"] is not None:
            known = known.filter(organization__slug=options["organization"])
        if options["mode"] is not None:
            known = known.filter(mode=options["mode"])
        if options["all"]:
            if texts:
                raise CommandError("Give customers or --all.")
            ids = list(known.order_by("pk").values_list("pk", flat=True))
        else:
            ids = sorted({find(known, text, options["organization"]) for text in texts})
        if not ids:
            raise CommandError(
                "There is no such customer." if options["all"] else "Give customers, or --all."
            )
        return ids

    def report(self, line: str) -> None:
        self.stderr.write(line, lambda text: text)


def find(known: Any, text: str, slug: str | None) -> UUID:
    """The id of the customer that is known by a text."""
    id = read_id(text)
    found = list(known.filter(pk=id).values_list("pk", flat=True)) if id else []
    if not found and slug is not None:
        found = list(known.filter(external_id=text).values_list("pk", flat=True))
    if not found:
        hint = "" if slug else " An external id needs --organization."
        raise CommandError(f"There is no customer {text}.{hint}")
    if len(found) > 1:
        listed = ", ".join(map(str, found))
        raise CommandError(f"Several customers have this external id. Give the id: {listed}")
    return cast("UUID", found[0])
