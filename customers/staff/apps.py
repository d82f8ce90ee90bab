"""The app of staff accounts."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "customers.staff"
    label = "staff"
    verbose_name = "Staff"
