"""Where `manage.py demo` serves (HOST), what it prints of that, and which names it answers to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError

from billing.management.commands import demo
from tests.copies import copy_project

# The names that settings.py admits.
ASK = "from django.conf import settings; print(settings.DEMO_ALLOWED_HOSTS, settings.ALLOWED_HOSTS)"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("checkout"))


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which something listens on 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123"),
        ("0.0.0.0", "http://127.0.0.1:8123"),
        ("192.0.2.7", "http://192.0.2.7:8123"),
        ("::1", "http://[::1]:8123"),
        ("::", "http://[::1]:8123"),
    ],
)
def test_its_links_can_be_opened(settings: LazySettings, host: str, origin: str) -> None:
    settings.HOST, settings.PORT = host, 8123

    assert demo.origin() == origin
    assert f"{origin}/backoffice/" in demo.Command().welcome()


@pytest.mark.parametrize(
    ("host", "warns"), [("127.0.0.1", False), ("::1", False), ("0.0.0.0", True), ("::", True)]
)
def test_it_warns_where_others_can_reach_it(
    settings: LazySettings, host: str, *, warns: bool
) -> None:
    settings.HOST = host

    assert (demo.EXPOSED in demo.Command().welcome()) is warns


@pytest.mark.parametrize("host", ["localhost", "registry.example.org", "", "127.0.0.1:80"])
def test_a_host_that_is_no_address_is_refused(settings: Any, host: str) -> None:
    settings.HOST, settings.DEBUG = host, True

    with pytest.raises(CommandError, match="HOST is not an IP address"):
        demo.Command().handle()


def test_an_address_of_another_machine_is_refused(settings: Any) -> None:
    settings.HOST, settings.DEBUG = "192.0.2.7", True

    with pytest.raises(CommandError, match=r"Cannot serve at 192\.0\.2\.7: "):
        demo.Command().handle()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_taken_port_is_refused(settings: Any, taken: int, host: str) -> None:
    settings.HOST, settings.PORT, settings.DEBUG = host, taken, True

    with pytest.raises(CommandError, match=f"Port {taken} is taken"):
        demo.Command().handle()
    assert demo.is_listening()


def allowed(checkout: Path, **variables: str) -> str:
    """The setting for the demo, and for every other command, with these variables."""
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        check=True,
        cwd=checkout,
        env={
            "PATH": os.defpath,
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "billing.settings",
            **variables,
        },
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def test_where_others_can_reach_it_it_answers_to_any_name(
    settings: LazySettings, checkout: Path
) -> None:
    settings.HOST, settings.DEMO_ALLOWED_HOSTS = "0.0.0.0", ["*"]

    assert demo.environment()["ALLOWED_HOSTS"] == "*"
    local = "['localhost', '127.0.0.1', '[::1]']"
    assert allowed(checkout, HOST="0.0.0.0") == f"['*'] {local}"


def test_names_that_are_set_are_the_only_ones(settings: LazySettings, checkout: Path) -> None:
    settings.HOST, settings.DEMO_ALLOWED_HOSTS = "0.0.0.0", ["a.test", "b.test"]

    assert demo.environment()["ALLOWED_HOSTS"] == "a.test,b.test"
    assert allowed(checkout, ALLOWED_HOSTS="a.test") == "['a.test'] ['a.test']"


def test_on_this_machine_the_settings_stay_as_they_are(settings: LazySettings) -> None:
    settings.HOST = "127.0.0.1"

    assert demo.environment() == dict(os.environ)
