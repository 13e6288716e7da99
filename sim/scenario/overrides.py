"""Values that a user sets beside the file: ``--set key.path=value`` and the overrides of Python."""

from __future__ import annotations

import datetime
import json
import numbers
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

import numpy as np

from sim.core.errors import MORE, MOST_PROBLEMS, Problem, ScenarioError, nearest, shown
from sim.core.keypath import NOT_A_NAME, KeyPath, dotted, ends_in, is_name, proper, undotted
from sim.scenario.explain import allows_names, children, field_names, members
from sim.scenario.scalars import FIRST_YEAR, LARGEST_INTEGER, LAST_YEAR, ScalarError, plain_scalar
from sim.scenario.text import composed, unprintable
from sim.scenario.yaml import DEEPEST_NESTING, Mark, parse_text

ONLY_IN_A_FILE = ("model", "extends", "replaces")
MOST_PATHS = 20_000
LONGEST_SOURCE = 120
BARE = re.compile(r"\w[\w./-]*(?: [\w./-]+)*")
"""Words that need no quotation marks within a list or mapping."""


def parse_set(text: str) -> tuple[str, object]:
    """Split ``key.path=value`` and read the value as a scenario file would: a word, or ``[...]`` or ``{...}``.

    `written_set` writes what this reads.

    Raises
    ------
    ScenarioError
        If there is no ``=`` or the value is refused.
    """
    path, equals, written = text.partition("=")
    path, written = path.strip(), written.strip()
    source = f"--set {text if len(text) <= LONGEST_SOURCE else text[:LONGEST_SOURCE] + '…'}"
    if not equals or not path:
        raise ScenarioError(Problem("must be written as key.path=value", file=source))
    if len(written) >= 2 and written[0] == written[-1] and written[0] in "'\"":
        return path, written[1:-1]
    if written[:1] in ("[", "{"):
        return path, _collection(written, path, source)
    try:
        return path, plain_scalar(written)
    except ScalarError as error:
        raise ScenarioError(Problem(str(error), path, source, given=shown(written))) from None


def _collection(written: str, path: str, source: str) -> object:
    """Read a list or a mapping in one line."""
    try:
        document = parse_text(f"value: {written}", source)
    except ScenarioError as error:
        raise ScenarioError(Problem(error.problems[0].message, path, source)) from None
    if document.problems:
        first = document.problems[0]
        inner = dotted(undotted(first.path)[1:])
        raise ScenarioError(Problem(first.message, f"{path}.{inner}" if inner else path, source, given=first.given))
    if list(document.data) != ["value"]:
        raise ScenarioError(Problem("is no list or mapping in one line", path, source))
    return document.data["value"]


def written_set(path: str, value: object) -> str:
    """Return an override as it stands after ``--set``, so that `parse_set` reads the same value, bit for bit."""
    if isinstance(value, str):
        return f"{path}='{value}'"
    return f"{path}={written_value(value)}"


def written_value(value: object) -> str:
    """Return a value as a scenario file would have it, in one line.

    Parameters
    ----------
    value : object
        Of the types that `plain` gives.
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        digits, e, exponent = repr(value).partition("e")
        # YAML readers take 1e-05 for text: a number with an exponent needs a point before it and a sign in it.
        digits = digits if "." in digits else f"{digits}.0"
        return f"{digits}e{exponent if exponent[0] in '+-' else '+' + exponent}" if e else digits
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_word(str(key))}: {written_value(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(written_value(inner) for inner in value)}]"
    return _word(value) if isinstance(value, str) else str(value)


def _word(text: str) -> str:
    """Return text as it stands within a list or mapping: bare if that is read as the same text."""
    return text if BARE.fullmatch(text) and _is_text(text) else json.dumps(text, ensure_ascii=False)


def _is_text(word: str) -> bool:
    try:
        return isinstance(plain_scalar(word), str)
    except ScalarError:
        return False


def mark_of(written: str, value: object) -> Mark:
    """Return the place of an override, as problems with it say it."""
    return Mark(f"--set {written}={_written(value)}", 0, 0)


def apply(
    data: dict[str, Any], overrides: Mapping[Any, object], schema: type
) -> tuple[dict[str, Any], dict[KeyPath, Mark], list[Problem]]:
    """Set each override in a copy of `data`.

    A path is valid if `data` has it or if the schema has a field of this name there. None removes a
    name that the user chose (such as an event), and empties a field of the schema. A mapping under a new
    name adds such a thing.

    Returns
    -------
    dict
        The new data.
    dict of key path to Mark
        What was set, and how it was written.
    list of Problem
        Unknown paths and impossible values.
    """
    marks: dict[KeyPath, Mark] = {}
    problems: list[Problem] = []
    for written, value in overrides.items():
        if len(problems) == MOST_PROBLEMS:
            return data, marks, [*problems, MORE]
        mark = mark_of(written, value)
        if not isinstance(cast(object, written), str):
            problems.append(Problem(f"a key path is text, not {type(written).__name__}", file=mark.file))
            continue
        if written in ONLY_IN_A_FILE:
            problems.append(Problem("can only be set in a file", written, mark.file))
            continue
        name = composed(written)
        path, options = _resolved(name, data, schema, adds=isinstance(value, Mapping))
        if path is None:
            plain_path = proper(name)
            if plain_path != name and _resolved(plain_path, data, schema, adds=isinstance(value, Mapping))[0]:
                said, near = "has quotation marks that it does not need", plain_path
            else:
                said, near = "unknown key path", _nearest_path(name, data, schema)
            problems.append(Problem(said, written, mark.file, nearest=near))
            continue
        try:
            data = _with_value(data, path, plain(value), removes=value is None and allows_names(options))
        except TypeError as error:
            problems.append(Problem(str(error), written, mark.file))
        marks[path] = mark
    return data, marks, problems


def plain(value: object, depth: int = 0) -> Any:
    """Return `value` in the types a scenario file can give; numpy's, pandas' and Decimal stand for Python's own.

    Raises
    ------
    TypeError
        If a file could not say it.
    """
    if isinstance(value, np.datetime64):
        value = value.astype("datetime64[us]").item() or value
    elif isinstance(value, np.generic) and not isinstance(value, (str, float)):
        value = value.item()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime.date):
        return _day(value)
    if isinstance(value, numbers.Integral):
        if abs(int(value)) > LARGEST_INTEGER:
            raise TypeError("is too large a number")
        return int(value)
    if isinstance(value, Decimal) and value.is_finite() and str(value).lstrip("-").isdecimal():
        return plain(int(value))
    if isinstance(value, (numbers.Real, Decimal)):
        return _number(value)
    if value is np.ma.masked:
        raise TypeError("is masked: there is no value")
    if depth >= DEEPEST_NESTING:
        raise TypeError(f"is nested more than {DEEPEST_NESTING} levels deep")
    if isinstance(value, np.ndarray):
        # Element by element: a list of numpy's own loses the days of times in nanoseconds, and masks.
        return plain(value[()], depth) if value.ndim == 0 else [plain(inner, depth + 1) for inner in value]
    if isinstance(value, Mapping):
        return {_name(key): plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner, depth + 1) for inner in value]
    raise TypeError(f"a value of type {type(value).__name__} cannot stand in a scenario")


def _number(value: numbers.Real | Decimal) -> float:
    try:
        return float(value)
    except (ValueError, OverflowError):  # a signalling NaN, or a fraction beyond all floats
        raise TypeError("must be a finite number") from None


def _day(value: datetime.date) -> datetime.date:
    if isinstance(value, datetime.datetime):
        if value != value or value.tzinfo is not None or value.time() != datetime.time():
            raise TypeError("must be a date without a time of day, such as 2020-08-09")
        value = value.date()
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise TypeError(f"must be a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return value


def _text(value: str) -> str:
    if unprintable(value):
        raise TypeError("holds a character that cannot be printed")
    return composed(str(value))


def _name(key: object) -> str:
    """Return a key of a mapping as the name it would be in a file."""
    name = _text(str(key))
    if not is_name(name):
        raise TypeError(f"{NOT_A_NAME} (given {shown(name)})")
    return name


def _written(value: object) -> str:
    text = "null" if value is None else shown(value)
    return text[1:-1] if isinstance(value, str) else text


def _resolved(written: str, data: Any, schema: type, adds: bool = False) -> tuple[KeyPath | None, list[Any]]:
    """Return the key path and the types of the mapping around its end; None if there is no such path.

    With `adds` the last name may be a new one where the scenario gives names of its own choice.
    """
    if written != proper(written):
        return None, []
    options: list[Any] = [schema]
    around = options
    path: list[str | int] = []
    names = undotted(written)
    for place, part in enumerate(names):
        step: str | int = int(part) if isinstance(data, list) and part.isdecimal() and len(part) < 10 else part
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif part in field_names(options) or (
            adds and place == len(names) - 1 and is_name(part) and path[:1] != ["sources"] and allows_names(options)
        ):
            data = None
        else:
            return None, []
        path.append(step)
        around = options
        options = [inner for child in children(options, step) for inner in members(child)]
    return tuple(path), around


def _with_value(data: Any, path: KeyPath, value: Any, removes: bool) -> Any:
    """Return a copy of `data` with the value at `path` replaced; what is not on the path is shared."""
    first, rest = path[0], path[1:]
    if isinstance(data, list):
        items = list(data)
        items[int(first)] = _with_value(items[int(first)], rest, value, removes) if rest else value
        return items
    entries = dict(data) if isinstance(data, dict) else {}
    if rest:
        entries[str(first)] = _with_value(entries.get(str(first)), rest, value, removes)
    elif removes:
        entries.pop(str(first), None)
    else:
        entries[str(first)] = value
    return entries


def _nearest_path(written: str, data: Any, schema: type) -> str:
    """Return the existing path with the same letters or the same end as the one written, or else the most similar.

    A shell takes quotation marks away, and people forget them.
    """
    known = []
    for path in _paths(data, [schema], ()):
        known.append(dotted(path))
        if len(known) == MOST_PATHS:
            break
    letters = _without_marks(written)
    same = [path for path in known if _without_marks(path) == letters]
    same_end = same or [path for path in known if ends_in(path, written)]
    return same_end[0] if len(same_end) == 1 else nearest(written, known)


def _without_marks(path: str) -> str:
    return path.replace('"', "").replace("\\", "")


def _paths(data: Any, options: Sequence[Any], path: KeyPath) -> Iterator[KeyPath]:
    names: list[str | int] = list(range(len(data))) if isinstance(data, list) else []
    if isinstance(data, dict):
        names = list(data)
    if path[:1] == ("sources",) or len(path) > DEEPEST_NESTING:
        return
    fields = field_names(options) if len(options) == 1 else []  # of alternatives, only what is there
    for name in dict.fromkeys([*names, *fields]):
        yield (*path, name)
        present = isinstance(data, list) or (isinstance(data, dict) and name in data)
        inner = [option for child in children(options, name) for option in members(child)]
        yield from _paths(data[name] if present else None, inner, (*path, name))
