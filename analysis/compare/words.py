"""A comparison in words and formatted numbers, for the report and the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.compare.changes import Change
from analysis.compare.comparison import Comparison, Contrast
from analysis.compare.effects import Effect
from analysis.compare.outcomes import OutcomeDifference
from analysis.compare.series import PLACE_COLUMN
from analysis.report.amounts import difference, signed, value
from analysis.report.figures.style import readable, several
from analysis.report.roads import roads
from analysis.stats.intervals import Interval, wilson
from analysis.stats.outcomes import OutcomeShare
from analysis.stats.paired import p_words
from analysis.stats.parting import Parting
from analysis.stats.policy import LEVEL
from analysis.stats.power import MOST_NEEDED
from sim.core.formats import number, share, to_digits
from sim.models.declarations import Declarations
from sim.models.results import Result

NONE = "–"
MOST_NAMED = 3


@dataclass(frozen=True)
class OutcomeRow:
    """An outcome's probability on both sides, and their difference."""

    name: str
    a: str
    b: str
    difference: str
    interval: str
    p: str


@dataclass(frozen=True)
class EffectRow:
    """The paired difference of a number."""

    title: str
    unit: str
    a: str
    b: str
    mean: str
    mean_interval: str
    median: str
    median_interval: str
    standardised: str
    relative: str
    p: str
    verdict: str
    told: bool
    needed: str
    detectable: str
    gain: str
    correlation: str


@dataclass(frozen=True)
class PartingRow:
    """When a series or the turnout of a locality parts."""

    title: str
    touched: str
    first: str
    days: str
    largest: str
    difference: str
    p: str


@dataclass(frozen=True)
class ContrastWords:
    """What the report says of B against A."""

    label: str
    a: str
    b: str
    pairs: int
    notes: tuple[str, ...]
    identical: bool
    outcomes: list[OutcomeRow]
    effects: list[EffectRow]
    gain: str
    partings: list[PartingRow]
    places: list[PartingRow]
    places_in_all: int
    changes: list[Change]
    unit: str
    """What is counted: ``day`` or ``step``."""


def contrast_words(contrast: Contrast) -> ContrastWords:
    """Return everything that the report says of one comparison."""
    apart = [place for place in contrast.places if place.parting.first is not None]
    apart.sort(key=lambda place: (place.parting.first or 0, -abs(place.person_days)))
    turnout = Declarations(contrast.pairs.a.declared.places).of(PLACE_COLUMN)
    kinds = {series.kind.key: series.kind for series in contrast.series}
    return ContrastWords(
        label=contrast.label,
        a=contrast.pairs.a.called,
        b=contrast.pairs.b.called,
        pairs=int(contrast.pairs.seeds.size),
        notes=contrast.notes,
        identical=contrast.identical,
        outcomes=[one for row in contrast.outcomes for one in (_outcome(row, contrast), *_roads(row.name, contrast))],
        effects=[_effect(row) for row in contrast.effects],
        gain=gain_words(contrast),
        partings=[_parting(row, contrast, kinds[row.name]) for row in contrast.partings],
        places=[_parting(place.parting, contrast, turnout, place.parting.name) for place in apart],
        places_in_all=len(contrast.places),
        changes=contrast.changes,
        unit=contrast.axis.unit if contrast.axis else "day",
    )


def _outcome(row: OutcomeDifference, contrast: Contrast) -> OutcomeRow:
    pairs = int(contrast.pairs.seeds.size)
    return OutcomeRow(
        name=readable(row.name),
        a=_share(row.name, row.both + row.only_a, pairs, contrast.shares_a),
        b=_share(row.name, row.both + row.only_b, pairs, contrast.shares_b),
        difference=f"{signed(round(100 * row.difference))} points",
        interval=f"{signed(round(100 * row.interval.low))} to {signed(round(100 * row.interval.high))}",
        p=p_words(row.p_corrected),
    )


def _roads(outcome: str, contrast: Contrast) -> list[OutcomeRow]:
    """Return how often each side came to an outcome by each road; no differences are tested."""
    pairs = contrast.pairs
    a, b = roads(pairs.first, outcome), roads(pairs.second, outcome)
    shown = [(road, *(_share("", found.get(road, 0), len(pairs.seeds), ()) for found in (a, b))) for road in {**a, **b}]
    return [OutcomeRow(f"{readable(outcome)}, {road}", here, there, "", "", "") for road, here, there in shown]


def _share(name: str, count: int, pairs: int, shares: Sequence[OutcomeShare]) -> str:
    """Return how often an outcome came, with its interval; also of an outcome that never came, or a group."""
    found = next((row.interval for row in shares if row.name == name), None) or wilson(count, pairs)
    return f"{share(count / pairs)} ({share(found.low)} to {share(found.high)})"


def _effect(row: Effect) -> EffectRow:
    scale = row.measure.scale
    return EffectRow(
        title=row.measure.title,
        unit=row.measure.unit,
        a=value(scale * row.mean_a),
        b=value(scale * row.mean_b),
        mean=signed(scale * row.mean),
        mean_interval=_interval(row.mean_interval, scale),
        median=signed(scale * row.median),
        median_interval=_interval(row.median_interval, scale),
        standardised=NONE if row.standardised is None else signed(round(row.standardised, 2)),
        relative=NONE if row.relative is None else f"{signed(100 * row.relative)}%",
        p=p_words(row.p_corrected),
        verdict=row.verdict,
        told=row.verdict in ("higher", "lower"),
        needed=_needed(row),
        detectable=NONE if row.detectable is None else f"±{value(scale * row.detectable)}",
        gain=NONE if row.gain is None else to_digits(row.gain, 3),
        correlation=NONE if row.correlation is None else f"{row.correlation:.2f}",
    )


def _interval(interval: Interval | None, scale: float) -> str:
    return NONE if interval is None else f"{signed(scale * interval.low)} to {signed(scale * interval.high)}"


def _needed(row: Effect) -> str:
    if not row.differs or row.standardised is None:
        return NONE
    if row.needed is None:
        return f"more than {number(MOST_NEEDED)}"
    return f"{number(row.needed)}, already enough" if row.needed <= row.pairs else number(row.needed)


def _parting(row: Parting, contrast: Contrast, kind: Result, title: str = "") -> PartingRow:
    axis = contrast.axis
    return PartingRow(
        title=title or kind.title,
        touched=axis.label(row.touched) if axis and row.touched is not None else "never",
        first=axis.label(row.first) if axis and row.first is not None else f"on no {axis.unit if axis else 'day'}",
        days=str(row.days),
        largest=axis.label(row.largest) if axis and row.largest is not None else NONE,
        difference=NONE if row.difference is None else difference(kind, row.difference),
        p=p_words(row.p),
    )


def _factor(value: float | None) -> str:
    """Return how many times as much, with two digits where it is small."""
    known = value or 0.0
    return f"{known:,.0f}" if known >= 10.0 else to_digits(known, 2)


def gain_words(contrast: Contrast) -> str:
    """Say what the pairing was worth."""
    gain = contrast.gain
    if gain is None:
        return "The differences are the same in every pair, so pairing has removed all chance from them."
    known = [row for row in contrast.effects if row.gain is not None]
    best = max(known, key=lambda row: row.gain or 0.0)
    worst = min(known, key=lambda row: row.gain or 0.0)
    meaning = (
        f"the pairing is worth {_factor(gain)} times as many runs"
        if gain >= 1.05
        else "the pairing gains nothing"
        if gain >= 0.95
        else f"the pairing costs: the same precision would have taken {_factor(gain)} times as many unpaired runs"
    )
    text = f"Over all numbers {meaning} (median)"
    if best is not worst:
        text += (
            f"; most for {best.measure.title.lower()} ({_factor(best.gain)}), least for {worst.measure.title.lower()} "
            f"({_factor(worst.gain)})"
        )
    return f"{text}."


def summary(comparison: Comparison) -> list[tuple[str, str]]:
    """Return for each comparison its name and what it comes to, in a few sentences."""
    return [(contrast.label, _summary(contrast)) for contrast in comparison.contrasts]


def _summary(contrast: Contrast) -> str:
    pairs = f"{several(int(contrast.pairs.seeds.size), 'pair')} of runs"
    if contrast.identical:
        return f"No difference at all in {pairs}: every number, outcome and day is the same."
    told = [row for row in contrast.effects if row.verdict in ("higher", "lower")]
    if told:
        strongest = sorted(told, key=lambda row: (row.p_corrected, -abs(row.standardised or 99.0)))
        named = [f"{_lower(row.measure.title)} {_way(row)}" for row in strongest[:MOST_NAMED]]
        first = (
            f"In {pairs}, {len(told)} of {len(contrast.effects)} numbers differ beyond chance: "
            f"{'; '.join(named)}{' and others' if len(told) > MOST_NAMED else ''}."
        )
    else:
        first = f"In {pairs}, none of {len(contrast.effects)} numbers differs beyond chance."
    return " ".join([first, _outcome_sentence(contrast), _parting_sentence(contrast)]).strip()


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def _way(row: Effect) -> str:
    way = "higher" if row.mean > 0 else "lower"
    relative = "" if row.relative is None else f" by {share(abs(row.relative))}"
    return f"{way}{relative}"


def _outcome_sentence(contrast: Contrast) -> str:
    moved = [row for row in contrast.outcomes if row.differs]
    if not moved:
        return "Every pair ends in the same outcome."
    most = max(moved, key=lambda row: (abs(row.difference), row.difference))
    told = "" if most.p_corrected <= LEVEL else ", which cannot be told from chance"
    pairs = contrast.pairs.seeds.size
    before, after = (share((most.both + alone) / pairs) for alone in (most.only_a, most.only_b))
    return f"The outcome “{readable(most.name)}” goes from {before} to {after} of the runs{told}."


def _parting_sentence(contrast: Contrast) -> str:
    axis = contrast.axis
    if axis is None:
        return ""
    apart = [row for row in contrast.partings if row.first is not None]
    if not apart:
        return f"On no {axis.unit} can the series be told to differ in distribution."
    first = min(apart, key=lambda row: row.first or 0)
    title = next(series.kind.title for series in contrast.series if series.kind.key == first.name)
    return f"The first series to part is “{_lower(title)}”, no later than {axis.label(first.first)}."
