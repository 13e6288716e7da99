"""The command line in a notebook: ``protestorate("sweep my-study.yaml")`` does what a terminal would do."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from typer.main import get_command

from sim.core.errors import ProtestorateError

PROGRAM = "protestorate"


class CommandError(ProtestorateError):
    """A command that was not carried out, or not all of it; a notebook shows the sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def protestorate(line: str) -> None:
    """Carry out a command; what it prints stands below the cell.

    Parameters
    ----------
    line : str
        What would stand in a terminal, with or without the first word ``protestorate``. A word with a space stands in
        quotation marks.

    Raises
    ------
    CommandError
        If the command ends with another exit code than 0; it has printed why.
    """
    from analysis.cli import app

    try:
        words = shlex.split(line)
    except ValueError as error:
        raise CommandError(f"{line}: a quotation mark is opened and not closed") from error
    if words[:1] == [PROGRAM]:
        del words[0]
    with _called_with(words):
        try:
            code = get_command(app).main(words, prog_name=PROGRAM, standalone_mode=True)
        except SystemExit as end:
            code = end.code
    if code:
        raise CommandError(f"{PROGRAM} {shlex.join(words)}: exit code {code}; what it printed says why")


@contextmanager
def _called_with(words: list[str]) -> Iterator[None]:
    """Let commands see these words as theirs, and no script around them.

    Some write down what they were called with. Some start processes, in which Python would run the script again that
    called: it does so for a main module that has a file.
    """
    before, script = sys.argv, vars(sys.modules["__main__"])
    kept: dict[str, Any] = {name: script[name] for name in ("__file__", "__spec__") if name in script}
    sys.argv = [PROGRAM, *words]
    script.pop("__file__", None)
    script["__spec__"] = None
    try:
        yield
    finally:
        sys.argv = before
        script.update(kept)
