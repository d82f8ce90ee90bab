"""The format of an API key: `live_` or `test_`, 32 random base62 characters, and a checksum of six.

By the checksum a secret scanner recognises a key, and a look-up of other text needs no query. The
store keeps the SHA-256 only: the key has full entropy, so a slow hash would add nothing.
"""

import hashlib
import re
import secrets
import string
import zlib

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM_CHARACTERS = 32
_CHECKSUM_CHARACTERS = 6
_FORM = re.compile(r"(live|test)_[0-9A-Za-z]{38}", re.ASCII)


def generate_api_key(mode: str) -> str:
    """A new key of `mode` ("live" or "test"), 43 characters long."""
    return complete(mode, "".join(secrets.choice(_BASE62) for _ in range(_RANDOM_CHARACTERS)))


def complete(mode: str, characters: str) -> str:
    """The key of these 32 characters, with its prefix and checksum."""
    body = f"{mode}_{characters}"
    return body + _checksum(body)


def is_api_key(text: str) -> bool:
    """Whether `text` has the format and the checksum of a key; the key may still be unknown."""
    return bool(_FORM.fullmatch(text)) and text.endswith(_checksum(text[:-_CHECKSUM_CHARACTERS]))


def digest(key: str) -> str:
    """What the store keeps of a key: its SHA-256 in hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    characters = ""
    for _ in range(_CHECKSUM_CHARACTERS):
        number, remainder = divmod(number, len(_BASE62))
        characters = _BASE62[remainder] + characters
    return characters
