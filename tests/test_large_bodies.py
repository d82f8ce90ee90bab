"""A body far above every limit: each client can read the answer 413, in the contract's shape."""

from __future__ import annotations

import http.client
import shutil
import subprocess
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse

from customers.models import ApiKey
from tests import factories
from tests.api.contract_table import CREATES
from tests.test_serve import served

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FORMS = ("/oauth/token", "/oauth/revoke", "/backoffice/login/")
BLOCK, BLOCKS = b"a" * 1024 * 1024, 60
JSON = {"Content-Type": "application/json"}


def sent(address: str, method: str, path: str, *, chunked: bool, **headers: str) -> HttpResponse:
    """The answer for a client that sends all of the body before it reads."""

    def body() -> Iterator[bytes]:
        for _ in range(BLOCKS):
            yield BLOCK

    client = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    if not chunked:
        headers["Content-Length"] = str(BLOCKS * len(BLOCK))
    client.request(method, path, body(), headers, encode_chunked=chunked)
    try:
        answer = client.getresponse()
        return HttpResponse(answer.read(), answer.headers["Content-Type"], answer.status)
    finally:
        client.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_sixty_megabytes_are_413_in_every_contract_and_pages_answer(*, chunked: bool) -> None:
    _key, secret = ApiKey.issue(factories.organization("acme"), "live")
    credentials = {"Authorization": f"Bearer {secret}", "X-API-Key": secret}
    with served() as address:
        for harness, route in CREATES:
            for shown in (credentials, {}):
                answer = sent(address, route.method, route.path, chunked=chunked, **JSON, **shown)
                harness.assert_error(answer, 413 if shown else 401)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        found = {
            path: sent(address, "POST", path, chunked=chunked, **form).status_code for path in FORMS
        }
        # A form without its cookie is refused whatever is in it.
        assert found == {"/oauth/token": 413, "/oauth/revoke": 413, "/backoffice/login/": 403}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_reads_it_too() -> None:
    _key, secret = ApiKey.issue(factories.organization("acme"), "live")
    with served() as address:
        done = subprocess.run(
            [
                *("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", "@-"),
                *("-H", f"Authorization: Bearer {secret}", "-H", "Content-Type: application/json"),
                f"{address}/customers",
            ],
            input=BLOCK * BLOCKS,
            capture_output=True,
            check=False,
            timeout=120,
        )
    assert (done.stdout, done.stderr, done.returncode) == (b"413", b"", 0)
