"""How many webhooks a second are delivered to a receiver on this machine, and how soon.

    make bench-webhooks               5,000 events, and 200 one at a time
    make bench-webhooks SIZE=20000

PostgreSQL, `manage.py deliver_webhooks` (one process), the receiver (another) and, for the latency,
who writes share the machine. Prints

- the deliveries a second from a backlog to one endpoint and to ten: from the start of the first
  delivery to the end of the last, with what the dispatcher does before;
- the milliseconds from a commit to the arrival of its event, while 20 customers a second change.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from statistics import quantiles

from benchmarks.databases import ROOT, Databases, manage

CHANGES, PAUSE = 200, 0.05  # for the latency
_PATIENCE = 120.0  # seconds
_ANSWER = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


class Receiver(Process):
    """Answers 204 to every request, and notes its webhook-id and when it came."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.here, self._there = Pipe()
        self.start()
        self.port: int = self.here.recv()

    def run(self) -> None:
        asyncio.run(_receive(self._there))

    def received(self) -> list[tuple[str, float]]:
        """What has come since the last call."""
        self.here.send(None)
        found: list[tuple[str, float]] = self.here.recv()
        return found


async def _receive(pipe: Connection) -> None:
    came: list[tuple[str, float]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
        fields = {name.lower(): text for name, text in fields.items()}
        await reader.readexactly(int(fields["content-length"]))
        came.append((fields["webhook-id"], time.time()))
        writer.write(_ANSWER)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1024)
    pipe.send(server.sockets[0].getsockname()[1])
    while True:
        await asyncio.to_thread(pipe.recv)
        pipe.send(list(came))
        came.clear()


@contextmanager
def delivering() -> Iterator[None]:
    """`manage.py deliver_webhooks`, for as long as the block lasts."""
    process = subprocess.Popen(manage("deliver_webhooks"), cwd=ROOT)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def measure(size: int) -> None:
    """Print the figures, from the empty database of the settings."""
    import django

    django.setup()
    from customers.models import Customer, Organization
    from customers.models.batch import BatchRow, upsert_many
    from customers.models.credential import Tenant
    from customers.webhooks.models import Delivery, WebhookEndpoint

    organization = Organization.objects.create(slug="receivers", name="Receivers")
    tenant = Tenant(organization.pk, "live")
    receiver = Receiver()
    url = f"http://127.0.0.1:{receiver.port}/"

    def backlog(endpoints: int) -> None:
        made = [WebhookEndpoint.create(tenant, {"url": f"{url}{n}"})[0] for n in range(endpoints)]
        for start in range(0, size // endpoints, 1000):
            rows = [
                BatchRow({"external_id": f"{endpoints}-{start + n}", "name": "Pied Piper"}, {})
                for n in range(min(1000, size // endpoints - start))
            ]
            upsert_many(tenant, rows, all_or_nothing=True)
        began = time.time()
        came: list[tuple[str, float]] = []
        with delivering():
            while len(came) < size and time.time() - began < _PATIENCE:
                time.sleep(0.5)
                came += receiver.received()
            waits_until = time.time() + 20
            while Delivery.objects.waiting().exists() and time.time() < waits_until:
                time.sleep(0.1)
        first, last = came[0][1], came[-1][1]
        print(
            f"{endpoints:>3} endpoints: {len(came):,} deliveries,"
            f" {len(came) / (last - first):,.0f} a second"
        )
        for endpoint in made:
            endpoint.remove()

    backlog(1)
    backlog(10)
    WebhookEndpoint.create(tenant, {"url": url})
    times = []
    with delivering():
        time.sleep(3)
        receiver.received()
        for number in range(CHANGES):
            Customer.objects.register(tenant, {"name": f"Late {number}"})
            times.append(time.time())
            time.sleep(PAUSE)
        time.sleep(2)
        came = receiver.received()
    latencies = sorted((at - sent) * 1000 for (_id, at), sent in zip(came, times, strict=True))
    tenths = quantiles(latencies, n=20)
    print(
        f"latency from the commit: median {tenths[9]:.0f} ms, 95 of 100 within {tenths[18]:.0f} ms,"
        f" longest {latencies[-1]:.0f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=5_000)
    parser.add_argument("--measure", action="store_true", help="used by the script itself")
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.size)
        return
    databases = Databases()
    command = [sys.executable, "-m", "benchmarks.webhooks", "--measure", "--size"]
    with databases.copy_of(databases.loaded(1)) as database:
        environment = {**os.environ, "DATABASE_URL": database, "LOG_LEVEL": "WARNING"}
        subprocess.run([*command, str(arguments.size)], check=True, cwd=ROOT, env=environment)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing.settings")
    main()
