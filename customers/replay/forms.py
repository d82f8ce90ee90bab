"""The forms of texts: how a time, a date or an id is written."""

from __future__ import annotations

import re
from datetime import datetime

_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?P<between>[T ])\d\d:\d\d(?P<seconds>:\d\d)?(?P<fraction>[.,]\d+)?"
    r" ?(?P<zone>Z|z|UTC|[+-]\d\d(?P<colon>:?)\d\d)?"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PREFIXED = re.compile(r"(?P<prefix>[a-z]{2,12}_)[0-9A-Za-z]{6,}")

TEXT = "text"


def form_of(text: str) -> str:
    """What a text is like: a kind of time, a date, an id, or TEXT."""
    if time := _TIME.fullmatch(text):
        return (
            f"time with {time['between']!r}"
            f"{'' if time['seconds'] else ', without seconds'}"
            f"{', with a fraction' if time['fraction'] else ''}, {_zone(time)}"
        )
    if _DATE.fullmatch(text):
        return "date"
    if _UUID.fullmatch(text):
        return "UUID"
    if prefixed := _PREFIXED.fullmatch(text):
        return f"id that begins with {prefixed['prefix']}"
    return TEXT


def _zone(time: re.Match[str]) -> str:
    if time["zone"] is None:
        return "without a zone"
    if time["zone"] in ("Z", "z", "UTC"):
        return time["zone"]
    return f"an offset{' with a colon' if time['colon'] else ''}"


def is_same_time(one: str, other: str) -> bool:
    """Whether two texts are the same time, whatever their forms."""
    if not (_TIME.fullmatch(one) and _TIME.fullmatch(other)):
        return False
    try:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False
