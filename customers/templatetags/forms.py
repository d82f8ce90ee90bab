"""What every form of a page has, wherever its template is."""

from __future__ import annotations

import re

from django import template
from django.utils.crypto import get_random_string

from customers.staff.submissions import FIELD

register = template.Library()

_FORM = re.compile(r"(<form\b[^>]*)>")


@register.filter(is_safe=True)
def with_safe_forms(page: str) -> str:
    """A page whose forms are done once, and hold what the server wrote even when the reader goes
    back to it.

    Otherwise a browser that goes back fetches the page anew, with the new version of the row, and
    puts into the fields what they held before: saving would then undo the change of a colleague.
    """
    return _FORM.sub(_safe, page)


def _safe(form: re.Match[str]) -> str:
    tag = form[1]
    safe = f'{tag} autocomplete="off">'
    if 'method="post"' not in tag:
        return safe
    return f'{safe}<input type="hidden" name="{FIELD}" value="{get_random_string(22)}">'
