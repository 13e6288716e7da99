"""The command on claims: the documents put to the test."""

from __future__ import annotations

import datetime as dt
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.app import INTERRUPTED, NOT_ALL, Figures, ForceRuns, app, examples, formats_of, own_folder
from sim.core.errors import ProtestorateError


@app.command(
    epilog=examples(
        "protestorate claims",
        "protestorate claims --document local-chats --hypercube 0",
        "protestorate claims --claim mt-04 --claim tt-31 --replicates standard-100",
        "protestorate claims --write docs/claims.md",
    )
)
def claims(
    claim: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A claim, such as mt-04; may be repeated.")
    ] = None,
    document: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only claims of this document of seeds/claims.")
    ] = None,
    replicates: Annotated[
        str, typer.Option(metavar="LIST|N", help="Pairs of runs: a list of seeds, or a number.")
    ] = "quick-20",
    persons_per_agent: Annotated[
        int, typer.Option(min=1, help="People one agent stands for; fewer is finer and slower.")
    ] = 500,
    hypercube: Annotated[
        int,
        typer.Option(
            min=0, max=1000, help="Points of a Latin hypercube of the assumed parameters, 40 or more; 0: none."
        ),
    ] = 40,
    hypercube_replicates: Annotated[int, typer.Option(min=2, help="Pairs of runs at each of these points.")] = 3,
    out: Annotated[
        Path | None,
        typer.Option(callback=own_folder, help="Folder for the results [default: results/claims, or by the choice]."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes [default: one a core]; results are the same with any number.")
    ] = None,
    figures: Figures = "",
    into: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="FILE", help="Refresh the tables of FILE, such as docs/claims.md; needs all claims."
        ),
    ] = None,
    force: ForceRuns = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print claims.json and nothing else.")] = False,
) -> None:
    """Put the claims of the documents to the test: a paired experiment for each, and a verdict.

    The same command goes on where it stopped. Exit codes: 0 all runs done, 1 some failed, 2 a mistake,
    130 interrupted.
    """
    if into is not None and (claim or document):
        raise ProtestorateError("--write: would lose the rows of claims that are not tested; leave the choice out")
    from analysis.claims.document import PLACES, tables
    from analysis.claims.history import added, beside, read, write
    from analysis.claims.put import Settings, put_to_the_test
    from analysis.claims.report import DATA, PAGE, TERMINAL_COLUMNS, summary, terminal_rows
    from analysis.report.console import show_table, study_progress
    from analysis.report.document import check_places, refresh, told
    from analysis.report.figures.style import several
    from sim.evidence.ledger import load_ledger

    check_places(into, PLACES)
    earlier = read(beside(into)) if into is not None else []
    settings = Settings(
        ids=tuple(claim or ()),
        document=document,
        replicates=replicates,
        persons_per_agent=persons_per_agent,
        points=hypercube,
        point_seeds=hypercube_replicates,
    )
    folder = out or Path("results") / "-".join(["claims", *filter(None, [document]), *(claim or ())])
    try:
        outcome = put_to_the_test(
            settings,
            folder,
            workers,
            formats_of(figures),
            shlex.join(["protestorate", *sys.argv[1:]]),
            lambda title: study_progress(title, as_json),
            None if as_json else lambda text: typer.echo(text, err=True),
            force,
        )
    except KeyboardInterrupt:
        typer.echo(f"interrupted; what is finished is kept in {folder}, the same command goes on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if into is not None:
        kept = added(earlier, dt.date.today().isoformat(), outcome.data["model_version"], outcome.findings)
        found = tables(load_ledger(), outcome.findings, outcome.data, kept)
        refresh(into, found)
        write(beside(into), kept)
        typer.echo(told(into, found), err=True, nl=False)
    if as_json:
        typer.echo((folder / DATA).read_text(encoding="utf-8"), nl=False)
    else:
        show_table(TERMINAL_COLUMNS, terminal_rows(outcome.findings), summary(outcome.findings, outcome.untestable))
        typer.echo(f"report: {folder / PAGE}")
    if outcome.failed:
        typer.echo(f"{several(outcome.failed, 'run')} failed and left out", err=True)
        raise typer.Exit(NOT_ALL)
