"""Base classes of the admin: which rows a person sees, and what only superusers may do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Field, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from customers.models import Organization
from customers.models.counting import EXACT_COUNT, count_or_estimate
from customers.models.errors import Refusal, refusals
from customers.models.querysets import visible_to_staff
from customers.staff.models import StaffUser
from customers.staff.submissions import once
from customers.staff.typed import take

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyPaginator = Paginator[Any]
else:
    AnyModelAdmin = admin.ModelAdmin
    AnyPaginator = Paginator


def staff(request: HttpRequest) -> StaffUser:
    """Return the signed-in staff member."""
    assert isinstance(request.user, StaffUser)
    return request.user


def becomes(unsaved: Model, saved: Model) -> None:
    """Turn the instance of a form, which Django goes on with, into the row that was written."""
    vars(unsaved).update(vars(saved))


class Unconfirmed:
    """A form that was sent while signed out. It is never valid, so nothing is saved."""

    def clean(self) -> Any:
        super().clean()  # type: ignore[misc]
        raise ValidationError(
            _(
                "You were signed out when you sent this, so nothing was saved. Here is what you "
                "typed: check it, and send it again."
            )
        )


class ModelAdmin(AnyModelAdmin):
    """Django's own, except that it answers 404 for a row that the person may not see, shows why the
    store refuses a change, and does a form once that was sent twice.
    """

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if (typed := take(request)) is not None:
            return self._show_typed(request, typed, object_id, form_url, extra_context)
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        try:
            with refusals():
                handle = super().changeform_view
                return once(request, partial(handle, request, object_id, form_url, extra_context))
        except (Refusal, ValidationError) as error:  # the form found nothing wrong: a race
            reasons = error.messages if isinstance(error, ValidationError) else [str(error)]
            message = _("Nothing was saved. %(why)s") % {"why": " ".join(reasons)}
            self.message_user(request, message, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def _show_typed(self, request: HttpRequest, typed: QueryDict, *args: Any) -> HttpResponse:
        """Show what the person sent while signed out, as a form that has an error."""
        request.method, request.POST = "POST", typed  # type: ignore[assignment]
        request.is_unconfirmed = True  # type: ignore[attr-defined]
        try:
            return super().changeform_view(request, *args)
        finally:
            request.method = "GET"

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:  # type: ignore[override]
        form = super().get_form(request, obj, **kwargs)
        is_unconfirmed = getattr(request, "is_unconfirmed", False)
        return type(form.__name__, (Unconfirmed, form), {}) if is_unconfirmed else form


class EstimatingPaginator(AnyPaginator):
    """A paginator that estimates the number of rows where there are more than ten thousand."""

    @cached_property
    def count(self) -> int:
        return count_or_estimate(self.object_list)  # type: ignore[arg-type]


class CountedChangeList(ChangeList):
    """A list that counts rows for its filters unless it is long: each count reads the table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_long = self.result_count > EXACT_COUNT
        if self.add_facets and not is_long:
            is_long = count_or_estimate(self.root_queryset) > EXACT_COUNT
        if is_long:
            self.add_facets = self.is_facets_optional = False


class OfOrganizations(ModelAdmin):
    """Shows rows of the person's organizations, and offers only those organizations as choices."""

    show_full_result_count = False
    list_per_page = 50
    paginator = EstimatingPaginator

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CountedChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_to_staff(super().get_queryset(request), staff(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def formfield_for_foreignkey(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Model] | None:
        if db_field.name == "organization":
            kwargs["queryset"] = Organization.objects.visible_to_staff(staff(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[arg-type]


class ReadOnly:
    """Rows that nobody may add, change or delete in the admin."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ChangedBySuperusers:
    """Rows that only superusers may add, change or delete, whatever permissions others have."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return staff(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return staff(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return staff(request).is_superuser


class ForSuperusers(ChangedBySuperusers, ModelAdmin):
    """Rows that only superusers may see."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return staff(request).is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return staff(request).is_superuser

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows if staff(request).is_superuser else rows.none()
