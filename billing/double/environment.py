"""Sets Django up for the double; to be imported before all that needs it.

The environment and the working directory are those of another project, whose `DATABASE_URL`,
`DJANGO_SETTINGS_MODULE` or `.env` are not meant for the registry.
"""

import os
import sys
from pathlib import Path

import django

from billing.double.cache import cache_folder
from billing.embedded_postgres.errors import EmbeddedPostgresError
from billing.embedded_postgres.server import EmbeddedPostgres

_KEPT = {"PATH", "HOME", "USER", "LANG", "TMPDIR", "TZ", "VIRTUAL_ENV"}
_KEPT_PREFIXES = ("COVERAGE_", "DYLD_", "LC_", "LD_", "PYTHON", "XDG_")

try:
    #: The server of all doubles of this user.
    postgres = EmbeddedPostgres(cache_folder())
except EmbeddedPostgresError as error:
    sys.exit(f"The double needs customer-registry[test]. {error}")
#: The database of this double, and its URL.
name = f"double_{os.getpid()}"
url = postgres.url.replace("/billing?", f"/{name}?")


def _take_over(folder: Path) -> None:
    for variable in list(os.environ):
        if variable not in _KEPT and not variable.startswith(_KEPT_PREFIXES):
            del os.environ[variable]
    os.environ.update(
        DEBUG="1",
        ALLOWED_HOSTS="*",
        DATABASE_URL=url,
        DJANGO_SETTINGS_MODULE="billing.double.settings",
    )
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)


_take_over(postgres.checkout)
django.setup()
