"""Reference pages that are written by the program: the command line, and what a scenario file may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer import Typer
from typer.main import get_command
from typer.testing import CliRunner

from analysis.describe.odd import parameter_rows
from analysis.report.markdown import plain, table
from sim.core.keypath import undotted
from sim.evidence.sources import coverage, sources_of
from sim.models.interface import title_of
from sim.models.results import capital
from sim.run.load import Loaded, load

PROGRAM = "protestorate"
TERMINAL = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}


def command_line(app: Typer) -> str:
    """Return a page with the help of every command of an application, as the terminal shows it."""
    parts = ["# Command line", f"Written from the commands themselves: what `{PROGRAM} COMMAND --help` says."]
    for path in _commands(app):
        parts += [f"## {' '.join(path)}", f"```text\n{_help(app, path)}\n```"]
    return "\n\n".join(parts) + "\n"


def _commands(app: Typer) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command, and of every command of a command."""

    def below(command: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for name in command.list_commands(None):
            inner = command.get_command(None, name)
            yield (*path, name)
            if hasattr(inner, "list_commands"):
                yield from below(inner, (*path, name))

    yield from below(get_command(app), ())


def _help(app: Typer, path: tuple[str, ...]) -> str:
    result = CliRunner().invoke(app, [*path, "--help"], prog_name=PROGRAM, env=TERMINAL)
    if result.exit_code:
        raise RuntimeError(f"{PROGRAM} {' '.join(path)} --help: exit code {result.exit_code}")
    return result.output.strip("\n")


def scenario_file(case: str = "belarus-2020") -> str:
    """Return a page with every value that a scenario may have: unit and range, meaning, default.

    Parameters
    ----------
    case : str
        A scenario of the model whose schema is told; each section says what this one's values rest on.
    """
    loaded = load(case)
    model, schema, rests_on = loaded.config.model, type(loaded.config), _kinds(loaded)
    parts = [
        "# Scenario file",
        f"Written from the schema of the model `{model}` ({title_of(model)}). In a key path `*` stands for a name that "
        "the scenario gives, or for a place in a list. A value without a default must be given, in the file or in one "
        "that it extends. What the values of a scenario rest on is told by `protestorate sources SCENARIO`.",
    ]
    for name, rows in parameter_rows(schema).items():
        field = schema.model_fields[name]
        parts += [f"## {name}", _section(field)]
        if name in rests_on:
            said = ", ".join(f"{count} {kind}" for kind, count in rests_on[name].items() if count)
            parts.append(f"What the values of `{case}` here rest on: {said}.")
        parts.append(table(("key path", "unit and range", "meaning", "default"), rows))
    return "\n\n".join(part for part in parts if part) + "\n"


def _kinds(loaded: Loaded) -> dict[str, dict[str, int]]:
    """Return how many values of each section of a scenario are documented, calibrated, assumed and so on."""
    rows = sources_of(loaded.data)
    sections = {undotted(row.path)[0] for row in rows}
    return {str(one): coverage([row for row in rows if undotted(row.path)[0] == one]) for one in sections}


def _section(field: Any) -> str:
    needed = "" if field.is_required() else " May be left out."
    words = field.description or (field.annotation.__doc__ if isinstance(field.annotation, type) else "") or ""
    sentence = words.strip().split("\n\n")[0].rstrip(".")
    return f"{plain(capital(sentence))}.{needed}" if sentence else needed.strip()
