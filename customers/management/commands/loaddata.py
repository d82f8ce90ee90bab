"""Django's `loaddata`, which also loads history."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializedObject
from django.db import connections, router

from customers.dumps.history import LoadedHistory
from customers.dumps.times import complete
from customers.models.base import HistoryEvent


class Command(loaddata.Command):
    def loaddata(self, fixture_labels: Sequence[str]) -> None:
        self.history = LoadedHistory(self.using)
        super().loaddata(fixture_labels)
        self.history.write()
        self.reset_sequences(connections[self.using], set(self.history.events))

    def save_obj(self, obj: DeserializedObject) -> bool:
        complete(obj.object)
        if not isinstance(obj.object, HistoryEvent):
            return bool(super().save_obj(obj))
        model = type(obj.object)
        if model._meta.app_config in self.excluded_apps or model in self.excluded_models:
            return False
        if not router.allow_migrate_model(self.using, model):
            return False
        self.history.keep(obj)
        return True
