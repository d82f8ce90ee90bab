"""`manage.py serve`: the production server."""

import argparse
import os
import socket
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.front.lanes import connections_of
from billing.server import server_command
from billing.watch.folder import new_folder


class Command(BaseCommand):
    """Collects the static files and becomes the server. SIGTERM ends it gracefully."""

    help = "Serve the registry: the APIs, the pages and the static files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.HOST, help="default: %(default)s")
        parser.add_argument("--port", type=int, default=settings.PORT, help="default: %(default)s")
        parser.add_argument(
            "--workers",
            type=positive,
            default=settings.WORKERS,
            help="processes, one for each CPU (default: %(default)s)",
        )
        parser.add_argument(
            "--threads",
            type=positive,
            default=settings.API_THREADS,
            help="of each worker, for the APIs (default: %(default)s)",
        )
        parser.add_argument(
            "--page-threads",
            type=positive,
            default=settings.PAGE_THREADS,
            help="of each worker, for the pages (default: %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check_free(options["host"], options["port"])
        if not settings.DEBUG:
            collect_static_files()
        workers, threads = options["workers"], options["threads"]
        page_threads = options["page_threads"]
        most = connections_of(workers, threads, page_threads)
        self.stdout.write(f"At most {most} connections to the database.")
        self.stdout.flush()
        command = server_command(options["host"], options["port"], workers)
        environment = {
            **os.environ,
            "API_THREADS": str(threads),
            "PAGE_THREADS": str(page_threads),
        }
        if settings.METRICS:
            environment["PROMETHEUS_MULTIPROC_DIR"] = str(new_folder(options["port"]))
        os.chdir(settings.STATE_DIR)
        os.execve(command[0], command, environment)  # noqa: S606 (no shell: it is this Python)


def positive(text: str) -> int:
    """A number that is at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


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
