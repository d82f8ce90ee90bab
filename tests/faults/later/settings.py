"""The project's settings with a migration more."""

from billing.settings import *  # noqa: F403
from billing.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "tests.faults.later"]
