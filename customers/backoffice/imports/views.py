"""An import once its file is there: its columns are matched, its rows checked, and then all are
imported or none. It can be undone as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.backoffice.export import csv_response
from customers.backoffice.imports import rows
from customers.backoffice.imports.forms import ColumnsForm
from customers.backoffice.progress import Link, Work, progress_page
from customers.backoffice.scope import Page
from customers.imports import columns
from customers.imports.applying import apply
from customers.imports.checking import check, set_mapping
from customers.imports.undoing import in_the_way, undo
from customers.models import CustomerImport, ImportRow
from customers.models.errors import Refusal
from customers.models.querysets import VisibleQuerySet

SHOWN_IN_THE_WAY = 50
#: From so many rows on, work is shown as it goes on.
MANY_ROWS = 2000

State = CustomerImport.State


class ImportPage(Page):
    """A page about imports."""

    permission = "customers.import_customer"
    section = "imports"

    @property
    def imports(self) -> VisibleQuerySet[CustomerImport]:
        return CustomerImport.objects.visible_to(self.scope.tenant)


class OneImport(ImportPage):
    """A page of one import."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._id: UUID = kwargs.pop("id")
        return super().dispatch(request, *args, **kwargs)

    def found(self) -> CustomerImport:
        """The import of the address. Raises Http404."""
        return get_object_or_404(self.imports, pk=self._id)

    def work(
        self, steps: Callable[[], Iterator[int]], total: int, **words: str
    ) -> HttpResponseBase:
        """Do it at once, or seen to go on where there is much, and go to the import's page."""
        if total >= MANY_ROWS:
            address = self.scope.address("import", self._id)
            on, back = Link(words.pop("link"), address), Link(_("Back to the import"), address)
            work = Work(steps, total=total, on=on, back=back, **words)
            return progress_page(self.request, work, scope=self.scope, section=self.section)
        try:
            for _done in steps():
                pass
        except Refusal as refusal:
            messages.error(self.request, f"{words['failed']} {refusal}")
        else:
            messages.success(self.request, words["done"])
        return self.go("import", self._id)

    def check(self, customer_import: CustomerImport) -> HttpResponseBase:
        return self.work(
            partial(check, customer_import.pk),
            customer_import.row_count,
            title=_("Checking %(file)s") % {"file": customer_import},
            done=_("The file is checked. Nothing is imported yet."),
            link=_("See what the import would do"),
            failed=_("The file was not checked."),
        )


class ImportColumns(OneImport):
    """Which column is which field."""

    template_name = "backoffice/imports/columns.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.found()
        if customer_import.applied_at is not None:
            return self.go("import", customer_import.pk)
        return self._show(customer_import, ColumnsForm(customer_import))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.found()
        form = ColumnsForm(customer_import, request.POST)
        if not form.is_valid():
            return self._show(customer_import, form, status=400)
        blank_clears = form.cleaned_data["blank_clears"]
        try:
            set_mapping(customer_import.pk, form.mapping, blank_clears=blank_clears)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return self.go("import", customer_import.pk)
        return self.check(customer_import)

    def _show(
        self, customer_import: CustomerImport, form: ColumnsForm, status: int = 200
    ) -> HttpResponseBase:
        return self.render(
            status=status,
            title=_("Match the columns"),
            customer_import=customer_import,
            form=form,
            has_key=columns.has_key(form.mapping if form.is_valid() else customer_import.mapping),
        )


class ImportCheck(OneImport):
    """The check once more, after customers were changed."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.go("import", self.found().pk)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        return self.check(self.found())


class ImportResult(OneImport):
    """What an import would do, did, or had done before it was undone."""

    template_name = "backoffice/imports/result.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.found()
        if customer_import.state == State.UPLOADED:
            return self.go("import_columns", customer_import.pk)
        asked = request.GET.get("outcome", "")
        outcome = asked if asked in ImportRow.Outcome else ""
        return self.render(
            title=customer_import.file_name,
            customer_import=customer_import,
            has_key=columns.has_key(customer_import.mapping),
            outcomes=[
                (value, label, customer_import.count(value))
                for value, label in ImportRow.Outcome.choices
            ],
            outcome=outcome,
            page=rows.page_of_rows(customer_import, request, outcome),
            confirm=_confirm(customer_import),
        )


class ImportRefused(OneImport):
    """The refused rows as a file."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.found()
        return csv_response(rows.refused_file(customer_import), "refused-rows.csv")


class ImportConfirm(OneImport):
    """Does what the check told."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.go("import", self.found().pk)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.found()
        return self.work(
            partial(apply, customer_import.pk, self.scope.user.actor),
            customer_import.changes_customers,
            title=_("Importing %(file)s") % {"file": customer_import},
            done=_("The file is imported: %(what)s.") % {"what": _counts(customer_import)},
            link=_("See the import"),
            failed=_("Nothing was imported."),
        )


class ImportUndo(OneImport):
    """What undoing would do, and the undoing."""

    template_name = "backoffice/imports/undo.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.found()
        if not customer_import.can_be_undone:
            return self.go("import", customer_import.pk)
        obstacles = in_the_way(customer_import)
        return self.render(
            title=_("Undo the import of %(file)s") % {"file": customer_import},
            customer_import=customer_import,
            obstacles=obstacles[:SHOWN_IN_THE_WAY],
            obstacle_count=obstacles.count(),
            page=rows.page_of_rows(customer_import, request, ImportRow.Outcome.CHANGED),
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.found()
        return self.work(
            partial(undo, customer_import.pk, self.scope.user.actor),
            customer_import.changes_customers,
            title=_("Undoing the import of %(file)s") % {"file": customer_import},
            done=_("The import is undone."),
            link=_("See the import"),
            failed=_("Nothing was undone."),
        )


def _counts(customer_import: CustomerImport) -> str:
    """For example “5 new, 7 changed”."""
    counts = [
        (customer_import.count(ImportRow.Outcome.NEW), _("%(count)s new")),
        (customer_import.count(ImportRow.Outcome.CHANGED), _("%(count)s changed")),
    ]
    return ", ".join(told % {"count": f"{count:,}"} for count, told in counts if count)


def _confirm(customer_import: CustomerImport) -> str:
    """The words of the button."""
    count = customer_import.changes_customers
    told = ngettext(
        "Import %(count)s customer: %(what)s", "Import %(count)s customers: %(what)s", count
    )
    return told % {"count": f"{count:,}", "what": _counts(customer_import)}
