"""The command on several scenarios or studies: compare."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.app import (
    INTERRUPTED,
    NOT_ALL,
    DaysOfEvery,
    Figures,
    ModelFile,
    app,
    attempted,
    examples,
    formats_of,
    overrides_of,
    own_folder,
)


@app.command(
    epilog=examples(
        'protestorate compare belarus-2020 "belarus-2020 mechanisms.shutdown=false events.shutdown=null"',
        "protestorate compare belarus-2020 my-variant.yaml --replicates standard-100 --figures svg,png",
        "protestorate compare results/my-study",
        'protestorate compare "results/my-study:base" "results/my-study:no shutdown"',
    )
)
def compare(
    things: Annotated[
        list[str],
        typer.Argument(
            metavar="A B [C…]",
            help="Scenarios (each may be followed by settings, in quotes), studies' folders, or points of studies "
            "(FOLDER:LABEL). The first is what the others are compared with.",
        ),
    ],
    replicates: Annotated[
        str | None,
        typer.Option(metavar="N|LIST|A,B", help="So many seeds, a named list, or seeds [default: quick-20]."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY.PATH=VALUE", help="Set a value in every scenario; may be repeated."),
    ] = None,
    days: DaysOfEvery = None,
    labels: Annotated[
        list[str] | None, typer.Option("--label", help="What to call a thing; once for each, in their order.")
    ] = None,
    measures: Annotated[
        list[str] | None,
        typer.Option("--measure", metavar="NAME", help="Compare this measure (docs/measures.md); may be repeated."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(callback=own_folder, help="Folder for the result [default: results/compare-NAMES].")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes for the runs [default: one a core].")] = None,
    figures: Figures = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print comparison.json and nothing else.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a comparison of other things or another version.")
    ] = False,
    model: ModelFile = None,
) -> None:
    """Compare scenarios or studies by paired differences; write report.html and comparison.json.

    Exit codes: 0 compared, 1 compared although some runs failed, 2 a mistake, 130 interrupted.
    """
    overrides = overrides_of(settings or [])
    from analysis.compare.command import command_of, compared, show_comparison, target_of
    from analysis.compare.write import record_of, write_comparison
    from analysis.report.console import study_progress
    from sim.run.store import as_json as text_of

    formats = formats_of(figures)
    folder = target_of(things, labels or (), out)
    try:
        with study_progress("compare", as_json) as progress:
            found = compared(
                things, folder, replicates, overrides, labels or (), measures or (), workers, progress, force, days
            )
    except KeyboardInterrupt:
        typer.echo(f"interrupted; what is finished is kept in {folder}, the same command goes on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    command = command_of(things, replicates, overrides, labels or (), measures or (), days, model)
    unfinished = attempted(lambda: write_comparison(found, folder, formats, command))
    if as_json:
        typer.echo(text_of(record_of(found)), nl=False)
    else:
        show_comparison(found, folder)
    if unfinished is not None:
        raise unfinished
    if any(side.failed for side in found.sides):
        raise typer.Exit(NOT_ALL)
