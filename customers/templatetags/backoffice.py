"""Template tags of the back office's pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django import template
from django.template.defaultfilters import date
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from customers.insights.timeline import Entry
from customers.rest.contract import contracts
from customers.values import cus_ids

register = template.Library()

_RELATIVE_FOR = timedelta(days=7)


@register.simple_tag(takes_context=True)
def to(context: template.Context, name: str, *args: object) -> str:
    """Return the URL of a page in the current scope."""
    address: str = context["scope"].address(name, *args)
    return address


@register.simple_tag(takes_context=True)
def may(context: template.Context, permission: str) -> bool:
    """Return whether the reader has a permission, for example `change_customer`."""
    allowed: bool = context["request"].user.has_perm(f"customers.{permission}")
    return allowed


@register.filter
def when(at: datetime | None) -> SafeString | str:
    """Format a time as relative, or as a date after a week, with the exact time in UTC."""
    if at is None:
        return "—"
    now = timezone.now()
    local = timezone.localtime(at)
    if timedelta() <= now - at < timedelta(minutes=1):
        shown = _("just now")
    elif timedelta() <= now - at < _RELATIVE_FOR:
        shown = _("%(time)s ago") % {"time": timesince(at, now, depth=1)}
    else:
        shown = date(local, "j M Y")
    exact = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return format_html(
        '<time datetime="{}" title="{}">{}<span class="visually-hidden"> ({})</span></time>',
        at.astimezone(UTC).isoformat(),
        exact,
        shown,
        exact,
    )


@register.filter
def moment(at: datetime) -> SafeString:
    """Format a date and time in the reader's time zone, with the exact time in UTC."""
    exact = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.astimezone(UTC).isoformat(),
        exact,
        date(timezone.localtime(at), "j M Y H:i"),
    )


@register.filter
def cus_id(customer: Any) -> str:
    """The customer's `cus_…` id."""
    return cus_ids.encode(customer.pk)


@register.filter
def attribute(row: Any, name: str) -> Any:
    """A field of a row by its name."""
    return getattr(row, name)


# By what changed and how.
_SUMMARIES = {
    ("customer", "created"): _lazy("Created"),
    ("customer", "changed"): _lazy("Changed"),
    ("customer", "archived"): _lazy("Archived"),
    ("customer", "restored"): _lazy("Restored"),
    ("customer", "removed"): _lazy("Deleted"),
    ("user", "created"): _lazy("User %(subject)s added"),
    ("user", "changed"): _lazy("User %(subject)s changed"),
    ("user", "removed"): _lazy("User %(subject)s removed"),
    ("payment_method", "created"): _lazy("Payment method %(subject)s added"),
    ("payment_method", "changed"): _lazy("Payment method %(subject)s changed"),
    ("payment_method", "removed"): _lazy("Payment method %(subject)s removed"),
    ("note", "created"): _lazy("Note “%(subject)s” added"),
    ("note", "changed"): _lazy("Note “%(subject)s” changed"),
    ("note", "pinned"): _lazy("Note “%(subject)s” pinned"),
    ("note", "unpinned"): _lazy("Note “%(subject)s” unpinned"),
    ("note", "removed"): _lazy("Note “%(subject)s” removed"),
}
_AUTHORS = {
    "staff": _lazy("%(label)s"),
    "api_key": _lazy("API key %(label)s"),
    "oauth_client": _lazy("OAuth client %(label)s"),
    "command": _lazy("Command %(label)s"),
}


@register.filter
def summary(entry: Entry) -> str:
    """Return what happened in an entry of the timeline."""
    return str(_SUMMARIES[entry.what, entry.verb] % {"subject": entry.subject})


@register.filter
def author(entry: Entry) -> str:
    """Return who made a change, and through which contract."""
    actor = entry.context.get("actor")
    if not actor:
        return _("By hand, in the database")
    who = str(_AUTHORS.get(actor["kind"], _AUTHORS["staff"]) % {"label": actor["label"]})
    slug = entry.context.get("contract")
    title = next((contract.title for contract in contracts() if contract.slug == slug), slug)
    return _("%(who)s through %(contract)s") % {"who": who, "contract": title} if slug else who


@register.inclusion_tag("backoffice/_copy.html")
def copy(value: object, label: str = "", is_id: bool = True) -> dict[str, object]:  # noqa: FBT001, FBT002
    """A value with a button that copies it; ids are monospaced."""
    return {"value": value, "label": label, "is_id": is_id}
