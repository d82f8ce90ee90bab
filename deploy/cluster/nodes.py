"""The nodes of a cluster: members of etcd, databases under Patroni, proxies and web servers."""

from __future__ import annotations

import csv
import http.client
import json
import os
import signal
import socket
import string
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from billing.embedded_postgres.programs import shut_down
from deploy.cluster.processes import ROOT, Process, children, free_port, make_folder
from deploy.cluster.programs import program

DEPLOY = ROOT / "deploy"
LOOPBACK = "127.0.0.1"


def get_status(port: int, path: str, timeout: float = 2) -> int | None:
    """The status of a GET, None if nothing answers."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=timeout)
    try:
        connection.request("GET", path, headers={"X-Forwarded-Proto": "https"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def address(port: int) -> str:
    return f"{LOOPBACK}:{port}"


@dataclass
class EtcdMember:
    """A member of etcd."""

    name: str
    folder: Path
    client_port: int = field(default_factory=free_port)
    peer_port: int = field(default_factory=free_port)

    def process(self, members: Sequence[EtcdMember]) -> Process:
        make_folder(self.folder)
        client, peer = (f"http://{address(port)}" for port in (self.client_port, self.peer_port))
        shared = (
            line.split("=", 1)
            for line in (DEPLOY / "etcd.env").read_text("utf-8").splitlines()
            if line and not line.startswith("#")
        )
        environment = {
            **dict(shared),
            "ETCD_NAME": self.name,
            "ETCD_DATA_DIR": str(self.folder / "data"),
            "ETCD_LISTEN_CLIENT_URLS": client,
            "ETCD_ADVERTISE_CLIENT_URLS": client,
            "ETCD_LISTEN_PEER_URLS": peer,
            "ETCD_INITIAL_ADVERTISE_PEER_URLS": peer,
            "ETCD_INITIAL_CLUSTER": ",".join(
                f"{each.name}=http://{address(each.peer_port)}" for each in members
            ),
        }
        log = self.folder.with_suffix(".log")
        return Process(self.name, [program("etcd")], log, environment, unprivileged=True)


@dataclass
class Passwords:
    """Those of the database's own users."""

    superuser: str
    replication: str


@dataclass
class DatabaseNode:
    """A node with Patroni and the PostgreSQL that it runs."""

    name: str
    folder: Path
    bin: Path
    """Where PostgreSQL's programs are."""

    patroni: Path
    """Where Patroni's programs are."""

    passwords: Passwords
    configuration: Path = DEPLOY / "patroni.yml"
    port: int = field(default_factory=free_port)
    rest_port: int = field(default_factory=free_port)
    process: Process = field(init=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self, etcd: Sequence[EtcdMember]) -> None:
        make_folder(self.folder)
        # Its user may not be allowed to read the checkout.
        configuration = make_folder(self.folder) / "patroni.yml"
        configuration.write_text(self.configuration.read_text("utf-8"), "utf-8")
        environment = {
            "PATRONI_NAME": self.name,
            "PATRONI_ETCD3_HOSTS": ",".join(f"'{address(each.client_port)}'" for each in etcd),
            "PATRONI_RESTAPI_LISTEN": address(self.rest_port),
            "PATRONI_RESTAPI_CONNECT_ADDRESS": address(self.rest_port),
            "PATRONI_POSTGRESQL_LISTEN": address(self.port),
            "PATRONI_POSTGRESQL_CONNECT_ADDRESS": address(self.port),
            "PATRONI_POSTGRESQL_DATA_DIR": str(self.data),
            "PATRONI_POSTGRESQL_BIN_DIR": str(self.bin),
            "PATRONI_POSTGRESQL_PGPASS": str(self.folder / "pgpass"),
            "PATRONI_SUPERUSER_USERNAME": "postgres",
            "PATRONI_SUPERUSER_PASSWORD": self.passwords.superuser,
            "PATRONI_REPLICATION_USERNAME": "replicator",
            "PATRONI_REPLICATION_PASSWORD": self.passwords.replication,
            "HOME": str(self.folder),
        }
        init = (DEPLOY / "cluster" / "init.py").read_text("utf-8")
        self.process = Process(
            self.name,
            [
                *(str(self.patroni / "python"), "-c", init),
                *(str(self.patroni / "patroni"), str(configuration)),
            ],
            self.folder.with_suffix(".log"),
            environment,
            unprivileged=True,
        )
        self.process.start()

    # --- What it is ------------------------------------------------------------------------------

    def has_role(self, role: str) -> bool:
        """Whether Patroni says that it is `primary`, `replica` or `synchronous`."""
        return get_status(self.rest_port, f"/{role}") == 200

    def state(self) -> dict[str, object]:
        """What Patroni reports of the node, empty if it does not answer."""
        connection = http.client.HTTPConnection(LOOPBACK, self.rest_port, timeout=2)
        try:
            connection.request("GET", "/patroni")
            found = json.loads(connection.getresponse().read())
            assert isinstance(found, dict)
            return found
        except (OSError, http.client.HTTPException, ValueError):
            return {}
        finally:
            connection.close()

    def timeline(self) -> int:
        """How often the primary has been replaced so far, and one."""
        found = self.state().get("timeline")
        assert isinstance(found, int), found
        return found

    def configure(self, settings: Mapping[str, object]) -> None:
        """Change settings of the whole cluster, as `patronictl edit-config` does."""
        connection = http.client.HTTPConnection(LOOPBACK, self.rest_port, timeout=10)
        try:
            connection.request("PATCH", "/config", json.dumps(settings))
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
        finally:
            connection.close()

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the superuser's to this node, not through a proxy."""
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            dbname=database,
            user="postgres",
            password=self.passwords.superuser,
            autocommit=True,
        )

    # --- Faults ----------------------------------------------------------------------------------

    def processes(self) -> list[int]:
        """All processes of the node, the first one last."""
        return [*reversed(list(children(self.process.pid))), self.process.pid]

    def postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])

    def patroni_pid(self) -> int:
        return next(children(self.process.pid))

    def kill_postmaster(self) -> None:
        os.kill(self.postmaster(), signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all its processes: SIGKILL is the loss of the node, SIGSTOP a freeze."""
        for pid in reversed(self.processes()):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self) -> None:
        """The loss of the node: every process of it ends at once."""
        # What the killed ones started meanwhile, and what PostgreSQL's processes still hold.
        self.signal(signal.SIGSTOP)
        self.signal(signal.SIGKILL)
        assert self.process.running is not None
        self.process.running.wait()

    def stop(self) -> None:
        """Stop Patroni, which stops PostgreSQL and gives the leadership away."""
        self.signal(signal.SIGCONT)
        self.process.stop()
        with suppress(FileNotFoundError, ValueError):  # Patroni was killed, and PostgreSQL was not
            shut_down(self.postmaster())


@dataclass
class Proxies:
    """HAProxy, twice at the same ports: where one is lost, the kernel gives the other what comes.

    On machines of their own they would share an address by keepalived instead.
    """

    folder: Path
    http_port: int = field(default_factory=free_port)
    postgres_port: int = field(default_factory=free_port)
    stats_port: int = field(default_factory=free_port)
    configuration: Path = DEPLOY / "haproxy.cfg"
    processes: list[Process] = field(default_factory=list)

    def socket(self, number: int) -> Path:
        """The administration socket of one of them."""
        return self.folder / f"haproxy{number}.sock"

    def start(
        self,
        web_ports: Sequence[int],
        databases: Sequence[tuple[int, int]],
        *,
        count: int = 2,
        http_host: str = LOOPBACK,
    ) -> None:
        """Start `count` of them. A database is a pair of ports: PostgreSQL's and Patroni's."""
        environment = {
            "HTTP_BIND": f"{http_host}:{self.http_port}",
            "ALLOWED_HOST": LOOPBACK,
            "POSTGRES_BIND": address(self.postgres_port),
            "STATS_BIND": address(self.stats_port),
            **{f"WEB_{n}": address(port) for n, port in enumerate(web_ports, 1)},
        }
        for number, (port, rest_port) in enumerate(databases, 1):
            environment[f"DB_{number}"] = address(port)
            environment[f"DB_{number}_REST"] = str(rest_port)
        for number in range(1, count + 1):
            process = Process(
                f"haproxy{number}",
                [program("haproxy"), "-db", "-f", str(self.configuration)],
                self.folder / f"haproxy{number}.log",
                {**environment, "ADMIN_SOCKET": str(self.socket(number))},
            )
            process.start()
            self.processes.append(process)

    @property
    def origin(self) -> str:
        return f"http://{address(self.http_port)}"

    def tell(self, command: str) -> str:
        """Send a command to each of them. Returns the answer of the last."""
        answer = b""
        for number in range(1, len(self.processes) + 1):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(self.socket(number)))
                client.sendall(f"{command}\n".encode())
                answer = b"".join(iter(lambda: client.recv(65536), b""))
        return answer.decode()

    def is_up(self, server: str) -> bool:
        """Whether a web node is given requests."""
        return self._figures(server)["status"] == "UP"

    def sessions(self, server: str) -> int:
        """How many requests a web node works on."""
        return int(self._figures(server)["scur"])

    def _figures(self, server: str) -> dict[str, str]:
        rows = csv.DictReader(self.tell("show stat").removeprefix("# ").splitlines())
        return next(row for row in rows if (row["pxname"], row["svname"]) == ("web", server))


def pgbouncer(
    name: str, folder: Path, primary_port: int, listen_port: int, user: str, password: str
) -> Process:
    """PgBouncer of a web node."""
    make_folder(folder)
    users = folder / "users.txt"
    users.write_text(f'"{user}" "{password}"\n', "utf-8")
    template = string.Template((DEPLOY / "pgbouncer.ini").read_text("utf-8"))
    configuration = folder / "pgbouncer.ini"
    values: Mapping[str, object] = {
        "PRIMARY_HOST": LOOPBACK,
        "PRIMARY_PORT": primary_port,
        "LISTEN_PORT": listen_port,
        "AUTH_FILE": users,
    }
    text = "\n".join(
        line if line.startswith(";") else string.Template(line).substitute(values)
        for line in template.template.splitlines()
    )
    configuration.write_text(text, "utf-8")
    command = [program("pgbouncer"), str(configuration)]
    return Process(name, command, folder.with_suffix(".log"), unprivileged=True)


def manage(*arguments: object) -> list[str]:
    """The command `manage.py …`."""
    return [sys.executable, "manage.py", *map(str, arguments)]
