"""Compares the changes that two people made to one row, field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from customers.models.base import label


@dataclass(frozen=True, slots=True)
class Side:
    """A value as the page shows it and as the form sends it."""

    shown: str
    sent: str


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field that either person changed. `base` is the value before both changes."""

    name: str
    label: str
    base: Side
    yours: Side
    theirs: Side
    who: str
    """"you", "they", "both", or "keys" if both changed metadata, but different keys of it."""
    merged: Side
    """The value to save, unless `who` is "both"."""


def find_conflicts(
    row: Model,
    base: Mapping[str, Any],
    yours: Mapping[str, Any],
    theirs: Mapping[str, Any],
) -> list[FieldConflict]:
    """Return every field that you or they changed, those that both changed first."""
    found = []
    for name, your_value in yours.items():
        before, mine, other = base[name], your_value, theirs[name]
        if mine == before == other:
            continue
        who = _who(before, mine, other)
        merged = mine if who == "you" else other
        if who == "both" and isinstance(mine, dict) and isinstance(other, dict):
            who, mine, other = _merge_keys(before or {}, mine, other)
            merged = mine
        found.append(
            FieldConflict(
                name=name,
                label=label(type(row), name),
                base=_side(row, name, before),
                yours=_side(row, name, mine),
                theirs=_side(row, name, other),
                who=who,
                merged=_side(row, name, merged),
            )
        )
    return sorted(found, key=lambda conflict: conflict.who != "both")


def _who(before: Any, mine: Any, other: Any) -> str:
    if mine in (other, before):
        return "they"  # or both made the same change
    return "you" if other == before else "both"


def _merge_keys(
    before: dict[str, str], mine: dict[str, str], other: dict[str, str]
) -> tuple[str, dict[str, str], dict[str, str]]:
    """Merge metadata that both changed: both choices keep the keys that only one changed."""
    who = "keys"
    yours: dict[str, str] = {}
    theirs: dict[str, str] = {}
    for key in sorted(before.keys() | mine.keys() | other.keys()):
        values = before.get(key), mine.get(key), other.get(key)
        changed_by = _who(*values)
        if changed_by == "both":
            who = "both"
        for side, value in (
            (yours, values[1] if changed_by in ("you", "both") else values[2]),
            (theirs, values[1] if changed_by == "you" else values[2]),
        ):
            if value is not None:
                side[key] = value
    return who, yours, theirs


def untouched(
    yours: Mapping[str, Any], conflicts: list[FieldConflict], row: Model
) -> list[tuple[str, str]]:
    """Return the other fields of the form, as it sends them."""
    names = {conflict.name for conflict in conflicts}
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
