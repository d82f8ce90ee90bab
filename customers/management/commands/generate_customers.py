"""`manage.py generate_customers N`: made-up customers, for development and for measuring."""

from __future__ import annotations

import time
from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.generator.load import COMMAND, SeedTaken, analyze, load
from customers.models import Mode
from customers.models.history import acting

EVERY = 0.2  # seconds, between two signs of progress


class Command(BaseCommand):
    help = (
        "Add made-up customers, with users, payment methods and history, to an organization. The "
        "same number and seed give the same customers. All are added, or none."
    )
    # They would import the pages and the APIs, which take a fifth of the memory.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("count", type=_count, metavar="N", help="how many customers")
        parser.add_argument(
            "--organization",
            default="generated",
            metavar="SLUG",
            help="whose customers they are (generated); it is created if there is none",
        )
        parser.add_argument(
            "--mode", default=Mode.LIVE, choices=Mode.values, help="live or test data (live)"
        )
        parser.add_argument("--seed", type=int, default=1, help="another one, other customers (1)")
        parser.add_argument("--force", action="store_true", help="also where DEBUG is off")

    def handle(
        self, *args: Any, count: int, organization: str, mode: str, seed: int, **options: Any
    ) -> None:
        if not settings.DEBUG and not options["force"]:
            raise CommandError(
                "DEBUG is off: this may be production, where made-up customers are hard to tell "
                "from others. --force adds them all the same."
            )
        self.count, self.started, self.shown = count, time.monotonic(), 0.0
        try:
            with acting(COMMAND):
                added = load(organization, mode, count, seed, self.progress)
            analyze()
        except KeyboardInterrupt:
            raise CommandError("Stopped. Nothing was added.") from None
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except SeedTaken:
            raise CommandError(
                f"{organization} has customers of seed {seed} already, whose external ids they "
                f"would have too. Add others: --seed {seed + 1}"
            ) from None
        seconds = time.monotonic() - self.started
        rows = "\n".join(f"  {number:>12,} {name}" for name, number in added.items())
        self.stdout.write(
            f"Added to the {mode} data of {organization} in {seconds:.1f} s:\n{rows}\n"
            f"They are at /backoffice/{organization}/{mode}/customers/ and, for an API, behind a "
            f"key:\n  manage.py issue_api_key {organization} --mode {mode}"
        )

    def progress(self, sent: int) -> None:
        """Show on a terminal how many customers are in the database's hands."""
        now = time.monotonic()
        last = sent == self.count
        if not self.stderr.isatty() or (now - self.shown < EVERY and not last):
            return
        self.shown = now
        share = sent / self.count
        bar = "#" * int(share * 30)
        left = (now - self.started) * (1 - share) / share
        end = "; making indexes …" if last else f", {left:.0f} s left"
        line = f"\r[{bar:<30}] {sent:,} of {self.count:,}{end}   "
        self.stderr.write(line, style_func=str, ending="\n" if last else "")
        self.stderr.flush()


def _count(text: str) -> int:
    """A number of customers, as 1000000 or 1_000_000."""
    try:
        count = int(text)
    except ValueError:
        count = 0
    if count < 1:
        raise ArgumentTypeError(f"{text} is not a number of customers")
    return count
