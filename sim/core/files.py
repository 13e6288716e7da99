"""Files that are read, whatever stands in their place."""

from __future__ import annotations

import errno
import json
import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import Any


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


def json_of(path: Path) -> Any:
    """Return what a JSON file says; the mark that some editors of text put before it is no part of it.

    Raises
    ------
    OSError
        As `opened`.
    ValueError, RecursionError
        If it is no JSON.
    """
    return json.loads(content(path).decode("utf-8-sig"))
