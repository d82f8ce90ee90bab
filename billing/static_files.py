"""The static files of production: named by their content, and compressed beforehand."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's, where a file that was not collected keeps its name.

    So pages are shown, without their style, where no one has run `collectstatic`; and files of
    packages may refer to source maps that these do not have.
    """

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            return name
