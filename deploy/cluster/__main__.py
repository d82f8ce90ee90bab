"""`make cluster`: the whole of production on loopback, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import time
from pathlib import Path

from billing.embedded_postgres.programs import as_server_user
from billing.embedded_postgres.server import EmbeddedPostgres
from deploy.cluster.cluster import ORGANIZATION, Cluster, new_cluster_folder
from deploy.cluster.nodes import LOOPBACK
from deploy.cluster.processes import ROOT, Process, StartError, can_enter

RESTART_SECONDS = 5  # as the units in deploy/systemd/ have it
STAFF = "admin"


def state_folder() -> Path:
    """`.cluster/` in the checkout or, if root's databases could not enter it, beside their own."""
    folder = ROOT / ".cluster"
    if not as_server_user() or can_enter(ROOT):
        return folder
    return EmbeddedPostgres(ROOT).runtime.with_name(
        f"{EmbeddedPostgres(ROOT).runtime.name}-cluster"
    )


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def explain(cluster: Cluster) -> None:
    """What there is, what to kill and what to watch."""
    key = cluster.issue_api_key()
    password = secrets.token_urlsafe(12)
    cluster.manage(
        *("createsuperuser", "--no-input", "--username", STAFF, "--email", "admin@example.org"),
        DJANGO_SUPERUSER_PASSWORD=password,
    )
    primary = cluster.primary()
    say(f"""
The registry is at {cluster.origin} behind two HAProxy at one port.

  API key of {ORGANIZATION}  {key}
  Back office       {cluster.origin}/backoffice/  {STAFF} / {password}
  State of all      http://{LOOPBACK}:{cluster.proxies.stats_port}/
  Databases         {cluster.patronictl()} list

  curl -H "Authorization: Bearer {key}" "{cluster.origin}/customers?limit=2"
  curl -H "X-API-Key: {key}" "{cluster.origin}/api/v1.0/customer?per_page=2"
  curl -H "Authorization: Bearer {key}" "{cluster.origin}/api/v1/customers?per_page=2"
  curl -H "Authorization: Bearer {key}" "{cluster.origin}/v1/customers?limit=2"

Kill any one of these; what ended is started again after {RESTART_SECONDS} s, as systemd would:
""")
    for process in cluster.processes():
        if process not in [node.process for node in cluster.databases]:
            say(f"  kill -9 {process.pid:<8} # {process.name}")
    for node in cluster.databases:
        what = "the primary" if node is primary else "a standby"
        say(f"  kill -9 {node.patroni_pid():<8} # Patroni of {node.name}")
        say(f"  kill -9 {node.postmaster():<8} # PostgreSQL of {node.name}, {what}")
        everything = " ".join(map(str, node.processes()))
        say(f"  kill -9 {everything} # all of {node.name}")
    say(f"\nLogs are in {cluster.folder}. Ctrl-C stops everything.")


def watch(processes: list[Process]) -> None:
    """Start again what ended, as systemd would, until a signal comes."""
    ended: dict[str, float] = {}
    while True:
        time.sleep(0.5)
        for process in processes:
            if process.is_running():
                continue
            since = ended.setdefault(process.name, time.monotonic())
            if time.monotonic() - since >= RESTART_SECONDS:
                process.kill()  # what it left behind, which may hold its port
                process.start()
                del ended[process.name]
                say(f"{process.name} had ended and is started again, as {process.pid}.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.cluster", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("HOST", LOOPBACK))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    options = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    say("Starting etcd, three databases, HAProxy and two web nodes: about half a minute ...")
    try:
        folder = new_cluster_folder(state_folder())
        with Cluster(folder, options.port, options.host, pooled=True) as cluster:
            explain(cluster)
            watch(list(cluster.processes()))
    except KeyboardInterrupt:
        say("Stopped.")
    except StartError as error:
        sys.exit(str(error))


main()
