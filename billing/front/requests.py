"""A request of ASGI as WSGI wants it."""

from __future__ import annotations

import io
import sys
from typing import Any
from urllib.parse import unquote_to_bytes

from billing.front.bodies import Body

Scope = dict[str, Any]


class _Names(dict[bytes, str]):
    """The names of headers in a WSGI environment; an empty one for a header that is left out.

    A name with an underscore would be taken for the one with a hyphen.
    """

    def __missing__(self, name: bytes) -> str:
        if b"_" in name:
            return ""
        text = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        if len(self) < 1000:  # clients choose the names
            self[name] = text
        return text


_NAMES = _Names({b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"})
_SAME: dict[str, Any] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}


def environ_of(scope: Scope, body: Body | None) -> dict[str, Any]:
    """The WSGI environment of a request (PEP 3333)."""
    server, client = scope["server"], scope["client"] or ("", 0)
    environ = {
        **_SAME,
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO() if body is None else body.file,
    }
    for name, value in scope["headers"]:
        if key := _NAMES[name]:
            text = value.decode("latin-1")
            if key in environ:
                text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
            environ[key] = text
    if body is not None:
        # Django takes a request without a length, as a chunked one is, for one without a body.
        environ["CONTENT_LENGTH"] = str(body.length)
    return environ
