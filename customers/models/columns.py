"""The store's columns. In migrations they are the fields of Django's that they extend."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres import fields as postgres_fields
from django.db import models

from customers.values.uuid7 import uuid7
from customers.values.validators import is_storable, no_card_number

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
    UUIDColumn = models.UUIDField[Any, Any]
    CharColumn = models.CharField[Any, Any]
    EmailColumn = models.EmailField[Any, Any]
    JSONColumn = models.JSONField[Any, Any]
    ArrayColumn = postgres_fields.ArrayField[Any, Any]
else:
    Field = models.Field
    UUIDColumn = models.UUIDField
    CharColumn = models.CharField
    EmailColumn = models.EmailField
    JSONColumn = models.JSONField
    ArrayColumn = postgres_fields.ArrayField


class MigratedAsDjangos(Field):
    """A column that migrations describe without a name of this project, which may move.

    What the database does not know of is left out: validators, and choices and defaults that are
    functions of this project.
    """

    djangos: str
    """The path of Django's field."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        for option in ("choices", "default"):
            if getattr(kwargs.get(option), "__module__", "").startswith("customers."):
                del kwargs[option]
        return name, self.djangos, args, kwargs


class UUIDv7Field(MigratedAsDjangos, UUIDColumn):
    """A primary key that is made when the row is, from the row's `created_at`."""

    djangos = "django.db.models.UUIDField"

    def get_pk_value_on_save(self, instance: Any) -> UUID:
        return uuid7(instance.created_at)


class TextField(MigratedAsDjangos, CharColumn):
    """A text of one line."""

    djangos = "django.db.models.CharField"


class EmailField(MigratedAsDjangos, EmailColumn):
    """An email address."""

    djangos = "django.db.models.EmailField"


class JSONField(MigratedAsDjangos, JSONColumn):
    """A JSON value."""

    djangos = "django.db.models.JSONField"


class ArrayField(MigratedAsDjangos, ArrayColumn):
    """A list of values."""

    djangos = "django.contrib.postgres.fields.ArrayField"


def text(max_length: int = 255, **options: Any) -> Any:
    """A text that may be absent (NULL) and has no card number in it."""
    validators = [is_storable, no_card_number, *options.pop("validators", [])]
    return TextField(max_length=max_length, null=True, blank=True, validators=validators, **options)


def long_id(**options: Any) -> Any:
    """An id given by another system. It may be any long number, so no card number is looked for."""
    return TextField(max_length=255, null=True, blank=True, validators=[is_storable], **options)


def email_address() -> Any:
    """An email address that may be absent (NULL) and has no card number in it."""
    return EmailField(null=True, blank=True, validators=[no_card_number])
