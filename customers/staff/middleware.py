"""Middleware: the second factor, where there is one, before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from customers.staff.second_factor import has_second_factor


class SecondFactor:
    """Takes a session that lacks its account's second factor for nobody's.

    Such a session is one that began before the second factor was set up elsewhere. Every page then
    does what it does for somebody who has not signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user
        request.user = SimpleLazyObject(lambda: _or_nobody(signed_in))  # type: ignore[assignment]
        return self.get_response(request)


def _or_nobody(user: Any) -> Any:
    lacking = user.is_authenticated and not user.is_verified() and has_second_factor(user)
    return AnonymousUser() if lacking else user
