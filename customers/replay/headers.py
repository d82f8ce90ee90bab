"""Compares the few headers that clients read. Those that were not recorded are not compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from customers.rest.traffic import Difference, Exchange, Kind

_LINK = re.compile(r"<([^>]*)>\s*;[^,]*?\brel=\"?([\w-]+)\"?")

Same = Callable[[str, str], bool]


def header_differences(
    exchange: Exchange, answered: Mapping[str, str], same_url: Same
) -> Iterator[Difference]:
    """The differences of the headers: type of content, places, links, and how long to wait."""
    same: dict[str, Same] = {
        "content-type": _same_media_type,
        "location": same_url,
        "link": lambda was, now: _same_links(was, now, same_url),
        "retry-after": lambda was, now: was.isdigit() == now.isdigit(),
    }
    for name, is_same in same.items():
        recorded, here = exchange.answered_headers.get(name), answered.get(name)
        if recorded is None or (name == "content-type" and not exchange.answer):
            continue
        if here is None or not (recorded == here or is_same(recorded, here)):
            yield Difference(Kind.HEADER, name, recorded, here)


def _same_media_type(recorded: str, answered: str) -> bool:
    """Whether the types are the same. JSON is in UTF-8 whether that is said or not."""
    return recorded.partition(";")[0].strip().lower() == answered.partition(";")[0].strip().lower()


def _same_links(recorded: str, answered: str, same_url: Same) -> bool:
    was = {rel: url for url, rel in _LINK.findall(recorded)}
    now = {rel: url for url, rel in _LINK.findall(answered)}
    return was.keys() == now.keys() and all(same_url(was[rel], now[rel]) for rel in was)
