"""What the store's models have in common: ids made from times, versions, constraints, history."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeVar, cast
from uuid import UUID

import pghistory.models
import pgtrigger
from django.db import models, transaction
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone
from django.utils.text import capfirst

from customers.models import statements
from customers.models.columns import UUIDv7Field
from customers.models.compiled import fetch_rows, stored_columns
from customers.models.constraints import TableConstraint
from customers.models.credential import Tenant
from customers.models.errors import VersionMismatch, refusals, waiting
from customers.values.text import is_blank, trimmed

_Value = TypeVar("_Value")


class Mode(models.TextChoices):
    """Live data and test data, which are kept apart."""

    LIVE = "live", "Live"
    TEST = "test", "Test"


def absent_if_blank(value: _Value) -> _Value | None:
    """The value, or None for text of which nothing can be seen."""
    return None if isinstance(value, str) and is_blank(value) else value


def as_stored(name: str, value: _Value) -> _Value | None:
    """The value of a field as it is stored: blank text is None, an email address is trimmed."""
    if name == "email" and isinstance(value, str):
        return cast("_Value", trimmed(value)) or None
    return absent_if_blank(value)


def label(model: type[models.Model], name: str) -> str:
    """The verbose name of a model's field, capitalised."""
    return str(capfirst(str(model._meta.get_field(name).verbose_name)))  # type: ignore[union-attr]


# The id's first 64 bits, in SQL, as `customers.values.uuid7` makes them from `created_at`.
_ID_TELLS_CREATED_AT = (
    "CHECK (left(replace(id::text, '-', ''), 16)"
    " = lpad(to_hex((extract(epoch from created_at) * 1000000)::bigint / 1000), 12, '0')"
    " || '7'"
    " || lpad(to_hex(mod((extract(epoch from created_at) * 1000000)::bigint, 1000) * 4096 / 1000),"
    " 3, '0'))"
)


# Users and payment methods have their customer's organization and mode, and cannot have others.
BELONGS_TO_CUSTOMER = (
    "FOREIGN KEY (organization_id, mode, customer_id)"
    " REFERENCES customers_customer (organization_id, mode, id)"
    " DEFERRABLE INITIALLY DEFERRED"
)


class Identified(models.Model):
    """A row with a UUIDv7 id of its `created_at`."""

    id = UUIDv7Field(primary_key=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        constraints = [
            TableConstraint(name="%(class)s_id_tells_created_at", sql=_ID_TELLS_CREATED_AT)
        ]


class TenantModel(models.Model):
    """A row of one organization, live or test. The model adds its `organization`."""

    organization_id: UUID
    mode = models.CharField(max_length=4, choices=Mode.choices)

    class Meta:
        abstract = True

    @property
    def tenant(self) -> Tenant:
        """Whose row it is."""
        return Tenant(self.organization_id, self.mode)


class RaiseVersion(pgtrigger.Trigger):
    """Raises the version of a row that an update changes; the writer's own has no effect."""

    def get_func(self, model: Any) -> str:
        kept = ("version", "updated_at", "sequential_id")
        fields = [
            field
            for field in model._meta.concrete_fields
            # PostgreSQL computes generated columns only after this trigger.
            if not field.generated and field.name not in kept
        ]
        old, new = (", ".join(f'{row}."{f.column}"' for f in fields) for row in ("OLD", "NEW"))
        return (
            f"IF ROW({old}) IS NOT DISTINCT FROM ROW({new}) THEN RETURN OLD; END IF; "
            "NEW.version = OLD.version + 1; NEW.updated_at = CLOCK_TIMESTAMP(); RETURN NEW;"
        )


class Versioned(Identified):
    """A row whose `version` rises by one with every change, also by raw SQL."""

    #: The fields whose values other rows may have taken: a write of these may be refused.
    MAY_BE_TAKEN: ClassVar[frozenset[str]] = frozenset()

    updated_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(Identified.Meta):
        abstract = True
        triggers: list[pgtrigger.Trigger] = [
            RaiseVersion(name="raise_version", when=pgtrigger.Before, operation=pgtrigger.Update)
        ]

    # --- Verbs -----------------------------------------------------------------------------------
    # Each locks the row first, so that concurrent writers take turns. `expecting` has the versions
    # that the writer accepts (HTTP's If-Match); None accepts any.

    def lock(self, expecting: Collection[int] | None = None) -> None:
        """Lock the row until the transaction ends, and refresh it from the database.

        Raises:
            VersionMismatch: its version is not in `expecting`.
            Locked: another transaction holds it for too long.
        """
        model = type(self)
        with waiting():
            rows = fetch_rows(_by_id_for_update, model, {"id": self.pk})
        if not rows:
            raise model.DoesNotExist
        for name, value in zip(stored_columns(model), rows[0], strict=True):
            setattr(self, name, value)
        self.expect(expecting)

    def expect(self, expecting: Collection[int] | None) -> None:
        """Raise VersionMismatch if the version that was read is not in `expecting`."""
        if expecting is not None and self.version not in expecting:
            raise VersionMismatch

    @transaction.atomic
    def revise(
        self, changes: Mapping[str, object], *, expecting: Collection[int] | None = None
    ) -> None:
        """Write the given fields and no others. Equal values are not a change.

        Raises:
            ValidationError: keyed by field; only the fields that change are checked.
            Refusal: for a rule of the store, for example that a value is another row's.
            VersionMismatch: as `lock`.
        """
        self.lock(expecting)
        self.write(changes)

    def write(self, changes: Mapping[str, object]) -> None:
        """Like `revise`, for a row that this transaction has locked."""
        self._write({name: as_stored(name, value) for name, value in changes.items()})

    def _write(self, values: Mapping[str, object]) -> None:
        """Set and save those of `values` that differ from the locked row."""
        changed = {name: value for name, value in values.items() if getattr(self, name) != value}
        if not changed:
            return
        for name, value in changed.items():
            setattr(self, name, value)
        self.clean_fields(exclude={field.name for field in self._meta.fields} - changed.keys())
        with refusals(savepoint=not changed.keys().isdisjoint(self.MAY_BE_TAKEN)):
            statements.update(self, changed, returning=["version", "updated_at"])


def _by_id_for_update(
    model: type[models.Model], values: Mapping[str, Any]
) -> models.QuerySet[Any, Any]:
    rows = model._base_manager.filter(pk=values["id"]).select_for_update()
    return rows.values_list(*stored_columns(model))


class CustomerRelated(TenantModel, Versioned):
    """A row that belongs to a customer, and is deleted when it is removed."""

    class Meta(Versioned.Meta):
        abstract = True

    @transaction.atomic
    def remove(self, *, expecting: Collection[int] | None = None) -> None:
        """Delete the row; its history stays.

        Raises:
            VersionMismatch: as `lock`.
        """
        self.lock(expecting)
        self.delete()

    @classmethod
    @transaction.atomic
    def bring_back(cls, removal: Any) -> Self:
        """Insert a row again as the event of its removal has it, under its id, as a new version.

        Raises:
            VersionMismatch: it is there.
            Refusal: for a rule of the store, for example that a value is another row's by now.
        """
        fields = [field.attname for field in cls._meta.concrete_fields if not field.generated]
        row = cls(**{name: getattr(removal, name) for name in fields})
        row.version, row.updated_at = removal.version + 1, timezone.now()
        if cls._base_manager.filter(pk=row.pk).exists():
            raise VersionMismatch
        with refusals():
            row.save(force_insert=True)
        return row


class HistoryEvent(pghistory.models.Event):
    """One change of one row: the row after it (before a delete), and its author (`pgh_context`)."""

    pgh_id = models.BigAutoField(primary_key=True)
    #: The number of the transaction that wrote it here: its place in the order of all events.
    pgh_xid = models.BigIntegerField(
        db_default=models.Func(function="customers_xid"), editable=False, serialize=False
    )
    pgh_obj_id: object

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pgh_label} {self.pgh_obj_id}"


def by_request(name: str) -> models.Index:
    """An index of an event table by request, the newest event last."""
    return models.Index(KeyTextTransform("request_id", "pgh_context"), "pgh_id", name=name)


def by_time(name: str) -> models.Index:
    """An index of an event table by tenant and time."""
    return models.Index(fields=["organization", "mode", "pgh_created_at", "pgh_id"], name=name)


def by_transaction(name: str) -> models.Index:
    """An index of an event table by tenant and transaction: the order of all events."""
    return models.Index(fields=["organization", "mode", "pgh_xid", "pgh_id"], name=name)


def tracked(*, exclude: list[str] | None = None, indexes: Sequence[models.Index] = ()) -> Any:
    """Class decorator: triggers write every insert, update and delete into `<Model>Event`.

    `indexes` are the event table's, beyond those of its own id and of the row's.
    """

    def track(model: Any) -> Any:
        names = {
            "verbose_name": f"change of {model._meta.verbose_name}",
            "verbose_name_plural": f"changes of {model._meta.verbose_name_plural}",
        }
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            model_name=f"{model.__name__}Event",
            obj_field=pghistory.ObjForeignKey(related_name="events", db_index=True),
            context_id_field=None,  # type: ignore[arg-type]
            exclude=exclude,
            meta={**names, "indexes": list(indexes)},
        )(model)

    return track
