"""Long work that is seen to go on, without a script: a page that grows line by line."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models.errors import Refusal
from customers.models.history import recording
from customers.rest.request_id import request_id

logger = logging.getLogger(__name__)

_HERE = "<!-- steps -->"  # where the lines come, in templates/backoffice/progress.html


@dataclass(frozen=True, slots=True)
class Link:
    """Where a page leads on to, and in which words."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Work:
    """Something that says after each part how many rows are done."""

    steps: Callable[[], Iterator[int]]
    title: str
    #: Said when all is done, and where it leads.
    done: str
    on: Link
    #: Said when it came to nothing, and where it leads.
    failed: str
    back: Link
    #: How many rows there are; None where that is not known beforehand.
    total: int | None = None


def progress_page(request: HttpRequest, work: Work, **context: Any) -> StreamingHttpResponse:
    """A page that does the work while it is sent, and ends with a link.

    When the reader goes away the page is closed, and with it the work: its transaction is rolled
    back.
    """
    shown = {**context, "title": work.title}
    page = render_to_string("backoffice/progress.html", shown, request)
    head, tail = page.split(_HERE)
    lines = _lines(work, request_id.get())
    response = StreamingHttpResponse(_page(head, lines, tail))
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy in front is to pass each line on
    return response


def _page(head: str, lines: Iterator[str], tail: str) -> Iterator[str]:
    yield head
    yield from lines
    yield tail


def _lines(work: Work, id: str) -> Iterator[str]:
    """The request's own context of the history has ended when a page is sent: this is another."""
    try:
        with recording(request_id=id):
            for done in work.steps():
                yield _step(done, work.total)
    except Refusal as refusal:
        yield _end(f"{work.failed} {refusal}", work.back, "error")
    except Exception:
        # The page has begun: an error page is out of reach, and half a page tells nothing.
        logger.exception("%s: ended by an error", work.title)
        told = _("Something went wrong that is not your fault. Try again, or tell whoever runs it.")
        yield _end(f"{work.failed} {told}", work.back, "error")
    else:
        yield _end(work.done, work.on, "")


def _step(done: int, total: int | None) -> str:
    if total is None:
        told = ngettext("%(done)s row", "%(done)s rows", done) % {"done": f"{done:,}"}
        return format_html('<p class="step">{}</p>\n', told)
    told = _("%(done)s of %(total)s rows") % {"done": f"{done:,}", "total": f"{total:,}"}
    return format_html(
        '<p class="step"><progress value="{}" max="{}" aria-hidden="true"></progress> {}</p>\n',
        done,
        total,
        told,
    )


def _end(told: str, link: Link, kind: str) -> str:
    return format_html(
        '<div class="notice {}"><strong>{}</strong></div>'
        '<div class="buttons"><a class="button primary" href="{}">{}</a></div>\n',
        kind,
        told,
        link.address,
        link.text,
    )
