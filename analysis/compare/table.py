"""A comparison in the terminal."""

from __future__ import annotations

from pathlib import Path

from analysis.compare.comparison import Comparison
from analysis.compare.words import contrast_words, summary
from analysis.console import show_table


def show_comparison(comparison: Comparison, folder: Path) -> None:
    """Print outcomes, numbers and days of parting of each comparison, what it comes to, and where the report is."""
    sentences = dict(summary(comparison))
    for contrast in comparison.contrasts:
        words = contrast_words(contrast)
        outcomes = [
            (f"outcome: {row.name}", row.a, row.b, row.difference, row.interval, row.p) for row in words.outcomes
        ]
        show_table(
            (words.label, words.a, words.b, "difference", "95 % interval", "p, corrected"),
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
                f"turnout parts in {len(words.places)} of {words.places_in_all} localities"
                if words.places_in_all
                else "",
            )
        notes = f"; {'; '.join(words.notes)}" if words.notes else ""
        show_table((), (), f"{sentences[words.label]} {words.gain}\n{words.pairs} pairs{notes}")
    show_table((), (), f"report: {folder / 'report.html'}")
