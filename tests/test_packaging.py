"""The sdist and the wheel: the whole product is in them, and runs where there is no checkout."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from billing.embedded_postgres.server import EmbeddedPostgres
from deploy.cluster.processes import free_port
from tests.checkouts import eventually
from tests.copies import ROOT, project_files
from tests.wheels import DEPENDENCIES, build, install

pytestmark = pytest.mark.slow

HTTPS = {"Host": "registry.example.org", "X-Forwarded-Proto": "https"}
WHERE = """
import json, sys
from django.conf import settings
from django.template.loader import get_template
places = [settings.STATE_DIR, settings.STATIC_ROOT]
places += [*settings.FIXTURE_DIRS, *settings.STATICFILES_DIRS]
places += [get_template(name).origin.name for name in ("landing.html", "admin/base_site.html")]
places += [m.__file__ for m in sys.modules.values() if getattr(m, "__file__", None)]
print(json.dumps({"path": sys.path, "places": [*map(str, places)]}))
"""


@dataclass
class Installed:
    """The wheel in an environment of its own, used from a folder that has nothing in it."""

    bin: Path
    folder: Path
    env: dict[str, str]

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.bin / command[0], *command[1:]],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command: str) -> str:
        """What a command prints; it must succeed."""
        process = self.start(*command)
        printed, _ = process.communicate(timeout=120)
        assert process.returncode == 0, printed
        return printed


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist and the wheel that is made of it."""
    folder = tmp_path_factory.mktemp("built")
    build(folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The URL of an empty database that only this module uses."""
    if settings.DATABASES["default"]["ENGINE"] != "billing.embedded_postgres":
        pytest.skip("DATABASE_URL is set: this test makes a database of its own")
    server = EmbeddedPostgres(settings.STATE_DIR)
    server.use()
    name = f"packaging_{os.getpid()}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield server.url.replace("/billing?", f"/{name}?")
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="module")
def installed(wheel: Path, database: str, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """It reads its settings from a `.env`, as a production installation."""
    environment = tmp_path_factory.mktemp("installed") / "environment"
    python = install(wheel, environment)
    folder = environment.parent / "empty"
    folder.mkdir()
    (folder / ".env").write_text(
        "SECRET_KEY=a-long-random-key-of-production-0123456789-abcdefghij\n"
        f"ALLOWED_HOSTS={HTTPS['Host']}\nDATABASE_URL={database}\nTRUST_PROXY_HEADERS=1\n"
    )
    return Installed(python.parent, folder, {"PATH": os.defpath})


# --- What is in them -----------------------------------------------------------------------------


def test_the_sdist_is_every_file_of_the_project(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}

    assert set(project_files()) - names == set()


def in_wheel(name: str) -> str | None:
    """Where the wheel has a file of the project; None if it is not for an installed copy."""
    top, *rest = name.split("/")
    if top in {"billing", "customers", "pytest_customer_registry"}:
        return name
    is_data = len(rest) == 1 and name.endswith(".json")
    if top == "templates" or (top == "fixtures" and (is_data or rest[0] == "contracts")):
        return f"billing/bundled/{name}"
    return None


def test_the_wheel_is_the_packages_the_templates_and_the_fixtures(wheel: Path) -> None:
    wanted = {place for name in project_files() if (place := in_wheel(name))}
    assert {
        "billing/bundled/templates/landing.html",
        "billing/bundled/fixtures/demo.json",
        "billing/bundled/fixtures/contracts/lago/get-customer.json",
        "customers/assets/registry.css",
        "customers/migrations/0003_tables.py",
    } <= wanted

    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert names == wanted
        for name in project_files():
            if place := in_wheel(name):
                assert archive.read(place) == (ROOT / name).read_bytes(), name


# --- That it runs --------------------------------------------------------------------------------


def test_it_shows_its_help_without_settings(installed: Installed, tmp_path: Path) -> None:
    bare = Installed(installed.bin, tmp_path, installed.env)

    assert "issue_api_key" in bare.run("python", "-m", "billing", "help")
    assert "issue_api_key" in bare.run("customer-registry", "help")
    assert "usage: customer-registry migrate" in bare.run("customer-registry", "migrate", "-h")
    assert "usage: python -m billing migrate" in bare.run(
        "python", "-m", "billing", "migrate", "-h"
    )
    assert bare.run("customer-registry", "--version")
    assert list(tmp_path.iterdir()) == []


def test_it_uses_nothing_of_the_checkout(installed: Installed) -> None:

    printed = installed.run("customer-registry", "shell", "--no-imports", "--command", WHERE)
    found = json.loads(printed.splitlines()[-1])

    def is_of_checkout(place: str) -> bool:
        path = Path(place)
        return path.is_relative_to(ROOT) and not path.is_relative_to(DEPENDENCIES)

    places = [place for key in ("path", "places") for place in found[key]]
    assert [place for place in places if is_of_checkout(place)] == []
    assert str(installed.folder) in places
    assert str(installed.folder / "static") in places


def test_a_development_copy_keeps_its_postgresql_in_the_working_directory(
    installed: Installed, tmp_path: Path
) -> None:
    copy = Installed(installed.bin, tmp_path, {**installed.env, "DEBUG": "1"})

    url = copy.run("customer-registry", "embedded_postgres", "url").strip()

    assert url == EmbeddedPostgres(tmp_path).url


@pytest.fixture(scope="module")
def prepared(installed: Installed) -> Installed:
    """As the README says for production."""
    installed.run("customer-registry", "check", "--deploy")
    installed.run("customer-registry", "migrate", "--verbosity", "0")
    installed.run("customer-registry", "loaddata", "demo", "--verbosity", "0")
    assert "static files copied" in installed.run(
        "python", "-m", "billing", "collectstatic", "--no-input"
    )
    assert (installed.folder / "static" / "registry.css").is_file()
    password = {"DJANGO_SUPERUSER_PASSWORD": "a-password-of-nobody"}
    who = ["--username", "ada", "--email", "ada@example.org"]
    created = Installed(installed.bin, installed.folder, {**installed.env, **password}).run(
        "customer-registry", "createsuperuser", "--no-input", *who
    )
    assert "Superuser created successfully." in created
    return installed


def get(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers=HTTPS)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_the_server_answers(prepared: Installed) -> None:
    port = free_port()
    server = prepared.start(
        *("python", "-m", "granian", "--interface", "wsgi", "--no-ws", "--log-level", "warning"),
        *("--host", "127.0.0.1", "--port", str(port), "billing.wsgi:application"),
    )

    def listens() -> bool:
        assert server.poll() is None
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        assert eventually(listens)
        status, landing = get(port, "/")
        assert (status, "Customer registry" in landing) == (200, True)
        status, sign_in = get(port, "/backoffice/login/")
        assert (status, 'name="password"' in sign_in) == (200, True)
        assert get(port, "/static/registry.css")[0] == 200
        assert get(port, "/static/admin/css/base.css")[0] == 200
        prepared.run(
            "python", "-c", f"from billing import healthcheck as h; assert h.is_healthy({port})"
        )
    finally:
        server.terminate()
        printed, _ = server.communicate(timeout=60)
    assert "Traceback" not in printed
    prepared.run(
        "python", "-c", f"from billing import healthcheck as h; assert not h.is_healthy({port})"
    )
