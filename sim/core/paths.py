"""What files are called, as text that can be printed, stored and made a folder's name."""

from __future__ import annotations

import os
from pathlib import Path

UNNAMED = "unnamed"


def called(path: Path) -> str:
    """Return a file's name without its ending, in UTF-8 and on one line whatever the disk holds.

    A name of full stops and spaces alone, as ``..yaml`` leaves, is no name: as a folder it would be the one above.
    """
    text = os.fsencode(path.stem).decode("utf-8", "replace")
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return text if text.strip(". ") else UNNAMED
