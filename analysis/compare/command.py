"""What `protestorate compare` does, and what it says in the terminal."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from analysis.compare.comparison import Comparison, compare_sides
from analysis.compare.runs import check_scenarios, sides_of
from analysis.compare.things import ScenarioThing, names_of, seeds_of, things_of
from analysis.compare.titles import titles_of
from analysis.compare.words import contrast_words, summary
from analysis.compare.write import STUDY, check_folder, write_comparison
from analysis.report.console import show_table
from analysis.report.figures.files import check_formats
from analysis.report.figures.style import several
from sim.core.errors import ProtestorateError, kept
from sim.scenario.overrides import written_set
from sim.study.execute import Progress

LONGEST_NAME = 80


def compare(
    things: Sequence[str | Path],
    folder: str | Path | None = None,
    replicates: int | str | None = None,
    overrides: Mapping[str, Any] | None = None,
    labels: Sequence[str] = (),
    measures: Sequence[str] = (),
    figures: Iterable[str] = (),
    workers: int | None = None,
    progress: Progress | None = None,
    force: bool = False,
    days: int | None = None,
) -> Comparison:
    """Compare scenarios and studies, and write the report.

    Parameters
    ----------
    things : sequence of str or Path
        Two or more; the first is what the others are compared with. Each is a scenario (name or file), which
        may be followed by settings (``"belarus-2020 mechanisms.shutdown=false"``), a study's folder, which
        stands for all its points, or a point of one (``folder:label`` or ``folder:number``).
    folder : str or Path, optional
        For the result; ``results/compare-NAMES`` if left out. The runs of scenarios are kept in its subfolder
        ``study``, and the same call again takes them up.
    replicates : int or str, optional
        So many seeds of the list reference-1000, the name of a list of seeds, or seeds (``"3,14,15"``); quick-20 if
        left out, or the seeds of the studies named.
    overrides : mapping of str to value, optional
        Set in every scenario that is run, beside its own settings.
    labels : sequence of str, optional
        What to call the things, in their order.
    measures : sequence of str, optional
        Numbers of the summary to compare; the model's usual ones if left out.
    figures : iterable of str
        ``svg``, ``png``, ``pdf``: picture files to write besides the report.
    workers : int, optional
        Worker processes for the runs.
    progress : callable, optional
        As in `sim.study.run_study`.
    force : bool
        Whether a comparison of other things, or of another version, in the folder may be replaced, with the runs
        that were made for it.
    days : int, optional
        Steps after which runs of scenarios stop, in place of their horizons.

    Returns
    -------
    Comparison
        With all numbers; `analysis.compare.write.record_of` makes plain data of it.

    Raises
    ------
    ProtestorateError
        For anything that cannot be compared, before anything is run where that can be known.
    UnfinishedError
        If runs were done, but not compared, or if the report cannot be made; what was computed is kept.
    """
    formats = tuple(figures)
    check_formats(formats)
    target = target_of(things, labels, folder)
    found = compared(things, target, replicates, overrides, labels, measures, workers, progress, force, days)
    write_comparison(found, target, formats, command_of(things, replicates, overrides or {}, labels, measures, days))
    return found


def compared(
    things: Sequence[str | Path],
    target: Path,
    replicates: int | str | None = None,
    overrides: Mapping[str, Any] | None = None,
    labels: Sequence[str] = (),
    measures: Sequence[str] = (),
    workers: int | None = None,
    progress: Progress | None = None,
    force: bool = False,
    days: int | None = None,
) -> Comparison:
    """Run what has to be run and compare it; as `compare`, but without the report."""
    found = things_of(things)
    names = names_of(found, labels)
    seeds = seeds_of(replicates, found)
    check_folder(target, names, force)
    check_scenarios(found, overrides or {}, measures, days)
    titles = titles_of(found, names, bool(labels))
    sides = sides_of(found, target / STUDY, seeds, overrides or {}, names, titles, workers, progress, days, force)
    ran = any(isinstance(thing, ScenarioThing) for thing in found)
    with kept(target / STUDY, "the comparison") if ran else nullcontext():
        return compare_sides(sides, measures)


def target_of(things: Sequence[str | Path], labels: Sequence[str] = (), folder: str | Path | None = None) -> Path:
    """Return where a comparison goes; ``results/compare-NAMES`` if nothing is said."""
    if folder is not None:
        return Path(folder).expanduser()
    names = names_of(things_of(things), labels)
    plain = "-".join(re.sub(r"[^\w.]+", "-", name).strip("-.") for name in names)
    if not plain:
        raise ProtestorateError("name a folder for the comparison with --out")
    return Path("results") / f"compare-{plain[:LONGEST_NAME].rstrip('-.')}"


def command_of(
    things: Sequence[str | Path],
    replicates: int | str | None,
    overrides: Mapping[str, Any],
    labels: Sequence[str],
    measures: Sequence[str] = (),
    days: int | None = None,
    model: Path | None = None,
) -> str:
    """Return the command that makes a comparison again."""
    words = ["protestorate", "compare", *(str(thing) for thing in things)]
    if model is not None:
        words += ["--model", str(model)]
    if replicates is not None:
        words += ["--replicates", str(replicates)]
    if days is not None:
        words += ["--days", str(days)]
    for key, value in overrides.items():
        words += ["--set", written_set(key, value)]
    for label in labels:
        words += ["--label", label]
    for name in measures:
        words += ["--measure", name]
    return shlex.join(words)


def show_comparison(comparison: Comparison, folder: Path) -> None:
    """Print outcomes, numbers and days of parting of each comparison, what it comes to, and where the report is."""
    sentences = dict(summary(comparison))
    for contrast in comparison.contrasts:
        words = contrast_words(contrast)
        outcomes = [
            (f"outcome: {row.name}", row.a, row.b, row.difference, row.interval, row.p) for row in words.outcomes
        ]
        show_table(
            (words.label, words.a, words.b, "difference", "95% interval", "p, corrected"),
            [
                *outcomes,
                *(
                    (
                        f"{row.title}, {row.unit}".removesuffix(", "),
                        row.a,
                        row.b,
                        row.mean,
                        row.mean_interval,
                        f"{row.p}{' *' if row.told else ''}",
                    )
                    for row in words.effects
                ),
            ],
        )
        apart = [(row.title, row.touched, row.first, row.difference) for row in words.partings]
        if apart:
            show_table(
                (
                    "trajectory",
                    "any pair differs from",
                    "they differ no later than",
                    "largest mean difference",
                ),
                apart,
                f"turnout parts in {len(words.places)} of {several(words.places_in_all, 'locality', 'localities')}"
                if words.places_in_all
                else "",
            )
        notes = f"; {'; '.join(words.notes)}" if words.notes else ""
        show_table((), (), f"{sentences[words.label]} {words.gain}\n{several(words.pairs, 'pair')}{notes}")
    show_table((), (), f"report: {folder / 'report.html'}")
