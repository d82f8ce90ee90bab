"""The project as an app: its commands and its checks."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string


class BillingConfig(AppConfig):
    """The Django project."""

    name = "billing"

    def ready(self) -> None:
        # The checks read the server's modules, which need the models.
        import_string("billing.checks.limits_are_shown")
        if settings.SENTRY_DSN:
            import_string("billing.watch.sentry.report_errors")()
