"""Who changed what: the context that the triggers write into every history event.

`pgh_context` of an event is `{"actor": {"kind", "id", "label"}, "contract", "request_id"}`, where
`contract` is absent for staff and commands, and `request_id` for commands.
"""

from collections.abc import Callable
from dataclasses import asdict

import pghistory
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from customers.credential import Actor


def recording(**context: object) -> pghistory.context:
    """Record `context` with every change made within the `with` block."""
    return pghistory.context(**context)


def acting(actor: Actor, **context: object) -> pghistory.context:
    """Record who acts; as a plain call it adds to the block that is open, the request's."""
    return pghistory.context(actor=asdict(actor), **context)


class StaffHistory:
    """Middleware: what a signed-in staff member changes is recorded as theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, AnonymousUser):
            acting(Actor("staff", str(request.user.pk), request.user.get_username()))
        return self.get_response(request)
