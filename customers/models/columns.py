"""The store's columns. Migrations describe them as the Django fields that they extend."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres import fields as postgres_fields
from django.db import models
from django.db.models.expressions import Combinable

from customers.values.uuid7 import uuid7
from customers.values.validators import (
    validate_no_card_number,
    validate_seen,
    validate_storable,
)

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
    UUIDColumn = models.UUIDField[Any, Any]
    CharColumn = models.CharField[Any, Any]
    EmailColumn = models.EmailField[Any, Any]
    SmallNumberColumn = models.PositiveSmallIntegerField[Any, Any]
    JSONColumn = models.JSONField[Any, Any]
    GeneratedColumn = models.GeneratedField
    ArrayColumn = postgres_fields.ArrayField[Any, Any]
    NumberColumn = models.PositiveBigIntegerField[Any, Any]
else:
    Field = models.Field
    UUIDColumn = models.UUIDField
    CharColumn = models.CharField
    EmailColumn = models.EmailField
    SmallNumberColumn = models.PositiveSmallIntegerField
    JSONColumn = models.JSONField
    GeneratedColumn = models.GeneratedField
    ArrayColumn = postgres_fields.ArrayField
    NumberColumn = models.PositiveBigIntegerField


class DjangoFieldInMigrations(Field):
    """A column that migrations describe as a field of Django's, so that this module may move.

    Validators, and choices and defaults that are functions of this project, are left out: they do
    not change the database.
    """

    django_path: str
    """The import path of Django's field."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("validators", None)
        for option in ("choices", "default"):
            if getattr(kwargs.get(option), "__module__", "").startswith("customers."):
                del kwargs[option]
        return name, self.django_path, args, kwargs


class UUIDv7Field(DjangoFieldInMigrations, UUIDColumn):
    """A primary key that is generated on insert, from the row's `created_at`."""

    django_path = "django.db.models.UUIDField"

    def get_pk_value_on_save(self, instance: Any) -> UUID:
        return uuid7(instance.created_at)


class TextField(DjangoFieldInMigrations, CharColumn):
    """A text of one line."""

    django_path = "django.db.models.CharField"


class CountryField(TextField):
    """A country's alpha-2 code, which its validators judge.

    Its choices are for forms: comparing each of them takes longer than the insert.
    """

    def validate(self, value: Any, model_instance: Any) -> None:
        if value is None:
            super().validate(value, model_instance)


class EmailField(DjangoFieldInMigrations, EmailColumn):
    """An email address, judged by Django's `EmailValidator`."""

    django_path = "django.db.models.EmailField"


class SmallNumberField(DjangoFieldInMigrations, SmallNumberColumn):
    """A small whole number, not below 0."""

    django_path = "django.db.models.PositiveSmallIntegerField"


class JSONField(DjangoFieldInMigrations, JSONColumn):
    """A JSON value."""

    django_path = "django.db.models.JSONField"


class LinesField(DjangoFieldInMigrations, GeneratedColumn):
    """A text that the database makes of others, for searching: no insert returns it."""

    django_path = "django.db.models.GeneratedField"
    db_returning = False  # type: ignore[assignment]


class NumberField(DjangoFieldInMigrations, NumberColumn):
    """A number that a trigger gives a new row, unless the row brings its own."""

    django_path = "django.db.models.PositiveBigIntegerField"
    db_returning = True

    def __init__(self, **options: Any) -> None:
        # Blank until it is stored, but never NULL then.
        super().__init__(**{**options, "editable": False, "blank": True})


class ArrayField(DjangoFieldInMigrations, ArrayColumn):
    """A list of values."""

    django_path = "django.contrib.postgres.fields.ArrayField"


def text(max_length: int = 255, **options: Any) -> Any:
    """A text that may be absent (NULL) and has no card number in it."""
    validators = [validate_storable, validate_no_card_number, *options.pop("validators", [])]
    return TextField(max_length=max_length, null=True, blank=True, validators=validators, **options)


def long_number(**options: Any) -> Any:
    """A text that may be any long number, and is therefore not checked for card numbers.

    Such are ids of other systems, registration numbers (a SIRET has Luhn's check digit) and
    telephone numbers.
    """
    return TextField(
        max_length=255,
        null=True,
        blank=True,
        validators=[validate_storable, validate_seen],
        **options,
    )


def email_address() -> Any:
    """An email address, or NULL. Django judges its form; it has no card number in it.

    Django lets unseen characters pass in the name of a host.
    """
    return EmailField(null=True, blank=True, validators=[validate_no_card_number, validate_seen])


def lines(*texts: str | Combinable) -> Any:
    """The text in which a row is searched: each of the given texts on a line of its own.

    It is for conditions alone; a `SearchedManager` does not load it.
    """
    return LinesField(
        expression=models.Func(*texts, function="customers_lines"),
        output_field=models.TextField(),
        db_persist=True,
        serialize=False,
    )
