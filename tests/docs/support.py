"""The site of docs/, built strictly into a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.test import override_settings

from billing.demo import documentation


@contextmanager
def built_site(folder: Path) -> Iterator[Path]:
    """Build it, as `make docs` does, and let `/docs/` serve it."""
    root = folder / "html"
    with override_settings(DOCS_ROOT=root):
        wrong = documentation.build("--fail-on-warning", "--keep-going")
        assert not wrong, wrong
        yield root
