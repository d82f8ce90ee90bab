"""The app's entry in Django's registry."""

from importlib import import_module

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = "Customer registry"

    def ready(self) -> None:
        import_module("customers.checks")  # registers them
