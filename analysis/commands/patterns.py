"""The command on patterns: what must come out of the model, held against what does."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.app import (
    INTERRUPTED,
    NOT_ALL,
    ForceRuns,
    SettingsOfEvery,
    app,
    examples,
    overrides_of,
    own_folder,
)
from sim.core.errors import ProtestorateError


@app.command(
    epilog=examples(
        "protestorate patterns",
        "protestorate patterns --dry-run",
        "protestorate patterns safety-in-numbers rhythm-and-sizes",
        "protestorate patterns belarus-series --replicates standard-100",
        "protestorate patterns my-pattern.yaml --out results/my-pattern",
        "protestorate patterns --write docs/patterns.md",
    )
)
def patterns(
    names: Annotated[
        list[str] | None, typer.Argument(help="Patterns (of scenarios/studies/patterns) or files [default: all].")
    ] = None,
    replicates: Annotated[
        str | None, typer.Option(metavar="N|LIST", help="Seeds of every study [default: as its file says].")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes [default: one a core]; results are the same with any number.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(callback=own_folder, help="Folder for the results [default: results/patterns, or by the choice]."),
    ] = None,
    settings: SettingsOfEvery = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="FILE", help="Refresh the table of FILE, such as docs/patterns.md; needs all patterns."
        ),
    ] = None,
    force: ForceRuns = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run; start nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print patterns.json and nothing else.")] = False,
) -> None:
    """Run the patterns that must come out of the model, and say of each whether it holds.

    The same command goes on where it stopped. Exit codes: 0 all hold, 1 some fail or are undecided, or runs failed,
    2 a mistake, 130 interrupted.
    """
    if into is not None and names:
        raise ProtestorateError("--write: would lose the rows of patterns that are not run; leave the names out")
    if into is not None and dry_run:
        raise ProtestorateError("--write: there is nothing to write of a dry run; leave one of the two out")
    from analysis.patterns.put import DATA, PAGE, chosen, put_to_the_test
    from analysis.patterns.report import PLACE, TERMINAL_COLUMNS, summary, tables, terminal_rows, write
    from analysis.report.document import check_places, refresh, told

    check_places(into, [PLACE])
    folder = out or Path("results") / "-".join(["patterns", *(Path(name).stem for name in names or ())])
    asked = chosen(names or (), replicates, overrides_of(settings or []))
    if dry_run:
        from analysis.patterns.report import preview, show_preview

        planned = preview(asked, folder, workers)
        typer.echo(json.dumps(planned, indent=2)) if as_json else show_preview(planned)
        return
    from analysis.report.console import show_table, study_progress
    from analysis.report.figures.style import several

    try:
        results = put_to_the_test(asked, folder, workers, lambda title: study_progress(title, as_json), force)
    except KeyboardInterrupt:
        typer.echo(f"interrupted; what is finished is kept in {folder}, the same command goes on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    command = shlex.join(["protestorate", *sys.argv[1:]])
    data = write(results, folder, command)
    if into is not None:
        found = tables(results, command)
        refresh(into, found)
        typer.echo(told(into, found), err=True, nl=False)
    if as_json:
        typer.echo((folder / DATA).read_text(encoding="utf-8"), nl=False)
    else:
        show_table(TERMINAL_COLUMNS, terminal_rows(results), summary(results))
        typer.echo(f"report: {folder / PAGE}")
    if data["failed"]:
        typer.echo(f"{several(data['failed'], 'run')} failed and left out", err=True)
    if data["failed"] or data["counts"]["holds"] < len(results):
        raise typer.Exit(NOT_ALL)
