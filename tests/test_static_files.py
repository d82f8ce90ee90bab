"""The static files of production: compressed, and kept for ever by browsers."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.db import connection

from billing.static_files import HashedFiles
from tests import factories
from tests.faults.servers import Web

LINK = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def get(origin: str, path: str, **headers: str) -> tuple[int, Message, bytes]:
    request = Request(f"{origin}{path}", headers={"X-Forwarded-Proto": "https", **headers})
    try:
        with urlopen(request, timeout=20) as response:
            return response.status, response.headers, response.read()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


@pytest.fixture
def served(tmp_path: Path, transactional_db: None) -> Iterator[str]:
    """The origin of a server as in production, over the tests' database."""
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
    if settings["PORT"]:
        url += f"&port={settings['PORT']}"
    web = Web(url, tmp_path, workers=1)
    web.start()
    yield web.origin
    web.stop()


@pytest.mark.slow
def test_every_page_loads_files_that_are_compressed_and_kept_for_ever(served: str) -> None:
    factories.staff("root", is_superuser=True)
    links: set[str] = set()
    for path in ("/", "/docs/lago/", "/backoffice/login/", "/nowhere"):
        status, _headers, body = get(served, path, Accept="text/html")
        assert status == (404 if path == "/nowhere" else 200)
        found = LINK.findall(body.decode())
        assert found, path
        links.update(found)
    bundle = next(link for link in links if "swagger-ui-bundle" in link)

    for link in links:
        status, headers, body = get(served, link, **{"Accept-Encoding": "gzip"})
        assert status == 200, link
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", link)
        assert headers["Cache-Control"] == "max-age=315360000, public, immutable"
        if link == bundle:
            assert headers["Content-Encoding"] == "gzip"
            assert len(body) < 600_000 < 1_000_000 < len(gzip.decompress(body))


def test_a_file_that_was_not_collected_keeps_its_name(tmp_path: Path) -> None:
    files = HashedFiles(location=str(tmp_path), base_url="/static/")

    assert files.url("registry.css") == "/static/registry.css"


def test_a_collected_file_has_a_name_of_its_content(tmp_path: Path) -> None:
    (tmp_path / "registry.css").write_text("a { color: red }")
    files = HashedFiles(location=str(tmp_path), base_url="/static/")

    assert re.fullmatch(r"/static/registry\.[0-9a-f]{12}\.css", files.url("registry.css"))
