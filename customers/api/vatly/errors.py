"""Errors in this contract's shape: `{"message"}`, and `errors: {field: [sentence]}`."""

from customers.models.errors import EmailTaken
from customers.rest.problems import InvalidQuery, PathNotFound, Problem


def render_error(problem: Problem) -> tuple[int, dict[str, object]]:
    """The status and the body of the response to a problem."""
    if problem.status == 401:
        return 401, {"message": "Unauthenticated."}
    if problem.status == 404:
        is_path = isinstance(problem.cause, PathNotFound)
        return 404, {"message": "Not found." if is_path else "Customer not found."}
    if problem.status == 422 or isinstance(problem.cause, InvalidQuery | EmailTaken):
        errors = {name: list(map(str, texts)) for name, texts in problem.fields.items()}
        return 422, {"message": "The given data was invalid.", "errors": errors}
    return problem.status, {"message": problem.message}
