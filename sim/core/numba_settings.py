"""What numba is told by the user's surroundings: settings that would end in its warnings, a traceback or an abort.

numba takes settings from variables ``NUMBA_…`` and from a file in the working folder. What it cannot read it warns of,
with a traceback, and ignores; some values that it can read end the process later.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sim.core.errors import ProtestorateError, cut, shown
from sim.core.notes import say

FILE = ".numba_config.yaml"
PREFIX = "NUMBA_"
LONGEST_LINE = 200
FEATURES = re.compile(r"\s*([+-][\w.-]+(\s*,\s*[+-][\w.-]+)*)?\s*")
UNREAD = re.compile(
    r"Environment variable '(?P<name>\w+)' is defined but its associated value '(?P<value>.*)' could not"
)


def _is_count(text: str, least: int) -> bool:
    return text.strip().isdecimal() and len(text) < 20 and int(text) >= least


def _can_be_written(text: str) -> bool:
    return not text or (Path(text).absolute().parent.is_dir() and not Path(text).is_dir())


CHECKS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "NUMBA_NUM_THREADS": (lambda text: _is_count(text, 1), "a whole number above 0"),
    "NUMBA_FUNCTION_CACHE_SIZE": (lambda text: _is_count(text, 0), "a whole number"),
    "NUMBA_CPU_FEATURES": (lambda text: bool(FEATURES.fullmatch(text)), "features with + or - before each, and commas"),
    "NUMBA_CHROME_TRACE": (_can_be_written, "a file in a folder that is there"),
    "NUMBA_DUMP_HTML": (_can_be_written, "a file in a folder that is there"),
}
"""Settings with which numba would fail or abort: what is allowed, and that in words."""


def check_settings() -> None:
    """Refuse settings with which numba would fail; those that it ignores are said when it is loaded (see `said`).

    Raises
    ------
    ProtestorateError
        With the name of the setting and what it may be.
    """
    given = {**_of_file(), **{name: value for name, value in os.environ.items() if name in CHECKS}}
    for name, value in given.items():
        allowed, words = CHECKS[name]
        if not allowed(value):
            where = f"{name} is set to" if name in os.environ else f"{FILE} sets {name.removeprefix(PREFIX).lower()} to"
            raise ProtestorateError(f"{where} {shown(value)}: it must be {words}, or not be set")


def _of_file() -> dict[str, str]:
    """Return what the settings of the working folder say that matters here."""
    if not os.path.isfile(FILE):
        return {}
    import yaml

    try:
        with open(FILE, encoding="utf-8") as file:
            data = yaml.safe_load(file)
        named = {f"{PREFIX}{name.upper()}": value for name, value in (data or {}).items()}
    except (OSError, ValueError, AttributeError, RecursionError, yaml.YAMLError) as error:
        reason = getattr(error, "strerror", None) or (str(error).splitlines() or [type(error).__name__])[0]
        message = f"{FILE}: numba reads its settings there, and it is no list of 'name: value': {reason}"
        raise ProtestorateError(cut(message, LONGEST_LINE)) from error
    return {name: str(value) for name, value in named.items() if name in CHECKS}


@contextmanager
def said() -> Iterator[None]:
    """Say in a line each, in place of numba's own warnings, which settings it ignores while it is loaded."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        yield
    for warning in found:
        text = str(warning.message)
        unread = UNREAD.match(text)
        if unread:
            say(f"{unread['name']} is set to {shown(unread['value'])}, which numba cannot read, so that it is ignored")
        else:
            say(cut(f"numba: {(text.splitlines() or [''])[0]}", LONGEST_LINE))
