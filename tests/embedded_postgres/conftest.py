"""Checkouts of an ordinary user and, where root runs the tests, of root."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkouts import NOBODY, Checkout, Make, users


@pytest.fixture(params=users())
def uid(request: pytest.FixtureRequest) -> int:
    return 0 if request.param == "root" else os.geteuid() or NOBODY


@pytest.fixture
def make(uid: int) -> Iterator[Make]:
    """Makes checkouts, and removes them with their servers."""
    made: list[Checkout] = []
    # pytest's own folders are closed to other users than the one who runs it.
    folder = Path(tempfile.mkdtemp(prefix="checkouts-"))
    os.chown(folder, uid, -1)

    def make(name: str = "checkout") -> Checkout:
        made.append(Checkout(folder / name, uid))
        return made[-1]

    try:
        yield make
    finally:
        for checkout in reversed(made):
            checkout.remove()
        shutil.rmtree(folder)


@pytest.fixture
def checkout(make: Make) -> Checkout:
    return make()
