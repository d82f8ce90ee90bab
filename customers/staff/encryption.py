"""Encrypts secrets that must be read again, with a key derived from `SECRET_KEY`.

What was encrypted before `SECRET_KEY` changed is read as long as the old one is among
`SECRET_KEY_FALLBACKS`. AES-GCM and not Fernet, whose text of such a secret is half as long again as
the column of django-otp.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES = 12


class Unreadable(Exception):
    """A secret was encrypted with a key that is not known any more, or for someone else."""


def encrypt(secret: bytes, owner: str) -> str:
    """The secret as base64 that `decrypt` reads for this owner only."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher(settings.SECRET_KEY).encrypt(nonce, secret, owner.encode())
    return b64encode(nonce + sealed).decode()


def decrypt(text: str, owner: str) -> bytes:
    """The secret that `encrypt` was given. Raises Unreadable."""
    return next(_readings(text, owner))[1]


def is_current(text: str, owner: str) -> bool:
    """Whether the secret is encrypted with today's `SECRET_KEY`. Raises Unreadable."""
    return next(_readings(text, owner))[0] == settings.SECRET_KEY


def _readings(text: str, owner: str) -> Iterator[tuple[str, bytes]]:
    try:
        data = b64decode(text, validate=True)
        for key in map(str, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)):
            try:
                cipher, sealed = _cipher(key), data[_NONCE_BYTES:]
                yield key, cipher.decrypt(data[:_NONCE_BYTES], sealed, owner.encode())
            except InvalidTag:
                continue
    except ValueError:  # no base64, or too short
        pass
    raise Unreadable


@cache
def _cipher(secret_key: str) -> AESGCM:
    derivation = HKDF(SHA256(), length=32, salt=None, info=b"customers.staff.encryption")
    return AESGCM(derivation.derive(secret_key.encode()))
