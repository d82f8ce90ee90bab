"""`manage.py migrate`: Django's, which holds up no one while it waits for a table."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0  # seconds


class Command(migrate.Command):
    """Migrates, and tries again what has not got its locks in time.

    Whoever reads a table waits behind a migration that waits for it. So a migration waits for
    MIGRATION_LOCK_TIMEOUT only, is rolled back, and is tried again after a pause, for
    MIGRATION_PATIENCE in all. One with `atomic = False` builds indexes concurrently: no one waits
    behind it, and it cannot be rolled back, so its waiting has no end.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        self.database = connections[options["database"]]
        until = time.monotonic() + settings.MIGRATION_PATIENCE
        pause = FIRST_PAUSE
        while True:
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if not isinstance(error.__cause__, LockNotAvailable):
                    raise
                if time.monotonic() + pause > until:
                    raise CommandError(
                        "Someone has used a table for too long. Nothing of this migration is "
                        "applied, and those before it are: end what uses the table (see "
                        "pg_stat_activity), or raise MIGRATION_PATIENCE, and migrate again."
                    ) from None
                self.stdout.write(f" in use; trying again in {pause:g} s")
            else:
                return self._wait_for_locks("DEFAULT")
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def migration_progress_callback(
        self,
        action: str,
        migration: Any = None,
        fake: bool = False,  # noqa: FBT001, FBT002 (Django's)
    ) -> None:
        """Set how long the migration that begins may wait."""
        if action in {"apply_start", "unapply_start"}:
            limit = settings.MIGRATION_LOCK_TIMEOUT if migration.atomic else 0
            self._wait_for_locks(f"'{limit}ms'")
        super().migration_progress_callback(action, migration, fake)

    def _wait_for_locks(self, limit: str) -> None:
        with self.database.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {limit}")
