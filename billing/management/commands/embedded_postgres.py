"""`manage.py embedded_postgres status|start|stop|url|reset`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.embedded_postgres.base import private_server
from billing.embedded_postgres.errors import EmbeddedPostgresError


class Command(BaseCommand):
    help = "Start, stop or delete the private PostgreSQL of this checkout, or show its state."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["status", "start", "stop", "url", "reset"])
        parser.add_argument(
            "--all", action="store_true", help="Reset: delete data that was moved aside, too."
        )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if settings.DATABASES["default"]["ENGINE"] != "billing.embedded_postgres":
            raise CommandError("DATABASE_URL is set: this copy uses that database, not its own.")
        kept = []
        try:
            server = private_server()
            if action == "start":
                server.start()
            elif action == "stop":
                server.stop()
            elif action == "reset":
                kept = server.reset(everything=options["all"])
        except EmbeddedPostgresError as error:
            raise CommandError(str(error)) from error
        if action == "url":
            self.stdout.write(server.url)
        elif action == "reset":
            self.stdout.write("deleted")
            for folder in kept:
                self.stdout.write(f"kept {folder}, of other programs (reset --all deletes it)")
        else:
            self.stdout.write("running" if server.is_listening() else "stopped")
