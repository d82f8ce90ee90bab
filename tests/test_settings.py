"""Start-up in production: refused in one line where a setting is missing or wrong."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from environs import EnvValidationError

from billing.environment import EXTRAS, require_extras
from tests.copies import ROOT, copy_project

# Nothing listens there, and nothing may need to.
DATABASE_URL = "postgresql://registry:hunter2@127.0.0.1:1/registry"
GOOD = {
    "SECRET_KEY": "a-long-random-key-of-production-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "api.example.org",
    "DATABASE_URL": DATABASE_URL,
}


Check = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout without the `.env` that the one of the tests may have."""
    return copy_project(tmp_path_factory.mktemp("checkout"))


@pytest.fixture
def check(checkout: Path) -> Check:
    """`manage.py check` in the good environment, with these variables set or (None) unset."""

    def run(*options: str, **environment: str | None) -> subprocess.CompletedProcess[str]:
        merged = {**GOOD, **environment}
        return subprocess.run(
            [sys.executable, "manage.py", "check", *options],
            check=False,
            cwd=checkout,
            env={
                "PATH": os.defpath,
                **{name: value for name, value in merged.items() if value is not None},
            },
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def assert_refused(done: subprocess.CompletedProcess[str], *names: str) -> None:
    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr
    reported, untold = set(names), GOOD.keys() - set(names)
    assert all(f"{name}:" in done.stderr for name in reported)
    assert not any(f"{name}:" in done.stderr for name in untold)


def test_a_good_environment_starts(check: Check) -> None:
    done = check()

    assert done.returncode == 0
    assert done.stderr == ""


def test_a_good_environment_passes_the_deployment_check(check: Check) -> None:
    done = check("--deploy", "--fail-level", "INFO")

    assert done.returncode == 0
    assert "Limits in seconds of api" in done.stderr
    assert not {"ERRORS:", "WARNINGS:", "INFOS:"} & set(done.stderr.split())


def test_the_deployment_check_has_teeth(check: Check) -> None:
    done = check("--deploy", "--fail-level", "INFO", HTTPS_ONLY="0")

    assert done.returncode != 0
    for weakness in ("W004", "W008", "W010", "W016"):  # no HSTS, no redirect, plain cookies
        assert f"security.{weakness}" in done.stderr


@pytest.mark.parametrize(
    "key",
    [
        "x",
        "a-long-random-key-of-production-0123456789-abcdef",
        "abcd" * 20,
        f"django-insecure-{'a1b2c3' * 10}",
    ],
)
def test_a_weak_key_is_refused_with_how_to_make_a_strong_one(check: Check, key: str) -> None:
    done = check(SECRET_KEY=key)

    assert_refused(done, "SECRET_KEY")
    assert "print(secrets.token_urlsafe(50))" in done.stderr
    assert key not in done.stderr.split()


def test_the_key_that_the_message_makes_is_strong(check: Check) -> None:
    assert check(SECRET_KEY=secrets.token_urlsafe(50)).returncode == 0


SHOWN = [
    *("SECURE_SSL_REDIRECT", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_SECURE"),
    *("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"),
]
YEAR = 365 * 24 * 60 * 60


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, [True, True, True, YEAR, False, False]),
        ({"HTTPS_ONLY": "0"}, [False, False, False, 0, False, False]),
        ({"DEBUG": "1"}, [False, False, False, 0, False, False]),
        (
            {"HSTS_SECONDS": "60", "HSTS_INCLUDE_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"},
            [True, True, True, 60, True, True],
        ),
    ],
)
def test_cookies_and_hsts_follow_the_settings(
    checkout: Path, environment: dict[str, str], expected: list[object]
) -> None:
    script = f"from billing import settings; print([getattr(settings, n) for n in {SHOWN}])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        cwd=checkout,
        env={"PATH": os.defpath, **GOOD, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.stdout == f"{expected}\n"


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_variable_is_named(check: Check, name: str) -> None:
    assert_refused(check(**{name: None}), name)


@pytest.mark.parametrize("name", GOOD)
def test_an_empty_variable_is_named(check: Check, name: str) -> None:
    assert_refused(check(**{name: ""}), name)


@pytest.mark.parametrize("name", GOOD)
def test_a_blank_variable_is_named(check: Check, name: str) -> None:
    assert_refused(check(**{name: "  "}), name)


def test_all_that_is_missing_is_named_at_once(check: Check) -> None:
    assert_refused(check(SECRET_KEY=None, ALLOWED_HOSTS=None, DATABASE_URL=None), *GOOD)


def test_hosts_of_commas_only_are_no_hosts(check: Check) -> None:
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
def test_a_database_that_is_no_postgresql_is_refused(check: Check, url: str) -> None:
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
        ("HSTS_SECONDS", "-1"),
        ("HSTS_PRELOAD", "soon"),
        ("SIGN_IN_FAILURES_PER_ADDRESS", "0"),
        ("LOG_LEVEL", "loud"),
        ("TOKEN_RATE_LIMIT", "often"),
        ("FAILED_KEY_RATE_LIMIT", "30"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(check: Check, name: str, value: str) -> None:
    assert_refused(check(**{name: value}), name)


def test_a_development_copy_needs_no_variables(check: Check) -> None:
    done = check(DEBUG="1", SECRET_KEY=None, ALLOWED_HOSTS=None, DATABASE_URL=None)

    assert done.returncode == 0
    assert done.stderr == ""


def test_with_a_database_the_launcher_of_the_private_one_is_not_needed(checkout: Path) -> None:
    script = """
import sys
sys.modules |= {name: None for name in ("billing.embedded_postgres", "fcntl", "pwd")}
import django
django.setup()
import billing.urls
from django.db import connection
print(connection.settings_dict["HOST"])
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=checkout,
        env={"PATH": os.defpath, "DJANGO_SETTINGS_MODULE": "billing.settings", **GOOD},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.stderr == ""
    assert done.stdout == "127.0.0.1\n"


# --- .env ----------------------------------------------------------------------------------------


@pytest.fixture
def env_file(checkout: Path) -> Iterator[Path]:
    yield checkout / ".env"
    (checkout / ".env").unlink()


def test_what_the_environment_lacks_is_read_from_the_file(check: Check, env_file: Path) -> None:
    env_file.write_text("".join(f'{name}="{value}"\n' for name, value in GOOD.items()))

    done = check(SECRET_KEY=None, ALLOWED_HOSTS=None, DATABASE_URL=None)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_environment_wins_over_the_file(check: Check, env_file: Path) -> None:
    env_file.write_text("LOG_LEVEL=loud\nDATABASE_URL=rubbish\nDEBUG=1\n")

    assert check(LOG_LEVEL="INFO", DEBUG="0").returncode == 0
    assert_refused(check(DEBUG="0"), "LOG_LEVEL")


def test_a_wrong_value_in_the_file_is_named(check: Check, env_file: Path) -> None:
    env_file.write_text("DATABASE_URL=mysql://registry:hunter2@db/registry\n")

    assert_refused(check(DATABASE_URL=None), "DATABASE_URL")


def test_a_file_above_the_checkout_is_not_read(check: Check, checkout: Path) -> None:
    above = checkout.parent / ".env"
    above.write_text("SECRET_KEY=of-something-else\n")
    try:
        assert_refused(check(SECRET_KEY=None), "SECRET_KEY")
    finally:
        above.unlink()


# --- Values in files -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS"])
def test_a_value_may_stand_in_a_file(check: Check, tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{GOOD[name]}\n")

    done = check(**{name: None, f"{name}_FILE": str(secret)})

    assert (done.returncode, done.stderr) == (0, "")


def test_what_a_file_has_is_checked_like_a_variable(check: Check, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mysql://registry:hunter2@db/registry\n")

    done = check(DATABASE_URL=None, DATABASE_URL_FILE=str(secret))

    assert_refused(done, "DATABASE_URL")
    assert "hunter2" not in done.stderr


def test_a_file_wins_over_the_variable(check: Check, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("rubbish")

    assert_refused(check(DATABASE_URL_FILE=str(secret)), "DATABASE_URL")


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "METRICS_TOKEN"])
@pytest.mark.parametrize("there", ["missing", "folder", "binary"])
def test_a_file_that_cannot_be_read_is_named_in_one_line(
    check: Check, tmp_path: Path, name: str, there: str
) -> None:
    path = tmp_path / "secret"
    if there == "folder":
        path.mkdir()
    elif there == "binary":
        path.write_bytes(b"\xff\xfe")

    assert_refused(check(**{f"{name}_FILE": str(path)}), f"{name}_FILE")


SIGNED = """
import django
from django.conf import settings
django.setup()
from django.core import signing
print(settings.SECRET_KEY_FALLBACKS, signing.loads({!r}) if {!r} else signing.dumps("session"))
"""


def test_what_a_former_key_has_signed_still_holds(checkout: Path, tmp_path: Path) -> None:
    def run(signed: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", SIGNED.format(signed, signed)],
            check=False,
            cwd=checkout,
            env={
                "PATH": os.defpath,
                "DJANGO_SETTINGS_MODULE": "billing.settings",
                **GOOD,
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=60,
        )

    signed = run("").stdout.split()[-1]
    new = {"SECRET_KEY": GOOD["SECRET_KEY"][::-1]}
    former = tmp_path / "former"
    former.write_text(f"a-much-older-key,{GOOD['SECRET_KEY']}\n")

    assert "BadSignature" in run(signed, **new).stderr
    known = run(signed, **new, SECRET_KEY_FALLBACKS_FILE=str(former))
    assert known.stdout.split()[-1] == "session"
    assert "a-much-older-key" in known.stdout


# --- Extras --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXTRAS)
def test_an_extra_that_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    require_extras(**{name: "set"})
    extra = EXTRAS[name][1]
    for missing in ("no_such_module", "no_such.module"):
        monkeypatch.setitem(EXTRAS, name, (missing, extra))
        with pytest.raises(EnvValidationError) as refused:
            require_extras(**{name: "set"})
        assert refused.value.error_messages == {name: [f"Needs customer-registry[{extra}]."]}
        require_extras(**{name: ""})


def test_every_extra_is_one_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert {extra for _module, extra in EXTRAS.values()} <= project["optional-dependencies"].keys()
