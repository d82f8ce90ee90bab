"""Signatures as the Standard Webhooks specification says, by its own library."""

from __future__ import annotations

import base64
import os
from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
_BYTES = 32


def generate_secret() -> str:
    """A new secret, in the form that the specification gives it."""
    return PREFIX + base64.b64encode(os.urandom(_BYTES)).decode()


def headers(secrets: Sequence[str], id: str, at: datetime, body: str) -> dict[str, str]:
    """The headers of a message, with a signature by each secret."""
    signatures = (Webhook(secret).sign(id, at, body) for secret in secrets)
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
