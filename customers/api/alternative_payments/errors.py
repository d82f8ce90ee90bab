"""Errors as this contract tells them: `{"code", "message", "validation_errors": {field: text}}`."""

from customers.rest.problems import Problem

# The store's names that are others here.
_WIRE_NAMES = {
    "address_line1": "street_address",
    "address_line2": "sub_premise",
    "processor_reference": "customer_integration_id",
}


def render_error(problem: Problem) -> tuple[int, dict[str, object]]:
    """The status and the body that tell `problem`."""
    validation_errors = {
        _WIRE_NAMES.get(name, name): " ".join(messages) for name, messages in problem.fields.items()
    }
    return problem.status, {
        "code": problem.code,
        "message": problem.message,
        "validation_errors": validation_errors,
    }
