"""What someone typed into a form while their session had ended: after signing in, the form shows it
again, for them to look at and send.
"""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from customers.forms import without_card_numbers

#: Of longer forms, nothing is kept.
LONGEST = 64 * 1024
PAGES = {"admin", "backoffice"}
_KEY = "typed"
_LEFT_OUT = ("csrfmiddlewaretoken", "once")


def keep(request: HttpRequest) -> bool:
    """Keep the submitted fields in the session, but no passwords and no card numbers.

    Returns whether the page will show them: not if they are too long, or no page has this form.
    """
    found = request.resolver_match
    is_form = found is not None and found.app_name in PAGES and found.url_name != "logout"
    if request.method != "POST" or not is_form:
        return False
    fields = without_card_numbers(request.POST)
    for name in list(fields):
        if name in _LEFT_OUT or "password" in name:
            del fields[name]
    typed = fields.urlencode()
    if len(typed) > LONGEST:
        return False
    request.session[_KEY] = {"address": request.get_full_path(), "fields": typed}
    return True


def take(request: HttpRequest) -> QueryDict | None:
    """Return the fields that were kept for this page, and forget them. None if there are none."""
    kept = request.session.get(_KEY)
    if request.method != "GET" or not kept or kept["address"] != request.get_full_path():
        return None
    del request.session[_KEY]
    return QueryDict(kept["fields"])
