"""Values that a user sets beside the file: ``--set key.path=value`` and the overrides of Python."""

from __future__ import annotations

import datetime
import numbers
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.scenario.explain import allows_names, children, field_names, members
from sim.scenario.scalars import FIRST_YEAR, LARGEST_INTEGER, LAST_YEAR, ScalarError, plain_scalar
from sim.scenario.yaml import DEEPEST_NESTING, KeyPath, Mark, dotted

MOST_PATHS = 20_000


def parse_set(text: str) -> tuple[str, object]:
    """Split ``key.path=value`` and read the value as one word of a scenario file.

    Raises
    ------
    ScenarioError
        If there is no ``=`` or the value is refused.
    """
    path, equals, written = text.partition("=")
    path, written = path.strip(), written.strip()
    source = f"--set {text}"
    if not equals or not path:
        raise ScenarioError(Problem("must be written as key.path=value", file=source))
    if len(written) >= 2 and written[0] == written[-1] and written[0] in "'\"":
        return path, written[1:-1]
    if written[:1] in ("[", "{"):
        message = "takes a single value; lists and mappings are set in a file with 'extends'"
        raise ScenarioError(Problem(message, path, source))
    try:
        return path, plain_scalar(written)
    except ScalarError as error:
        raise ScenarioError(Problem(str(error), path, source, given=shown(written))) from None


def apply(
    data: dict[str, Any], overrides: Mapping[str, object], schema: type
) -> tuple[dict[str, Any], dict[KeyPath, Mark], list[Problem]]:
    """Set each override in a copy of `data`.

    A path is valid if `data` has it or if the schema has a field of this name there. None removes a
    name that the user chose (such as an event), and empties a field of the schema.

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
        mark = Mark(f"--set {written}={_written(value)}", 0, 0)
        if written in ("model", "extends"):
            problems.append(Problem("can only be set in a file", written, mark.file))
            continue
        path, options = _resolved(written, data, schema)
        if path is None:
            near = _nearest_path(written, data, schema)
            problems.append(Problem("unknown key path", written, mark.file, nearest=near))
            continue
        try:
            data = _with_value(data, path, plain(value), removes=value is None and allows_names(options))
        except TypeError as error:
            problems.append(Problem(str(error), written, mark.file))
        marks[path] = mark
    return data, marks, problems


def plain(value: object) -> Any:
    """Return `value` in the types a scenario file can give.

    Raises
    ------
    TypeError
        If a file could not say it.
    """
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise TypeError(f"must be a day of the years {FIRST_YEAR} to {LAST_YEAR}")
        return value
    if isinstance(value, numbers.Integral):
        if abs(int(value)) > LARGEST_INTEGER:
            raise TypeError("is too large a number")
        return int(value)
    if isinstance(value, numbers.Real):
        return float(value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    raise TypeError(f"a value of type {type(value).__name__} cannot stand in a scenario")


def _written(value: object) -> str:
    text = shown(value)
    return text[1:-1] if isinstance(value, str) else text


def _resolved(written: str, data: Any, schema: type) -> tuple[KeyPath | None, list[Any]]:
    """Return the key path and the types of the mapping around its end; None if there is no such path."""
    options: list[Any] = [schema]
    around = options
    path: list[str | int] = []
    for part in written.split("."):
        step: str | int = int(part) if isinstance(data, list) and part.isdecimal() and len(part) < 10 else part
        if isinstance(data, dict) and step in data:
            data = data[str(step)]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif part in field_names(options):
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
    """Return the existing path with the same end as the one written, or else the most similar."""
    known = []
    for path in _paths(data, [schema], ()):
        known.append(dotted(path))
        if len(known) == MOST_PATHS:
            break
    same_end = [path for path in known if path.endswith("." + written)]
    return same_end[0] if len(same_end) == 1 else nearest(written, known)


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
