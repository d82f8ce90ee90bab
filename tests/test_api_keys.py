"""The form of an API key."""

from __future__ import annotations

import hashlib
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.values.api_keys import digest, generate_api_key, is_api_key

ALPHABET = string.ascii_letters + string.digits


@pytest.mark.parametrize(
    "key",
    [
        "test_000000000000000000000000000000003Ew7cz",
        "live_aB3aB3aB3aB3aB3aB3aB3aB3aB3aB3Zz1xPWve",
    ],
)
def test_a_key_that_was_handed_out_stays_a_key(key: str) -> None:
    assert is_api_key(key)


@pytest.mark.parametrize("mode", ["live", "test"])
def test_a_key_has_its_mode_as_prefix_and_43_characters(mode: str) -> None:
    assert re.fullmatch(rf"{mode}_[0-9A-Za-z]{{38}}", generate_api_key(mode))


@pytest.mark.parametrize("mode", ["live", "test"])
def test_a_generated_key_is_a_key(mode: str) -> None:
    assert all(is_api_key(generate_api_key(mode)) for _ in range(200))


def test_keys_differ() -> None:
    assert len({generate_api_key("live") for _ in range(1000)}) == 1000


def test_a_key_uses_the_whole_alphabet() -> None:
    used = set("".join(generate_api_key("live")[5:37] for _ in range(200)))

    assert used == set(ALPHABET)


@given(st.integers(0, 42), st.sampled_from(ALPHABET + "_"))
def test_a_key_with_one_other_character_is_none(place: int, character: str) -> None:
    key = generate_api_key("live")
    other = key[:place] + character + key[place + 1 :]

    assert is_api_key(other) == (other == key)


def test_a_key_of_the_other_mode_needs_another_checksum() -> None:
    assert not is_api_key(generate_api_key("live").replace("live_", "test_"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "live_",
        "live_" + "0" * 38,
        "dev_" + "0" * 38,
        "live_" + "\N{ARABIC-INDIC DIGIT ZERO}" * 38,
        "live_" + "ß" * 38,
    ],
)
def test_other_text_is_no_key(text: str) -> None:
    assert not is_api_key(text)


@pytest.mark.parametrize("change", ["{}\n", "\n{}", " {}", "{} ", "{}0", "x{}", "{}\0"])
def test_a_key_with_something_around_it_is_no_key(change: str) -> None:
    assert not is_api_key(change.format(generate_api_key("live")))


def test_only_sha_256_of_a_key_is_kept() -> None:
    key = generate_api_key("live")

    assert digest(key) == hashlib.sha256(key.encode()).hexdigest()
