"""The proof that no original value is in a finished fixture, in any place.

It knows nothing of how values were replaced. A place has what `kept` allows there by name, the id
of another row, or a text in which no original is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.apps import apps
from django.db import models

from customers.twin.copies import leaves
from customers.twin.kept import CONTEXT_KEYS, WHOLE, is_kept, is_kept_in_context
from customers.twin.originals import Originals


def survivors(
    fixture: list[dict[str, Any]], originals: Originals, keys: Collection[str]
) -> Iterator[str]:
    """Yield every place of a fixture that has what it must not have."""
    for number, row in enumerate(fixture, 1):
        model = apps.get_model(row["model"])
        for name in _wrong_in(model, row, originals, keys):
            yield f"row {number} ({row['model']}): {name}"


def _wrong_in(
    model: type[models.Model], row: dict[str, Any], originals: Originals, keys: Collection[str]
) -> Iterator[str]:
    known = {column.name: column for column in model._meta.concrete_fields}
    if row.keys() != {"model", "pk", "fields"}:
        yield "its form"
    if not _is_id(row["pk"], originals):
        yield "pk"
    for name, value in row["fields"].items():
        column = known.get(name)
        if column is None:
            yield "a field that the model has not"
        elif isinstance(column, models.JSONField):
            if not all(
                _is_allowed(name, path, item, value, originals, keys)
                for path, item in leaves(value)
            ):
                yield name
        elif isinstance(column, models.UUIDField | models.ForeignKey):
            if not _is_id(value, originals):
                yield name
        elif not is_kept(name, value) and (name in WHOLE or not _is_clean(value, originals)):
            yield name


def _is_allowed(
    name: str,
    path: tuple[str, ...],
    value: Any,
    whole: Any,
    originals: Originals,
    keys: Collection[str],
) -> bool:
    """Whether nothing is wrong with a value in JSON, and with the keys that lead to it."""
    is_context = name == "pgh_context"
    known = CONTEXT_KEYS if is_context else keys
    if not all(key in known or _is_clean(key, originals) for key in path):
        return False
    if value in (None, {}, []) or isinstance(value, bool):
        return True
    return (is_context and is_kept_in_context(path, value, whole)) or _is_clean(value, originals)


def _is_clean(value: object, originals: Originals) -> bool:
    return isinstance(value, str) and not originals.survive_in(value)


def _is_id(value: object, originals: Originals) -> bool:
    """Whether it is no id, or another row's: of which any part but the time was made up."""
    return value is None or (isinstance(value, str) and not originals.has_id(value))
