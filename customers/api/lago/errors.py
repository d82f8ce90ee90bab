"""Errors in this contract's shape: `{"status", "error"}`, with codes by field."""

from collections.abc import Mapping

from rest_framework.exceptions import ErrorDetail, NotFound

from customers.api.lago.serializers import CustomerSerializer, CustomerWrite
from customers.models.errors import ExternalIdTaken
from customers.rest.fields import wire_names
from customers.rest.problems import EncodedBody, InvalidQuery, Problem

WIRE_NAMES = wire_names(CustomerWrite, CustomerSerializer)
_ERROR_NAMES = {**WIRE_NAMES, "body": "base"}

_CODES = {
    "required": "value_is_mandatory",
    "null": "value_is_mandatory",
    "blank": "value_is_mandatory",
    "taken": "value_already_exist",
    "country": "not_a_valid_country_code",
    "max_length": "value_is_too_long",
    "url": "url_is_invalid",
    "email": "invalid_email_format",
}


# Not `HTTPStatus.phrase`, which differs between versions of Python (413).
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


class CustomerNotFound(NotFound):
    """There is no live customer with this id."""

    default_code = "customer_not_found"


def render_error(problem: Problem) -> tuple[int, dict[str, object]]:
    """The status and the body of the response to a problem.

    An external id that is taken is a field's error here (422), and no conflict.
    """
    if isinstance(problem.cause, InvalidQuery):
        return 422, _invalid(problem.fields, {})
    if problem.status == 422 or isinstance(problem.cause, ExternalIdTaken):
        return 422, _invalid(problem.fields, _ERROR_NAMES)
    phrase = _PHRASES.get(problem.status, "Error")
    body: dict[str, object] = {"status": problem.status, "error": phrase}
    if isinstance(problem.cause, CustomerNotFound):
        body["code"] = CustomerNotFound.default_code
    elif problem.status == 404:
        body["code"] = "resource_not_found"
    if problem.status in (409, 412) or isinstance(problem.cause, EncodedBody):
        body["message"] = problem.message
    return problem.status, body


def _invalid(
    fields: Mapping[str, list[ErrorDetail]], wire_names: Mapping[str, str]
) -> dict[str, object]:
    """The body for invalid values, with codes by field; two names of one field are merged."""
    details: dict[str, list[str]] = {}
    for name, texts in fields.items():
        codes = details.setdefault(wire_names.get(name, name), [])
        codes += [_code(name, text) for text in texts]
    return {
        "status": 422,
        "error": "Unprocessable entity",
        "message": "Validation error on the record",
        "error_details": {name: list(dict.fromkeys(codes)) for name, codes in details.items()},
    }


def _code(field: str, text: ErrorDetail) -> str:
    code = "email" if field == "email" and text.code == "invalid" else text.code
    return _CODES.get(code or "", "value_is_invalid")
