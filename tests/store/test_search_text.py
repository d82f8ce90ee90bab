"""The normalized text has whatever a field has: the index leaves out no row that matches."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

CHARACTERS = st.one_of(
    st.sampled_from("abAB12zZ  .-_%\\&'@\n"),
    st.sampled_from("éÉñßẞæÆœøłŁıİſÅµ²½ﬁ€№"),
    st.sampled_from("бёЙжΣσςΆώᾳ"),
    st.sampled_from("云海さがガｶﾞ㌖한글각한"),
    st.sampled_from("שָׁםمحَﷺไทย์नमस्ते"),
    st.sampled_from("\u0300\u0301\u0308\u030a\u0316\u0327\u0345\u05b0\u064b\u3099\u200d\ufe0fǀ"),
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"),
)
TEXTS = st.text(CHARACTERS, min_size=1, max_size=12)
FORMS: st.SearchStrategy[Callable[[str], str]] = st.sampled_from(
    [
        str,
        str.upper,
        str.lower,
        str.swapcase,
        lambda text: unicodedata.normalize("NFC", text),
        lambda text: unicodedata.normalize("NFD", text),
    ]
)


@st.composite
def texts_and_parts(draw: st.DrawFn) -> tuple[str, str]:
    """A text and a part of it, each in a form of its own."""
    whole = draw(FORMS)(draw(TEXTS))
    ends = sorted([draw(st.integers(0, len(whole))), draw(st.integers(0, len(whole)))])
    return draw(FORMS)(whole), draw(FORMS)(whole[slice(*ends)])


MISSED = """
SELECT field, part FROM unnest(%s::text[], %s::text[]) AS pair (field, part)
WHERE customers_field_contains(field, part)
    AND NOT customers_lines_contain(customers_lines('before', field, 'after'), part)
"""


class Containment(TestCase):
    @given(st.lists(texts_and_parts(), min_size=1, max_size=200))
    def test_what_a_field_contains_its_line_contains(self, pairs: list[tuple[str, str]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(MISSED, [[field for field, _ in pairs], [part for _, part in pairs]])
            assert cursor.fetchall() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("Straße", "strasse"),
        ("ÆTHER", "aether"),
        ("ΟΔΟΣ", "οδοσ"),
        ("οδος", "οδοσ"),
        ("Cafe\u0301", "cafe"),
        ("Łódź", "lodz"),
        ("Ångström", "angstrom"),
        ("ﬁ ㎏", "fi kg"),
        ("a.-b", "a b"),
    ],
)
def test_the_plain_form(given: str, plain: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT customers_plain(%s)", [given])
        assert cursor.fetchone() == (plain,)
