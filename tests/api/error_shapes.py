"""The shape of each contract's errors: whether a body is its own error of a status."""

from __future__ import annotations

from typing import Any

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    410: "gone",
    412: "precondition_failed",
    413: "payload_too_large",
    415: "unsupported_media_type",
    422: "validation_failed",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}


def is_of_alternative_payments(status: int, body: Any) -> bool:
    return (
        list(body) == ["code", "message", "validation_errors"]
        and body["code"] == _CODES[status]
        and _is_text(body["message"])
        and _texts(body["validation_errors"])
    )


def is_of_billabear(status: int, body: Any) -> bool:
    if status == 401:
        return bool(body == [])
    if status == 404:
        return bool(body == {"success": False})
    if body["success"] is not False or len(body) != 2:
        return False
    return _is_text(body.get("reason")) or (body.get("errors") != {} and _texts(body.get("errors")))


_PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    412: "Precondition Failed",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def is_of_lago(status: int, body: Any) -> bool:
    if status == 422:
        return (
            list(body) == ["status", "error", "message", "error_details"]
            and body["status"] == 422
            and body["error"] == "Unprocessable entity"
            and body["message"] == "Validation error on the record"
            and _lists(body["error_details"])
        )
    plain = {"status": status, "error": _PHRASES[status]}
    if status in (409, 412) or "message" in body:
        return {**plain, "message": ""} == {**body, "message": ""} and _is_text(body["message"])
    if status == 404:
        codes = ("customer_not_found", "resource_not_found")
        return body in [{**plain, "code": code} for code in codes]
    return bool(body == plain)


def is_of_the_registry(status: int, body: Any) -> bool:
    members = ["type", "title", "status", "detail", "code", "request_id", "errors"]
    return (
        list(body) == members
        and (body["type"], body["status"], body["code"]) == ("about:blank", status, _CODES[status])
        and all(_is_text(body[name]) for name in ("title", "detail", "request_id"))
        and all(map(_is_fault, body["errors"]))
    )


def _is_fault(fault: Any) -> bool:
    return (
        list(fault) == ["field", "pointer", "code", "message"]
        and (fault["field"] is None or isinstance(fault["field"], str))
        and (fault["pointer"] is None or fault["pointer"].startswith("#"))
        and _is_text(fault["code"])
        and _is_text(fault["message"])
    )


def is_of_vatly(status: int, body: Any) -> bool:
    if status == 422:
        return (
            list(body) == ["message", "errors"]
            and body["message"] == "The given data was invalid."
            and _lists(body["errors"])
        )
    exact = {401: ["Unauthenticated."], 404: ["Customer not found.", "Not found."]}
    return list(body) == ["message"] and (
        _is_text(body["message"]) and body["message"] in exact.get(status, [body["message"]])
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _texts(errors: Any) -> bool:
    return isinstance(errors, dict) and all(map(_is_text, errors.values()))


def _lists(errors: Any) -> bool:
    return (
        isinstance(errors, dict)
        and errors != {}
        and all(
            isinstance(texts, list) and texts and all(map(_is_text, texts))
            for texts in errors.values()
        )
    )
