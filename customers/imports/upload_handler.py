"""Files that are too large are not kept while they arrive, in memory or on disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from customers.imports.reading import MAX_BYTES

# Of a request; what is around the file in it is far smaller.
MAX_REQUEST = MAX_BYTES + 1024 * 1024


def is_too_large(request: HttpRequest) -> bool:
    """Whether the files of a request are not kept. Every request has a length (billing.wsgi)."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST


class WithinLimit(FileUploadHandler):
    """Stands before Django's own handlers, and passes on nothing of a request that is too large.

    The request is read to its end: a browser shows no answer before it has sent everything.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.request is not None and is_too_large(self.request):
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing: the next handler has the file."""
