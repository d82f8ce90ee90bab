"""A shared cache in front of the server: Varnish, as it comes from Debian.

Its default configuration keeps what has no `Cache-Control` for two minutes, and takes an answer to
`Authorization` for private, but not one to `X-API-Key`.
"""

from __future__ import annotations

import http.client
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from deploy.cluster.processes import Process, free_port, wait_for
from tests.api.contract_table import ALTERNATIVE_PAYMENTS, TABLE
from tests.api.harness import Harness
from tests.faults.results import Result
from tests.faults.servers import ORGANIZATION, Web

VARNISH = shutil.which("varnishd")
pytestmark = pytest.mark.skipif(VARNISH is None, reason="Varnish is not installed")

BACKEND = 'vcl 4.1;\nbackend default {{ .host = "127.0.0.1"; .port = "{port}"; }}\n'
DEFAULT = ""
# One that was told to keep answers to credentials and cookies too.
CARELESS = "sub vcl_recv { return (hash); }\n"
# As if the server said nothing.
WITHOUT_HEADERS = (
    "sub vcl_backend_response { unset beresp.http.Cache-Control; unset beresp.http.Vary; }\n"
)


@contextmanager
def varnish(web: Web, folder: Path, configuration: str) -> Iterator[str]:
    """The origin of a cache in front of the server."""
    port = free_port()
    file = folder / f"{port}.vcl"
    file.write_text(BACKEND.format(port=web.port) + configuration)
    folder.chmod(0o755)  # the cache's processes are of a user of their own
    command = [str(VARNISH), "-F", "-n", str(folder / f"varnish-{port}"), "-f", str(file)]
    command += ["-a", f"127.0.0.1:{port}", "-s", "malloc,32m"]
    cache = Process(f"Varnish at {port}", command, folder / f"varnish-{port}.log")
    cache.start()
    try:
        origin = f"http://127.0.0.1:{port}"
        wait_for(lambda: answers(origin), "the cache answers")
        yield origin
    finally:
        cache.stop()


def get(origin: str, path: str, headers: dict[str, str]) -> tuple[int, bytes, bool]:
    """The status and body of an answer, and whether it came from the cache."""
    connection = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", path, headers={"X-Forwarded-Proto": "https", **headers})
        response = connection.getresponse()
        # Two numbers: this request's, and that of the one that the cache kept the answer of.
        return response.status, response.read(), " " in response.headers.get("X-Varnish", "")
    finally:
        connection.close()


def answers(origin: str) -> bool:
    try:
        return get(origin, "/", {})[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def header_of(harness: Harness, secret: str) -> dict[str, str]:
    name, _, value = harness.contract.key_header.partition(": ")
    return {name: value.format(api_key=secret)}


def leaks(web: Web, origin: str, other_key: str) -> dict[str, list[str]]:
    """Who was given the live customers beside the live key, by contract."""
    found: dict[str, list[str]] = {}
    for harness in TABLE:
        path = harness.listing.route.path
        for _round in range(3):
            status, mine, _kept = get(origin, path, header_of(harness, web.api_key))
            assert status == 200
            for name, headers in (("test key", header_of(harness, other_key)), ("no key", {})):
                status, body, _kept = get(origin, path, headers)
                if status == 200 and body == mine:
                    found.setdefault(harness.slug, []).append(name)
    return found


@pytest.fixture
def other_key(web: Web) -> str:
    """A key of test data, where there is nothing; there is a live customer."""
    create = ALTERNATIVE_PAYMENTS.create.route
    headers = {
        **header_of(ALTERNATIVE_PAYMENTS, web.api_key),
        "Content-Type": "application/json",
        "X-Forwarded-Proto": "https",
    }
    request = Request(f"{web.origin}{create.path}", json.dumps(create.body).encode(), headers)
    with urlopen(request, timeout=10) as response:
        assert response.status == create.ok
    return web.manage("issue_api_key", ORGANIZATION, "--mode", "test", "--name", "test")


@pytest.mark.parametrize("configuration", [DEFAULT, CARELESS], ids=["default", "careless"])
def test_a_shared_cache_gives_no_one_what_is_of_others(
    web: Web, folder: Path, other_key: str, configuration: str
) -> None:
    with varnish(web, folder, configuration) as origin:
        found = leaks(web, origin, other_key)
        get(origin, "/api/v1/openapi.json", {})
        documents_are_kept = get(origin, "/api/v1/openapi.json", {})[2]

    name = "default" if configuration == DEFAULT else "of all"
    Result(
        f"a shared cache ({name}) in front", 3 * len(TABLE), note=f"given away: {found}"
    ).record()
    assert found == {}
    assert documents_are_kept


def test_without_the_headers_live_customers_are_given_to_anyone(
    web: Web, folder: Path, other_key: str
) -> None:
    """The control."""
    with varnish(web, folder, WITHOUT_HEADERS) as origin:
        found = leaks(web, origin, other_key)
    with varnish(web, folder, WITHOUT_HEADERS + CARELESS) as origin:
        found_of_all = leaks(web, origin, other_key)

    Result(
        "a shared cache in front, without the headers",
        3 * len(TABLE),
        control=True,
        note=f"given away: {found}; with credentials kept: {', '.join(found_of_all)}",
    ).record()
    assert found["billabear"] == ["test key", "no key"] * 3
    assert found_of_all.keys() == {harness.slug for harness in TABLE}
