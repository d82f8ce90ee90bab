"""`manage.py advance_events`: let new events come after all that readers have seen."""

from typing import Any

from django.core.management.base import BaseCommand

from customers.insights.events import advance


class Command(BaseCommand):
    help = (
        "To be run once after the database was restored from a dump or to a point in time, before "
        "the registry is started. New events then come after all others, and the cursors that "
        "readers have are refused: what they have seen may not be so any more."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        advance()
        self.stdout.write("New events come after all others. Cursors from before are refused.")
