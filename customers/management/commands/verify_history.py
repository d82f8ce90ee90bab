"""`manage.py verify_history`: whether the history ends in exactly what the tables hold."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from customers.insights.verification import Finding, count, tracked_models, verify
from customers.models import Customer
from customers.models.database_settings import changed_settings

#: It reads all there is, which takes as long as it takes.
_SETTINGS = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}


class Command(BaseCommand):
    help = (
        "Read the whole history, and show that it ends in exactly what the tables hold, row by "
        "row, and has every version. Where it does not, say in which row, without its values; the "
        "exit status is then 1. It only reads, and other work goes on meanwhile."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        with changed_settings("default", _SETTINGS):
            for model in tracked_models():
                found = 0
                for finding in verify(model):
                    found += 1
                    self.stdout.write(f"{model._meta.db_table} {_describe(model, finding)}")
                rows, events = count(model)
                is_right = "does not hold" if found else "holds"
                self.stdout.write(
                    f"{model._meta.db_table}: {rows:,} rows, {events:,} events: {is_right}"
                )
                faults += found
        if faults:
            raise CommandError(f"The history and the tables differ in {faults:,} places.")


def _describe(model: Any, finding: Finding) -> str:
    of_customer = model is not Customer and finding.customer_id
    whose = f" of customer {finding.customer_id}" if of_customer else ""
    return f"{finding.row_id}{whose}: {finding.fault}"
