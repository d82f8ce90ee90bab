"""The settings of the linter, for the migrations of this app."""

from tests.faults.later.settings import INSTALLED_APPS as _APPS
from tests.lint_settings import *  # noqa: F403
from tests.lint_settings import MIGRATION_LINTER_OPTIONS as _OPTIONS

INSTALLED_APPS = [*_APPS, "django_migration_linter"]
MIGRATION_LINTER_OPTIONS = {**_OPTIONS, "include_apps": ["later"]}
