"""The folder in which the processes of a server put their metrics together."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def new_folder(port: int) -> Path:
    """An empty folder of this user's for the server at a port; the one before it is emptied.

    Raises:
        OSError: it belongs to someone else.
    """
    folder = Path(tempfile.gettempdir()) / f"customer-registry-{os.getuid()}-{port}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077 or folder.is_symlink():
        raise PermissionError(f"{folder} belongs to someone else.")
    for file in folder.glob("*.db"):
        file.unlink()
    return folder
