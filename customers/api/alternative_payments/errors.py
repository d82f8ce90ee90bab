"""Errors in this contract's shape: `{"code", "message", "validation_errors": {field: text}}`."""

from customers.api.alternative_payments.serializers import CustomerCreate, CustomerSerializer
from customers.rest.fields import wire_names
from customers.rest.problems import Problem

WIRE_NAMES = wire_names(CustomerCreate, CustomerSerializer)


def render_error(problem: Problem) -> tuple[int, dict[str, object]]:
    """The status and the body of the response to a problem."""
    validation_errors = {
        WIRE_NAMES.get(name, name): " ".join(messages) for name, messages in problem.fields.items()
    }
    return problem.status, {
        "code": problem.code,
        "message": problem.message,
        "validation_errors": validation_errors,
    }
