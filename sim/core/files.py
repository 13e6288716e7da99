"""Files that are read, whatever stands in their place."""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path


def opened(path: Path) -> BufferedReader:
    """Open a file to read its bytes; a pipe or a device in its place is refused, where it could be waited for in vain.

    Raises
    ------
    IsADirectoryError
        If a folder, a pipe or a device stands there.
    OSError
        If it is not there or cannot be read.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise IsADirectoryError(errno.EISDIR, "Is no file", str(path))
    return path.open("rb")


def content(path: Path) -> bytes:
    """Return the bytes of a file, opened as `opened` does."""
    with opened(path) as file:
        return file.read()
