"""Django's `dumpdata`, without its warning about a proxy model, which has no rows of its own."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import dumpdata


class Command(dumpdata.Command):
    def handle(self, *app_labels: str, **options: Any) -> None:
        options["exclude"] = [*options["exclude"], "staff.AuthenticatorApp"]
        super().handle(*app_labels, **options)
