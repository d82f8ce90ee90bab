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

from customers import cus_ids

register = template.Library()

_RELATIVE_FOR = timedelta(days=7)


@register.simple_tag(takes_context=True)
def to(context: template.Context, name: str, *args: object) -> str:
    """The address of a page in the scope of the page that is shown."""
    address: str = context["scope"].address(name, *args)
    return address


@register.simple_tag(takes_context=True)
def may(context: template.Context, permission: str) -> bool:
    """Whether the reader may do this, for example `change_customer`."""
    allowed: bool = context["request"].user.has_perm(f"customers.{permission}")
    return allowed


@register.filter
def when(at: datetime | None) -> SafeString | str:
    """A time as people tell it, with the exact one in UTC at hand."""
    if at is None:
        return "—"
    now = timezone.now()
    local = timezone.localtime(at)
    if timedelta() <= now - at < timedelta(minutes=1):
        told = _("just now")
    elif timedelta() <= now - at < _RELATIVE_FOR:
        told = _("%(time)s ago") % {"time": timesince(at, now, depth=1)}
    else:
        told = date(local, "j M Y")
    exact = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return format_html(
        '<time datetime="{}" title="{}">{}<span class="visually-hidden"> ({})</span></time>',
        at.astimezone(UTC).isoformat(),
        exact,
        told,
        exact,
    )


@register.filter
def moment(at: datetime) -> SafeString:
    """A time of the clock in the reader's zone, with the exact one in UTC at hand."""
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


@register.filter
def field_of(form: Any, name: str) -> Any:
    """A form's field by its name."""
    return form[name]


@register.inclusion_tag("backoffice/_copy.html")
def copy(value: object, label: str = "") -> dict[str, object]:
    """A value in the monospace of ids, with a button that copies it."""
    return {"value": value, "label": label}
