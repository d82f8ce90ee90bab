"""`manage.py sweep`: delete what is kept only for a while. To be run daily."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand
from django.utils.timezone import now
from oauth2_provider.models import clear_expired

from customers.models import CustomerImport, IdempotencyRecord, RequestCount, Selection
from customers.staff.models import FormSubmission, HeldSecret, PasswordLink
from customers.webhooks.models import Delivery

SIGN_INS_KEPT_FOR_DAYS = 90


class Command(BaseCommand):
    help = (
        "Delete recorded responses, submitted forms, selections of customers and request counts "
        "older than 24 hours, secrets that no one came to see, expired links, tokens and "
        "sessions, failures to sign in that no longer count, imports left unconfirmed for a week, "
        "rows of imports and sign-ins older than 90 days, and deliveries of webhooks that are no "
        "longer kept."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        responses, windows = IdempotencyRecord.sweep(), RequestCount.sweep()
        imports = CustomerImport.sweep()
        deliveries = Delivery.sweep()
        FormSubmission.sweep()
        Selection.sweep()
        HeldSecret.sweep()
        PasswordLink.sweep()
        clear_expired()
        SessionStore.clear_expired()
        AccessAttempt.objects.filter(attempt_time__lt=now() - settings.AXES_COOLOFF_TIME).delete()
        AxesProxyHandler.reset_logs(age_days=SIGN_INS_KEPT_FOR_DAYS)
        self.stdout.write(f"Deleted {responses} recorded responses and {windows} request counts.")
        self.stdout.write(f"Deleted {deliveries} deliveries of webhooks.")
        self.stdout.write(f"Deleted {imports} imports that no one confirmed.")
