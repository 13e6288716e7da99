"""The commands on studies: sweep, rerun."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.app import (
    INTERRUPTED,
    NOT_ALL,
    DaysOfEvery,
    ForceRuns,
    ModelFile,
    SettingsOfEvery,
    app,
    attempted,
    examples,
    overrides_of,
    own_folder,
)
from sim.core.errors import ProtestorateError

if TYPE_CHECKING:
    from sim.study.workers import Executor


@app.command(
    epilog=examples(
        "protestorate sweep shutdown-and-hub --dry-run",
        "protestorate sweep shutdown-and-hub",
        "protestorate sweep my-study.yaml --out results/my-study --workers 2",
        "protestorate sweep my-study.yaml --dask tcp://scheduler:8786",
    )
)
def sweep(
    study: Annotated[str, typer.Argument(help="Name of a study (in scenarios/studies) or a file.")],
    out: Annotated[
        Path | None, typer.Option(callback=own_folder, help="Folder of the study [default: results/NAME-OF-STUDY].")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes [default: one a core; --slurm: one job]; results are the same.")
    ] = None,
    dask: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Run on this Dask cluster.")] = None,
    slurm: Annotated[bool, typer.Option("--slurm", help="Run on jobs of a Slurm cluster (docs/cluster.md).")] = False,
    max_runs: Annotated[
        int | None, typer.Option(min=1, help="Stop after so many runs; the same command goes on.")
    ] = None,
    settings: SettingsOfEvery = None,
    days: DaysOfEvery = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try runs that failed before again.")] = False,
    force: ForceRuns = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run; start nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON and nothing else.")] = False,
) -> None:
    """Carry out a study, or what is missing of it: the same command goes on where it stopped.

    Exit codes: 0 all runs done, 1 some failed, 2 a mistake, 130 interrupted.
    """
    if dask is not None and slurm:
        raise ProtestorateError("--dask and --slurm: choose one of them")
    if workers is not None and dask is not None:
        raise ProtestorateError("--workers: a Dask cluster has the workers it has; leave it out with --dask")
    from analysis.report.preview import folder_of, preview, show_preview
    from sim.study import load_study

    loaded = replace(load_study(study, overrides_of(settings or [])), days=days)
    folder = out or folder_of(loaded)
    if dry_run:
        planned = preview(loaded, folder, workers, retry_failed)
        typer.echo(json.dumps(planned, indent=2)) if as_json else show_preview(planned)
        return
    from analysis.report.console import study_progress
    from analysis.sweep.report import write_report
    from analysis.sweep.results import as_data, show_sweep
    from sim.study import run_study

    try:
        with _cluster(dask, slurm, workers) as executor, study_progress(loaded.name, as_json) as progress:
            data = run_study(loaded, folder, workers, progress, max_runs, retry_failed, executor, force)
    except KeyboardInterrupt:
        typer.echo(f"interrupted; what is finished is kept in {folder}, the same command goes on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    unfinished = attempted(lambda: write_report(data))
    if as_json:
        typer.echo(json.dumps(as_data(data), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        show_sweep(data)
    if unfinished is not None:
        raise unfinished
    if data.failures:
        raise typer.Exit(NOT_ALL)


@contextmanager
def _cluster(address: str | None, slurm: bool, workers: int | None) -> Iterator[Executor | None]:
    """Connect to the cluster the user names, and let go of it afterwards; None for this machine."""
    if address is None and not slurm:
        yield None
        return
    from sim.study import dask

    def say(line: str) -> None:
        typer.echo(line, err=True)

    cluster = dask.connect(address, say=say) if address is not None else dask.slurm(workers, say)
    try:
        yield cluster
    finally:
        cluster.close()


@app.command(epilog=examples("protestorate rerun results/shutdown-and-hub 3f2a9c0d5e6b"))
def rerun(
    folder: Annotated[Path, typer.Argument(help="Folder of a study.")],
    run_id: Annotated[str, typer.Argument(help="The run's id, or its first letters (at least six).")],
    out: Annotated[
        Path | None, typer.Option(callback=own_folder, help="Write the run's own folder with its report here, too.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier result.")] = False,
    model: ModelFile = None,
) -> None:
    """Repeat a run of a study and check that every bit is the same; exit code 1 if not."""
    from analysis.report.run import write_report
    from sim.run.store import check_writable, write_run
    from sim.study.rerun import again
    from sim.study.rerun import rerun as repeat

    if out is not None:
        check_writable(out, force)
    found = repeat(folder, run_id)
    unfinished = None
    if out is not None:
        words = ["protestorate", "rerun", str(folder), found.run_id, "--out", str(out)]
        words += ["--model", str(model)] if model else []
        run = again(folder, found, words)
        unfinished = attempted(lambda: write_run(run, out, force, lambda folder: write_report(run, folder)))
    what = f"run {found.run_id} ({found.label}, seed {found.seed})"
    if found.differ:
        typer.echo(f"{what} differs in {', '.join(found.differ)}", err=True)
        if unfinished is not None:
            typer.echo(str(unfinished), err=True)
        raise typer.Exit(NOT_ALL)
    typer.echo(f"{what} is bit-identical: {', '.join(found.compared)}")
    if unfinished is not None:
        raise unfinished
