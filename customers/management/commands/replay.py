"""`manage.py replay FILE --contract SLUG`: whether the registry answers as the vendor did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.replay.recordings import Recording, Unreadable
from customers.replay.run import replay
from customers.rest.contract import contracts


class Command(BaseCommand):
    help = (
        "Send the requests of a recording (HAR or JSON Lines) to the registry, in order, and show "
        "how its answers differ from the recorded ones. Secrets and personal values are masked. "
        "The exit status is 0 if each difference is explained, 1 if one is not, and 2 if the file "
        "cannot be read. docs/replay.md has more."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the recording")
        parser.add_argument(
            "--contract", required=True, choices=[contract.slug for contract in contracts()]
        )
        parser.add_argument(
            "--base", metavar="URL", help="where the vendor's paths begin; other URLs are left out"
        )
        parser.add_argument(
            "--organization", metavar="SLUG", help="in whose test data; a new one if not given"
        )
        parser.add_argument("--dry-run", action="store_true", help="keep nothing of it")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, file: Path, contract: str, **options: Any) -> None:
        chosen = next(each for each in contracts() if each.slug == contract)
        try:
            report = replay(
                Recording(file),
                chosen,
                organization=options["organization"],
                dry_run=options["dry_run"],
                base=options["base"],
            )
        except Unreadable as error:
            raise CommandError(str(error), returncode=2) from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from None
        self.stdout.write(report.as_json() if options["format"] == "json" else report.as_text())
        if not options["dry_run"]:
            self.stderr.write(
                f"What was written is in the test data of {report.organization.slug}."
            )
        if report.unexplained:
            differences = "difference is" if report.unexplained == 1 else "differences are"
            raise CommandError(f"{report.unexplained:,} {differences} not explained.")
