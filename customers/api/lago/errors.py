"""Errors as this contract tells them: `{"status", "error"}`, with codes by field."""

from http import HTTPStatus

from rest_framework.exceptions import ErrorDetail, NotFound

from customers.rest.problems import InvalidQuery, Problem

# The store's names that are others here.
_WIRE_NAMES = {"external_id": "customer_id", "postal_code": "zipcode", "body": "base"}

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


class CustomerNotFound(NotFound):
    """There is no live customer known by the id."""

    default_code = "customer_not_found"


def render_error(problem: Problem) -> tuple[int, dict[str, object]]:
    """The status and the body that tell `problem`."""
    if isinstance(problem.cause, InvalidQuery) or problem.status == 422:
        details = {
            _WIRE_NAMES.get(name, name): list(dict.fromkeys(_code(name, text) for text in texts))
            for name, texts in problem.fields.items()
        }
        return 422, {
            "status": 422,
            "error": "Unprocessable entity",
            "message": "Validation error on the record",
            "error_details": details,
        }
    told: dict[str, object] = {
        "status": problem.status,
        "error": HTTPStatus(problem.status).phrase,
    }
    if isinstance(problem.cause, CustomerNotFound):
        told["code"] = CustomerNotFound.default_code
    if problem.status in (409, 412):
        told["message"] = problem.message
    return problem.status, told


def _code(field: str, text: ErrorDetail) -> str:
    code = "email" if field == "email" and text.code == "invalid" else text.code
    return _CODES.get(code or "", "value_is_invalid")
