"""The description of results, ``docs/results.md``, generated from what the models declare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.describe.odd import TEMPLATES
from analysis.report.markdown import table
from sim.models.declarations import Declared
from sim.models.interface import MODELS, declared
from sim.models.mobilisation import results as flagship
from sim.models.mobilisation.mechanism import FEELINGS, MOVEMENT, PEOPLE
from sim.models.results import DATE, INDEX, RESULTS_FORMAT, WORD, Result
from sim.run.find import find, names
from sim.run.load import load

CLASSICS = "classics"
"""Folder of the scenarios of published models."""
HEAD = ("", "unit", "meaning", "called")
UNITS = {DATE: "date", WORD: "name", INDEX: "number"}
"""What stands for the unit of what is no number."""
NOTES = {
    PEOPLE: "Whoever is detained today was protesting in the morning and is counted in both. Therefore\n"
    "`protesting + engaged + bystanders + in_detention + exiled + died + volunteers − detained_today` is the\n"
    "population (to within one agent).",
    FEELINGS: "Means are over all citizens, detained ones included. SD is the standard deviation of the\n"
    "participation threshold.",
    MOVEMENT: "On a day without action all breadths of the coalition keep their last values.",
}
"""What stands above the table of a group."""


def document(scenario: str | None = None) -> str:
    """Return the description of results in Markdown: of all models, or the columns of one scenario.

    Parameters
    ----------
    scenario : str, optional
        A scenario's name or file.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or it is not valid.
    """
    return _general() if scenario is None else _particular(scenario)


def _general() -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # Markdown, not HTML
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("results.md.j2").render(
        groups=list(_groups(flagship.COLUMNS)),
        places=rows("column", flagship.PLACES),
        numbers=rows("key", flagship.NUMBERS),
        results_format=RESULTS_FORMAT,
        classics=list(_classics()),
    )
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _groups(results: Iterable[Result]) -> Iterator[tuple[str, str, str]]:
    """Yield heading, notes and table of each group of daily columns, in the order of their first mention."""
    found: dict[str, list[Result]] = {}
    for one in results:
        found.setdefault(one.group, []).append(one)
    for heading, members in found.items():
        yield heading, NOTES.get(heading, ""), rows("column", members)


def _classics() -> Iterator[tuple[str, str, str, str]]:
    """Yield title, name, columns and numbers of each published model, as its first scenario has them."""
    found: dict[str, Declared] = {}
    for name in names():
        if find(name).parent.name == CLASSICS:
            config = load(name).config
            found.setdefault(config.model, declared(config))
    for model, own in sorted(found.items()):
        yield MODELS[model].title, f"`{model}`", rows("column", own.columns), rows("key", own.numbers)


def _particular(scenario: str) -> str:
    loaded = load(scenario)
    own = declared(loaded.config)
    parts = [
        f"# Results of {Path(loaded.path).stem}",
        "## days.parquet",
        rows("column", own.columns),
        *(("## localities.parquet", rows("column", own.places)) if own.places else ()),
        "## summary",
        rows("key", own.numbers),
    ]
    return "\n\n".join(parts) + "\n"


def rows(first: str, results: Iterable[Result]) -> str:
    """Return a table of declarations; `first` heads the column of names."""
    return table(
        (first, *HEAD[1:]),
        [
            (
                f"`{one.prefix}<{one.each}>`" if one.is_family else f"`{one.name}`",
                UNITS.get(one.kind, one.unit),
                one.meaning,
                one.label.replace("*", "…"),
            )
            for one in results
        ],
    )
