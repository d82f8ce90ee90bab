"""What each exception stands for, to a caller."""

from __future__ import annotations

import pytest
from django.core import exceptions as django
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions as drf

from customers.models import errors
from customers.rest.problems import InvalidQuery, PayloadTooLarge, of_exception, of_status

FORESEEN = [
    (InvalidQuery({"limit": ["bad"]}), 400, {"limit": ["bad"]}),
    (drf.ValidationError({"name": ["bad", "worse"]}), 422, {"name": ["bad", "worse"]}),
    (drf.ValidationError({"non_field_errors": ["bad"]}), 422, {"body": ["bad"]}),
    (drf.ValidationError("bad"), 422, {"body": ["bad"]}),
    (django.ValidationError({"name": ["bad"]}), 422, {"name": ["bad"]}),
    (errors.VersionMismatch(), 412, {}),
    (errors.ExternalIdTaken(), 409, {"external_id": ["Another customer has this external id."]}),
    (errors.RuleBroken("some_constraint"), 409, {}),
    (PayloadTooLarge(), 413, {}),
    (drf.ParseError(), 400, {}),
    (drf.NotAuthenticated(), 401, {}),
    (drf.AuthenticationFailed(), 401, {}),
    (drf.PermissionDenied(), 403, {}),
    (drf.NotFound(), 404, {}),
    (drf.MethodNotAllowed("PUT"), 405, {}),
    (drf.UnsupportedMediaType("a/b"), 415, {}),
    (drf.Throttled(3), 429, {}),
    (Http404(), 404, {}),
    (django.PermissionDenied(), 403, {}),
    (django.RequestDataTooBig(), 413, {}),
    (django.TooManyFieldsSent(), 400, {}),
    (django.SuspiciousOperation(), 400, {}),
    (django.BadRequest(), 400, {}),
    (OperationalError(), 503, {}),
    (InterfaceError(), 503, {}),
]


@pytest.mark.parametrize(
    ("error", "status", "fields"), FORESEEN, ids=lambda value: type(value).__name__
)
def test_an_exception_that_is_foreseen_has_its_status_and_its_fields(
    error: Exception, status: int, fields: dict[str, list[str]]
) -> None:
    problem = of_exception(error)

    assert problem.status == status
    assert dict(problem.fields) == fields
    assert problem.code == of_status(status).code
    assert problem.message


@pytest.mark.parametrize("error", [RuntimeError("secret"), IntegrityError("secret"), KeyError("a")])
def test_any_other_is_500_and_logged_and_its_text_is_not_shown(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    problem = of_exception(error)

    assert problem.status == 500
    assert "secret" not in problem.message
    assert caplog.records[-1].levelname == "ERROR"


@pytest.mark.parametrize("text", ["bad", ["bad", "worse"]])
def test_a_validation_error_without_fields_is_reported_too(text: str | list[str]) -> None:
    problem = of_exception(django.ValidationError(text))

    assert problem.status in (422, 500)
    assert all(
        isinstance(message, str) for reported in problem.fields.values() for message in reported
    )


def test_waiting_times_become_retry_after() -> None:
    assert of_exception(drf.Throttled(2.5)).headers["Retry-After"] in ("3", "4")
    assert of_exception(drf.Throttled(0.1)).headers["Retry-After"] in ("1", "2")
    assert int(of_exception(OperationalError()).headers["Retry-After"]) >= 1


def test_a_challenge_becomes_www_authenticate() -> None:
    error = drf.NotAuthenticated()
    error.auth_header = "Bearer"  # type: ignore[attr-defined]

    assert of_exception(error).headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("status", "code"), [(418, "bad_request"), (599, "internal_error")])
def test_a_status_without_a_word_of_its_own_keeps_its_number(status: int, code: str) -> None:
    problem = of_status(status)

    assert (problem.status, problem.code) == (status, code)
