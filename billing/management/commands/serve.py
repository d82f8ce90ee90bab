"""`manage.py serve`: the production server."""

import os
import socket
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.server import DEFAULT_THREADS, DEFAULT_WORKERS, server_command, server_environment


class Command(BaseCommand):
    """Collects the static files and becomes the server. SIGTERM ends it gracefully."""

    help = "Serve the registry: the APIs, the pages and the static files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="default: %(default)s")
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: %(default)s")
        parser.add_argument(
            "--workers",
            type=int,
            default=DEFAULT_WORKERS,
            help="processes, one for each CPU (default: %(default)s)",
        )
        parser.add_argument(
            "--threads",
            type=int,
            default=DEFAULT_THREADS,
            help="of each worker; each has one connection to the database (default: %(default)s)",
        )
        parser.add_argument("--access-log", action="store_true", help="log a line per request")

    def handle(self, *args: Any, **options: Any) -> None:
        check_free(options["host"], options["port"])
        if not settings.DEBUG:
            collect_static_files()
        command = server_command(
            options["host"],
            options["port"],
            workers=options["workers"],
            threads=options["threads"],
            access_log=options["access_log"],
        )
        os.chdir(settings.STATE_DIR)
        environment = server_environment(settings.DATABASE_STATEMENT_TIMEOUT)
        os.execve(command[0], command, environment)  # noqa: S606 (no shell: it is this Python)


def check_free(host: str, port: int) -> None:
    """Raise CommandError if something serves there: granian would share the port with it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(f"{host} port {port}: {error.strerror}.") from None


def collect_static_files() -> None:
    """Collect the static files, or leave those of an installation that is read-only."""
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
    except OSError:
        if not settings.STATIC_ROOT.is_dir():
            raise
