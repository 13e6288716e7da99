"""``report.html``: a run told in one file that needs no network and no script."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.report.figures import available
from analysis.report.figures.daily import turnout_caption
from analysis.report.figures.events import shocks
from analysis.report.figures.files import drawn
from analysis.report.figures.places import peak_table
from analysis.report.figures.style import Run as Pictured
from analysis.report.figures.style import section
from analysis.report.page import picture_maker, write_page
from analysis.report.turning import turns
from analysis.report.view import MAIN_NUMBERS, Parts, Report, Shown
from sim.core.formats import day, readable
from sim.core.keypath import undotted
from sim.evidence.sources import SourceRow, coverage, load_ledger, source_table
from sim.figures.plot import has
from sim.models.declarations import Declarations
from sim.models.interface import engine_of
from sim.models.results import COMBINED, Result
from sim.run.find import names
from sim.scenario.overrides import written_set, written_value

if TYPE_CHECKING:
    from sim.run.result import Run

LARGEST_PLACES = 15


def write_report(run: Run, folder: Path, formats: Iterable[str] = (), name: str = "report.html") -> Path:
    """Write the report, and the pictures as files where asked for.

    Parameters
    ----------
    run : Run
        A finished run of any model. Pictures and tables it has no data for are left out.
    folder : Path
        Made if it is not there. Picture files go to its subfolder ``figures``.
    formats : iterable of str
        ``svg``, ``png``, ``pdf``: picture files to write besides the report.
    name : str
        File name of the report.

    Returns
    -------
    Path
        The report.

    Raises
    ------
    ProtestorateError
        For an unknown format.
    """
    made = picture_maker(folder, formats)
    pictures = [
        made(picture.name, picture.title, picture.caption(run), drawn(picture, run)) for picture in available(run)
    ]
    return write_page(folder / name, _report(run, pictures))


def _report(run: Run, pictures: list[Shown]) -> Report:
    sources = _sources(run)
    turning, numbers = turns(run), key_numbers(run.summary, run.declared.numbers)
    content = {
        "turns": turning,
        "key_numbers": numbers,
        "recorded": recorded(run),
        "events": shocks(run),
        "day": day,
        "places": places(run),
        "sources": grouped(sources),
        "coverage": coverage(sources) if sources else {},
        "command": command(run),
        "python": python_call(run),
        "where": "" if run.provenance.get("scenario_file") in names() else ", in the folder in which this was run",
        "provenance": list(_flat({name: value for name, value in run.provenance.items() if name != "again"})),
    }
    parts = Parts("report.html.j2", content)
    sections = [parts.section("turns", "How it came about", "course")] if turning else []
    if meanings(run):
        sections.append(parts.section("meaning", "What the outcome means", "meaning", meanings(run)))
    sections += [parts.section(f"part-{one.name}", one.title, "pictured", one) for one in pictures[1:]]
    sections += [parts.section("numbers", "Key numbers", "numbers")] if numbers else []
    sections += [parts.section("sources", "Where the values come from", "origins")] if sources else []
    about = run.scenario.about
    return Report(
        kind=f"Report of a simulated run · seed {run.seed}",
        title=about.title,
        heading=f"{about.title}: report of a run",
        lead=about.summary,
        outcome=f"Outcome: {readable(run.outcome.name)}",
        answer=answer(run),
        numbers=main_numbers(run.summary, run.declared.numbers),
        sure="This is one run with one sequence of random numbers: another seed gives another course, and only many "
        "runs say what is usual. A model under stated assumptions with a synthetic population: not a forecast, not "
        "a record of events.",
        picture=pictures[0] if pictures else None,
        sections=[*sections, parts.section("again", "Run it again", "again")],
        limits="These are the results of one run of a model, under the assumptions listed above, with one sequence of "
        "random numbers. Another seed gives another run: conclusions need many runs and a comparison of assumptions.",
    )


def answer(run: Run) -> str:
    """Return the outcome and why, and how large the movement became, in plain words."""
    outcome = run.outcome
    when = f" on {day(outcome.date)}" if outcome.date else ""
    text = f"The run ends{when} with the outcome “{readable(outcome.name)}”"
    text += f": {'; '.join(outcome.reasons)}." if outcome.reasons else "."
    if has(run.days, "date", "attending", "detained_today"):
        # The last sentence of the caption explains the picture's marks.
        text += " " + turnout_caption(run).rpartition(" Weekends")[0]
    return text


def meanings(run: Run) -> list[str]:
    """Return what the outcome's name means and by which road the run came there, a sentence each."""
    outcome, engine = run.outcome, engine_of(run.scenario.model)
    meaning, road = engine.outcomes.get(outcome.name), engine.roads.get(outcome.road)
    said = (
        [f"“{readable(outcome.name)}” is the outcome by this criterion: {meaning.replace('_', ' ')}."]
        if meaning
        else []
    )
    return said + ([f"The road was “{outcome.road}”: {road.replace('_', ' ')}."] if road else [])


def key_numbers(summary: Mapping[str, Any], numbers: Iterable[Result]) -> list[tuple[str, str]]:
    """Return labels and values of a summary as people read them, without the outcome, which has a place of its own."""
    known = Declarations(numbers)
    return [
        (known.of(name).label, known.of(name).quantity(value)) for name, value in summary.items() if name != "outcome"
    ]


def main_numbers(summary: Mapping[str, Any], numbers: Iterable[Result]) -> list[tuple[str, str]]:
    """Return labels and values of the three numbers that matter most, as their model declares them."""
    declared = [one for one in numbers if one.name in summary and one.is_number]
    first = [one for one in declared if one.main] or declared
    return [(one.label, one.quantity(summary[one.name])) for one in first[:MAIN_NUMBERS]]


def recorded(run: Run) -> list[tuple[str, str, str, str]]:
    """Return a row a daily column that is a number: name, label, what its days come to, and its last day."""
    found = []
    for one in run.declared.columns:
        if one.is_number and one.name in run.days and len(run.days):
            days = run.days[one.name]
            whole = f"{COMBINED[one.combine]} {one.quantity(one.over(days))}" if one.combine != "none" else ""
            found.append((one.name, one.label, whole, one.text(days.iloc[-1])))
    return found


def _flat(entries: Mapping[str, Any], above: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in entries.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name} ")
        elif isinstance(value, list | tuple):
            yield f"{above}{name}", ", ".join(str(one) for one in value)
        else:
            yield f"{above}{name}", value


def places(run: Pictured) -> list[dict[str, Any]]:
    """Return the localities with the largest crowds on the day of the largest turnout."""
    known = section(run, "places", "localities")
    if not known or not has(run.localities, "locality", "attending", "detained"):
        return []
    table = peak_table(run)
    table = table[table["attending"] > 0].head(LARGEST_PLACES)
    detained = run.localities.groupby(run.localities["locality"].astype(str))["detained"].sum()
    table["detained"] = [int(detained.get(name, 0)) for name in table["locality"]]
    table["region"] = [known[name].region for name in table["locality"]]
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _sources(run: Run) -> list[SourceRow]:
    """Return what each value rests on; none for a scenario that names no sources."""
    named = run.data.get("sources")
    return source_table(run.data, named, load_ledger()) if named else []


def grouped(rows: list[SourceRow]) -> list[tuple[SourceRow, list[tuple[str, str]]]]:
    """Join neighbouring values of one section with the same source, so that its text stands there once.

    Returns
    -------
    list of (SourceRow, list of (str, str))
        The first row of each group, and path and value of all its rows.
    """

    def source(row: SourceRow) -> tuple[Any, ...]:
        return undotted(row.path)[0], row.kind, row.ids, row.text, row.note

    found = []
    for _, group in groupby(rows, key=source):
        members = list(group)
        found.append((members[0], [(row.path, _written(row.value)) for row in members]))
    return found


def _written(value: object) -> str:
    """Return a value as a scenario file would have it."""
    return value if isinstance(value, str) else written_value(value)


def command(run: Run) -> str:
    """Return the command that runs this again; empty if nothing but the caller knows where the scenario is from."""
    provenance = run.provenance
    if "again" in provenance:
        return shlex.join(provenance["again"]["command"])
    name = provenance.get("scenario_file")
    if name is None:
        return ""
    words = ["protestorate", "run", name, "--seed", str(run.seed)]
    if "days" in provenance:
        words += ["--days", str(provenance["days"])]
    for path, value in provenance.get("overrides", {}).items():
        words += ["--set", written_set(path, value)]
    return shlex.join(words)


def python_call(run: Run) -> str:
    """Return the Python code that runs this again; empty as for `command`."""
    provenance = run.provenance
    if "again" in provenance:
        return str(provenance["again"]["python"])
    name = provenance.get("scenario_file")
    if name is None:
        return ""
    more = f", days={provenance['days']}" if "days" in provenance else ""
    overrides = provenance.get("overrides", {})
    more += f", overrides={overrides!r}" if overrides else ""
    call = f"sim.simulate({name!r}, seed={run.seed}{more})"
    return f"import datetime\n\n{call}" if "datetime.date(" in call else call
