"""`manage.py demo`, over real HTTP: what it prints works, and so do the README's curl lines."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from billing.embedded_postgres.base import private_server
from customers.rest.contract import Contract, contracts
from deploy.cluster.processes import free_port

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]

README = Path(settings.BASE_DIR, "README.md").read_text("utf-8")


@dataclass
class Demo:
    process: subprocess.Popen[str]
    port: int
    environment: dict[str, str]
    printed: str = ""

    def run(self, line: str) -> str:
        """What a line of the shell prints, against this demo."""
        here = line.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")
        shown = subprocess.run(
            ["bash", "-c", here], check=True, capture_output=True, text=True, timeout=20
        )
        return shown.stdout


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty database that only this module uses."""
    if settings.DATABASES["default"]["ENGINE"] != "billing.embedded_postgres":
        pytest.skip("DATABASE_URL is set: this test makes a database of its own")
    server = private_server()
    server.use()
    name = f"demo_{os.getpid()}"
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.url.replace("/billing?", f"/{name}?")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def demo(database: str) -> Iterator[Demo]:
    if shutil.which("curl") is None:
        pytest.skip("no curl here")
    port = free_port()
    environment = {**os.environ, "DEBUG": "1", "PORT": str(port), "DATABASE_URL": database}
    environment.pop("COVERAGE_PROCESS_START", None)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    found = Demo(process, port, environment)
    assert process.stdout is not None
    for line in process.stdout:
        found.printed += line
        if "Ctrl-C stops it." in line:
            break
    assert process.poll() is None, found.printed
    yield found
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=20)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest
    assert rest.rstrip().endswith("Stopped.")


def curl_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith("curl ")]


def line_with(demo: Demo, part: str) -> str:
    (line,) = [line for line in curl_lines(demo.printed) if part in line]
    return line


def test_it_prints_how_to_get_a_token_and_how_to_create_a_customer(demo: Demo) -> None:
    token = json.loads(demo.run(line_with(demo, "/oauth/token")))
    creation = json.loads(demo.run(line_with(demo, "Hooli")))

    assert token["token_type"] == "bearer"
    assert (creation["name"], creation["country"]) == ("Hooli", "USA")


@pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract.slug)
def test_it_prints_a_line_for_each_contract_that_lists_customers(
    demo: Demo, contract: Contract
) -> None:
    listing = json.loads(demo.run(line_with(demo, f"{demo.port}{contract.list_path}?")))

    assert len(listing.get("data") or listing["customers"]) == 2


@pytest.mark.parametrize("line", curl_lines(README))
def test_the_readmes_curl_lines_work_as_they_stand(demo: Demo, line: str) -> None:
    body = demo.run(line).rpartition("\n")[2]

    assert "code" not in json.loads(body)


def test_its_token_opens_the_same_data(demo: Demo) -> None:
    token = json.loads(demo.run(line_with(demo, "/oauth/token")))["access_token"]
    found = demo.run(
        f'curl -H "Authorization: Bearer {token}" '
        '"http://127.0.0.1:8000/customers?company_name=Acme"'
    )

    assert [customer["name"] for customer in json.loads(found)["data"]] == ["Acme Corp"]


def test_a_chunked_body_is_read(demo: Demo) -> None:
    creation = line_with(demo, "Hooli").replace("curl ", 'curl -H "Transfer-Encoding: chunked" ', 1)

    assert json.loads(demo.run(creation))["name"] == "Hooli"


def test_every_link_it_prints_answers(demo: Demo) -> None:
    links = re.findall(r"http://[\d.:]+/(?:admin/|backoffice/|docs/[\w-]+/|\s)", demo.printed)

    assert len(links) >= 6
    for link in links:
        status = demo.run(f"curl -s -L -o /dev/null -w '%{{http_code}}' {link.strip()}")
        assert status == "200", link


def test_a_second_one_on_the_same_port_says_so(demo: Demo) -> None:
    second = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        check=False,
        cwd=settings.BASE_DIR,
        env=demo.environment,
        capture_output=True,
        text=True,
        timeout=30,
    )

    assert second.returncode != 0
    assert f"Port {demo.port} is taken." in second.stderr
    assert "Traceback" not in second.stderr


def test_without_debug_there_is_no_demo() -> None:
    assert not settings.DEBUG  # pytest-django turns it off
    with pytest.raises(CommandError, match="DEBUG=1 only"):
        call_command("demo")
