"""What can be done to many customers at once, and how it is done: each row as if it were alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from django_countries import countries

from customers.imports.batches import batched
from customers.models import Customer, Selection
from customers.models.base import label
from customers.models.credential import Actor
from customers.models.errors import Refusal, VersionMismatch
from customers.models.history import acting
from customers.models.locks import extend
from customers.models.querysets import CustomerQuerySet

_BATCH = 100
#: Of so many rows that are left out, the page tells which and why.
NAMED = 100


class Change:
    """Something that is done to each customer of a selection."""

    #: Of `%(n)d` customers.
    title: ClassVar[Any]
    button: ClassVar[Any]
    done: ClassVar[Any]
    help: ClassVar[str | Promise] = ""
    #: What the others are already.
    already: ClassVar[str | Promise]
    permission: ClassVar[str] = "customers.change_customer"
    is_dangerous: ClassVar[bool] = False

    def due(self, rows: CustomerQuerySet) -> CustomerQuerySet:
        """Those of `rows` that it would change."""
        raise NotImplementedError

    def do(self, customer: Customer, version: int) -> None:
        """Do it to a customer at a version. Raises Refusal or ValidationError."""
        raise NotImplementedError

    def refused(self, rows: CustomerQuerySet) -> str:
        """What is known before of rows that cannot be done; empty if nothing is."""
        return ""


class Archive(Change):
    """Archives the live ones."""

    title = ngettext_lazy("Archive %(n)s customer?", "Archive %(n)s customers?", "count")
    button = ngettext_lazy("Archive %(n)s customer", "Archive %(n)s customers", "count")
    done = ngettext_lazy("%(n)s customer is archived.", "%(n)s customers are archived.", "count")
    help = gettext_lazy(
        "They leave every list and every API list. Their external ids become free. "
        "You can restore them."
    )
    already = gettext_lazy("already archived")
    is_dangerous = True

    def due(self, rows: CustomerQuerySet) -> CustomerQuerySet:
        return rows.live()

    def do(self, customer: Customer, version: int) -> None:
        customer.archive(expecting=[version])


class Restore(Change):
    """Restores the archived ones."""

    title = ngettext_lazy("Restore %(n)s customer?", "Restore %(n)s customers?", "count")
    button = ngettext_lazy("Restore %(n)s customer", "Restore %(n)s customers", "count")
    done = ngettext_lazy("%(n)s customer is restored.", "%(n)s customers are restored.", "count")
    help = gettext_lazy("They are in every list again, with their external ids.")
    already = gettext_lazy("live already")

    def due(self, rows: CustomerQuerySet) -> CustomerQuerySet:
        return rows.archived()

    def do(self, customer: Customer, version: int) -> None:
        customer.restore(expecting=[version])

    def refused(self, rows: CustomerQuerySet) -> str:
        same = Customer.objects.live().filter(
            organization=OuterRef("organization"),
            mode=OuterRef("mode"),
            external_id=OuterRef("external_id"),
        )
        count = rows.filter(Exists(same)).count()
        text = ngettext(
            "%(n)d has an external id that another live customer has, and is left out.",
            "%(n)d have external ids that other live customers have, and are left out.",
            count,
        )
        return text % {"n": count} if count else ""


@dataclass
class Edit(Change):
    """Writes one field, or the value of one key of the metadata."""

    values: Mapping[str, Any]
    title = ngettext_lazy("Change %(n)s customer?", "Change %(n)s customers?", "count")
    button = ngettext_lazy("Change %(n)s customer", "Change %(n)s customers", "count")
    done = ngettext_lazy("%(n)s customer is changed.", "%(n)s customers are changed.", "count")
    already = gettext_lazy("have this value already")

    @property
    def help(self) -> str:  # type: ignore[override]
        return "; ".join(
            _("%(name)s becomes “%(value)s”") % {"name": name, "value": value}
            if value
            else _("%(name)s becomes empty") % {"name": name}
            for name, value in self._shown
        )

    @property
    def _shown(self) -> Iterator[tuple[str, Any]]:
        for name, value in self.values.items():
            if name == "metadata":
                yield from ((f"{label(Customer, name)}, {key}", value[key]) for key in value)
            else:
                shown = countries.name(value) if name == "country" and value else value
                yield label(Customer, name), shown

    def due(self, rows: CustomerQuerySet) -> CustomerQuerySet:
        for name, value in self.values.items():
            if name != "metadata":
                rows = rows.exclude(**{name: value})
                continue
            for key, text in value.items():
                same = {"metadata__contains": {key: text}} if text else {"metadata__has_key": key}
                rows = rows.exclude(**same) if text else rows.filter(**same)
        return rows

    def do(self, customer: Customer, version: int) -> None:
        changes = dict(self.values)
        if "metadata" in changes:
            merged = {**customer.metadata, **changes["metadata"]}
            changes["metadata"] = {key: text for key, text in merged.items() if text}
        customer.revise(changes, expecting=[version])

    def now(self, customer: Customer) -> str:
        """What the customer has now where it will be changed."""
        (name, value) = next(iter(self.values.items()))
        if name == "metadata":
            return str(customer.metadata.get(next(iter(value)), ""))
        return str(getattr(customer, name) or "")


class Export(Change):
    """Downloads a CSV file of them. It changes nothing."""

    title = ngettext_lazy("Export %(n)s customer?", "Export %(n)s customers?", "count")
    button = ngettext_lazy("Export %(n)s customer", "Export %(n)s customers", "count")
    help = gettext_lazy("A CSV file with every field of these customers. It can be imported again.")
    permission = "customers.export_customer"

    def due(self, rows: CustomerQuerySet) -> CustomerQuerySet:
        return rows


CHANGES: dict[str, type[Change]] = {
    "archive": Archive,
    "restore": Restore,
    "edit": Edit,
    "export": Export,
}


def change_of(selection: Selection) -> Change:
    """What is to be done to a selection."""
    kind = CHANGES[selection.action]
    return kind(selection.values or {}) if issubclass(kind, Edit) else kind()


def carry_out(selection: Selection, actor: Actor, reason: str) -> Iterator[int]:
    """Do it once, to all that are as they were seen; yields how many rows are dealt with.

    `selection.result` then has how many are done, how many needed nothing, and which are left out
    and why.
    """
    change = change_of(selection)
    with transaction.atomic(), acting(actor, reason=reason):
        extend(settings.DATABASE_LIMITS["import"])
        locked = Selection.objects.select_for_update().get(pk=selection.pk)
        if locked.done_at is not None:
            selection.result = locked.result  # someone sent the form twice
            return
        result: dict[str, Any] = {"done": 0, "unchanged": 0, "left_out": 0, "why": []}
        dealt_with = 0
        for batch in batched(selection.seen.items(), _BATCH):
            for id, why in _do(selection, change, dict(batch)):
                result["left_out" if why else "done"] += 1
                if why and len(result["why"]) < NAMED:
                    result["why"].append([str(id), why])
            dealt_with += len(batch)
            yield dealt_with
        result["unchanged"] = dealt_with - result["done"] - result["left_out"]
        selection.result = result
        selection.done_at = timezone.now()
        selection.save(update_fields=["result", "done_at"])


def _do(
    selection: Selection, change: Change, batch: Mapping[UUID, int]
) -> Iterator[tuple[UUID, str]]:
    """Do it to a batch. Yields each that is due, with why it is left out, or an empty text."""
    customers = Customer.objects.visible_to(selection.tenant)
    due = change.due(customers.filter(pk__in=batch)).order_by("pk")
    for customer in due:
        try:
            change.do(customer, batch[customer.pk])
        except VersionMismatch:
            yield customer.pk, _("It was changed after you chose it.")
        except Refusal as refusal:
            yield customer.pk, str(refusal)
        except ValidationError as error:
            yield customer.pk, " ".join(error.messages)
        else:
            yield customer.pk, ""
