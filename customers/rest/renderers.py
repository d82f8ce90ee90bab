"""The JSON of all responses."""

from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer


def dump_json(data: Any, *, indent: bool = False) -> bytes:
    """JSON in UTF-8. UUIDs are text, and times are in UTC with a `Z`."""
    option = orjson.OPT_UTC_Z | (orjson.OPT_INDENT_2 if indent else 0)
    return orjson.dumps(data, default=str, option=option)


class JSONRenderer(BaseRenderer):
    """Renders JSON; a response without data has an empty body."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        return b"" if data is None else dump_json(data)
