"""Errors in this contract's shape: `{"success": false}` with `errors`, or a `reason`."""

from customers.api.billabear.serializers import CustomerCreate, CustomerDetailSerializer
from customers.rest.fields import wire_names
from customers.rest.problems import InvalidQuery, Problem

WIRE_NAMES = wire_names(CustomerCreate, CustomerDetailSerializer)


def render_error(problem: Problem) -> tuple[int, object]:
    """The status and the body of the response to a problem."""
    if problem.status == 401:
        return 401, []
    if problem.status == 404:
        return 404, {"success": False}
    if isinstance(problem.cause, InvalidQuery):
        sentence = next((text for texts in problem.fields.values() for text in texts), "")
        status = 413 if getattr(sentence, "code", None) == "max_value" else 400
        return status, {"success": False, "reason": sentence or problem.message}
    status = 400 if problem.status == 422 else problem.status
    if problem.fields:
        errors = {WIRE_NAMES.get(name, name): texts[0] for name, texts in problem.fields.items()}
        return status, {"success": False, "errors": errors}
    return status, {"success": False, "reason": problem.message}
