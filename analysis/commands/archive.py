"""The commands on replication archives: package, verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.app import NOT_ALL, ModelFile, app, examples

if TYPE_CHECKING:
    from analysis.archive.verify import Verified

MOST_SENTENCES = 20


@app.command(
    epilog=examples(
        "protestorate package results/shutdown-and-hub",
        "protestorate package results/shutdown-and-hub --out shutdown-and-hub.zip",
    )
)
def package(
    study: Annotated[Path, typer.Argument(help="Folder of a study that was run.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write [default: NAME-replication.zip beside the study's folder].")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    model: ModelFile = None,
) -> None:
    """Make a replication archive of a study: scenarios, seeds, tables, report, versions, checksums."""
    from analysis.archive.pack import pack

    made = pack(study, out, force)
    typer.echo(f"{made.path}: {made.files:,} files, {made.runs:,} runs")
    typer.echo(f"SHA-256 of the archive: {made.sha256}")
    typer.echo(f"check it: protestorate verify {made.path}")


@app.command(
    epilog=examples(
        "protestorate verify results/shutdown-and-hub-replication.zip",
        "protestorate verify shutdown-and-hub.zip --rows 50",
        "protestorate verify shutdown-and-hub.zip --rows 0",
    )
)
def verify(
    archive: Annotated[Path, typer.Argument(help="Archive that protestorate package made.")],
    rows: Annotated[int, typer.Option(min=0, help="Rows to run again; 0 checks the files alone.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Of the draw of rows.")] = 1,
) -> None:
    """Check a replication archive: every file's checksum, and a sample of rows run again, bit for bit.

    Nothing of the archive stays on the disk. Exit codes: 0 all is the same, 1 something differs, 2 a mistake.
    """
    from analysis.archive.verify import verify as check
    from analysis.report.console import progress

    with progress("verify", quiet=rows == 0) as advance:
        found = check(archive, rows, seed, advance)
    _show(found)
    if not found.same:
        raise typer.Exit(NOT_ALL)


def _show(found: Verified) -> None:
    typer.echo(f"SHA-256 of the archive: {found.sha256}")
    for sentence in found.wrong[:MOST_SENTENCES]:
        typer.echo(sentence, err=True)
    if len(found.wrong) > MOST_SENTENCES:
        typer.echo(f"and {len(found.wrong) - MOST_SENTENCES:,} more files", err=True)
    if found.wrong and not found.runs:
        typer.echo("the archive was changed or damaged: no row was run again", err=True)
        return
    if not found.wrong:
        typer.echo(f"{found.files:,} files are as their checksums say")
    for one in found.again:
        what = f"run {one.run_id} ({one.label}, seed {one.seed})"
        if one.differ:
            typer.echo(f"{what} differs in {', '.join(one.differ)}", err=True)
        else:
            typer.echo(f"{what} is bit-identical: {', '.join(one.compared)}")
    if found.again:
        same = sum(not one.differ for one in found.again)
        typer.echo(f"{len(found.again):,} of {found.runs:,} runs were repeated, {same:,} of them bit-identical")
    if found.versions and not found.same:
        typer.echo(f"the runs were made with {', '.join(found.versions)}", err=True)
