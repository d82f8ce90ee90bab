"""The WSGI application: `granian --interface wsgi billing.wsgi:application`."""

import gc
import io
import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing.settings")

MAX_CHUNKED_BYTES = 4 * 1024 * 1024  # of a body without Content-Length; the rest is left unread


_CHARSET = re.compile(r";\s*charset\s*=[^;]*", re.IGNORECASE)


class PlainRequests:
    """Changes requests that Django would misread.

    - A body of unknown length (`Transfer-Encoding: chunked`) gets its Content-Length. Django treats
      a request without one as a request without a body: a chunked write would seem to succeed, with
      nothing in it.
    - A charset is removed from Content-Type. Everything is UTF-8 here; Django would decode the
      query string by it, and some charsets (`charset=hex`) raise before any view runs.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if "HTTP_TRANSFER_ENCODING" in environ and not environ.get("CONTENT_LENGTH"):
            body = environ["wsgi.input"].read(MAX_CHUNKED_BYTES)
            environ["wsgi.input"] = io.BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        if content_type := environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = _CHARSET.sub("", content_type)
        return self.application(environ, start_response)


application = PlainRequests(get_wsgi_application())

# What was made at the start stays: looking through it for garbage again and again would make every
# few hundredth request wait for tens of milliseconds.
gc.collect()
gc.freeze()
