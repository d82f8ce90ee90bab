"""Errors to Sentry, with SENTRY_DSN. Nothing imports this without it."""

from __future__ import annotations

from typing import Any

import sentry_sdk
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError

from billing.logs import cleaned
from customers.rest.request_id import request_id


def report_errors(**options: Any) -> None:
    """Report what is logged as an error: where it happened, and no one's data.

    Local variables, bodies, queries, headers and what went before are left out; texts are masked as
    in the log. Of a database that is away the log's own line is reported, not each request's error;
    of a wrong Host, which anyone can send, nothing is.
    """
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        ignore_errors=[OperationalError, InterfaceError, SuspiciousOperation],
        before_send=_without_data,
        **options,
    )


def _without_data(event: Any, _hint: dict[str, Any]) -> Any:
    request = event.get("request", {})
    event["request"] = {name: request[name] for name in ("method", "url") if name in request}
    event.pop("user", None)
    event.pop("breadcrumbs", None)
    event.setdefault("tags", {})["request_id"] = request_id.get()
    return _masked(event)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, dict):
        return {name: _masked(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(each) for each in value]
    return value
