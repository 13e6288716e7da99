"""Reference pages that are written by the program: the command line, and what a scenario file may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command
from typer.testing import CliRunner

from analysis.markdown import plain, table
from analysis.odd import parameter_rows
from sim.models.interface import schema_of, title_of

PROGRAM = "protestorate"
TERMINAL = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}


def command_line() -> str:
    """Return a page with the help of every command, as the terminal shows it."""
    parts = ["# Command line", f"Written from the commands themselves: what `{PROGRAM} COMMAND --help` says."]
    for path in _commands():
        parts += [f"## {' '.join(path)}", f"```text\n{_help(path)}\n```"]
    return "\n\n".join(parts) + "\n"


def _commands() -> Iterator[tuple[str, ...]]:
    """Yield the words of every command, and of every command of a command."""
    from analysis.cli import app

    def below(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for name in command.list_commands(None):
            inner = command.get_command(None, name)
            yield (*path, name)
            if hasattr(inner, "list_commands"):
                yield from below(inner, (*path, name))

    yield from below(get_command(app), ())


def _help(path: tuple[str, ...]) -> str:
    from analysis.cli import app

    result = CliRunner().invoke(app, [*path, "--help"], prog_name=PROGRAM, env=TERMINAL)
    if result.exit_code:
        raise RuntimeError(f"{PROGRAM} {' '.join(path)} --help: exit code {result.exit_code}")
    return result.output.strip("\n")


def scenario_file(model: str = "mobilisation") -> str:
    """Return a page with every value that a scenario of a model may have: unit and range, meaning, default."""
    schema = schema_of(model)
    parts = [
        "# Scenario file",
        f"Written from the schema of the model `{model}` ({title_of(model)}). In a key path `*` stands for a name that "
        "the scenario gives, or for a place in a list. A value without a default must be given, in the file or in one "
        "that it extends. What the values of a scenario rest on is told by `protestorate sources SCENARIO`.",
    ]
    for name, rows in parameter_rows(schema).items():
        field = schema.model_fields[name]
        parts += [f"## {name}", _section(field)]
        parts.append(table(("key path", "unit and range", "meaning", "default"), rows))
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(field: Any) -> str:
    needed = "" if field.is_required() else " May be left out."
    words = field.description or (field.annotation.__doc__ if isinstance(field.annotation, type) else "") or ""
    sentence = words.strip().split("\n\n")[0].rstrip(".")
    return f"{plain(sentence[:1].upper() + sentence[1:])}.{needed}" if sentence else needed.strip()
