"""The pages of an import after the upload: its columns, its check, and its undoing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from customers.backoffice.imports import rows, words
from customers.backoffice.imports.forms import ColumnsForm
from customers.backoffice.pages import Page
from customers.backoffice.progress import Ending, Link, Work, progress_page
from customers.imports import columns
from customers.imports.apply import apply
from customers.imports.check import check, set_mapping
from customers.imports.discard import discard
from customers.imports.undo import conflicts, undo, undoable
from customers.models import CustomerImport, ImportRow
from customers.models.errors import Refusal
from customers.models.querysets import VisibleQuerySet

#: How many imports, and how many conflicts of an import, are listed.
LISTED = 50
#: From this number of rows on, the progress of a step is shown.
PROGRESS_FROM_ROWS = 2000

#: Of the messages that end a step.
LEVELS = {
    "success": messages.SUCCESS,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}


class ImportPage(Page):
    """A page about imports."""

    permission = "customers.import_customer"
    section = "imports"
    creates = True

    @property
    def imports(self) -> VisibleQuerySet[CustomerImport]:
        return CustomerImport.objects.visible_to(self.scope.tenant)


class Imports(ImportPage):
    """The latest imports."""

    template_name = "backoffice/imports/list.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        latest = self.imports.order_by("-pk")[:LISTED]
        return self.render(title=_("Imports"), imports=latest, latest=LISTED)


class OneImport(ImportPage):
    """A page of one import."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._id: UUID = kwargs.pop("id")
        return super().dispatch(request, *args, **kwargs)

    def get_import(self) -> CustomerImport:
        """Return the import of the URL, or raise Http404."""
        return get_object_or_404(self.imports, pk=self._id)

    def run(
        self,
        step: Callable[[], Iterator[int]],
        total: int,
        *,
        title: str,
        done: Callable[[], Ending],
        link: str,
        failed: str,
    ) -> HttpResponseBase:
        """Run a step and redirect to the import's page; with many rows show its progress."""
        if total >= PROGRESS_FROM_ROWS:
            address = self.scope.address("import", self._id)
            next, back = Link(link, address), Link(_("Back to the import"), address)
            work = Work(
                step, title=title, done=done, next=next, failed=failed, back=back, total=total
            )
            return progress_page(self.request, work, scope=self.scope, section=self.section)
        try:
            for _done in step():
                pass
        except Refusal as refusal:
            ending = Ending(f"{failed} {refusal}", "error")
        else:
            ending = done()
        messages.add_message(self.request, LEVELS[ending.kind], ending.text)
        return self.go("import", self._id)

    def check(self, customer_import: CustomerImport) -> HttpResponseBase:
        return self.run(
            partial(check, customer_import.pk),
            customer_import.row_count,
            title=_("Checking %(file)s") % {"file": customer_import},
            done=lambda: words.checked(self.get_import()),
            link=_("See what the import would do"),
            failed=_("The file was not checked."),
        )


class ImportColumns(OneImport):
    """Matches the columns of the file with fields."""

    template_name = "backoffice/imports/columns.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.get_import()
        if not customer_import.can_be_discarded:
            return self.go("import", customer_import.pk)
        return self._show(customer_import, ColumnsForm(customer_import))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.get_import()
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


class ImportAction(OneImport):
    """Takes a form. A GET is redirected to the import's page."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.go("import", self.get_import().pk)


class ImportCheck(ImportAction):
    """Checks the rows again, after customers were changed."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        return self.check(self.get_import())


class ImportConfirm(ImportAction):
    """Imports the rows as the check shows them."""

    def post(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.get_import()
        return self.run(
            partial(apply, customer_import.pk, self.scope.user.actor, seen=self._seen()),
            customer_import.changes_customers,
            title=_("Importing %(file)s") % {"file": customer_import},
            done=lambda: words.applied(self.get_import()),
            link=_("See the import"),
            failed=_("Nothing was imported."),
        )

    def _seen(self) -> int:
        """The revision that the page showed; 0, which none has, if it was not sent."""
        sent = self.request.POST.get("revision", "")
        return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 10 else 0


class ImportUndo(OneImport):
    """Shows what undoing an import would do, and undoes it."""

    template_name = "backoffice/imports/undo.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.get_import()
        if not customer_import.can_be_undone:
            return self.go("import", customer_import.pk)
        changed = {**request.GET.dict(), "outcome": ImportRow.Outcome.CHANGED.value}
        page = rows.page_of_rows(customer_import, changed)
        by_outcome = dict(
            undoable(customer_import).order_by().values_list("outcome").annotate(Count("pk"))
        )
        return self.render(
            title=_("Undo the import of %(file)s") % {"file": customer_import},
            customer_import=customer_import,
            new=by_outcome.get(ImportRow.Outcome.NEW, 0),
            changed=by_outcome.get(ImportRow.Outcome.CHANGED, 0),
            undoable=sum(by_outcome.values()),
            columns=rows.columns_of(customer_import),
            lines=rows.lines_of(customer_import, page.rows, backwards=True),
            links=page.links,
            **shown_conflicts(customer_import),
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.get_import()
        return self.run(
            partial(undo, customer_import.pk, self.scope.user.actor),
            customer_import.changes_customers,
            title=_("Undoing the import of %(file)s") % {"file": customer_import},
            done=lambda: Ending(_("The import is undone.")),
            link=_("See the import"),
            failed=_("Nothing was undone."),
        )


class ImportDiscard(OneImport):
    """Discards an import that is not applied, after saying what will happen."""

    template_name = "backoffice/imports/discard.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.get_import()
        if not customer_import.can_be_discarded:
            return self.go("import", customer_import.pk)
        return self.render(
            title=_("Discard the import of %(file)s?") % {"file": customer_import},
            customer_import=customer_import,
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.get_import()
        try:
            discard(customer_import.pk, self.scope.user)
        except Refusal as refusal:
            messages.error(request, f"{_('Nothing was discarded.')} {refusal}")
            return self.go("import", customer_import.pk)
        messages.success(request, _("%(file)s is discarded.") % {"file": customer_import})
        return self.go("imports")


def shown_conflicts(customer_import: CustomerImport) -> dict[str, Any]:
    """What the template `_conflicts.html` shows."""
    found = conflicts(customer_import)
    return {"conflicts": found[:LISTED], "conflict_count": found.count()}
