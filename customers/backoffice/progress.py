"""Pages that show the progress of long work without JavaScript: a response that is streamed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models.errors import Refusal
from customers.models.history import recording
from customers.rest.request_id import request_id
from customers.staff.submissions import SentTwice, once_in_steps

logger = logging.getLogger(__name__)

_PLACEHOLDER = "<!-- progress -->"  # of the lines, in templates/backoffice/progress.html


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the page: its text and its URL."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A message at the end of work: of `success`, or a `warning` or `error`."""

    text: str
    kind: str = "success"


@dataclass(frozen=True, slots=True)
class Work:
    """Work whose progress is shown. `steps` yields after each part how many rows are done."""

    steps: Callable[[], Iterator[int]]
    title: str
    #: What the message after success is, asked then, and the link below it.
    done: Callable[[], Ending]
    next: Link
    #: The message after failure, and the link below it.
    failed: str
    back: Link
    #: The number of rows; None if it is not known beforehand.
    total: int | None = None


def progress_page(request: HttpRequest, work: Work, **context: Any) -> StreamingHttpResponse:
    """A page that does the work while it is sent, and ends with a message and a link. Of a form
    that is sent twice, the work is done once.

    When the browser disconnects, the work's generator is closed, which rolls its transaction back.
    """
    page = render_to_string("backoffice/progress.html", {**context, "title": work.title}, request)
    head, tail = page.split(_PLACEHOLDER)
    steps = partial(once_in_steps, request, work.steps, work.next.address)
    lines = _lines(work, steps, request_id.get())
    response = StreamingHttpResponse(_page(head, lines, tail))
    response["X-Accel-Buffering"] = "no"  # a proxy must pass on each line at once
    return response


def _page(head: str, lines: Iterator[str], tail: str) -> Iterator[str]:
    yield head
    yield from lines
    yield tail


def _lines(work: Work, steps: Callable[[], Iterator[int]], id: str) -> Iterator[str]:
    try:
        # The middleware's context of the history has ended when a streamed page is sent.
        with recording(request_id=id):
            for done in steps():
                yield _progress(done, work.total)
    except SentTwice as sent:
        yield _end(Ending(str(sent.message)), Link(work.next.text, sent.location))
    except Refusal as refusal:
        yield _end(Ending(f"{work.failed} {refusal}", "error"), work.back)
    except Exception:
        # Part of the page is sent, so that it is too late for an error page.
        logger.exception("%s: ended by an error", work.title)
        error = _("Something went wrong on our side. Try again, or contact your administrator.")
        yield _end(Ending(f"{work.failed} {error}", "error"), work.back)
    else:
        yield _end(work.done(), work.next)


def _progress(done: int, total: int | None) -> str:
    if total is None:
        text = ngettext("%(done)s row", "%(done)s rows", done) % {"done": f"{done:,}"}
        return format_html('<p class="step">{}</p>\n', text)
    text = _("%(done)s of %(total)s rows") % {"done": f"{done:,}", "total": f"{total:,}"}
    return format_html(
        '<p class="step"><progress value="{}" max="{}" aria-hidden="true"></progress> {}</p>\n',
        done,
        total,
        text,
    )


def _end(ending: Ending, link: Link) -> str:
    return format_html(
        '<div class="notice {}"><strong>{}</strong></div>'
        '<div class="buttons"><a class="button primary" href="{}">{}</a></div>\n',
        ending.kind,
        ending.text,
        link.address,
        link.text,
    )
