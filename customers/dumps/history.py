"""The history in a fixture.

Triggers write an event for every row that `loaddata` creates. A fixture that has the events of a
row says itself how the row came to be: for a row that had no history here, its events are the whole
history, and what the triggers wrote of its loading is taken back. All else stays: a row that was
here before has in its history what loading changed.

Events without a number (`"pk": null`) get the next ones here, so a fixture of them can be loaded
beside any other history.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.core.serializers.base import DeserializedObject
from django.db import connections, models
from django.db.models import Exists, Max, OuterRef

from customers.models.base import HistoryEvent


class LoadedHistory:
    """The events of fixtures, which are kept until all rows are loaded.

    It is made before the first row is loaded: later events are those that loading wrote.
    """

    def __init__(self, using: str) -> None:
        self.using = using
        self.last = {
            model: self._stored(model).aggregate(last=Max("pgh_id"))["last"] or 0
            for model in apps.get_models()
            if issubclass(model, HistoryEvent)
        }
        self.events: dict[type[HistoryEvent], list[Any]] = {}

    def keep(self, event: DeserializedObject) -> None:
        row: Any = event.object
        # Serializers leave the tracked row's `id` out, as if it were this row's primary key.
        row.id = row.pgh_obj_id
        self.events.setdefault(type(row), []).append(event)

    def write(self) -> None:
        """Write the events that are not here yet.

        Raises:
            CommandError: an event here differs from the fixture's event with its id.
        """
        for model, events in self.events.items():
            self._take_back(model, {event.object.pgh_obj_id for event in events})
            self._number(model, events)
            known = self._stored(model).in_bulk([event.object.pk for event in events])
            for event in events:
                here = known.get(event.object.pk)
                if here is None:
                    event.save(using=self.using, force_insert=True)
                elif _values(here) != _values(event.object):
                    raise CommandError(
                        f"The history here is another one: {model._meta.label} {here.pk} differs. "
                        "Load the fixture into an empty database, or leave the history out "
                        f"(--exclude {model._meta.label})."
                    )

    def _number(self, model: type[HistoryEvent], events: list[Any]) -> None:
        """Give events without a number those of the first events here of the same row."""
        unnumbered: dict[Any, list[Any]] = {}
        for event in events:
            if event.object.pk is None:
                unnumbered.setdefault(event.object.pgh_obj_id, []).append(event.object)
        here = self._stored(model).filter(pgh_obj_id__in=unnumbered).order_by("-pgh_id")
        numbers: dict[Any, list[int]] = {}
        for row, number in here.values_list("pgh_obj_id", "pgh_id"):
            numbers.setdefault(row, []).append(number)
        for row, without in unnumbered.items():
            for event in without:
                event.pk = numbers[row].pop() if numbers.get(row) else None

    def _stored(self, model: type[HistoryEvent]) -> models.QuerySet[Any]:
        return model._default_manager.using(self.using)

    def _take_back(self, model: type[HistoryEvent], rows: set[Any]) -> None:
        """Delete what loading wrote of the rows that had no history before."""
        last = self.last[model]
        before = self._stored(model).filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lte=last)
        written = self._stored(model).filter(pgh_id__gt=last, pgh_obj_id__in=rows)
        new = written.exclude(Exists(before)).values_list("pgh_id", flat=True)
        if ids := list(new):
            with self._deletable(model):
                self._stored(model).filter(pgh_id__in=ids).delete()

    @contextmanager
    def _deletable(self, model: Any) -> Iterator[None]:
        """Without the trigger against deletion, which only the table's owner can switch off.

        No other transaction sees it off, or can write to the table until this one ends.
        """
        (guard,) = (trigger for trigger in model._meta.triggers if trigger.name == "append_only")
        statement = f'ALTER TABLE "{model._meta.db_table}" {{}} TRIGGER {guard.get_pgid(model)}'
        with connections[self.using].cursor() as cursor:
            cursor.execute(statement.format("DISABLE"))
            yield
            cursor.execute(statement.format("ENABLE"))


def _values(event: models.Model) -> list[object]:
    fields = event._meta.concrete_fields
    return [getattr(event, field.attname) for field in fields if field.name != "pgh_xid"]
