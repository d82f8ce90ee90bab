"""`manage.py sweep`: delete what is only kept for a day. For a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand
from oauth2_provider.models import clear_expired

from customers.models import IdempotencyRecord, RequestCount


class Command(BaseCommand):
    help = "Delete recorded answers and request counts older than 24 hours, and expired tokens."

    def handle(self, *args: Any, **options: Any) -> None:
        answers, windows = IdempotencyRecord.sweep(), RequestCount.sweep()
        clear_expired()
        self.stdout.write(f"Deleted {answers} recorded answers and {windows} request counts.")
