"""Seeds that are used as they are: to stretch one takes as long as a small twin."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def quick_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("customers.twin.replacements._STRETCHING", 1)
