"""What a user did wrong, said once, clearly, and with the place where it stands."""

from __future__ import annotations

import datetime
import difflib
import re
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sim.core.keypath import UNSEEN, dotted

BREAKING = re.compile(f"[{UNSEEN}\n]")
BREAKING_BUT_LINES = re.compile(f"[{UNSEEN}]")
LONGEST_VALUE = 60
LONGEST_PATH, LONGEST_MESSAGE = 200, 800
MOST_PROBLEMS = 100
"""Problems that are looked for and said at once; whoever has more mends these first."""
LONGEST_NAME, MOST_CANDIDATES = 80, 20_000
"""Names that are compared with others: longer ones are no misspelling, and more of them take too long."""


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
        where = ":".join([part for part in (cut(self.file, LONGEST_PATH), *position) if part])
        path, message = cut(self.path, LONGEST_PATH), cut(self.message, LONGEST_MESSAGE)
        text = ": ".join([part for part in (where, path, message) if part])
        if self.given:
            text += f" (given {self.given})"
        if self.nearest:
            text += f", did you mean '{self.nearest}'?"
        return one_line(text)


MORE = Problem("there are more problems like these: mend them first")
"""The last of `first_problems` where there were more."""


class ProtestorateError(Exception):
    """Anything a user can cause; the command line prints it and exits with code 2."""


class StoppedError(KeyboardInterrupt):
    """What the user stopped, with what is kept of it; an interrupt itself may carry words of where it fell."""


class UnfinishedError(ProtestorateError):
    """What was computed is kept, but what was to be made of it could not be; the command's exit code is then 1."""


@contextmanager
def kept(where: Path, what: str = "the report") -> Iterator[None]:
    """Say, whatever goes wrong while something is made of numbers, that these are kept.

    Parameters
    ----------
    where : Path
        Where the numbers are; they must have been written already.
    what : str
        What is being made of them.

    Raises
    ------
    UnfinishedError
        For any error; a mistake of the program is named with its place.
    KeyboardInterrupt
        With the same said.
    """
    try:
        yield
    except UnfinishedError:
        raise
    except KeyboardInterrupt:
        raise StoppedError(f"the numbers are kept in {where}, {what} is not made") from None
    except Exception as error:
        message = f"{where}: the numbers are kept, but {what} could not be made: {reason_of(error)}"
        raise UnfinishedError(message) from error


def reason_of(error: Exception) -> str:
    """Return what went wrong in one line; of a mistake of the program, also where it happened."""
    if isinstance(error, ProtestorateError):
        return str(error)
    said = next(iter(str(error).splitlines()), "")
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{': ' if said else ''}{said}{place}"


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
        more = len(self.problems) - MOST_PROBLEMS
        lines = [str(problem) for problem in self.problems[:MOST_PROBLEMS]]
        if more > 0:
            unsaid = f"and {more:,} more problem{'s' if more > 1 else ''}"
            lines.append(str(MORE) if MORE in self.problems[MOST_PROBLEMS:] else unsaid)
        return "\n".join(lines)


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


class FieldErrors(ValueError):
    """Raised by a schema's own check that found several keys wrong.

    Parameters
    ----------
    errors : iterable of FieldError
        At least one.
    """

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{dotted(error.at)}: {error}" for error in self.errors))


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


ONE_LINE = "must be one line of text, without tabs and other signs that cannot be seen"


def one_line(text: str) -> str:
    """Return text with line breaks, and all that a terminal takes for orders, as Python writes them."""
    return BREAKING.sub(lambda found: repr(found[0])[1:-1], text)


def seen(text: str) -> str:
    """Return text of one line or more with what a terminal would hide or obey as Python writes it."""
    return BREAKING_BUT_LINES.sub(lambda found: repr(found[0])[1:-1], text)


def cut(text: str, longest: int) -> str:
    """Return text as an error prints it: one that is longer than `longest` without its middle."""
    return text if len(text) <= longest else f"{text[: longest // 2]}…{text[-(longest // 2 - 1) :]}"


def first_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Return the first of many problems, and whether there are more; those are not even looked for.

    Finding the name that was meant takes time, so that a file of nothing but mistakes would keep its user waiting.
    """
    found = list(islice(problems, MOST_PROBLEMS + 1))
    if len(found) > MOST_PROBLEMS:
        found[MOST_PROBLEMS:] = [MORE]
    return found


def nearest(name: str, candidates: Iterable[str]) -> str:
    """Return the candidate most like `name`, or an empty string if none is like it or the name is too long."""
    if len(name) > LONGEST_NAME:
        return ""
    short = (candidate for candidate in candidates if len(candidate) <= 2 * LONGEST_NAME)
    by_lower_case = {candidate.lower(): candidate for candidate in islice(short, MOST_CANDIDATES)}
    found = difflib.get_close_matches(name.lower(), list(by_lower_case), n=1, cutoff=0.6)
    return by_lower_case[found[0]] if found else ""
