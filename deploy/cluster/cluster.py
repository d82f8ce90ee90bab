"""Three databases under Patroni, etcd, HAProxy and two web nodes, all on loopback."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGCONT, SIGTERM
from typing import Self

import psycopg
from psycopg import sql

from billing.embedded_postgres.programs import Programs
from deploy.cluster.nodes import (
    DEPLOY,
    LOOPBACK,
    DatabaseNode,
    EtcdMember,
    Passwords,
    Proxies,
    address,
    get_status,
    manage,
    pgbouncer,
)
from deploy.cluster.processes import ROOT, Process, StartError, free_port, make_folder, wait_for
from deploy.cluster.programs import install_patroni, require_system_programs

DATABASE = USER = "registry"
ORGANIZATION = "acme"
DATABASES = 3
ETCD_MEMBERS = 3
WEB_NODES = 2


@dataclass
class Cluster:
    """All of it, in `folder`. `patroni.yml` and `haproxy.cfg` may be others, for tests."""

    folder: Path
    http_port: int = field(default_factory=free_port)
    http_host: str = LOOPBACK
    patroni_configuration: Path = DEPLOY / "patroni.yml"
    pooled: bool = False
    """Whether each web node has a PgBouncer."""

    etcd: list[EtcdMember] = field(default_factory=list)
    etcd_processes: list[Process] = field(default_factory=list)
    databases: list[DatabaseNode] = field(default_factory=list)
    poolers: list[Process] = field(default_factory=list)
    web: list[Process] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    """The settings of the web nodes, and of management commands."""

    def __post_init__(self) -> None:
        self.proxies = Proxies(self.folder, self.http_port)
        self.web_ports = [free_port() for _ in range(WEB_NODES)]
        self.pooler_ports = [free_port() for _ in range(WEB_NODES)]
        self.password = secrets.token_urlsafe(16)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def origin(self) -> str:
        """Where clients go."""
        return self.proxies.origin

    # --- Up and down -----------------------------------------------------------------------------

    def start(self) -> None:
        """Start everything, from new folders. Raises StartError."""
        require_system_programs()
        make_folder(self.folder)
        self._start_etcd()
        self._start_databases()
        self.proxies.start(
            self.web_ports,
            [(node.port, node.rest_port) for node in self.databases],
            http_host=self.http_host,
        )
        self.wait_until_healthy()
        self._create_database()
        self.manage("migrate", "--verbosity", 0)
        self._start_web()

    def stop(self) -> None:
        """Stop everything, clients' side first; nothing is left running."""
        for process in [*self.proxies.processes, *self.web, *self.poolers]:
            process.stop()
        for node in self.databases:  # together: each alone would wait for the next primary
            node.process.send(SIGCONT)
            node.process.send(SIGTERM)
        for node in self.databases:
            node.stop()
        for process in self.etcd_processes:
            process.stop()

    def processes(self) -> Iterator[Process]:
        """The first process of each node, in the order of their start."""
        yield from self.etcd_processes
        yield from (node.process for node in self.databases)
        yield from self.proxies.processes
        yield from self.poolers
        yield from self.web

    # --- What it is ------------------------------------------------------------------------------

    def primary(self) -> DatabaseNode | None:
        """The database that takes writes."""
        return next((node for node in self.databases if node.has_role("primary")), None)

    def synchronous_standby(self) -> DatabaseNode | None:
        """The database without whose confirmation nothing is acknowledged."""
        return next((node for node in self.databases if node.has_role("synchronous")), None)

    def is_healthy(self) -> bool:
        """Whether there is one primary, and all others follow it."""
        states = [node.state() for node in self.databases]
        primaries = [state for state in states if state.get("role") == "primary"]
        return (
            len(primaries) == 1
            and all(state.get("state") in {"running", "streaming"} for state in states)
            and len({state.get("timeline") for state in states}) == 1
            and sum(node.has_role("replica") for node in self.databases) == DATABASES - 1
            and self.synchronous_standby() is not None
        )

    def wait_until_healthy(self, timeout: float = 120) -> None:
        try:
            wait_for(self.is_healthy, "all databases follow one primary", timeout)
        except StartError as error:
            raise StartError(f"{error}:\n{self.report()}") from None

    def report(self) -> str:
        """What Patroni says of each database, or the end of its log where it says nothing."""
        said = ((node, node.state()) for node in self.databases)
        return "\n".join(
            f"{node.name}: {state.get('role')}, {state.get('state')}, {state.get('timeline')}"
            if state
            else f"{node.name} does not answer. Its log ends:\n{node.process.tail()}"
            for node, state in said
        )

    def manage(self, *arguments: object, **more: str) -> str:
        """What a management command prints, run with the settings of the web nodes."""
        done = subprocess.run(
            manage(*arguments),
            check=False,
            cwd=ROOT,
            env={**os.environ, **self.environment, **more},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise StartError(f"manage.py {arguments[0]}: {done.stderr}")
        return done.stdout.strip()

    def patronictl(self) -> str:
        """The command that shows and changes the state of the databases."""
        node = self.databases[0]
        hosts = node.process.environment["PATRONI_ETCD3_HOSTS"]
        patronictl = f"{node.patroni / 'patronictl'} -c {node.folder / 'patroni.yml'}"
        return f'PATRONI_ETCD3_HOSTS="{hosts}" {patronictl}'

    def issue_api_key(self) -> str:
        return self.manage("issue_api_key", ORGANIZATION, "--mode", "live", "--name", "cluster")

    # --- Implementation --------------------------------------------------------------------------

    def _start_etcd(self) -> None:
        names = [f"etcd{number}" for number in range(1, ETCD_MEMBERS + 1)]
        self.etcd = [EtcdMember(name, self.folder / name) for name in names]
        for member in self.etcd:
            process = member.process(self.etcd)
            process.start()
            self.etcd_processes.append(process)
        for member in self.etcd:
            wait_for(lambda: get_status(member.client_port, "/health") == 200, member.name)  # noqa: B023

    def _start_databases(self) -> None:
        programs = Programs(self.folder)
        programs.prepare()
        patroni = install_patroni(self.folder)
        passwords = Passwords(secrets.token_urlsafe(16), secrets.token_urlsafe(16))
        for number in range(1, DATABASES + 1):
            node = DatabaseNode(
                f"db{number}",
                self.folder / f"db{number}",
                programs.folder,
                patroni,
                passwords,
                self.patroni_configuration,
            )
            node.start(self.etcd)
            self.databases.append(node)

    def _create_database(self) -> None:
        primary = self.primary()
        assert primary is not None
        with primary.connect() as connection:
            create = "CREATE ROLE {} LOGIN PASSWORD {}"
            connection.execute(
                sql.SQL(create).format(sql.Identifier(USER), sql.Literal(self.password))
            )
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(DATABASE), sql.Identifier(USER)
                )
            )
        self.environment = {
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": f"{LOOPBACK},localhost",
            "DATABASE_URL": self._url(self.proxies.postgres_port),
            "TRUST_PROXY_HEADERS": "1",
            "HTTPS_ONLY": "0",  # there is no TLS on loopback
            "RATE_LIMIT": "",
            "STATIC_ROOT": str(self.folder / "static"),
            "LOG_LEVEL": "WARNING",
        }
        wait_for(self._is_reachable, "the primary behind HAProxy")

    def _is_reachable(self) -> bool:
        try:
            psycopg.connect(self._url(self.proxies.postgres_port), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _url(self, port: int) -> str:
        return f"postgresql://{USER}:{self.password}@{address(port)}/{DATABASE}"

    def _start_web(self) -> None:
        for number, (port, pooler_port) in enumerate(
            zip(self.web_ports, self.pooler_ports, strict=True), 1
        ):
            settings = dict(self.environment)
            if self.pooled:
                name = f"pgbouncer{number}"
                primary = self.proxies.postgres_port
                pooler = pgbouncer(
                    name, self.folder / name, primary, pooler_port, USER, self.password
                )
                pooler.start()
                self.poolers.append(pooler)
                settings |= {
                    "DATABASE_URL": self._url(pooler_port),
                    "DATABASE_PREPARED_STATEMENTS": "0",
                }
            process = Process(
                f"web{number}",
                manage("serve", "--port", port, "--workers", 2),
                self.folder / f"web{number}.log",
                settings,
            )
            process.start()
            self.web.append(process)
        for process, port in zip(self.web, self.web_ports, strict=True):

            def answers(process: Process = process, port: int = port) -> bool:
                process.check()
                return get_status(port, "/readyz") == 200

            wait_for(answers, process.name)
        wait_for(lambda: get_status(self.http_port, "/") == 200, "the web nodes behind HAProxy")


def new_cluster_folder(folder: Path) -> Path:
    """The folder for a new cluster; Patroni's environment and PostgreSQL's programs are kept."""
    kept = {"patroni", "pgsql"}
    if folder.exists():
        for path in folder.iterdir():
            if path.name not in kept:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    return make_folder(folder)
