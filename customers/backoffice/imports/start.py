"""Where imports begin: the list of them, and the upload of a file."""

from __future__ import annotations

from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from customers.backoffice.export import csv_response
from customers.backoffice.imports.forms import FileForm
from customers.backoffice.imports.views import ImportPage
from customers.backoffice.progress import Link, Work, progress_page
from customers.imports import columns, reading
from customers.imports.exporting import template
from customers.imports.upload_handler import is_too_large
from customers.imports.uploading import begin, store, too_large
from customers.models import CustomerImport
from customers.models.errors import Refusal

LATEST = 50
#: A file from this size on is seen to be read.
MANY_BYTES = 512 * 1024


class Imports(ImportPage):
    """The latest imports."""

    template_name = "backoffice/imports/list.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        latest = self.imports.order_by("-pk")[:LATEST]
        return self.render(title=_("Imports"), imports=latest, latest=LATEST)


class ImportNew(ImportPage):
    """Where a file is uploaded."""

    template_name = "backoffice/imports/new.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._show(FileForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = FileForm(request.POST, request.FILES)
        if is_too_large(request):
            form.fields["file"].error_messages["required"] = too_large()
        if not form.is_valid():
            return self._show(form, status=400)
        file = form.cleaned_data["file"]
        scope = self.scope
        begun = begin(scope.organization, scope.mode, scope.user, file.name)
        if file.size >= MANY_BYTES:
            return self._see(begun, file)
        try:
            for _done in store(begun, file):
                pass
        except Refusal as refusal:
            form.add_error("file", str(refusal))
            return self._show(form, status=400)
        return self.go("import_columns", begun.pk)

    def _see(self, begun: CustomerImport, file: UploadedFile[bytes]) -> HttpResponseBase:
        work = Work(
            steps=partial(store, begun, file),
            title=_("Reading %(file)s") % {"file": begun},
            done=_("The file is read. Nothing is imported yet."),
            on=Link(_("Match the columns"), self.scope.address("import_columns", begun.pk)),
            failed=_("The file was not taken in."),
            back=Link(_("Choose another file"), self.scope.address("import_new")),
        )
        return progress_page(self.request, work, scope=self.scope, section=self.section)

    def _show(self, form: FileForm, status: int = 200) -> HttpResponseBase:
        return self.render(
            status=status,
            title=_("Import customers"),
            form=form,
            fields=[columns.label(field) for field in ("id", *columns.FIELDS)],
            max_rows=reading.MAX_ROWS,
            max_columns=reading.MAX_COLUMNS,
            max_mib=reading.MAX_BYTES // 1024**2,
        )


class ImportTemplate(ImportPage):
    """A file with the names of all columns and no rows."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return csv_response(template(), "customers-template.csv")
