"""The server that runs the project: `python -m billing.server HOST PORT WORKERS`.

It is granian, for HTTP/1.1 with keep-alive. SIGTERM ends it gracefully.
"""

from __future__ import annotations

import resource
import sys
import time
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

#: The time that the headers of a request may take, and an idle connection is kept.
HEADER_SECONDS = 10
#: The time for what is in progress when the server is told to stop.
STOPPING_SECONDS = 30
#: Connections of clients that each worker keeps open; more wait to be accepted.
CONNECTIONS = 4096
#: A worker that has ended is replaced after so long.
RESPAWN_SECONDS = 0.5


class Server(MPServer):
    """Granian, which goes on whatever happens to its workers.

    By itself it ends when a worker ends twice within 5.5 seconds. Then no one is served, although
    the other workers are well.
    """

    def _respawn_workers(self, *args: Any, **kwargs: Any) -> None:
        time.sleep(RESPAWN_SECONDS)
        super()._respawn_workers(*args, **kwargs)
        self.respawned_wrks.clear()


def server_command(host: str, port: int, workers: int) -> list[str]:
    """The command line that runs the server."""
    return [sys.executable, "-m", "billing.server", host, str(port), str(workers)]


def server(host: str, port: int, workers: int) -> Server:
    """The server of the project's ASGI application."""
    return Server(
        "billing.asgi:application",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        websockets=False,
        backpressure=CONNECTIONS,
        workers_kill_timeout=STOPPING_SECONDS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )


def allow_open_files() -> None:
    """Raise the number of open files to what the system allows: each connection is one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 4 * CONNECTIONS)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    host, port, workers = sys.argv[1:]
    allow_open_files()
    server(host, int(port), int(workers)).serve()
