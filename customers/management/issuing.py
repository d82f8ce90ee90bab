"""What the commands that issue credentials share."""

from abc import abstractmethod
from argparse import ArgumentTypeError
from datetime import UTC, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from customers.models import Mode, Organization
from customers.models.credential import Actor
from customers.models.history import acting
from customers.models.scopes import SCOPES


class IssueCommand(BaseCommand):
    """Issues a credential and prints it, the only line on standard output."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", help="its slug, for example acme")
        parser.add_argument("--mode", required=True, choices=Mode.values)
        parser.add_argument("--name", default="", help="what it is for")
        parser.add_argument(
            "--scopes",
            nargs="+",
            choices=list(SCOPES),
            metavar="SCOPE",
            help=f"all if not given: {' '.join(SCOPES)}",
        )
        parser.add_argument(
            "--expires",
            type=_future,
            metavar="WHEN",
            help="a day (2027-01-31, the end of it in UTC) or a time with its zone",
        )

    def handle(self, *args: Any, organization: str, mode: str, **options: Any) -> None:
        name = self.__module__.rpartition(".")[2]
        try:
            with acting(Actor("command", name, f"manage.py {name}")), transaction.atomic():
                issued = self.issue(
                    self._organization(organization),
                    mode,
                    name=options["name"],
                    scopes=options["scopes"],
                    expires_at=options["expires"],
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stderr.write(self.style.WARNING("This is the only time the secret is shown."))
        self.stdout.write(issued)

    @abstractmethod
    def issue(self, organization: Organization, mode: str, **details: Any) -> str:
        """Issue the credential and return the line that shows it."""

    def _organization(self, slug: str) -> Organization:
        found = Organization.objects.filter(slug=slug).first()
        if found is None:
            found = Organization(slug=slug, name=slug.replace("-", " ").title())
            found.full_clean()
            found.save()
            self.stderr.write(f"Created the organization {slug}.")
        return found


def _future(text: str) -> datetime:
    try:
        day = parse_date(text)
        when = datetime.combine(day, time.max, UTC) if day else parse_datetime(text)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise ArgumentTypeError(f"{text} is neither a day nor a time with a zone")
    if when <= timezone.now():
        raise ArgumentTypeError(f"{text} is in the past")
    return when
