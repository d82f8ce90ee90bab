"""The history tables, read-only: who changed what."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import ForeignKey, Model, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from customers.admin.base import OfOrganizations, ReadOnly, staff
from customers.admin.filters import OneOf, VisibleOrganizationFilter
from customers.insights.timeline import changes_of
from customers.models import Customer, Organization
from customers.models.base import HistoryEvent
from customers.models.querysets import read_id
from customers.staff.models import StaffUser

_ACTIONS = {"insert": _("Created"), "update": _("Changed"), "delete": _("Deleted")}


class ActionFilter(OneOf):
    """Filters by what the change did: create, change or delete."""

    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(_ACTIONS.items())

    def having(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(pgh_label=self.value())


class HistoryAdmin(ReadOnly, OfOrganizations):
    """The changes to the rows of one model, newest first."""

    list_display = ("time", "action", "row", "actor", "contract", "request_id")
    list_display_links = ["time"]
    ordering = ["-pgh_id"]
    search_fields = ["pgh_obj_id"]  # shows the search box; see get_search_results
    search_help_text = _("The id of the changed row, or of a request")
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        if "organization" in self._names():
            rows: QuerySet[Any] = super().get_queryset(request)
            return rows.prefetch_related(*self._named_rows())
        visible = Organization.objects.visible_to_staff(staff(request))
        events: QuerySet[Any] = self.model._default_manager.filter(pgh_obj__in=visible)
        return events

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [
            ActionFilter,
            *([VisibleOrganizationFilter] if "organization" in self._names() else []),
        ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = [name for name in self._names() if not name.startswith("pgh_")]
        return [
            (None, {"fields": [*self.list_display, "changes"]}),
            (_("The row after this change"), {"fields": fields}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.list_display, "changes", *self._names()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        with suppress(ValueError, ValidationError):
            tracked_pk = self.model.pgh_tracked_model._meta.pk
            of_object = queryset.filter(pgh_obj_id=tracked_pk.to_python(read_id(term) or term))
            if of_object.exists():
                return of_object, False
        # The expression that `by_request` indexes.
        events = queryset.alias(request_id=KeyTextTransform("request_id", "pgh_context"))
        return events.filter(request_id=term), False

    @admin.display(description=_("time"), ordering="pgh_id")
    def time(self, event: Any) -> str:
        return f"{localtime(event.pgh_created_at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=_("action"))
    def action(self, event: Any) -> Any:
        return _ACTIONS.get(event.pgh_label, event.pgh_label)

    @admin.display(description=_("row"))
    def row(self, event: Any) -> str:
        """The changed row's name, with a link to the page that shows it."""
        name = _name(event)
        model, id = _page(event)
        if model is None:
            return name
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[id])
        return format_html('<a href="{}">{}</a>', url, name)

    @admin.display(description=_("changed by"))
    def actor(self, event: Any) -> str:
        actor = (event.pgh_context or {}).get("actor") or {}
        return actor.get("label") or "—"

    @admin.display(description=_("API"))
    def contract(self, event: Any) -> str:
        return (event.pgh_context or {}).get("contract") or "—"

    @admin.display(description=_("request"))
    def request_id(self, event: Any) -> str:
        return (event.pgh_context or {}).get("request_id") or "—"

    @admin.display(description=_("changes"))
    def changes(self, event: Any) -> str:
        """The fields that differ from the previous event."""
        if event.pgh_label != "update":
            return "—"
        changed = [
            (change.name, *("—" if value is None else value for value in (change.old, change.new)))
            for change in changes_of(event)
        ]
        return format_html_join("\n", "<p>{}: <del>{}</del> → <ins>{}</ins></p>", changed) or "—"

    def _names(self) -> list[str]:
        return [field.name for field in self.opts.fields]

    def _named_rows(self) -> list[str]:
        """The references whose rows a list names, to prefetch.

        These rows may be deleted: a join would leave the event out.
        """
        named = {"organization", "staff_user", "group"}
        fields = (field for field in self.opts.fields if isinstance(field, ForeignKey))
        return [field.name for field in fields if field.name in named]


class StaffHistoryAdmin(HistoryAdmin):
    """The changes to staff accounts, for superusers only."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        events: QuerySet[Any] = self.model._default_manager.prefetch_related(*self._named_rows())
        return events if staff(request).is_superuser else events.none()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return staff(request).is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return staff(request).is_superuser


def _row(event: Any) -> Model:
    """Return the row as the event recorded it."""
    model = event.pgh_tracked_model
    recorded = [field for field in model._meta.concrete_fields if hasattr(event, field.attname)]
    row: Model = model(**{field.attname: getattr(event, field.attname) for field in recorded})
    for field in recorded:
        if isinstance(field, ForeignKey) and field.is_cached(event):
            field.set_cached_value(row, field.get_cached_value(event))
    return row


def _name(event: Any) -> str:
    try:
        return str(_row(event))
    except ObjectDoesNotExist:
        return str(event.pgh_obj_id)


def _page(event: Any) -> tuple[type[Model] | None, Any]:
    """Return the model and id of the page that shows the row: its own, or its parent's."""
    if admin.site.is_registered(event.pgh_tracked_model):
        return event.pgh_tracked_model, event.pgh_obj_id
    if hasattr(event, "customer_id"):
        return Customer, event.customer_id
    if hasattr(event, "organization_id"):
        return Organization, event.organization_id
    if hasattr(event, "staff_user_id"):
        return StaffUser, event.staff_user_id
    return None, None


for app, its_admin in (
    ("customers", HistoryAdmin),
    ("staff", StaffHistoryAdmin),
    ("webhooks", HistoryAdmin),
):
    for model in apps.get_app_config(app).get_models():
        if issubclass(model, HistoryEvent):
            admin.site.register(model, its_admin)
