"""`manage.py sweep`: delete what is only kept for a while. For a daily timer."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.core.management.base import BaseCommand
from oauth2_provider.models import clear_expired

from customers.models import CustomerImport, IdempotencyRecord, RequestCount

SIGN_INS_KEPT_FOR_DAYS = 90


class Command(BaseCommand):
    help = (
        "Delete recorded answers and request counts older than 24 hours, expired tokens, imports "
        "left unconfirmed for a week, the rows of imports and who signed in older than 90 days."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        answers, windows = IdempotencyRecord.sweep(), RequestCount.sweep()
        imports = CustomerImport.sweep()
        clear_expired()
        AxesProxyHandler.reset_logs(age_days=SIGN_INS_KEPT_FOR_DAYS)
        self.stdout.write(f"Deleted {answers} recorded answers and {windows} request counts.")
        self.stdout.write(f"Deleted {imports} imports that no one confirmed.")
