"""Start-up in production: refused in one line where a setting is missing or wrong."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings

# Nothing listens there, and nothing may need to.
DATABASE_URL = "postgresql://registry:hunter2@127.0.0.1:1/registry"
GOOD = {
    "SECRET_KEY": "a-long-random-key-of-production-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "api.example.org",
    "DATABASE_URL": DATABASE_URL,
}


def check(*options: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """`manage.py check` in the good environment, with these variables set or (None) unset."""
    merged = {**GOOD, **environment}
    return subprocess.run(
        [sys.executable, "manage.py", "check", *options],
        check=False,
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.defpath,
            **{name: value for name, value in merged.items() if value is not None},
        },
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_good_environment_starts() -> None:
    done = check()

    assert done.returncode == 0
    assert done.stderr == ""


def test_a_good_environment_passes_the_deployment_check() -> None:
    done = check("--deploy", "--fail-level", "INFO")

    assert done.stderr == ""
    assert done.returncode == 0


def test_the_deployment_check_has_teeth() -> None:
    done = check("--deploy", "--fail-level", "INFO", SECRET_KEY="short", HTTPS_ONLY="0")

    assert done.returncode != 0
    assert "security.W009" in done.stderr
    assert "security.W008" in done.stderr


def assert_refused(done: subprocess.CompletedProcess[str], *names: str) -> None:
    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr
    reported, untold = set(names), GOOD.keys() - set(names)
    assert all(f"{name}:" in done.stderr for name in reported)
    assert not any(f"{name}:" in done.stderr for name in untold)


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_variable_is_named(name: str) -> None:
    assert_refused(check(**{name: None}), name)


@pytest.mark.parametrize("name", GOOD)
def test_an_empty_variable_is_named(name: str) -> None:
    assert_refused(check(**{name: ""}), name)


@pytest.mark.parametrize("name", GOOD)
def test_a_blank_variable_is_named(name: str) -> None:
    assert_refused(check(**{name: "  "}), name)


def test_all_that_is_missing_is_named_at_once() -> None:
    assert_refused(check(SECRET_KEY=None, ALLOWED_HOSTS=None, DATABASE_URL=None), *GOOD)


def test_hosts_of_commas_only_are_no_hosts() -> None:
    assert_refused(check(ALLOWED_HOSTS=","), "ALLOWED_HOSTS")


@pytest.mark.parametrize(
    "url",
    [
        "rubbish",
        "sqlite:///db.sqlite3",
        "mysql://registry:hunter2@db/registry",
        "nonsense://registry:hunter2@db/registry",
        "postgresql://registry:hunter2@db:port/registry",
        "postgresql://registry:hun[ter2@db/registry",
        "postgresql://",
    ],
)
def test_a_database_that_is_no_postgresql_is_refused(url: str) -> None:
    done = check(DATABASE_URL=url)

    assert_refused(done, "DATABASE_URL")
    assert "ter2" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "maybe"),
        ("DATABASE_CONN_MAX_AGE", "long"),
        ("TRUST_PROXY_HEADERS", "perhaps"),
        ("HTTPS_ONLY", "2"),
        ("LOG_LEVEL", "loud"),
        ("TOKEN_RATE_LIMIT", "often"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(name: str, value: str) -> None:
    assert_refused(check(**{name: value}), name)


def test_a_development_copy_needs_no_variables() -> None:
    done = check(DEBUG="1", SECRET_KEY=None, ALLOWED_HOSTS=None, DATABASE_URL=None)

    assert done.returncode == 0
    assert done.stderr == ""
