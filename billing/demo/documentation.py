"""The documentation of the demo, built from the docs/ of the checkout."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

from django.conf import settings

SOURCES = settings.BASE_DIR / "docs"


def can_build() -> bool:
    """Whether docs/ and Sphinx are there. An installed copy has no docs/."""
    return SOURCES.is_dir() and find_spec("sphinx") is not None


def build(*options: str) -> str:
    """Build what has changed since the last time. Returns what is wrong with it."""
    output = settings.DOCS_ROOT.parent
    done = subprocess.run(
        [*(sys.executable, "-m", "sphinx", "-M", "html", SOURCES, output, "--quiet"), *options],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    return done.stderr
