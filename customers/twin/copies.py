"""The twin of each row: what is learnt of all rows, and then the copy of one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.db import models

from customers.models.base import HistoryEvent
from customers.twin.kept import CONTEXT_KEYS, WHOLE, is_kept, is_kept_in_context
from customers.twin.originals import Originals
from customers.twin.replacements import CannotBeReplaced, Replacements
from customers.twin.rows import customer_of
from customers.twin.rules import Rule, rules_of, rules_of_text

#: Members of staff are not in a twin.
STAFF = frozenset({"author", "said_by"})
_METADATA, _CONTEXT = "metadata", "pgh_context"
#: The number of the transaction that wrote an event is each database's own.
_TRANSACTION = "pgh_xid"

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that cannot be replaced: where it is, and not what it is."""

    customer: UUID | None
    what: str
    field: str

    def __str__(self) -> str:
        whose = f"customer {self.customer}" if self.customer else "the organization"
        return f"{whose}: {self.field} of a {self.what}"


@dataclass(slots=True)
class Twin:
    """Makes the twins of rows, all of which it has seen before."""

    replacements: Replacements
    originals: Originals
    keys: Collection[str]
    """The keys of metadata that stay."""
    numbers: Mapping[UUID, int]
    """The twins' numbers, by the ids of the originals."""
    refusals: dict[Refusal, None] = field(default_factory=dict)
    learnt: set[tuple[Any, ...]] = field(default_factory=set)
    """The texts that it has taken note of, with their fields and countries."""

    # --- Before ----------------------------------------------------------------------------------

    def learn(self, row: models.Model) -> None:
        """Take note of the values of a row, and of what holds of each."""
        country = getattr(row, "country", None)
        for column in columns_of(row):
            value = getattr(row, column.attname)
            if isinstance(value, UUID):
                self.originals.add_id(value)
            elif column.name in (_METADATA, _CONTEXT):
                for text in self._texts(column.name, value):
                    self._learn(text, rules_of_text)
            elif isinstance(value, str) and not is_kept(column.name, value):
                own = _tracked(row)._meta.get_field(column.name)
                self._learn(value, rules_of, own, country)

    def _learn(self, text: str, rules: Callable[..., Iterable[Rule]], *place: object) -> None:
        if (text, *place) not in self.learnt:
            self.learnt.add((text, *place))
            self.originals.add(text)
            self.replacements.keep(text, rules(text, *place))

    def _texts(self, name: str, value: Any) -> Iterator[str]:
        """Yield each text of a JSON value that is replaced, and each key."""
        for path, item in leaves(value):
            yield from (key for key in path if not self.stays(name, key))
            if isinstance(item, str) and not _is_kept_in(name, path, item, value):
                yield item

    # --- After -----------------------------------------------------------------------------------

    def copy(self, row: models.Model) -> models.Model:
        """The twin of a row. What cannot be replaced is added to `refusals`."""
        values = {}
        for column in columns_of(row):
            try:
                values[column.attname] = self._value(row, column, getattr(row, column.attname))
            except CannotBeReplaced:
                what = str(row._meta.verbose_name)
                self.refusals[Refusal(customer_of(row), what, column.name)] = None
        return type(row)(**values)

    def _value(self, row: models.Model, column: models.Field[Any, Any], value: Any) -> Any:
        if column.name == "sequential_id":
            return self.numbers[row.pk]
        if column.name in STAFF or isinstance(column, models.AutoField):
            return None
        if value is None or column.name in WHOLE:
            return value
        if isinstance(value, UUID):
            return self.replacements.id(value)
        if column.name in (_METADATA, _CONTEXT):
            return self._json(column.name, (), value, value)
        if not isinstance(value, str):
            raise CannotBeReplaced
        return value if is_kept(column.name, value) or not value else self.replacements.text(value)

    def _json(self, name: str, path: Path, value: Any, whole: Any) -> Any:
        if isinstance(value, dict):
            return {
                key
                if self.stays(name, key) or not key
                else self.replacements.text(key): self._json(name, (*path, key), item, whole)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self._json(name, path, item, whole) for item in value]
        if value in (None, "") or isinstance(value, bool) or _is_kept_in(name, path, value, whole):
            return value
        if not isinstance(value, str):
            raise CannotBeReplaced
        return self.replacements.text(value)

    def stays(self, name: str, key: str) -> bool:
        """Whether a key of a JSON value stays."""
        return key in (CONTEXT_KEYS if name == _CONTEXT else self.keys)


def columns_of(row: models.Model) -> list[models.Field[Any, Any]]:
    """The columns that a fixture has."""
    return [
        column
        for column in row._meta.concrete_fields
        if not column.generated and column.name != _TRANSACTION
    ]


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield what is in a JSON value, with the keys that lead to it."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list) and value:
        for item in value:
            yield from leaves(item, path)
    else:
        yield path, value


def _is_kept_in(name: str, path: Path, value: Any, whole: Any) -> bool:
    return name == _CONTEXT and is_kept_in_context(path, value, whole)


def _tracked(row: models.Model) -> type[models.Model]:
    """The model whose rules a row keeps."""
    if isinstance(row, HistoryEvent):
        return cast("type[models.Model]", row.pgh_tracked_model)
    return type(row)
