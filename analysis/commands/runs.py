"""The commands on one run: run, and resume, which goes on with one that was stopped."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.app import (
    Days,
    Figures,
    ModelFile,
    PersonsPerAgent,
    ScenarioName,
    Seed,
    Settings,
    app,
    attempted,
    examples,
    formats_of,
    overrides_of,
    own_folder,
)
from sim.core.errors import ProtestorateError, StoppedError

if TYPE_CHECKING:
    from analysis.report.console import Advance
    from sim.run.beforehand import Estimate
    from sim.run.checkpoint import Keeper, Options
    from sim.run.result import Run
    from sim.run.simulate import Running

Json = Annotated[bool, typer.Option("--json", help="Print run.json and nothing else.")]


@app.command(
    epilog=examples(
        "protestorate run belarus-2020",
        "protestorate run belarus-2020 --seed 7 --days 60 --out results/seed-7",
        "protestorate run belarus-2020 --set regime.aggression_gain=0.5 --figures svg,png",
        "protestorate run my-case.yaml --no-report --json > run.json",
        "protestorate run russia-2022 --persons-per-agent 1 --threads 2 --dry-run",
        "protestorate run belarus-2020 --persons-per-agent 1 --checkpoint-every 10",
    )
)
def run(
    scenario: ScenarioName,
    seed: Seed = None,
    days: Days = None,
    persons_per_agent: PersonsPerAgent = None,
    settings: Settings = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads; results are the same with any number.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option(callback=own_folder, help="Folder for the result [default: results/NAME-OF-SCENARIO]."),
    ] = None,
    as_json: Json = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier result.")] = False,
    figures: Figures = "",
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Write report.html, or the numbers only, which is quicker.")
    ] = True,
    checkpoint_every: Annotated[
        int | None,
        typer.Option(min=1, metavar="DAYS", help="Keep the run on disk as it goes, so that `resume` can go on."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how long it would take and how much memory; start nothing.")
    ] = False,
) -> None:
    """Run a scenario; write its numbers, pictures and report."""
    formats = formats_of(figures)
    if formats and not report:
        raise ProtestorateError("--figures: the figures are the report's; leave out --no-report")
    overrides = overrides_of(settings or [])
    from sim.core.paths import called
    from sim.run.load import load
    from sim.run.store import absolute, check_writable

    size = {} if persons_per_agent is None else {"run.persons_per_agent": persons_per_agent}
    loaded = load(scenario, {**overrides, **size})
    name = called(loaded.path)
    folder = out or Path("results") / name

    from sim.models.interface import engine_of
    from sim.run.beforehand import WORTH_A_WORD, estimate
    from sim.run.simulate import begin, check_memory

    engine = engine_of(loaded.config.model)
    if checkpoint_every is not None and engine.arrays is None:
        raise ProtestorateError(
            f"--checkpoint-every: runs of the model {loaded.config.model} are short and are not kept half-way; "
            "leave it out"
        )
    expected = estimate(loaded, days, threads)
    check_memory(engine, loaded.config)
    if dry_run:
        _show_estimate(expected, folder, as_json)
        return
    check_writable(folder, force)

    from analysis.report.console import progress
    from sim.core.notes import say
    from sim.run.checkpoint import Keeper, Options, clear_the_way

    clear_the_way(absolute(folder), force)
    caution = engine.caution(loaded.config)
    if caution:
        say(f"{name}: {caution}")
    if expected.seconds > WORTH_A_WORD:
        say(f"{name}: {expected}")
    options = Options(checkpoint_every or 0, force, report, formats)
    with Keeper(absolute(folder), options) if checkpoint_every else nullcontext() as keeper:
        with progress(name, quiet=as_json) as advance:
            running = begin(loaded, seed, days=days, threads=threads)
            result = _days(running, keeper, advance)
        _finish(result, name, folder, options, as_json, keeper)


@app.command(
    epilog=examples(
        "protestorate resume results/belarus-2020",
        "protestorate resume results/belarus-2020 --threads 2",
    )
)
def resume(
    folder: Annotated[Path, typer.Argument(help="Folder that the result was to have, or of the checkpoint.")],
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads [default: as before]; results are the same with any number.")
    ] = None,
    checkpoint_every: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Keep the run so often from now on [default: as before].")
    ] = None,
    as_json: Json = False,
    model: ModelFile = None,
) -> None:
    """Go on with a run that was stopped: the result is the same to the bit as without the stop."""
    from analysis.report.console import progress
    from sim.core.notes import say
    from sim.core.paths import called
    from sim.run.checkpoint import resumed

    with resumed(folder, threads, checkpoint_every) as (running, keeper):
        name, options = called(running.loaded.path), keeper.options
        say(f"{name}: goes on from {keeper.kept}")
        with progress(name, quiet=as_json) as advance:
            result = _days(running, keeper, advance)
        _finish(result, name, keeper.result, options, as_json, keeper)


def _days(running: Running, keeper: Keeper | None, advance: Advance | None) -> Run:
    """Take the days of a run that are left, and keep it now and then; raises KeyboardInterrupt if it is stopped."""
    from sim.run.simulate import carry_out
    from sim.study.interrupt import stop_on_signals

    def shown(run: Running) -> None:
        if advance is not None:
            advance(run.done, run.steps, run.label)

    if keeper is None:
        return carry_out(running, shown)
    with stop_on_signals() as stop:

        def kept(run: Running) -> None:
            shown(run)
            keeper.after(run)
            if stop.asked and run.running:
                keeper.stop(run)

        return carry_out(running, kept)


def _finish(result: Run, name: str, folder: Path, options: Options, as_json: bool, keeper: Keeper | None) -> None:
    """Write and show a result; what was kept of the run on its way is not needed any more."""
    from analysis.report.console import show_run
    from sim.run.checkpoint import clear
    from sim.run.store import absolute, record_of, write_run
    from sim.run.store import as_json as text_of

    extras = partial(_write_report, result, options.figures) if options.report else None

    def in_place() -> None:
        keeper.finished() if keeper is not None else clear(absolute(folder))

    try:
        unfinished = attempted(lambda: write_run(result, folder, options.force, extras))
    except StoppedError:  # the numbers are in their place
        in_place()
        raise
    in_place()
    if as_json:
        typer.echo(text_of(record_of(result)), nl=False)
    else:
        show_run(result, name, folder / "report.html" if options.report and unfinished is None else folder)
    if unfinished is not None:
        raise unfinished


def _show_estimate(expected: Estimate, folder: Path, as_json: bool) -> None:
    """Print what a run would take."""
    from analysis.report.console import show_table
    from sim.run.beforehand import duration, gigabytes

    if as_json:
        typer.echo(json.dumps({**asdict(expected), "folder": str(folder)}, indent=2))
        return
    free = "unknown" if expected.free is None else gigabytes(expected.free)
    rows = [
        ("agents", f"{expected.agents:,}"),
        ("steps, at most", f"{expected.steps:,}"),
        ("threads", f"{expected.threads:,}"),
        ("estimated time, compiled", duration(expected.seconds)),
        ("estimated memory", f"{gigabytes(expected.bytes)}, of {free} free"),
        ("folder", str(folder)),
    ]
    show_table(("", ""), rows, "nothing was started (--dry-run)")


def _write_report(result: Run, formats: tuple[str, ...], folder: Path) -> None:
    from analysis.report.run import write_report

    write_report(result, folder, formats)
