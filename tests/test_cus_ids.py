"""`cus_` ids: UUIDs in another spelling, in the same order, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from customers.values.cus_ids import decode, encode
from customers.values.uuid7 import uuid7

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
FORM = re.compile(r"cus_[0-7][0-9a-hjkmnp-tv-z]{25}")
LEAST, GREATEST = UUID(int=0), UUID(int=2**128 - 1)

uuids = st.integers(0, 2**128 - 1).map(lambda number: UUID(int=number))
digits = st.text(ALPHABET, min_size=26, max_size=26)


@pytest.mark.parametrize(
    ("id", "text"),
    [
        (LEAST, "cus_00000000000000000000000000"),
        (UUID(int=1), "cus_00000000000000000000000001"),
        (UUID(int=32), "cus_00000000000000000000000010"),
        (GREATEST, "cus_7zzzzzzzzzzzzzzzzzzzzzzzzz"),
        # The example of the TypeID specification, which has the same encoding.
        (UUID("0188bac7-4afa-78aa-bc3b-bd1eef28d881"), "cus_01h2xcejqtf2nbrexx3vqjhp41"),
    ],
)
def test_known_ids_have_known_spellings(id: UUID, text: str) -> None:
    assert encode(id) == text
    assert decode(text) == id


@given(uuids)
@example(LEAST)
@example(GREATEST)
def test_every_uuid_comes_back(id: UUID) -> None:
    assert decode(encode(id)) == id


@given(uuids)
def test_every_id_has_the_documented_form(id: UUID) -> None:
    assert FORM.fullmatch(encode(id))


@given(digits)
@example("7" + "z" * 25)
@example("8" + "0" * 25)
def test_every_text_of_the_form_is_the_id_of_one_uuid_and_no_other_is(text: str) -> None:
    if FORM.fullmatch(f"cus_{text}"):
        assert encode(decode(f"cus_{text}")) == f"cus_{text}"
    else:
        with pytest.raises(ValueError):  # noqa: PT011 (of any message)
            decode(f"cus_{text}")


@given(uuids, uuids)
def test_the_order_of_ids_is_the_order_of_uuids(one: UUID, other: UUID) -> None:
    assert (encode(one) < encode(other)) == (one < other)
    assert (encode(one) == encode(other)) == (one == other)


def test_ids_sort_by_the_time_of_their_creation() -> None:
    start = datetime(2026, 1, 31, 12, tzinfo=UTC)
    ids = [encode(uuid7(start + timedelta(milliseconds=number))) for number in range(200)]

    assert ids == sorted(ids)


@given(st.text())
@example("cus_")
@example("")
def test_no_other_text_is_an_id(text: str) -> None:
    if not FORM.fullmatch(text):
        with pytest.raises(ValueError, match="not a cus_ id"):
            decode(text)


GOOD = "01h2xcejqtf2nbrexx3vqjhp41"


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"CUS_{GOOD}",
        f"cus_{GOOD.upper()}",
        f"cus_{GOOD[:-1]}A",
        f"cus{GOOD}",
        f"cus-{GOOD}",
        f"usr_{GOOD}",
        f"cus_cus_{GOOD}",
        f"cus_cus_{GOOD[:22]}",
        f"cus_{GOOD[:-1]}",
        f"cus_{GOOD}0",
        f"cus_0{GOOD}",
        f" cus_{GOOD}",
        f"cus_{GOOD}\n",
        f"cus_ {GOOD[1:]}",
        f"cus_+{GOOD[1:]}",
        f"cus_{GOOD[:-2]}_1",
        *(f"cus_{GOOD[:-1]}{letter}" for letter in "iIlLoOuU"),
        f"cus_{GOOD[:-1]}\N{ARABIC-INDIC DIGIT ONE}",
        f"cus_{GOOD[:-1]}\0",
        f"cus_{GOOD[:-1]}\ud800",
        "cus_0188bac7-4afa-78aa-bc3b-bd1eef28d881",
        "cus_0188bac74afa78aabc3bbd1eef28d881",
        "0188bac7-4afa-78aa-bc3b-bd1eef28d881",
        "cus_abc123def456",
    ],
)
def test_another_spelling_of_an_id_is_no_id(text: str) -> None:
    decode(f"cus_{GOOD}")
    with pytest.raises(ValueError, match="not a cus_ id"):
        decode(text)


@given(st.integers(8, 31), st.text(ALPHABET, min_size=25, max_size=25))
def test_what_is_more_than_128_bits_is_no_id(first: int, rest: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (of any message)
        decode(f"cus_{ALPHABET[first]}{rest}")
