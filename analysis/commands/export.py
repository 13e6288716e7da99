"""The command that turns a result's tables into text: export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.app import app, examples, own_folder


@app.command(
    epilog=examples(
        "protestorate export results/belarus-2020",
        "protestorate export results/shutdown-and-hub --out tables",
    )
)
def export(
    folder: Annotated[Path, typer.Argument(help="Folder of a run or of a study.")],
    out: Annotated[
        Path | None, typer.Option(callback=own_folder, help="Folder for the files [default: FOLDER-csv].")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files of the same names.")] = False,
) -> None:
    """Write the tables of a run or a study as CSV files, for programs that do not read Parquet."""
    from analysis.tables import write_csv

    beside = folder if folder.name not in ("", "..") else folder.resolve()
    for path in write_csv(folder, out or beside.with_name(f"{beside.name}-csv"), force):
        typer.echo(path)
