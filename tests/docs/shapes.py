"""Whether what a command printed has the shape of what the documentation shows."""

from __future__ import annotations

import json
import re
from typing import Any

ANYTHING = "…"


def differences(shown: str, printed: str) -> list[str]:
    """What is shown and not printed so. Headers are shown before an empty line, JSON as it is."""
    if shown.startswith("HTTP/"):
        head, _, shown = shown.partition("\n\n")
        found_head, _, printed = printed.replace("\r\n", "\n").partition("\n\n")
        found = set(found_head.lower().splitlines())
        missing = [f"no {line}" for line in head.splitlines() if line.lower() not in found]
        return missing + (differences(shown, printed) if shown else [])
    if shown.startswith(("{", "[")):
        return list(_in_json(json.loads(shown), json.loads(printed), "answer"))
    return [f"no {line}" for line in shown.splitlines() if not _is_printed(line, printed)]


def _is_printed(line: str, printed: str) -> bool:
    parts = map(re.escape, line.split(ANYTHING))
    return re.search(f"^{'.*'.join(parts)}$", printed, re.MULTILINE) is not None


def _in_json(shown: Any, found: Any, place: str) -> list[str]:
    """Members have the same names, values the same type; "…" is any value, or further members."""
    if shown == ANYTHING:
        return []
    if type(shown) is not type(found):
        return [f"{place} is {json.dumps(found)}, not like {json.dumps(shown)}"]
    if isinstance(shown, list):
        if len(shown) > len(found):
            return [f"{place} has {len(found)} elements, not {len(shown)}"]
        pairs = [(f"{place}[{i}]", each, found[i]) for i, each in enumerate(shown)]
    elif isinstance(shown, dict):
        named = shown.keys() - {ANYTHING}
        if named - found.keys():
            return [f"{place} has no {', '.join(sorted(named - found.keys()))}"]
        if ANYTHING not in shown and found.keys() - named:
            return [f"{place} also has {', '.join(sorted(found.keys() - named))}"]
        pairs = [(f"{place}.{name}", shown[name], found[name]) for name in sorted(named)]
    else:
        return []
    return [each for place, one, other in pairs for each in _in_json(one, other, place)]
