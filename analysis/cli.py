"""The command ``protestorate``. A command's body is a call that a notebook could make."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer

from analysis.commands import (
    archive,
    calibrate,
    cards,
    claims,
    compare,
    events,
    explore,
    findings,
    patterns,
    runs,
    scenarios,
    studies,
    view,
)
from analysis.commands.app import INTERRUPTED, USER_MISTAKE, app
from sim.core.errors import ProtestorateError
from sim.core.numba_settings import check_settings
from sim.study.interrupt import ended_like_ctrl_c

__all__ = [
    "app",
    "archive",
    "calibrate",
    "cards",
    "claims",
    "compare",
    "events",
    "explore",
    "findings",
    "main",
    "patterns",
    "runs",
    "scenarios",
    "studies",
    "view",
]

STANDARD_ERROR = 2
BROKEN_PIPE = 1
"""Exit code where the reader of the output has gone, as the parser of commands has it."""


def main() -> None:
    """Run the command line."""
    _open_closed_streams()
    _let_words_be_lost()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no error
    _check_surroundings()
    try:
        with _output_that_arrives(), ended_like_ctrl_c():
            app()
    except OSError as error:  # outside of commands, such as in printing a help text
        from sim.run.place import REFUSALS_OF_THE_DISK

        if error.errno not in REFUSALS_OF_THE_DISK:
            raise
        _refuse(f"what was printed did not arrive: {error.strerror}")
    except KeyboardInterrupt:
        # Before a command has begun, for instance while Python still loads modules.
        typer.echo("interrupted; nothing was written", err=True)
        sys.exit(INTERRUPTED)


def _open_closed_streams() -> None:
    """Open what was closed of the three standard streams, to nowhere: else the next file that is opened is one."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            if os.open(os.devnull, os.O_RDWR) != number:
                continue
            stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115  # for as long as we live
            setattr(sys, name, stream)


class _Words(io.FileIO):
    """Standard error, which holds words and no results: one that does not arrive costs no run."""

    def write(self, text: Any) -> int:
        try:
            return super().write(text)
        except OSError:  # the log is on a full disk, or its reader has gone
            return len(text)


def _let_words_be_lost() -> None:
    stream = sys.stderr
    if isinstance(stream, io.TextIOWrapper) and stream.fileno() == STANDARD_ERROR:
        words = io.BufferedWriter(_Words(STANDARD_ERROR, "wb", closefd=False))
        sys.stderr = io.TextIOWrapper(words, stream.encoding, line_buffering=True, write_through=True)


def _check_surroundings() -> None:
    """Refuse, in a line, what would end in a traceback of Python or of numba."""
    try:
        os.getcwd()
    except OSError:
        _refuse("the folder you are in is gone; change to another")
    try:
        check_settings()
    except ProtestorateError as error:
        _refuse(str(error))


def _refuse(line: str) -> NoReturn:
    typer.echo(line, err=True)
    sys.exit(USER_MISTAKE)


@contextmanager
def _output_that_arrives() -> Iterator[None]:
    """Make sure at the end that what was printed has arrived: a full disk is told late, and else not at all."""
    code: object = 0
    try:
        yield
    except SystemExit as end:
        code = end.code
    try:
        sys.stdout.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left has nowhere to go
        if isinstance(error, BrokenPipeError):
            sys.exit(BROKEN_PIPE)
        _refuse(f"what was printed did not arrive: {error.strerror}")
    sys.exit(code)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
