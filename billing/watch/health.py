"""`/healthz`, `/readyz` and `/metrics`, which load balancers, supervisors and Prometheus ask.

They are answered before anything else looks at the request: by any host name and without HTTPS.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db import (
    DEFAULT_DB_ALIAS,
    DatabaseError,
    InterfaceError,
    ProgrammingError,
    connections,
)
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string

from billing.postgres.connection import limited
from customers.checks import REQUIRED_EXTENSIONS
from customers.values.limits import Limits

OK = "ok"
SECONDS = 0.75  # for a statement of the look at the database, and between two looks

_STATE = """
SELECT json_build_object(
    'applied', (SELECT array_agg(ARRAY[app, name]) FROM django_migrations),
    'extensions', ARRAY(SELECT extname FROM pg_extension),
    'lower', lower(concat('', chr(201)))
)::text
"""

# What held once holds for this process: a later release's migrations do not undo its own.
_found: dict[str, str] = {}
# The last look at a database that was not ready, and when: those who ask do not queue up for it.
_last: list[tuple[float, Mapping[str, str]]] = []


def readiness() -> Mapping[str, str]:
    """What each check found: "ok", a warning, or what is wrong."""
    if _last and time.monotonic() - _last[0][0] < SECONDS:
        return _last[0][1]
    checks = _look()
    _last[:] = [] if is_ready(checks) else [(time.monotonic(), checks)]
    return checks


def _look() -> Mapping[str, str]:
    unknown = dict.fromkeys(("migrations", "extensions"), "unknown")
    try:
        text = _query("SELECT 1" if _found else _STATE)
    except ProgrammingError:
        return {"database": OK, **unknown, "migrations": "none are applied"}
    except (DatabaseError, InterfaceError):
        return {"database": "cannot be reached, or does not respond", **unknown}
    if _found:
        return {"database": OK, **_found}
    checks = _judged(json.loads(text))
    if is_ready(checks):
        _found.update(checks)
    return {"database": OK, **checks}


def _query(sql: str) -> Any:
    """The value that a query finds, over a connection of its own: others may be at work."""
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with limited(Limits(statement=SECONDS, lock=SECONDS)), other.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]
    finally:
        other.close()


def is_ready(checks: Mapping[str, str]) -> bool:
    """Whether requests can be answered; a warning does not prevent that."""
    return all(found == OK or found.startswith("warning: ") for found in checks.values())


def _judged(state: Mapping[str, Any]) -> dict[str, str]:
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.keys()
    applied = {(app, name) for app, name in state["applied"] or ()}
    waiting = len(migrations - applied)
    missing = [name for name in REQUIRED_EXTENSIONS if name not in state["extensions"]]
    knows = state["lower"] == "é"
    return {
        "migrations": f"{waiting} not applied" if waiting else OK,
        "extensions": f"missing: {', '.join(missing)}" if missing else OK,
        "lower_case": OK if knows else "warning: of ASCII letters only; LC_CTYPE is C",
    }


def healthz(_request: HttpRequest) -> HttpResponse:
    """200 while the process answers. It asks no database: a restart would not bring that back."""
    return JsonResponse({"status": OK})


def readyz(_request: HttpRequest) -> HttpResponse:
    """200 while requests can be answered, and 503 otherwise; each check is named."""
    checks = readiness()
    ready = is_ready(checks)
    shown = {"status": OK if ready else "unavailable", "checks": checks}
    return JsonResponse(shown, status=200 if ready else 503)


class Health:
    """Answers these addresses; the first of the middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answers: dict[str, Callable[[HttpRequest], HttpResponse]] = {
            "/healthz": healthz,
            "/readyz": readyz,
        }
        if settings.METRICS:
            self.answers["/metrics"] = import_string("billing.watch.metrics.metrics")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answers.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            response = HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        else:
            response = answer(request)
        response["Cache-Control"] = "no-store"
        response._has_been_logged = True  # type: ignore[attr-defined] # not every two seconds
        return response
