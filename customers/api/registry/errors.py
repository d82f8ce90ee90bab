"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework.exceptions import APIException, ErrorDetail, NotFound

from customers.rest.problems import InvalidQuery, Problem
from customers.rest.request_id import request_id

MEDIA_TYPE = "application/problem+json"

# Not `HTTPStatus.phrase`, which differs between versions of Python.
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    412: "Precondition Failed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class CustomerNotFound(NotFound):
    """There is no such customer."""

    default_detail = "There is no such customer for this credential."


class RowNotFound(NotFound):
    """The customer has no such user or payment method."""

    default_detail = "The customer has nothing with this id."


class EventNotFound(NotFound):
    """There is no such event."""

    default_detail = "There is no such event for this credential."


class CursorTooOld(APIException):
    """Events after the cursor may not be served any more, or it is of another past."""

    status_code = 410
    default_detail = (
        "This cursor is too old: events after it may be missing. List the customers again, and "
        "follow events from start=now."
    )


class BatchRefused(APIException):
    """Some customers of a batch are refused, so none is written."""

    status_code = 422
    default_detail = "Some customers are refused, so nothing was written."

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__()
        self.errors = errors


def render_error(problem: Problem) -> tuple[int, dict[str, Any]]:
    """The status and the body of the response to a problem."""
    return problem.status, details(problem, request_id.get())


def details(problem: Problem, request_id: str) -> dict[str, Any]:
    """The problem's details."""
    if isinstance(problem.cause, BatchRefused):
        errors = problem.cause.errors
    else:
        is_query = isinstance(problem.cause, InvalidQuery)
        errors = list(faults(problem.fields, None if is_query else "#"))
    return {
        "type": "about:blank",
        "title": _TITLES.get(problem.status, "Error"),
        "status": problem.status,
        "detail": problem.message,
        "code": problem.code,
        "request_id": request_id,
        "errors": errors,
    }


def faults(
    fields: Mapping[str, list[ErrorDetail]], pointer: str | None
) -> Iterator[dict[str, Any]]:
    """What is wrong with fields of the object at `pointer`, or with parameters if that is None."""
    for name, texts in fields.items():
        is_whole = pointer is not None and name == "body"
        for text in texts:
            yield {
                "field": None if is_whole else name,
                "pointer": f"{pointer}/{name}" if pointer and not is_whole else pointer,
                "code": text.code,
                "message": str(text),
            }
