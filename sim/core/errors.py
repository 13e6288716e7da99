"""What a user did wrong, said once, clearly, and with the place where it stands."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST_VALUE = 60


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a scenario file, in an override or in the ledger.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    path : str
        Key path such as ``places.localities.Minsk.population``; empty if there is none.
    file : str
        File name, or ``--set key=value`` for a value given on the command line.
    line, column : int
        Counted from 1; 0 where unknown.
    given : str
        The offending value as it is to be printed (see `shown`); empty if there is none.
    nearest : str
        The valid name most like the one given; empty if there is none.
    """

    message: str
    path: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    given: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        position = [str(number) for number in (self.line, self.column) if number]
        where = ":".join([part for part in (self.file, *position) if part])
        text = ": ".join([part for part in (where, self.path, self.message) if part])
        if self.given:
            text += f" (given {self.given})"
        if self.nearest:
            text += f", did you mean '{self.nearest}'?"
        return text


class ProtestorateError(Exception):
    """Anything a user can cause; the command line prints it and exits with code 2."""


class ScenarioError(ProtestorateError):
    """A scenario that cannot be used.

    Parameters
    ----------
    problems : iterable of Problem
        Everything that was found, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class FieldError(ValueError):
    """Raised by a schema's own check to say which of its keys is wrong.

    Parameters
    ----------
    message : str
        What is wrong, in words.
    at : tuple of str
        Names that lead from the checked section to the key, such as ``("events", "election")``.
    given, nearest : str
        As in `Problem`.
    """

    def __init__(self, message: str, at: tuple[str, ...] = (), given: str = "", nearest: str = "") -> None:
        super().__init__(message)
        self.at = at
        self.given = given
        self.nearest = nearest


def shown(value: object) -> str:
    """Return `value` as an error prints it, at most 60 characters long."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (dict, list, tuple)):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and abs(value) >= 10**LONGEST_VALUE:
        return "a very large number"
    text = repr(value[: LONGEST_VALUE + 1] if isinstance(value, str) else value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 3] + "..."


def nearest(name: str, candidates: Iterable[str]) -> str:
    """Return the candidate most like `name`, or an empty string if none is like it."""
    by_lower_case = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.lower(), list(by_lower_case), n=1, cutoff=0.6)
    return by_lower_case[found[0]] if found else ""
