"""The commands on a user's own events: events read, write, targets; observe."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.commands.app import (
    INTERRUPTED,
    Commands,
    Figures,
    ForceRuns,
    ModelFile,
    PersonsPerAgent,
    ScenarioName,
    Settings,
    app,
    examples,
    formats_of,
    overrides_of,
    own_folder,
)
from sim.core.errors import Problem, ProtestorateError, ScenarioError, nearest, shown

events = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Your own events: read, write, targets of them.",
)
app.add_typer(events, name="events")

Reporting = Annotated[
    str,
    typer.Option("--reporting", metavar="NAME|FILE", help="How events are reported, in which words."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace an earlier result.")]


@events.command(
    epilog=examples(
        "protestorate events read my-events.csv --layout acled --case belarus-2020",
        "protestorate events read my-events.xlsx --layout my-layout.yaml --case my-case.yaml --places my-map.yaml",
        "protestorate events read world.csv --layout mass-mobilization --case belarus-2020 --where country=Belarus",
    )
)
def read(
    file: Annotated[Path, typer.Argument(help="Table of events: CSV, XLSX or Parquet.")],
    layout: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="acled, mass-mobilization, mmad, navco3, or a layout of your own.")
    ],
    case: Annotated[str, typer.Option(metavar="SCENARIO", help="Scenario to whose localities places are matched.")],
    out: Annotated[
        Path | None, typer.Option(callback=own_folder, help="Folder of the result [default: results/events-NAME].")
    ] = None,
    within: Annotated[
        float, typer.Option(min=0.0, help="Take the nearest locality up to so many km where no name fits; 0: never.")
    ] = 25.0,
    places: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Map of places: YAML, a locality by each name in the data.")
    ] = None,
    where: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN=VALUE", help="Only such rows; may be repeated.")
    ] = None,
    date_order: Annotated[
        str | None, typer.Option(metavar="ORDER", help="day-first or month-first, where a column does not show it.")
    ] = None,
    duplicates: Annotated[
        str, typer.Option(metavar="WHAT", help="What to do with events that stand there twice: refuse, drop, keep.")
    ] = "refuse",
    encoding: Annotated[str | None, typer.Option(help="Of a text file, such as cp1251 [default: UTF-8].")] = None,
    separator: Annotated[str | None, typer.Option(help="Between cells of a text file [default: found out].")] = None,
    sheet: Annotated[str | None, typer.Option(help="Of a workbook [default: the first].")] = None,
    reporting: Reporting = "national-press",
    force: Force = False,
) -> None:
    """Turn a table of events into ours, and say what is in it, what is missing, and what was not understood."""
    from analysis.events.cells import ORDERS
    from analysis.events.layout import read_layout
    from analysis.events.places import HOWS
    from analysis.events.read import DUPLICATES, read_file
    from analysis.events.report import PAGE, check_folder, write_reading
    from analysis.events.reporting import read_reporting
    from analysis.report.console import show_table
    from sim.run.load import load

    _one_of("--duplicates", duplicates, DUPLICATES)
    if date_order is not None:
        _one_of("--date-order", date_order, tuple(ORDERS))
    if separator is not None and len(separator := separator.replace("\\t", "\t")) != 1:
        raise ScenarioError(Problem("must be one character, or \\t", "--separator", given=shown(separator)))
    found, words, loaded = read_layout(layout), read_reporting(reporting).words, load(case)
    folder = out or Path("results") / f"events-{file.stem}"
    check_folder(folder, force)
    reading = read_file(
        file, found, loaded.config, words, within, places, _pairs(where or []), date_order, duplicates, encoding,
        separator, sheet,
    )  # fmt: skip
    record = write_reading(reading, found, words, file, loaded.name, loaded.config, folder, _command(), force)
    if len(reading.unmatched):
        rows = [(row[0], str(row[1]), HOWS[row[2]], row[3]) for row in reading.unmatched.itertuples(index=False)]
        show_table(("place that is no locality", "events", "why", "perhaps"), rows[:20], _rest(len(rows) - 20, folder))
    for note in reading.notes:
        typer.echo(note)
    placed = int((reading.table["place"] != "").sum())
    typer.echo(f"{len(reading.table):,} events, {record['first']} to {record['last']}; {placed:,} in a locality")
    typer.echo(f"report: {folder / PAGE}")


@events.command(
    epilog=examples(
        "protestorate events write results/belarus-2020 --layout acled --out belarus.csv",
        "protestorate events write results/belarus-2020 --layout mass-mobilization --out belarus.xlsx",
    )
)
def write(
    result: Annotated[Path, typer.Argument(help="Folder of a run, or of events that were read.")],
    layout: Annotated[str, typer.Option(metavar="NAME|FILE", help="Whose columns: as for events read.")],
    out: Annotated[Path, typer.Option(help="File to write: .csv, .xlsx or .parquet.")],
    country: Annotated[str, typer.Option(help="What stands in the column of the country.")] = "",
    force: Force = False,
    model: ModelFile = None,
) -> None:
    """Write the events of a run in the columns of a data set, so that a script made for it reads them.

    A locality with people in action on a day is a protest of all of them; see docs/own-data.md.
    """
    from analysis.events.layout import read_layout
    from analysis.events.reporting import read_reporting
    from analysis.events.sides import events_in
    from analysis.events.write import save, written_rows

    found, words = read_layout(layout), read_reporting().words
    if out.exists() and not force:
        raise ProtestorateError(f"{out}: is there already; --force replaces it")
    table, coordinates, name = events_in(result)
    columns, rows = written_rows(table, found, words, coordinates, country or name)
    typer.echo(f"{save(out, columns, rows)}: {len(rows):,} events")


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for text, (name, equals, _) in zip(texts, pairs, strict=True):
        if not equals or not name.strip():
            raise ScenarioError(Problem("must be written COLUMN=VALUE", "--where", given=shown(text)))
    found: dict[str, str] = {}
    for text, (name, _, value) in zip(texts, pairs, strict=True):
        if name.strip().casefold() in map(str.casefold, found):
            raise ScenarioError(Problem("names a column twice", "--where", given=shown(text)))
        found[name.strip()] = value.strip()
    return found


def _one_of(option: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        near = nearest(given, allowed)
        raise ScenarioError(Problem(f"must be one of {', '.join(allowed)}", option, given=shown(given), nearest=near))


def _rest(more: int, folder: Path) -> str:
    return f"and {more:,} more in {folder / 'unmatched.csv'}" if more > 0 else ""


def _command() -> str:
    return shlex.join(["protestorate", *sys.argv[1:]])


@app.command(
    epilog=examples(
        "protestorate observe belarus-2020 --events results/events-mine",
        "protestorate observe belarus-2020 --events results/events-mine --replicates 40 --persons-per-agent 400",
        "protestorate observe belarus-2020 --events results/events-mine --reporting local-press",
    )
)
def observe(
    scenario: ScenarioName,
    events: Annotated[Path, typer.Option(help="Folder or table that events read has written.")],
    replicates: Annotated[str, typer.Option(metavar="N|LIST", help="Seeds: a number, or a list.")] = "quick-20",
    persons_per_agent: PersonsPerAgent = None,
    reporting: Annotated[
        str, typer.Option(metavar="NAME|FILE", help="How events are reported; all: every event, as it was.")
    ] = "national-press",
    settings: Settings = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes [default: one a core].")] = None,
    out: Annotated[
        Path | None, typer.Option(callback=own_folder, help="Folder of the result [default: results/observe-NAME].")
    ] = None,
    figures: Figures = "",
    force: ForceRuns = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print observe.json and nothing else.")] = False,
) -> None:
    """Run a scenario over seeds and set it beside events: days, weeks, places, sizes, detained, deaths.

    The same command goes on where it stopped. Exit codes: 0 done, 2 a mistake, 130 interrupted.
    """
    from analysis.events.observe import RECORD
    from analysis.events.observe import observe as hold_against
    from analysis.events.observe_report import coverage_cells, coverage_words, write
    from analysis.events.reporting import ALL, read_reporting
    from analysis.events.table import read_events
    from analysis.report.console import show_table, study_progress
    from sim.core.paths import called
    from sim.run.load import load
    from sim.study.seeds import seeds_asked

    formats = formats_of(figures)
    loaded = load(scenario, overrides_of(settings or []))
    table = read_events(events)
    said = None if reporting == ALL else read_reporting(reporting)
    seeds = seeds_asked(replicates)
    folder = out or Path("results") / f"observe-{called(loaded.path)}"
    try:
        with study_progress(called(loaded.path), as_json) as progress:
            found = hold_against(loaded, table, seeds, folder, said, persons_per_agent, workers, progress, force)
    except KeyboardInterrupt:
        typer.echo(f"interrupted; what is finished is kept in {folder}, the same command goes on", err=True)
        raise typer.Exit(INTERRUPTED) from None
    about = {
        "scenario": called(loaded.path),
        "title": loaded.config.about.title,
        "events": events.name,
        "seeds": list(seeds),
        "persons_per_agent": persons_per_agent,
        "command": _command(),
    }
    page = write(found, said, about, folder, formats)
    if as_json:
        typer.echo((folder / RECORD).read_text(encoding="utf-8"), nl=False)
        return
    columns = ("by", "of", "compared", "in 50%", "in 90%", "with any", "in 50%", "in 90%")
    show_table(columns, [coverage_cells(row) for row in found.coverage.to_dict("records")], coverage_words(found))
    typer.echo(f"report: {page}")


@events.command(
    epilog=examples(
        "protestorate events targets results/events-mine --case belarus-2020 --out my-targets.yaml",
        "protestorate calibrate belarus-2020 --targets my-targets.yaml --parameters my-parameters.yaml --method abc",
    )
)
def targets(
    source: Annotated[Path, typer.Argument(metavar="EVENTS", help="Folder or table that events read has written.")],
    case: Annotated[str, typer.Option(metavar="SCENARIO", help="Scenario that is to be calibrated.")],
    out: Annotated[Path, typer.Option(help="File to write: a targets file, to be read and changed by you.")],
    reporting: Reporting = "national-press",
    force: Force = False,
) -> None:
    """Make a targets file of events: weeks, places, the largest day, each with the range in which the truth lies."""
    from analysis.events.observe import placed, window
    from analysis.events.reporting import read_reporting
    from analysis.events.table import read_events
    from analysis.events.targets import targets_of
    from analysis.observed import read_observed
    from analysis.report.page import write_text
    from sim.run.load import load
    from sim.run.place import made

    if out.exists() and not force:
        raise ProtestorateError(f"{out}: is there already; --force replaces it")
    if out.suffix not in (".yaml", ".yml"):
        raise ScenarioError(Problem("must end in .yaml", "--out", given=shown(str(out))))
    loaded, table, said = load(case), read_events(source), read_reporting(reporting)
    config: Any = loaded.config
    first, last = window(loaded, table)
    table, notes = placed(loaded, table, first, last)
    text = targets_of(table, said, tuple(config.places.localities), first, last, source.name)
    try:
        with made(out.parent):
            write_text(out, text)
    except OSError as error:
        raise ProtestorateError(f"{out}: cannot be written: {error.strerror}") from error
    for note in notes:
        typer.echo(note)
    asked = read_observed(out).calibration
    typer.echo(f"{out}: {len(asked.targets) if asked else 0} targets, {first} to {last}")
