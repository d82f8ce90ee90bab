"""Reading the environment for settings.py. What is wrong ends start-up with one line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import dj_database_url
from django.core.checks.security.base import (
    SECRET_KEY_INSECURE_PREFIX,
    SECRET_KEY_MIN_LENGTH,
    SECRET_KEY_MIN_UNIQUE_CHARACTERS,
)
from environs import EnvValidationError, FileAwareEnv, ValidationError

from customers.values.limits import Limits

LIMITS = {
    "api": Limits(statement=5, lock=1, idle=10),
    "page": Limits(statement=10, lock=5, idle=60),
    "import": Limits(statement=120, lock=5, idle=120),
    "command": Limits(lock=60),
}
#: The module that a variable needs, and the extra of the package that has it.
EXTRAS = {
    "METRICS": ("prometheus_client", "metrics"),
    "OTEL_EXPORTER_OTLP_ENDPOINT": ("opentelemetry.exporter.otlp.proto.http", "otel"),
    "SENTRY_DSN": ("sentry_sdk", "sentry"),
}


class Environment(FileAwareEnv):
    """Reads variables, and `X` from the file that `X_FILE` names where that is set.

    Such a file is what Docker, Kubernetes and systemd make of a secret.
    """

    def __init__(self) -> None:
        super().__init__(eager=False, strip_whitespace=True)

    def _get_value(self, env_key: str, default: Any) -> Any:
        try:
            return super()._get_value(env_key, default)
        except (OSError, ValueError):
            _refuse(f"{env_key}_FILE: Not a file of text that can be read.")


def validate_not_blank(value: str | list[str]) -> None:
    """Refuse a variable that is set but blank."""
    if not all(part.strip() for part in ([value] if isinstance(value, str) else value or [""])):
        raise ValidationError("Blank.")


def validate_strong(key: str) -> None:
    """Refuse a key that Django's deployment check calls weak (security.W009)."""
    if (
        len(key) < SECRET_KEY_MIN_LENGTH
        or len(set(key)) < SECRET_KEY_MIN_UNIQUE_CHARACTERS
        or key.startswith(SECRET_KEY_INSECURE_PREFIX)
    ):
        raise ValidationError(
            f"Weak: give {SECRET_KEY_MIN_LENGTH} random characters or more, as from "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'."
        )


def check_database(database: Mapping[str, Any] | None) -> None:
    """Refuse a database that is not PostgreSQL's; None is the private one."""
    if database and (database["ENGINE"], bool(database["NAME"])) != (
        "django.db.backends.postgresql",
        True,
    ):
        raise EnvValidationError("", {"DATABASE_URL": ["Not a postgresql://…/database URL."]})


def replicas_of(urls: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The standbys as Django's settings have databases."""
    if not all(url.startswith(("postgresql://", "postgres://")) for url in urls):
        raise EnvValidationError("", {"DATABASE_REPLICA_URLS": ["Not postgresql:// URLs."]})
    return {
        f"replica-{number}": {**dj_database_url.parse(url), "ENGINE": "billing.postgres"}
        for number, url in enumerate(urls, 1)
    }


def limits_of(given: Mapping[str, Mapping[str, float]]) -> dict[str, Limits]:
    """The limits of each kind of work, which are LIMITS where nothing is given."""
    found = {}
    for kind, defaults in LIMITS.items():
        try:
            found[kind] = Limits.of(given[kind], defaults)
        except ValueError as error:
            raise EnvValidationError("", {f"{kind.upper()}_LIMITS": [str(error)]}) from None
    return found


def require_extras(**values: object) -> None:
    """Refuse a variable that is set if what it needs is not installed."""
    for variable, value in values.items():
        module, extra = EXTRAS[variable]
        if value and not _is_installed(module):
            raise EnvValidationError("", {variable: [f"Needs customer-registry[{extra}]."]})


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of its package
        return False


@contextmanager
def refusing_to_start() -> Iterator[None]:
    """End start-up with one line that names the variables that are missing or wrong."""
    try:
        yield
    except EnvValidationError as error:
        messages = {**error.error_messages}  # type: ignore[dict-item]
        _refuse(" ".join(f"{name}: {' '.join(found)}" for name, found in messages.items()))


def _refuse(wrong: str) -> Any:
    sys.exit(f"Settings: {wrong} (DEBUG=1 makes a development copy, which needs none of them.)")
