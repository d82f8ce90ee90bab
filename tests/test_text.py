"""Characters that no one sees, in identifiers and in other texts."""

from __future__ import annotations

import pytest

from customers.models import Customer, Organization
from customers.values import text
from tests import factories

UNSEEN = ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u2060", "\u3164", "\U000e0041"]


@pytest.mark.parametrize("around", [*UNSEEN, " ", "\u00a0", "\t", "\r\n", "\u202a \u00a0"])
def test_unseen_characters_and_spaces_around_a_text_are_trimmed(around: str) -> None:
    assert text.trimmed(f"{around}KEY 1{around}") == "KEY 1"
    assert text.trimmed(around) == ""


@pytest.mark.parametrize("seen", ["KEY 1", "Zoë", "云海", "क्‍ष"[:2], "🦆", "-"])
def test_what_can_be_seen_stays(seen: str) -> None:
    assert text.trimmed(seen) == seen
    assert not text.is_blank(seen)
    assert not text.has_unseen(seen)


@pytest.mark.parametrize("unseen", [*UNSEEN, "\u2800", " \u200b\u00a0", ""])
def test_a_text_of_unseen_characters_is_blank(unseen: str) -> None:
    assert text.is_blank(unseen)


@pytest.mark.parametrize("unseen", [*UNSEEN, "\t", "\n", "\x7f", "\uffff"])
def test_an_unseen_character_inside_is_found(unseen: str) -> None:
    assert text.has_unseen(f"a{unseen}b")


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("plain", ""),
        ("\u202eexe", "\u202c"),
        ("\u202eexe\u202c", ""),
        ("\u2067a\u202bb", "\u202c\u2069"),
        ("\u2067a\u202bb\u2069", ""),
        ("\u202aa\u2066b\u202cc", "\u2069\u202c"),  # an end of embedding does nothing in an isolate
        ("a\u2069b\u202cc", ""),
    ],
)
def test_a_change_of_direction_ends_with_the_text(name: str, ends: str) -> None:
    assert text.balanced(name) == name + ends


@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_name_of_unseen_characters_is_absent(acme: Organization, unseen: str) -> None:
    customer = factories.customer(acme, external_id="x", name=unseen)

    assert Customer.objects.get(pk=customer.pk).name is None


def test_a_name_keeps_its_joiners(acme: Organization) -> None:
    customer = factories.customer(acme, name="\u0646\u0645\u06cc\u200c\u0634\u0648\u062f")

    assert customer.name == "\u0646\u0645\u06cc\u200c\u0634\u0648\u062f"
