"""The app of staff accounts."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from customers.staff.groups import make_missing_groups


class StaffConfig(AppConfig):
    name = "customers.staff"
    label = "staff"
    verbose_name = "Staff"

    def ready(self) -> None:
        # The one signal of this project: Django makes permissions by it, after the last migration,
        # and sends it again when `flush` has emptied the tables. A migration could do neither.
        post_migrate.connect(make_missing_groups, sender=self)
