"""The pages that upload a file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from customers.backoffice.export import csv_response
from customers.backoffice.imports.forms import FileForm
from customers.backoffice.imports.views import ImportPage
from customers.backoffice.progress import Ending, Link, Work, progress_page
from customers.imports import columns, read
from customers.imports.errors import Reading, UnknownEncoding
from customers.imports.export import template
from customers.imports.upload import begin, store, too_large
from customers.imports.upload_handler import is_too_large
from customers.models import CustomerImport
from customers.models.errors import Refusal

#: From this size on, the progress of reading a file is shown.
PROGRESS_FROM_BYTES = 512 * 1024


class ImportNew(ImportPage):
    """Uploads a file."""

    template_name = "backoffice/imports/new.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self._show(FileForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = FileForm(request.POST, request.FILES)
        if is_too_large(request):
            form.fields["file"].error_messages["required"] = too_large()
        if not form.is_valid():
            return self._show(form, status=400)
        file, encoding = form.cleaned_data["file"], form.cleaned_data["encoding"]
        scope = self.scope
        customer_import = begin(scope.organization, scope.mode, scope.user, file.name)
        try:
            read.require_encoding(file, encoding)
            if file.size >= PROGRESS_FROM_BYTES:
                return self._progress(customer_import, file, encoding)
            for _done in store(customer_import, file, encoding):
                pass
        except UnknownEncoding as refusal:
            form.add_error("file", str(refusal))
            return self._show(form, status=400, readings=refusal.readings)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
            return self._show(form, status=400)
        return self.go("import_columns", customer_import.pk)

    def _progress(
        self, customer_import: CustomerImport, file: UploadedFile[bytes], encoding: str
    ) -> HttpResponseBase:
        work = Work(
            steps=partial(store, customer_import, file, encoding),
            title=_("Reading %(file)s") % {"file": customer_import},
            done=lambda: Ending(_("The file is uploaded. Nothing is imported yet.")),
            next=Link(
                _("Match the columns"), self.scope.address("import_columns", customer_import.pk)
            ),
            failed=_("The file was not uploaded."),
            back=Link(_("Choose another file"), self.scope.address("import_new")),
        )
        return progress_page(self.request, work, scope=self.scope, section=self.section)

    def _show(
        self, form: FileForm, status: int = 200, readings: Sequence[Reading] = ()
    ) -> HttpResponseBase:
        return self.render(
            status=status,
            title=_("Import customers"),
            form=form,
            readings=readings,
            fields=[columns.label(field) for field in ("id", *columns.FIELDS)],
            max_rows=read.MAX_ROWS,
            max_columns=read.MAX_COLUMNS,
            max_mib=read.MAX_BYTES // 1024**2,
        )


class ImportTemplate(ImportPage):
    """A CSV file with the names of all columns and no rows."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return csv_response(template(), "customers-template.csv")
