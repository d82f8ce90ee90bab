"""The columns of the list of customers, and which of them the reader chose."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

COLUMNS = {
    "email": _("Email"),
    "external_id": _("External id"),
    "country": _("Country"),
    "city": _("City"),
    "phone": _("Phone"),
    "reference": _("Reference"),
    "processor_reference": _("Processor reference"),
    "card": _("Pays with"),
    "created_at": _("Created"),
}
DEFAULT = ("email", "external_id", "country", "card", "created_at")

_COOKIE = "customer_columns"
_REMEMBERED_FOR = 365 * 24 * 60 * 60


def chosen(request: HttpRequest) -> Sequence[str]:
    """Return the columns to show: those in the query, else those remembered, else the default."""
    asked = request.GET.getlist("column") or request.COOKIES.get(_COOKIE, "").split(".")
    return [name for name in COLUMNS if name in asked] or DEFAULT


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the chosen columns in a cookie."""
    if request.GET.getlist("column"):
        response.set_cookie(
            _COOKIE,
            ".".join(chosen(request)),
            max_age=_REMEMBERED_FOR,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
