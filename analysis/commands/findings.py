"""The commands behind the tables of findings: calibration, mechanisms, variants, scale, cases, campaigns, cards."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.app import INTERRUPTED, Commands, ForceRuns, app, examples
from sim.core.errors import ProtestorateError

if TYPE_CHECKING:
    from analysis.report.document import Tables

findings = typer.Typer(cls=Commands, no_args_is_help=True, rich_markup_mode=None, help="Tables of findings for docs/.")
app.add_typer(findings, name="findings")

Case = Annotated[str, typer.Argument(help="Case of scenarios/observed, or a file of observed facts.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes [default: one a core]; any number gives the same.")]
Write = Annotated[
    Path | None, typer.Option("--write", metavar="FILE", help="Refresh the tables of FILE instead of printing them.")
]
Records = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Folder of the records [default: the project's].")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]


@findings.command(
    epilog=examples(
        "protestorate findings calibration belarus-2020",
        "protestorate findings calibration belarus-2020 --replicates standard-100 --write docs/calibration.md",
        "protestorate findings calibration russia-2022 --held-out --persons-per-agent 50",
    )
)
def calibration(
    case: Case,
    replicates: Annotated[str, typer.Option(metavar="LIST|N", help="Runs: a list of seeds, or a number.")] = "quick-20",
    held_out: Annotated[
        bool, typer.Option("--held-out", help="What was kept to judge the model, and served no calibration.")
    ] = False,
    persons_per_agent: Annotated[int | None, typer.Option(min=1, help="Scale [default: the scenario's].")] = None,
    workers: Workers = None,
    records: Records = None,
    write: Write = None,
    quiet: Quiet = False,
) -> None:
    """Hold a scenario as it stands against what was observed.

    With --write the table is kept in the record of the calibration, whose tables are put into the document, and
    the calibrated values are touched: how many targets are still met when each is moved by 5%. With --held-out as
    well, the table of what was held out is put into the document, and no record is kept.
    """
    from analysis.calibration.as_written import TOUCH, TOUCHED_RUNS, check_case, touch
    from analysis.calibration.case import find_case
    from analysis.calibration.record import as_checked, path_of, read_record, write_record
    from analysis.calibration.report import CHECK_COLUMNS, HELD_OUT, PLACES, plain_rows, tables, target_table
    from analysis.report.console import progress_of_stages, show_table
    from analysis.report.document import check_places
    from sim.core.beside import available_cores
    from sim.study.seeds import seeds_asked

    found = find_case(case, held_out)
    path = path_of(found, records)
    judged = write is not None and held_out
    check_places(write, (HELD_OUT,) if judged else PLACES)
    record = read_record(path) if write is not None and not judged else None
    seeds = seeds_asked(replicates)
    with _interruptible(), progress_of_stages(quiet) as report:
        cores = workers or available_cores()
        table, scale = check_case(found, seeds, persons_per_agent, cores, report)
        moved = touch(found, seeds, cores, report) if record is not None else []
    checked = as_checked(table, replicates, len(seeds), scale)
    note = f"{table.met} of {len(table.rows)} targets met by the median run; distance {table.distance:.2f}"
    show_table(CHECK_COLUMNS, plain_rows(checked), note)
    if judged:
        _give({HELD_OUT: target_table(checked)}, write)
    if record is not None:
        runs = len(seeds[:TOUCHED_RUNS])
        record = {**record, "check": checked, "check_touched": {"by": TOUCH, "runs": runs, "met": moved}}
        write_record(path, record)
        _give(tables(record), write)


@findings.command(epilog=examples("protestorate findings mechanisms --write docs/mechanisms.md"))
def mechanisms(
    replicates: Annotated[
        str, typer.Option(metavar="LIST|N", help="Pairs: a list of seeds, or a number.")
    ] = "quick-20",
    persons_per_agent: Annotated[int, typer.Option(min=1, help="People an agent stands for.")] = 400,
    out: Annotated[Path, typer.Option(help="Folder of the runs.")] = Path("results/mechanisms"),
    workers: Workers = None,
    force: ForceRuns = False,
    write: Write = None,
) -> None:
    """Switch off every mechanism in turn and say what it does."""
    from analysis.mechanisms.document import PLACES, tables
    from analysis.mechanisms.effects import planned
    from analysis.mechanisms.table import mechanisms as table_of_mechanisms
    from analysis.report.console import study_progress
    from analysis.report.document import check_places
    from sim.study import run_study
    from sim.study.seeds import seeds_asked

    check_places(write, PLACES)
    table = table_of_mechanisms()
    plan = planned(table, seeds_asked(replicates), persons_per_agent)
    with _interruptible(), study_progress(plan.study.name, False) as progress:
        data = run_study(plan.study, out, workers, progress, force=force)
    _give(tables(table, plan, data, _command()), write)


@findings.command(epilog=examples("protestorate findings variants --write docs/variants.md"))
def variants(
    study: Annotated[str, typer.Argument(help="Name of a study whose points are scenarios, or a file.")] = (
        "belarus-variants"
    ),
    out: Annotated[Path | None, typer.Option(help="Folder of the runs [default: results/NAME-OF-STUDY].")] = None,
    workers: Workers = None,
    force: ForceRuns = False,
    write: Write = None,
) -> None:
    """Hold scenarios against the first of them."""
    from analysis.findings.variants import tables
    from analysis.report.console import study_progress
    from analysis.report.document import check_places
    from sim.study import load_study, run_study

    loaded = load_study(study)
    check_places(write, [loaded.name])
    with _interruptible(), study_progress(loaded.name, False) as progress:
        data = run_study(loaded, out or Path("results") / loaded.name, workers, progress, force=force)
    _give(tables(loaded, data, _command()), write)


@findings.command(epilog=examples("protestorate findings scale --write docs/scale.md"))
def scale(
    out: Annotated[Path, typer.Option(help="Folder of the runs.")] = Path("results/scale"),
    workers: Workers = None,
    force: ForceRuns = False,
    write: Write = None,
) -> None:
    """Say which numbers hang on how many people one agent stands for."""
    from analysis.findings.scale import PLACE, tables
    from analysis.report.console import study_progress
    from analysis.report.document import check_places
    from sim.study import load_study, run_study

    loaded = load_study("scale")
    check_places(write, [PLACE])
    with _interruptible(), study_progress(loaded.name, False) as progress:
        data = run_study(loaded, out, workers, progress, force=force)
    _give(tables(loaded, data, _command()), write)


@findings.command(
    epilog=examples(
        "protestorate findings cases --write docs/cases.md",
        "protestorate findings cases results/cases",
    )
)
def cases(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder of a study of cases that was run [default: the study cases is run, or goes on]."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the runs, where no FOLDER is given [default: results/cases].")
    ] = None,
    workers: Workers = None,
    force: ForceRuns = False,
    write: Write = None,
) -> None:
    """Hold the project's own cases against what happened; findings campaigns without --data does the same."""
    from analysis.findings.cases import PLACE, tables
    from analysis.report.console import study_progress
    from analysis.report.document import check_places
    from sim.study import load_study, run_study

    if folder is not None:
        _refuse_beside_folder(("--out", out is not None), ("--force", force))
    check_places(write, [PLACE])
    if folder is None:
        study, folder = load_study("cases"), out or Path("results") / "cases"
        with _interruptible(), study_progress(study.name, False) as progress:
            run_study(study, folder, workers, progress, force=force)
    _give(tables(folder, _command(), write), write)


@findings.command(epilog=examples("protestorate findings cards --write docs/cards.md"))
def cards(write: Write = None) -> None:
    """Print the facts and the rules of case cards, and what the project's own cards give beside its files."""
    from analysis.findings.cards import PLACES, tables
    from analysis.report.document import check_places

    check_places(write, PLACES)
    _give(tables(), write)


@findings.command(
    epilog=examples(
        "protestorate findings campaigns --write docs/cases.md",
        "protestorate findings campaigns --data campaigns.csv",
        "protestorate findings campaigns --data campaigns.csv --seeds 5 --only sudan-2018 --only egypt-2011",
        "protestorate findings campaigns --data campaigns.csv --why 5 --write docs/campaigns.md",
    )
)
def campaigns(
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="FILE",
            help="Table of campaigns (docs/campaigns.md) [default: the project's own cases].",
        ),
    ] = None,
    seeds: Annotated[
        str, typer.Option(metavar="LIST|N", help="Runs of a campaign: a list of seeds, or a number.")
    ] = "20",
    agents: Annotated[
        int, typer.Option(min=500, help="Citizens of a run, about; fewer is coarser and quicker.")
    ] = 6000,
    sets: Annotated[
        int, typer.Option(min=0, help="Parameter sets over what is not known of a country; two runs of each.")
    ] = 30,
    why: Annotated[
        int, typer.Option(min=0, help="Runs of each campaign with each of nine groups of facts as they usually are.")
    ] = 0,
    chosen: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="This campaign only; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the runs and of the scenarios [default: results/campaigns; results/cases]."),
    ] = None,
    workers: Workers = None,
    force: ForceRuns = False,
    write: Write = None,
) -> None:
    """Make a card of each campaign of a table, run it, and hold the model's chances against what happened.

    A page stands in the folder of the runs; with --write the reliability curve is drawn beside the document.
    The same command goes on where it stopped.
    Without --data it is the command findings cases.
    """
    if data is None:
        _refuse_beside_cases(("--only", bool(chosen)), ("--why", why > 0))
        cases(None, out, workers, force, write)
        return
    from analysis.campaigns import page
    from analysis.campaigns.joint import anchored
    from analysis.campaigns.material import material
    from analysis.campaigns.report import PLACES, tables
    from analysis.campaigns.runs import Plan, carry_out
    from analysis.campaigns.table import only, read_campaigns
    from analysis.report.console import progress_of_stages, study_progress
    from analysis.report.document import check_places
    from sim.study.seeds import seeds_asked

    check_places(write, PLACES)
    folder = out or Path("results") / "campaigns"
    found = read_campaigns(data)
    found = only(found, chosen) if chosen else found
    plan = Plan(seeds_asked(seeds), agents, sets, why)
    with _interruptible():
        studies = carry_out(found, plan, folder, workers, lambda study: study_progress(study.name, False), force)
        with progress_of_stages(False) as report:
            anchors = anchored(plan, folder, workers, report)
    stuff = material(found, plan, studies, anchors)
    made = tables(stuff, found, plan, studies, _command())
    _give(made, write)
    if write is not None:
        page.picture(stuff, write.with_suffix(".png"))
    typer.echo(f"report: {page.write(stuff, made, len(plan.seeds), folder, _command())}", err=True)


def _refuse_beside_cases(*given: tuple[str, bool]) -> None:
    for option, there in given:
        if there:
            raise ProtestorateError(f"{option}: is of a table of campaigns, which --data names")


def _refuse_beside_folder(*given: tuple[str, bool]) -> None:
    for option, there in given:
        if there:
            raise ProtestorateError(
                f"{option}: is of runs that the command makes, and FOLDER names some that are there"
            )


def _command() -> str:
    return shlex.join(["protestorate", *sys.argv[1:]])


def _give(tables: Tables, document: Path | None) -> None:
    """Print tables, or put them into a document."""
    from analysis.report.document import refresh, told

    if document is None:
        typer.echo("\n\n".join(tables.values()))
        return
    refresh(document, tables)
    typer.echo(told(document, tables), nl=False)


@contextmanager
def _interruptible() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("interrupted; what is finished is kept, the same command goes on", err=True)
        raise typer.Exit(INTERRUPTED) from None


__all__: Sequence[str] = ("findings",)
