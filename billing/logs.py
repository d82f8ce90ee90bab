"""Log lines that never carry a customer's data, a card number or a secret."""

import logging
import re
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from customers.values.masking import masked

# PostgreSQL quotes the offending row, or the statement with its values, under these headings. A
# value may have line breaks, so everything up to the next exception of the chain is left out.
_ROW_VALUES = re.compile(
    r"^(DETAIL|CONTEXT|HINT|LINE \d+):.*?(?=\n\n(?:The above exception|During handling)|\Z)",
    re.MULTILINE | re.DOTALL,
)


def cleaned(text: str) -> str:
    """`text` without card numbers, secrets and PostgreSQL's quotations of a row."""
    return masked(_ROW_VALUES.sub(r"\1: (left out)", text))


class WithoutRowValues(logging.Formatter):
    """Formats as usual, without card numbers, secrets and PostgreSQL's quotations of a row."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        # Those of `billing.access` are made of what is clean, one for each request.
        return text if getattr(record, "is_clean", False) else cleaned(text)


class JSONWithoutRowValues(JsonFormatter):
    """The same as an object of JSON on each line."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime} {levelname} {request_id} {name} {message}",
            style="{",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            reserved_attrs=[*RESERVED_ATTRS, "request", "server_time"],
        )

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        is_clean = log_data.pop("is_clean", False)
        return {
            name: cleaned(value) if isinstance(value, str) and not is_clean else value
            for name, value in log_data.items()
        }


def configuration(level: int, *, style: str, access: bool) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, as lines or as JSON.

    With `access`, the line of each request says what Django's own of a refusal does.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "billing.logs.WithoutRowValues",
                "format": "{asctime} {levelname} {request_id} {name} {message}",
                "style": "{",
            },
            "json": {"()": "billing.logs.JSONWithoutRowValues"},
        },
        "filters": {
            "errors": {"()": "billing.logs.ErrorsOnly"},
            "outages": {"()": "billing.watch.outages.Outages"},
            "request_id": {"()": "customers.rest.request_id.RequestIdFilter"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "filters": ["request_id", "outages"],
                "formatter": style,
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "billing.access": {"level": logging.INFO if access else logging.CRITICAL},
            "django": {"handlers": ["stderr"], "level": level, "propagate": False},
            "django.request": {"filters": ["errors"] if access else []},
            # Anyone can send a wrong Host: it is logged once, as a bad request, and briefly.
            "django.security.DisallowedHost": {"handlers": [], "propagate": False},
            # Failures and lockouts; not that someone signed in or out.
            "axes": {"level": max(level, logging.WARNING)},
            # Each ticket of webhooks that is issued and worked off.
            "procrastinate": {"level": max(level, logging.WARNING)},
        },
    }


class ErrorsOnly(logging.Filter):
    """Keeps the records of exceptions."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.exc_info is not None
