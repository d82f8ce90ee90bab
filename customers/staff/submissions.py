"""Forms that are done once, however often they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import TypeVar

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase, HttpResponseRedirectBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from customers.models.errors import waiting
from customers.staff.models import FormSubmission

#: The hidden field with a token, different each time that a form is shown.
FIELD = "once"
_CSRF_FIELD = "csrfmiddlewaretoken"

Response = TypeVar("Response", bound=HttpResponseBase)


class SentTwice(Exception):
    """The form was done before. `location` is the page that shows what it did."""

    message = _("You sent this form twice. It was done once.")

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def once(request: HttpRequest, handle: Callable[[], Response]) -> Response | HttpResponseRedirect:
    """Handle a request, but redirect one that sends the same form again to what the first made.

    Pressing Enter twice and reloading the result do that. The second request waits for the first;
    the note of what was done is written in the transaction of the write. Of a form that is shown
    again, with errors, no note is kept; nor of a page that does its work while it is sent, which
    `once_in_steps` does.
    """
    if not _has_token(request):
        return handle()
    with transaction.atomic():
        submission, is_first = FormSubmission.objects.get_or_create(digest=_digest(request))
        if not is_first:
            messages.info(request, SentTwice.message)
            return HttpResponseRedirect(submission.location)
        response = handle()
        if isinstance(response, HttpResponseRedirectBase):
            submission.location = response.url
            submission.save(update_fields=["location"])
        else:
            submission.delete()
    return response


def once_in_steps(
    request: HttpRequest, steps: Callable[[], Iterator[int]], location: str
) -> Iterator[int]:
    """Run the steps of long work, which `location` will show, in one transaction.

    Raises:
        SentTwice: the same form was sent before. This waits for the first, which is rolled back if
            its browser no longer listens.
        Locked: the first takes too long.
    """
    if not _has_token(request):
        yield from steps()
        return
    digest, done = _digest(request), {"location": location}
    with transaction.atomic():
        with waiting():
            submission, is_first = FormSubmission.objects.get_or_create(done, digest=digest)
        if not is_first:
            raise SentTwice(submission.location)
        yield from steps()


def _has_token(request: HttpRequest) -> bool:
    return request.method == "POST" and bool(request.POST.get(FIELD))


def _digest(request: HttpRequest) -> str:
    """Who sent what to which address. Keyed, because a form may contain a password."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name != _CSRF_FIELD)
    files = [
        (name, file.name, _content(file))
        for name, group in sorted(request.FILES.lists())
        for file in group
    ]
    sent = repr((request.user.pk, request.get_full_path(), fields, files))
    return salted_hmac("customers.staff.submissions", sent, algorithm="sha256").hexdigest()


def _content(file: UploadedFile[bytes]) -> str:
    digest = sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
