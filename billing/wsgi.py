"""The WSGI application: `granian --interface wsgi billing.wsgi:application`."""

import io
import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing.settings")

MAX_CHUNKED_BYTES = 4 * 1024 * 1024  # of a body without Content-Length; the rest is left unread


class ChunkedBodies:
    """Gives a request of unknown length (`Transfer-Encoding: chunked`) a Content-Length.

    Django takes a request without one for a request without a body: a chunked write would be
    answered as if it had succeeded with nothing in it.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if "HTTP_TRANSFER_ENCODING" in environ and not environ.get("CONTENT_LENGTH"):
            body = environ["wsgi.input"].read(MAX_CHUNKED_BYTES)
            environ["wsgi.input"] = io.BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
        return self.application(environ, start_response)


application = ChunkedBodies(get_wsgi_application())
