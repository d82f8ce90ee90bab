"""The server that runs the project, in the configuration that `benchmarks/` found the fastest."""

import os
import sys

# Each thread works on one request at a time and has one connection to the database: a server opens
# at most workers times threads of them.
DEFAULT_WORKERS = 2
DEFAULT_THREADS = 2


def server_command(
    host: str,
    port: int,
    *,
    workers: int = DEFAULT_WORKERS,
    threads: int = DEFAULT_THREADS,
    access_log: bool = False,
) -> list[str]:
    """The command line of granian: HTTP/1.1 with keep-alive, ended gracefully by SIGTERM."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        # A thread that ends takes its connection with it.
        *("--blocking-threads-idle-timeout", "600"),
        *("--http1-header-read-timeout", "10000"),
        # What is in progress when the server is told to stop has this long to end.
        *("--workers-kill-timeout", "30"),
        "--respawn-failed-workers",
        *("--log-level", "warning", "--access-log" if access_log else "--no-access-log"),
        "billing.wsgi:application",
    ]


def server_environment(statement_timeout: int) -> dict[str, str]:
    """The environment of the server, whose statements end after so many seconds; 0 is no limit.

    A search that takes longer is answered with 503, and the worker goes on.
    """
    if not statement_timeout:
        return dict(os.environ)
    options = f"{os.environ.get('PGOPTIONS', '')} -c statement_timeout={statement_timeout}s"
    return {**os.environ, "PGOPTIONS": options.strip()}
