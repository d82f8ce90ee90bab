"""Forms that are done once, however often they are sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from customers.staff.models import FormSubmission

#: The hidden field with a token, different each time that a form is shown.
FIELD = "once"
_CSRF_FIELD = "csrfmiddlewaretoken"

Response = TypeVar("Response", bound=HttpResponseBase)


def once(request: HttpRequest, handle: Callable[[], Response]) -> Response | HttpResponseRedirect:
    """Handle a request, but redirect one that sends the same form again to what the first made.

    Pressing Enter twice and reloading the result do that. The second request waits for the first;
    the note of what was done is written in the transaction of the write. Of a form that is shown
    again, with errors, no note is kept.
    """
    if request.method != "POST" or not request.POST.get(FIELD):
        return handle()
    with transaction.atomic():
        submission, is_first = FormSubmission.objects.get_or_create(digest=_digest(request))
        if not is_first:
            messages.info(request, _("You sent this form twice. It was done once."))
            return HttpResponseRedirect(submission.location)
        response = handle()
        if isinstance(response, HttpResponseRedirectBase):
            submission.location = response.url
            submission.save(update_fields=["location"])
        else:
            submission.delete()
    return response


def _digest(request: HttpRequest) -> str:
    """Who sent what to which address. Keyed, because a form may contain a password."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name != _CSRF_FIELD)
    sent = repr((request.user.pk, request.get_full_path(), fields))
    return salted_hmac("customers.staff.submissions", sent, algorithm="sha256").hexdigest()
