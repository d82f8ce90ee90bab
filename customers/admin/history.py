"""The history tables: who changed what, for reading only."""

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
from customers.admin.filters import OneOf, SeenOrganizationFilter
from customers.insights.timeline import changes_of
from customers.models import Customer, Organization
from customers.models.base import HistoryEvent
from customers.models.querysets import read_id

_LABELS = {"insert": _("Created"), "update": _("Changed"), "delete": _("Deleted")}


class LabelFilter(OneOf):
    """Only what was created, changed or deleted."""

    title = _("what")
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(_LABELS.items())

    def having(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(pgh_label=self.value())


class HistoryAdmin(ReadOnly, OfOrganizations):
    """The changes of one kind of row, the newest first."""

    told = ("when", "what", "which", "who", "contract", "request_id")
    list_display = told
    list_display_links = ["when"]
    ordering = ["-pgh_id"]
    search_fields = ["pgh_obj_id"]  # shows the box; get_search_results searches
    search_help_text = _("The id of what was changed, or of a request")
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        if "organization" in self._names():
            # What these point at may be gone, and a join would lose the change with it.
            pointed_at = [
                field.name
                for field in self.opts.fields
                if isinstance(field, ForeignKey) and field.name in {"organization", "staff_user"}
            ]
            rows: QuerySet[Any] = super().get_queryset(request).prefetch_related(*pointed_at)
            return rows
        seen = Organization.objects.visible_to_staff(staff(request))
        of_seen: QuerySet[Any] = self.model._default_manager.filter(pgh_obj__in=seen)
        return of_seen

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [LabelFilter, *([SeenOrganizationFilter] if "organization" in self._names() else [])]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        row = [name for name in self._names() if not name.startswith("pgh_")]
        return [
            (None, {"fields": [*self.told, "changes"]}),
            (_("The record as this change left it"), {"fields": row}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.told, "changes", *self._names()]

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
        # As `by_request` indexes it.
        told = queryset.alias(by=KeyTextTransform("request_id", "pgh_context"))
        return told.filter(by=term), False

    @admin.display(description=_("when"), ordering="pgh_id")
    def when(self, event: Any) -> str:
        return f"{localtime(event.pgh_created_at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=_("what"))
    def what(self, event: Any) -> Any:
        return _LABELS.get(event.pgh_label, event.pgh_label)

    @admin.display(description=_("which"))
    def which(self, event: Any) -> str:
        """The row that was changed, as it calls itself, with a link to where it is now."""
        shown = _name(event)
        model, id = _place(event)
        if model is None:
            return shown
        place = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[id])
        return format_html('<a href="{}">{}</a>', place, shown)

    @admin.display(description=_("who"))
    def who(self, event: Any) -> str:
        actor = (event.pgh_context or {}).get("actor") or {}
        return actor.get("label") or "—"

    @admin.display(description=_("through"))
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


def _row(event: Any) -> Model:
    """What was changed, as the event has it."""
    model = event.pgh_tracked_model
    kept = [field for field in model._meta.concrete_fields if hasattr(event, field.attname)]
    row: Model = model(**{field.attname: getattr(event, field.attname) for field in kept})
    for field in kept:
        if isinstance(field, ForeignKey) and field.is_cached(event):
            field.set_cached_value(row, field.get_cached_value(event))
    return row


def _name(event: Any) -> str:
    try:
        return str(_row(event))
    except ObjectDoesNotExist:
        return str(event.pgh_obj_id)


def _place(event: Any) -> tuple[type[Model] | None, Any]:
    """Where the admin shows it: its own page, or the page of what it belongs to."""
    if admin.site.is_registered(event.pgh_tracked_model):
        return event.pgh_tracked_model, event.pgh_obj_id
    if hasattr(event, "customer_id"):
        return Customer, event.customer_id
    if hasattr(event, "organization_id"):
        return Organization, event.organization_id
    return None, None


for model in apps.get_app_config("customers").get_models():
    if issubclass(model, HistoryEvent):
        admin.site.register(model, HistoryAdmin)
