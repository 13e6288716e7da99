"""The command ``protestorate``. A command's body is a call that a notebook could make."""

from __future__ import annotations

import io
import sys

import typer

from analysis.commands import claims, compare, explore, findings, movie, patterns, scenarios, studies, view
from analysis.commands.app import app
from analysis.commands.codes import INTERRUPTED

__all__ = [
    "app",
    "claims",
    "compare",
    "explore",
    "findings",
    "main",
    "movie",
    "patterns",
    "scenarios",
    "studies",
    "view",
]


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no error
    try:
        app()
    except KeyboardInterrupt:
        # Before a command has begun, for instance while Python still loads modules.
        typer.echo("interrupted; nothing was written", err=True)
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
