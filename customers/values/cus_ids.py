"""`cus_…` ids: another encoding of a customer's UUID.

Crockford's base32 in lower case, 26 characters: no character looks like another, and the ids sort
as the UUIDs do, by creation.
"""

from uuid import UUID

PREFIX = "cus_"
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_LENGTH = 26  # of 5 bits: 130, of which the first two are always 0


def encode(id: UUID) -> str:
    """The `cus_…` id of a UUID."""
    return PREFIX + "".join(_ALPHABET[id.int >> shift & 31] for shift in range(125, -1, -5))


def decode(text: str) -> UUID:
    """The UUID of a `cus_…` id. Raises ValueError for any other text."""
    digits = text.removeprefix(PREFIX)
    if len(digits) != _LENGTH or digits == text or not set(digits) <= _VALUES.keys():
        raise ValueError("not a cus_ id")
    number = 0
    for char in digits:
        number = number << 5 | _VALUES[char]
    return UUID(int=number)  # raises for more than 128 bits
