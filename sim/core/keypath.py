"""Key paths: the names that lead to a value of a scenario, with full stops between them.

A name that itself holds a full stop stands in double quotation marks, as in
``places.localities."St. Petersburg".population``; within them a backslash stands before a quotation mark and
before a backslash. Each value has one key path: no other name is quoted. All of the program splits and joins key
paths here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

KeyPath = tuple[str | int, ...]

NOT_A_NAME = "a name must not be empty nor contain '*', '=', tabs, line breaks or hidden signs"
UNSEEN = "\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f"
"""Signs that are not seen, or that turn round or hide what is; marks that scripts need, such as joiners, are none."""
BREAKS = frozenset(("Cc", "Zl", "Zp"))
"""Categories of Unicode that break a line, or are no letters at all."""

HIDING = re.compile(f"[{UNSEEN}]")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)+)"(?=\.|\Z)', re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)

HOLD_KEY_PATHS: tuple[tuple[str, ...], ...] = (
    ("sources",),
    ("set",),
    ("adds",),
    ("design", "parameters"),
    ("design", "linked"),
    ("design", "points", "*", "set"),
    ("claims", "*", "test", "given"),
    ("claims", "*", "test", "change"),
)
"""Parts of files whose keys are key paths themselves; below them these stand as they are written."""


def is_name(text: str) -> bool:
    """Return whether a key can stand in a key path."""
    return (
        bool(text)
        and not set(text) & set("*=")
        and not HIDING.search(text)
        and BREAKS.isdisjoint(map(unicodedata.category, text))
    )


def dotted(path: Sequence[str | int]) -> str:
    """Return a key path as it is written: names and places in lists with full stops between them."""
    if not any(isinstance(part, str) and ("." in part or part.startswith('"')) for part in path):
        return ".".join(map(str, path))
    return ".".join(
        str(part) if isinstance(part, int) or _holds_key_paths(path[:place]) else quoted(part)
        for place, part in enumerate(path)
    )


def undotted(text: str) -> tuple[str, ...]:
    """Return the names of a key path; a quotation mark that does not enclose a whole name is a letter like others.

    >>> undotted('places.localities."St. Petersburg".population')
    ('places', 'localities', 'St. Petersburg', 'population')
    """
    if '"' not in text:
        return tuple(text.split("."))
    found, start = [], 0
    while True:
        name = QUOTED.match(text, start)
        if name:
            found.append(unescaped(name[0]))
            end = name.end()
        else:
            stop = text.find(".", start)
            end = len(text) if stop < 0 else stop
            found.append(text[start:end])
        if end == len(text):
            return tuple(found)
        start = end + 1


def quoted(name: str) -> str:
    """Return a name as it stands in a key path: in quotation marks if it has to."""
    if "." not in name and not name.startswith('"'):
        return name
    return escaped(name)


def escaped(name: str) -> str:
    """Return a name in quotation marks; `unescaped` takes them away."""
    inner = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def unescaped(text: str) -> str:
    """Return the name that stands in quotation marks."""
    return ESCAPED.sub(r"\1", text[1:-1])


def proper(text: str) -> str:
    """Return the one way to write a key path, without quotation marks that it does not need."""
    return dotted(undotted(text)) if '"' in text else text


def around(text: str) -> list[str]:
    """Return the key paths that a key path lies within, the shortest first."""
    names = undotted(text)
    return [dotted(names[:length]) for length in range(1, len(names))]


def covers(above: str, path: str) -> bool:
    """Return whether a key path is another one or lies below it; both as `dotted` writes them."""
    return path == above or path.startswith(f"{above}.")


def ends_in(path: str, end: str) -> bool:
    """Return whether a key path is another one or ends in it."""
    return path == end or path.endswith(f".{end}")


def fits(path: Sequence[str | int], pattern: Sequence[str]) -> bool:
    """Return whether a key path, taken apart, is of a pattern, in which ``*`` stands for any one name."""
    return len(path) == len(pattern) and all(own in ("*", part) for own, part in zip(pattern, path, strict=True))


def _holds_key_paths(path: Sequence[str | int]) -> bool:
    return any(fits(path, pattern) for pattern in HOLD_KEY_PATHS)
