"""Errors of the OAuth endpoints: they have the shape of the rest of this contract."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import OperationalError
from rest_framework.test import APIClient

from customers.models import Customer
from tests.api.alternative_payments.conftest import Post, basic
from tests.api.alternative_payments.support import assert_error

pytestmark = pytest.mark.usefixtures("debug")


def test_wrong_client_credentials_are_403(post_form: Post) -> None:
    assert_error(post_form("/oauth/token", authorization=basic("x", "y")), 403)


def test_too_many_requests_are_429(post_form: Post, three_a_minute: None) -> None:
    answers = [post_form("/oauth/token") for _ in range(4)]

    assert_error(answers[-1], 429)


def test_they_are_503_without_a_database(post_form: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> None:
        raise OperationalError("gone")

    name = "oauth2_provider.oauth2_validators.OAuth2Validator._load_application"
    monkeypatch.setattr(name, gone)

    for path, form in (("/oauth/token", None), ("/oauth/revoke", "token=x")):
        response = post_form(path, *([form] if form else []))
        assert_error(response, 503)
        assert int(response["Retry-After"]) >= 1


SECRET = "planted.address@example.org"


class _Unchecked:
    """A body that nobody looks at."""

    @staticmethod
    def read(_data: Any) -> dict[str, Any]:
        return {"country": "XX", "email": SECRET}


def test_a_constraint_that_a_write_breaks_is_409_and_not_quoted(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    """A rule of the database that no check of ours foresees."""
    monkeypatch.setattr(Customer, "clean_fields", lambda *_args, **_kwargs: None)
    monkeypatch.setattr("customers.api.alternative_payments.views.CustomerCreate", _Unchecked)

    response: Any = api.post("/customers", {}, format="json")

    assert_error(response, 409)
    assert SECRET.encode() not in response.content
    assert SECRET not in log.getvalue()
