"""The entry of the staff's accounts in Django's registry."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "customers.staff"
    label = "staff"
    verbose_name = "Staff"
