"""The page that shows the rows of an import, where those that are refused are corrected."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from customers.backoffice.export import csv_response
from customers.backoffice.imports import rows, words
from customers.backoffice.imports.forms import RowForm
from customers.backoffice.imports.views import LEVELS, OneImport, shown_conflicts
from customers.imports import columns
from customers.imports.correct import correct
from customers.imports.errors import CorrectedMeanwhile
from customers.models import CustomerImport, ImportRow
from customers.models.errors import Refusal

State = CustomerImport.State
Outcome = ImportRow.Outcome


class ImportResult(OneImport):
    """What an import would do, or did."""

    template_name = "backoffice/imports/result.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.get_import()
        if customer_import.state == State.UPLOADED:
            return self.go("import_columns", customer_import.pk)
        return self.show(customer_import)

    def show(
        self, customer_import: CustomerImport, form: RowForm | None = None, status: int = 200
    ) -> HttpResponseBase:
        """Show a page of rows, in one of which a form may be open."""
        query = self.request.GET.dict()
        page = rows.page_of_rows(customer_import, query)
        shown = page.rows
        if form is not None and form.row not in shown:
            shown = [form.row, *shown]
        outcomes = rows.outcomes_of(query)
        undone = customer_import.state == State.UNDONE
        return self.render(
            status=status,
            title=customer_import.file_name,
            customer_import=customer_import,
            has_key=columns.has_key(customer_import.mapping),
            outcomes=[(value, value.label, customer_import.count(value)) for value in rows.LISTED],
            outcome=outcomes[0] if len(outcomes) == 1 else "",
            listed=sum(customer_import.count(value) for value in rows.LISTED),
            columns=rows.columns_of(customer_import),
            lines=rows.lines_of(customer_import, shown),
            links=page.links,
            query=rows.kept(query),
            can_be_corrected=customer_import.state == State.CHECKED,
            form=form,
            confirm=words.confirm(customer_import),
            refused=words.refused(customer_import),
            left_out=words.left_out(customer_import),
            **(shown_conflicts(customer_import) if undone else {}),
        )


class ImportOneRow(ImportResult):
    """The same page with one row as a form, which corrects it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._number: int = kwargs.pop("number")
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.get_import()
        form = self._form(customer_import, self.typed)
        if customer_import.state != State.CHECKED:
            return self._back()
        return self.show(customer_import, form)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.get_import()
        form = self._form(customer_import, request.POST)
        if customer_import.state != State.CHECKED:
            messages.error(request, _("Nothing was saved. This import is not being checked."))
            return self._back()
        if not form.is_valid():
            return self.show(customer_import, form, status=400)
        seen = form.cleaned_data["seen"]
        try:
            row = correct(
                customer_import.pk, self._number, form.cells, seen=seen, person=self.scope.user
            )
        except CorrectedMeanwhile:
            return self._show_conflict()
        except Refusal as refusal:
            messages.error(request, f"{_('Nothing was saved.')} {refusal}")
            return self._back()
        ending = words.corrected(row)
        messages.add_message(request, LEVELS[ending.kind], ending.text)
        if row.outcome == Outcome.REFUSED:
            return self._back("import_row", row.number)
        following = self._next_refused(customer_import) if "next" in request.POST else None
        return self._back("import_row", following) if following else self._back()

    def _form(self, customer_import: CustomerImport, data: Any) -> RowForm:
        row = get_object_or_404(
            customer_import.rows.select_related("customer"), number=self._number
        )
        corrections = list(customer_import.corrections.filter(row=row.number).order_by("number"))
        return RowForm(customer_import, row, corrections, data or None)

    def _show_conflict(self) -> HttpResponseBase:
        """Show what was typed beside what the row holds now, to choose and send again."""
        customer_import = self.get_import()
        data = self.request.POST.copy()
        form = self._form(customer_import, data)
        data["seen"] = str(len(form.corrections))
        form.add_error(None, words.conflict(form.corrections))
        return self.show(customer_import, form, status=409)

    def _next_refused(self, customer_import: CustomerImport) -> int | None:
        refused = customer_import.rows.filter(outcome=Outcome.REFUSED).order_by("number")
        following = refused.filter(number__gt=self._number).first() or refused.first()
        return following.number if following else None

    def _back(self, name: str = "import", *args: object) -> HttpResponseBase:
        """Redirect to the same page of rows, in one of which a form may be open."""
        address = urlsplit(self.scope.address(name, self._id, *args))
        anchor = "" if args else f"row-{self._number}"  # a form has the focus itself
        query = rows.kept(self.request.GET.dict())
        return redirect(address._replace(query=query, fragment=anchor).geturl())


class ImportRefusedRows(OneImport):
    """The refused rows as a CSV file."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        customer_import = self.get_import()
        return csv_response(rows.refused_file(customer_import), "refused-rows.csv")
