"""An OAuth client, and a way to ask for its tokens."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings
from rest_framework.test import APIClient

from customers.models import OAuthClient, Organization
from tests.api.harness import send

FORM = "application/x-www-form-urlencoded"
GRANT = "grant_type=client_credentials"

Post = Callable[..., Any]


def basic(client_id: str | bytes, secret: str | bytes) -> str:
    """The Authorization header of HTTP Basic."""
    parts = [part.encode() if isinstance(part, str) else part for part in (client_id, secret)]
    return f"Basic {b64encode(b':'.join(parts)).decode()}"


@pytest.fixture
def issued(acme: Organization) -> tuple[OAuthClient, str]:
    """An OAuth client of Acme's live data, and its secret."""
    return OAuthClient.issue(acme, "live", name="Billing")


@pytest.fixture
def post_form(issued: tuple[OAuthClient, str]) -> Post:
    """Posts a form to an OAuth endpoint, with the client's credentials by default."""

    def post(path: str, form: str | bytes = GRANT, **extra: Any) -> Any:
        client, secret = issued
        authorization = extra.pop("authorization", basic(client.client_id, secret))
        if authorization is not None:
            extra["HTTP_AUTHORIZATION"] = authorization
        body = form.encode() if isinstance(form, str) else form
        content_type = extra.pop("content_type", FORM)
        return send(APIClient(), "POST", path, body, content_type, **extra)

    return post


@pytest.fixture
def three_a_minute(settings: Settings) -> Iterator[None]:
    """The OAuth endpoints take three requests a minute from one address."""
    cache.clear()
    settings.TOKEN_RATE_LIMIT = "3/min"
    yield
    cache.clear()
