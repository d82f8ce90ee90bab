"""`manage.py sweep`: delete what is only kept for a while. For a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand
from oauth2_provider.models import clear_expired

from customers.models import CustomerImport, IdempotencyRecord, RequestCount


class Command(BaseCommand):
    help = (
        "Delete recorded answers and request counts older than 24 hours, expired tokens, imports "
        "left unconfirmed for a week, and the rows of imports older than 90 days."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        answers, windows = IdempotencyRecord.sweep(), RequestCount.sweep()
        imports = CustomerImport.sweep()
        clear_expired()
        self.stdout.write(f"Deleted {answers} recorded answers and {windows} request counts.")
        self.stdout.write(f"Deleted {imports} imports that no one confirmed.")
