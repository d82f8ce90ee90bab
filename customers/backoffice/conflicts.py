"""Two people changed one row: what each of them did to it, side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.text import capfirst


@dataclass(frozen=True, slots=True)
class Side:
    """One value: as people read it, and as the form takes it."""

    shown: str
    sent: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A field that someone changed. `base` is what it was before."""

    name: str
    label: str
    base: Side
    yours: Side
    theirs: Side
    who: str
    """"both" where they differ, "you" or "they"."""

    @property
    def settled(self) -> Side:
        """What becomes of a field that only one of the two changed."""
        return self.yours if self.who == "you" else self.theirs


def meetings(
    row: Model,
    base: Mapping[str, Any],
    yours: Mapping[str, Any],
    theirs: Mapping[str, Any],
) -> list[Meeting]:
    """Every field that you or they changed, those that both changed first."""
    found = []
    for name, value in yours.items():
        if value == theirs[name]:
            who = "they"  # or both, to the same
            if value == base[name]:
                continue
        elif value == base[name]:
            who = "they"
        elif theirs[name] == base[name]:
            who = "you"
        else:
            who = "both"
        label = str(capfirst(str(row._meta.get_field(name).verbose_name)))  # type: ignore[union-attr]
        before, mine, other = (_side(row, name, side[name]) for side in (base, yours, theirs))
        found.append(Meeting(name, label, before, mine, other, who))
    return sorted(found, key=lambda meeting: meeting.who != "both")


def untouched(yours: Mapping[str, Any], met: list[Meeting], row: Model) -> list[tuple[str, str]]:
    """The other fields of the form, as it takes them."""
    names = {meeting.name for meeting in met}
    return [
        (name, _side(row, name, value).sent) for name, value in yours.items() if name not in names
    ]


def _side(row: Model, name: str, value: Any) -> Side:
    if isinstance(value, dict):
        shown = "\n".join(f"{key}: {text}" for key, text in value.items())
        return Side(shown, json.dumps(value))
    if value is None or value == "":
        return Side("", "")
    choices = dict(row._meta.get_field(name).flatchoices or ())  # type: ignore[union-attr]
    return Side(str(choices.get(value, value)), str(value))
