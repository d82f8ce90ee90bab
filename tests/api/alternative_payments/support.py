"""What the tests of this contract share: the shape of an error."""

from __future__ import annotations

from typing import Any

from tests.api.contract_table import ALTERNATIVE_PAYMENTS


def assert_error(response: Any, status: int) -> dict[str, Any]:
    """The body of an error that has this contract's shape."""
    body: dict[str, Any] = ALTERNATIVE_PAYMENTS.assert_error(response, status)
    return body
