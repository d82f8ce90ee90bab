"""Dry runs: a write with `dry_run=true` is done, answered, and rolled back.

So it is refused for what the write itself would be refused for. Of a dry run nothing is kept: no
history, no recorded response, not even that the credential was used. It counts for rate limits.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from customers.models.errors import refusals, waiting
from customers.rest import idempotency
from customers.rest.idempotency import Handler

PARAMETER = "dry_run"


def is_dry_run(request: Request) -> bool:
    """Whether the request asks for a dry run."""
    return request.query_params.get(PARAMETER) == "true"


def rehearse(handler: Handler, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """The response of a write that is rolled back. An `Idempotency-Key` is not used up."""
    idempotency.key_of(request)
    with waiting(), transaction.atomic():
        response = handler(request, *args, **kwargs)
        with refusals(savepoint=False), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what else the commit would check
        transaction.set_rollback(True)
    return response
