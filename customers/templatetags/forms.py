"""What every form of a page has, wherever its template is."""

from __future__ import annotations

import re

from django import template

register = template.Library()

_FORM = re.compile(r"(<form\b[^>]*)>")


@register.filter(is_safe=True)
def with_safe_forms(page: str) -> str:
    """A page whose forms hold what the server wrote, even when the reader goes back to it.

    Otherwise a browser that goes back fetches the page anew, with the new version of the row, and
    puts into the fields what they held before: saving would then undo the change of a colleague.
    """
    return _FORM.sub(r'\1 autocomplete="off">', page)
