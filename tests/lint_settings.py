"""The project's settings with the linter of migrations: `make lint`.

What is released has these migrations applied. Those that come later are looked at.
"""

from billing.settings import *  # noqa: F403
from billing.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "django_migration_linter"]
MIGRATION_LINTER_OPTIONS = {
    "include_apps": ["customers", "staff", "webhooks"],
    "ignore_name": [
        *("0001_extensions_and_functions", "0002_oauth_clients", "0003_tables"),
        *("0004_triggers_and_storage",),
        *("0001_initial", "0001_tables"),
    ],
    "no_cache": True,
    "warnings_as_errors": ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "DROP_INDEX", "REINDEX"],
}
