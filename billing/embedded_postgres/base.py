"""Django's PostgreSQL backend over the private server, which it starts when it must connect."""

from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from billing.embedded_postgres.data import NAME
from billing.embedded_postgres.server import PORT, EmbeddedPostgres
from billing.postgres import base as postgres


def private_server() -> EmbeddedPostgres:
    """The private server of the checkout that Django runs in."""
    return EmbeddedPostgres(settings.STATE_DIR)


class DatabaseWrapper(postgres.DatabaseWrapper):
    """Connects as Django does, but starts the server first, also if it was killed."""

    def __init__(self, settings_dict: dict[str, Any], alias: str = DEFAULT_DB_ALIAS) -> None:
        server = {
            "NAME": NAME,
            "USER": NAME,
            "HOST": str(private_server().runtime),
            "PORT": str(PORT),
        }
        # A test run names a database of its own; None is the server's, which creates that.
        missing = {key: value for key, value in server.items() if settings_dict[key] == ""}
        super().__init__({**settings_dict, **missing}, alias)

    def get_new_connection(self, conn_params: Any) -> Any:
        private_server().use()
        return super().get_new_connection(conn_params)
