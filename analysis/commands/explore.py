"""The commands that explore a study: sensitivity, discover."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.app import Figures, ModelFile, app, attempted, examples, formats_of, own_folder

if TYPE_CHECKING:
    from analysis.discover.find import Discovery
    from analysis.sensitivity.explain import Explained, Sensitivity

MOST_ROWS = 8
"""Rows of a table in the terminal; the report has all."""

Folder = Annotated[Path, typer.Argument(help="Folder of a study that was run (see: protestorate sweep --help).")]
Base = Annotated[str | None, typer.Option(help="Base scenario, if the study has several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the numbers as JSON and nothing else.")]


@app.command(
    epilog=examples(
        "protestorate sensitivity results/thresholds",
        "protestorate sensitivity results/thresholds --outcome falls --outcome detained",
        "protestorate sensitivity results/thresholds --out figures/thresholds --figures svg,png",
    )
)
def sensitivity(
    study: Folder,
    outcomes: Annotated[
        list[str] | None,
        typer.Option("--outcome", metavar="NAME", help="A number of the summary or an outcome; may be repeated."),
    ] = None,
    base: Base = None,
    out: Annotated[
        Path | None, typer.Option(callback=own_folder, help="Folder for the report [default: STUDY/sensitivity].")
    ] = None,
    as_json: AsJson = False,
    figures: Figures = "",
    model: ModelFile = None,
) -> None:
    """Say which parameters the outcomes of a study depend on, and how much is luck.

    Designs of kind sobol give Sobol indices, morris elementary effects, latin_hypercube and grid rank
    regression coefficients, one_at_a_time and ablation paired differences from the base point.
    """
    formats = formats_of(figures)
    target = out or study / "sensitivity"
    from analysis.sensitivity.report import OWN
    from sim.run.place import check_holds_only, check_place

    if study.is_dir():
        check_holds_only(target, OWN, "a sensitivity analysis")
        check_place(target)
    from analysis.sensitivity import analyse, write_sensitivity
    from analysis.sensitivity.report import as_json as text_of
    from sim.study import read_study

    result = analyse(read_study(study), outcomes, base)
    unfinished = attempted(lambda: write_sensitivity(result, target, formats))
    if as_json:
        typer.echo(text_of(result), nl=False)
    else:
        _show_sensitivity(result, target)
    if unfinished is not None:
        raise unfinished


def _show_sensitivity(result: Sensitivity, folder: Path) -> None:
    """Print a table an outcome, and where the report is."""
    from analysis.report.console import show_table
    from analysis.sensitivity import words

    headings = [heading for heading, _ in words.COLUMNS[result.method]]
    for one in result.outcomes:
        unit = words.unit_of_effects(result.method, one.measure)
        typer.echo(one.measure.label + (f" [{unit}]" if unit else ""))
        if one.silence:
            typer.echo(one.silence)
        else:
            rows = words.cells(result.method, one)
            show_table(headings, rows[:MOST_ROWS], _last_words(one, len(rows)))
        typer.echo()
    for note in result.study.notes:
        typer.echo(note)
    typer.echo(f"report: {folder / 'report.html'}")


def _last_words(one: Explained, rows: int) -> str:
    from analysis.sensitivity.words import luck_words

    more = f"{rows - MOST_ROWS} more in the report. " if rows > MOST_ROWS else ""
    fit = "" if one.r_squared is None else f"R² {one.r_squared:.2f}. "
    return more + fit + luck_words(one.luck)


@app.command(
    epilog=examples(
        "protestorate discover results/thresholds --outcome falls",
        "protestorate discover results/thresholds --outcome 'peak_turnout_share>=0.02' --threshold 0.9",
    )
)
def discover(
    study: Folder,
    outcome: Annotated[
        str, typer.Option(metavar="NAME", help="An outcome, or a number with a limit, such as 'detained>30000'.")
    ],
    threshold: Annotated[
        float, typer.Option(help="Share of a point's runs in which it must happen for the point to count.")
    ] = 0.5,
    box: Annotated[int | None, typer.Option(min=0, help="Take this box of the search instead of the best one.")] = None,
    resamples: Annotated[
        int, typer.Option(min=0, max=10_000, help="How often to resample the points to see whether the box is stable.")
    ] = 20,
    base: Base = None,
    out: Annotated[
        Path | None, typer.Option(callback=own_folder, help="Folder for the report [default: STUDY/discovery/OUTCOME].")
    ] = None,
    as_json: AsJson = False,
    figures: Figures = "",
    model: ModelFile = None,
) -> None:
    """Say under which conditions on the varied parameters something happens (PRIM; needs the extra [explore])."""
    formats = formats_of(figures)
    from analysis.discover.report import OWN
    from sim.run.place import check_holds_only, check_place

    if study.is_dir():
        if out is not None:
            check_holds_only(out, OWN, "a discovery")
        check_place(out or study / "discovery")
    from analysis.discover import discover as find
    from analysis.discover import write_discovery
    from analysis.discover.report import as_json as text_of
    from analysis.report.console import progress
    from sim.study import read_study

    with progress("stability", quiet=as_json) as advance:
        result = find(read_study(study), outcome, threshold, base, box, resamples, advance)
    folder = out or study / "discovery" / result.condition.file_name
    unfinished = attempted(lambda: write_discovery(result, folder, formats))
    if as_json:
        typer.echo(text_of(result), nl=False)
    else:
        _show_discovery(result, folder)
    if unfinished is not None:
        raise unfinished


def _show_discovery(result: Discovery, folder: Path) -> None:
    """Print the boxes, how stable they are, and where the report is."""
    from analysis.discover import words
    from analysis.discover.report import HEADINGS, numbers, rows
    from analysis.report.console import show_table

    typer.echo(words.how_often(result))
    for place, found in enumerate(result.boxes):
        headings = HEADINGS if result.stability else HEADINGS[:-1]
        said = ", ".join(f"{label.partition(':')[0]} {value}" for label, value in numbers(found))
        show_table(headings, rows(result, found, first=place == 0), said)
    if not result.boxes:
        typer.echo(words.answer(result))
    for text in (*result.study.notes, words.stability_words(result)):
        if text:
            typer.echo(text)
    typer.echo(f"report: {folder / 'report.html'}")
