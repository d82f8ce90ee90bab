"""Django's PostgreSQL backend over the private server, which it starts when it must connect."""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from billing.embedded_postgres.server import EmbeddedPostgres


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects as Django does, with the server up first: also after it was killed."""

    def get_new_connection(self, conn_params: Any) -> Any:
        EmbeddedPostgres(settings.STATE_DIR).use()
        return super().get_new_connection(conn_params)
