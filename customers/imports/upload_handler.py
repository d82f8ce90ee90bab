"""Skips uploads that are too large, so that they take no memory and no disk space."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from customers.imports.read import MAX_BYTES

# The rest of the request, beside the file, is far smaller than this.
MAX_REQUEST = MAX_BYTES + 1024 * 1024


def is_too_large(request: HttpRequest) -> bool:
    """Whether the files of a request are skipped. Every request has a length (`billing.wsgi`)."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > MAX_REQUEST


class WithinLimit(FileUploadHandler):
    """Skips the files of a request that is too large. Runs before Django's own handlers.

    The request is still read to its end: a browser shows no response before it has sent everything.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.request is not None and is_too_large(self.request):
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Return None: the next handler returns the file."""
