"""A line in the log, and a count, for each request."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from customers.models.credential import Credential
from customers.rest.contract import contract_of
from customers.values.masking import masked

Observer = Callable[[HttpRequest, HttpResponse, float], None]

logger = logging.getLogger("billing.access")
LONGEST_PATH = 500
_MARK = "{id}"
_ID = re.compile(re.escape(_MARK))
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Observed:
    """Logs and counts each request, its response and the seconds between them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.observers: list[Observer] = []
        if settings.ACCESS_LOG and logger.isEnabledFor(logging.INFO):
            self.observers.append(log_access)
        if settings.METRICS:
            self.observers.append(import_string("billing.watch.metrics.count"))
        if settings.OTEL_EXPORTER_OTLP_ENDPOINT:
            self.observers.append(import_string("billing.watch.tracing.trace"))
        if not self.observers:
            raise MiddlewareNotUsed

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - start
        for observe in self.observers:
            observe(request, response, seconds)
        return response


def log_access(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    """Write the request's line. Nothing in it is a value that was sent, but the masked path."""
    contract = contract_of(request)
    fields = {
        "method": method_of(request),
        "path": _shown(request.path_info),
        "route": route_of(request),
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
        "bytes": int(response.headers.get("Content-Length", 0)),
        "contract": contract.slug if contract else "-",
        "by": _caller(request),
    }
    logger.info(
        "%(method)s %(path)s %(status)s %(milliseconds)s ms %(bytes)s bytes"
        " route=%(route)s contract=%(contract)s by=%(by)s",
        fields,
        extra={**fields, "request": request, "is_clean": True},
    )


def method_of(request: HttpRequest) -> str:
    """The request's method, or "other": anyone can make one up."""
    return request.method if request.method in _METHODS else "other"


def route_of(request: HttpRequest) -> str:
    """The pattern of the URLconf that the request's path fits; "-" for none."""
    match = request.resolver_match
    return match.route if match else "-"


def _caller(request: HttpRequest) -> str:
    """The kind and id of the credential, or of the person who is signed in."""
    credential = getattr(request, "auth", None)
    if isinstance(credential, Credential):
        return credential.owner.replace(" ", ":")
    person = getattr(request, "_cached_user", None)  # none is looked up for this
    return f"staff:{person.pk}" if person is not None and person.pk else "-"


def _shown(path: str) -> str:
    """The path with card numbers and secrets masked, on one line.

    Ids of rows are left out while it is searched: what is found in a path is the same for all rows.
    """
    path = path[:LONGEST_PATH]
    ids = iter(_UUID.findall(path))
    return _ID.sub(lambda _: next(ids, _MARK), _masked(_UUID.sub(_MARK, path)))


@lru_cache(2048)
def _masked(path: str) -> str:
    return masked(path).encode("unicode_escape").decode()
