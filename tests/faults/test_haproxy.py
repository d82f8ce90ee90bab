"""HAProxy in front: slow clients slow no one, and web nodes are restarted without an error."""

from __future__ import annotations

import json
import math
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from deploy.cluster.nodes import DEPLOY, Proxies, get_status
from deploy.cluster.processes import free_port, wait_for
from tests.faults import FULL
from tests.faults.ledger import Client, Ledger
from tests.faults.results import Result
from tests.faults.servers import Postgres, Web, new_folder

SLOW_CLIENTS = 160  # more than the web nodes take at a time
LIMIT = 0.2  # seconds of a good request

HALF_SENT = {
    "half-sent headers": b"GET /customers HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    "half-sent bodies": (
        b"POST /customers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b'Content-Length: 500\r\n\r\n{"name": "'
    ),
}


@contextmanager
def proxied(
    folder: Path, web: list[Web], configuration: Path = DEPLOY / "haproxy.cfg"
) -> Iterator[Proxies]:
    """One HAProxy in front of web nodes that run."""
    proxies = Proxies(folder, configuration=configuration)
    nowhere = [(free_port(), free_port()) for _ in range(3)]
    proxies.start([server.port for server in web], nowhere, count=1)
    try:
        wait_for(lambda: get_status(proxies.http_port, "/") == 200, "the web nodes behind HAProxy")
        yield proxies
    finally:
        for process in proxies.processes:
            process.kill()


def warm_up(server: Web, api_key: str) -> None:
    """Have each worker do what its first request takes, so that nothing of it is timed."""
    for _request in range(30):
        with Client(server.origin, api_key) as client:
            assert client.ask("GET", "/customers?limit=1")[0] == 200


@pytest.fixture(scope="module")
def pair() -> Iterator[list[Web]]:
    """Two web nodes over one database."""
    with new_folder() as folder:
        database = Postgres(folder / "database")
        database.start()
        # HAProxy says truly that clients come without TLS.
        servers = [Web(database.url(), folder, HTTPS_ONLY="0") for _ in range(2)]
        servers[0].prepare()
        for server in servers:
            server.start()
            warm_up(server, servers[0].api_key)
        yield servers
        for server in servers:
            server.kill()
        database.kill()


def without(folder: Path, *lines: str) -> Path:
    """The configuration of HAProxy without some of its lines."""
    text = (DEPLOY / "haproxy.cfg").read_text("utf-8")
    for line in lines:
        assert f"    {line}\n" in text
        text = text.replace(f"    {line}\n", "")
    path = folder / "without.cfg"
    path.write_text(text, "utf-8")
    return path


# --- Slow clients --------------------------------------------------------------------------------


@contextmanager
def slow_clients(port: int, half: bytes, number: int) -> Iterator[list[socket.socket]]:
    """Clients that have sent half of a request."""
    with ExitStack() as stack:
        clients = []
        for _client in range(number):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(half)
            clients.append(client)
        time.sleep(0.5)
        yield clients


def good_requests(origin: str, api_key: str, fault: str, *, control: bool = False) -> list[float]:
    """Seconds of each of 50 requests, endless if it was not answered with 200."""
    times = []
    for _request in range(50):
        with Client(origin, api_key) as client:
            began = time.monotonic()
            status, _body = client.ask("GET", "/customers?limit=1")
            times.append(time.monotonic() - began if status == 200 else math.inf)
        if control and times[-1] > LIMIT:
            break
    note = f"slowest good request {max(times):.3f} s"
    Result(fault, times=len(times), control=control, note=note).record()
    return times


@pytest.mark.parametrize("half", HALF_SENT)
def test_slow_clients_slow_no_one(pair: list[Web], folder: Path, half: str) -> None:
    with (
        proxied(folder, pair) as proxies,
        slow_clients(proxies.http_port, HALF_SENT[half], SLOW_CLIENTS),
    ):
        times = good_requests(proxies.origin, pair[0].api_key, f"{SLOW_CLIENTS} {half}")
    assert max(times) < LIMIT


def test_control_unbuffered_bodies_occupy_the_web_nodes(pair: list[Web], folder: Path) -> None:
    half = "half-sent bodies"
    configuration = without(folder, "option http-buffer-request")
    with (
        proxied(folder, pair, configuration) as proxies,
        slow_clients(proxies.http_port, HALF_SENT[half], SLOW_CLIENTS),
    ):
        fault = f"{SLOW_CLIENTS} {half}, unbuffered"
        times = good_requests(proxies.origin, pair[0].api_key, fault, control=True)
    assert max(times) > LIMIT


def is_closed(client: socket.socket, seconds: float) -> bool:
    client.settimeout(seconds)
    try:
        while client.recv(4096):
            pass
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize("half", HALF_SENT)
def test_a_slow_client_is_sent_away(pair: list[Web], folder: Path, half: str) -> None:
    with (
        proxied(folder, pair) as proxies,
        slow_clients(proxies.http_port, HALF_SENT[half], 1) as (client,),
    ):
        client.settimeout(8)
        answer = client.recv(4096)
        assert answer.startswith(b"HTTP/1.1 408 "), answer
        if half == "half-sent bodies":  # to half of the headers HAProxy answers in HTML
            body = json.loads(answer.split(b"\r\n\r\n", 1)[1])
            assert body["code"] == "request_timeout"


def test_control_without_a_time_limit_a_slow_client_stays(pair: list[Web], folder: Path) -> None:
    with (
        proxied(folder, pair, without(folder, "timeout http-request 5s")) as proxies,
        slow_clients(proxies.http_port, HALF_SENT["half-sent headers"], 1) as (client,),
    ):
        assert not is_closed(client, 8)


# --- Restarts ------------------------------------------------------------------------------------


def restart_drained(proxies: Proxies, number: int, web: Web) -> None:
    """As docs/operations.md has it: no request is given to the node, its last ones end."""
    proxies.tell(f"set server web/web{number} state drain")
    wait_for(lambda: proxies.sessions(f"web{number}") == 0, "the node is idle", 30)
    web.stop()
    web.start()
    proxies.tell(f"set server web/web{number} state ready")
    wait_for(lambda: proxies.is_up(f"web{number}"), "the node is back")


def restart(proxies: Proxies, number: int, web: Web) -> None:
    """SIGTERM without a word to HAProxy."""
    web.stop()
    web.start()
    wait_for(lambda: proxies.is_up(f"web{number}"), "the node is back")


def crash(proxies: Proxies, number: int, web: Web) -> None:
    """`kill -9` of all of the node's processes."""
    web.kill()
    web.start()
    wait_for(lambda: proxies.is_up(f"web{number}"), "the node is back")


SIGTERM = "SIGTERM of one web node after the other"
RESTARTS: dict[str, Callable[[Proxies, int, Web], None]] = {
    "rolling restart of the web nodes, drained": restart_drained,
    SIGTERM: restart,
    "kill -9 of one web node after the other": crash,
}


@pytest.mark.parametrize("fault", list(RESTARTS) if FULL else [SIGTERM])
def test_clients_see_no_restart(pair: list[Web], folder: Path, fault: str) -> None:
    times = 3 if FULL else 1
    with (
        proxied(folder, pair) as proxies,
        Ledger(proxies.origin, pair[0].api_key, threads=4) as ledger,
    ):
        for _time in range(times):
            for number, web in enumerate(pair, 1):
                ledger.wait_for(200)
                RESTARTS[fault](proxies, number, web)
        ledger.wait_for(200)
    # HAProxy is gone, the web nodes are not.
    ledger.origin = pair[0].origin
    result = ledger.result(fault, times=2 * times).must_hold()
    assert (result.refused, result.unknown) == ({}, 0), (ledger.refusals, ledger.unknown)


def test_control_without_retries_clients_see_a_crash(pair: list[Web], folder: Path) -> None:
    configuration = without(folder, "retry-on conn-failure empty-response", "option redispatch 1")
    with proxied(folder, pair, configuration) as proxies:
        with Ledger(proxies.origin, pair[0].api_key) as ledger:
            ledger.wait_for(200)
            pair[0].kill()
            time.sleep(3)
        pair[0].start()
        result = ledger.result("kill -9 of a web node, without retries", control=True)
    assert result.refused or result.unknown, result
