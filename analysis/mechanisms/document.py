"""The tables of mechanisms with what was found, as Markdown."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from analysis.claims.verdict import Effect
from analysis.claims.words import in_words, settings
from analysis.mechanisms.effects import AS_EXPECTED, NOT_JUDGED, NOT_SEEN, OPPOSITE, STANDARD, Planned, Result, results
from analysis.mechanisms.table import USUAL_SCENARIO, Mechanism
from analysis.report.document import Tables, made, scales_of
from analysis.report.markdown import table
from sim.measures.labels import words
from sim.measures.language import is_share_of_runs
from sim.models.mobilisation import results as flagship
from sim.study import StudyData

PLACES = ("mechanisms", "inputs", "switches", "reasons")
"""The marked places of ``docs/mechanisms.md``: what was found of mechanisms, and of what events put in from outside,
four numbers of every switch, what theory says."""


def tables(mechanisms: Sequence[Mechanism], plan: Planned, data: StudyData, command: str) -> Tables:
    """Return the tables of the page, by their `PLACES`.

    Parameters
    ----------
    mechanisms : sequence of Mechanism
    plan : Planned
    data : StudyData
        Of the plan's study.
    command : str
        What makes them again.
    """
    found = results(plan, data)
    in_order = iter(found)
    of_each = [[next(in_order) for _ in one.ablations] for one in mechanisms]
    rows = [(one, _row(one, own, plan)) for one, own in zip(mechanisms, of_each, strict=True)]
    head = ("file", "mechanism", "claims", "equations", "switches", "seen in", "without it", "theory", "found")
    version = str(data.manifest["model_version"])
    line = made(command, version, {len(plan.study.seeds)}, scales_of(plan.study), len(data.failures))
    by_themselves = table(head, [row for one, row in rows if not one.is_input])
    from_outside = table(head, [row for one, row in rows if one.is_input])
    whole = "\n\n".join([line, _counts(found), by_themselves])
    return dict(zip(PLACES, (whole, from_outside, _four_numbers(found), _reasons(mechanisms)), strict=True))


def _counts(found: Sequence[Result]) -> str:
    signed = Counter(one.found for one in found if one.ablation.expected != "open")
    against = f"{signed[OPPOSITE]} {'has' if signed[OPPOSITE] == 1 else 'have'} the opposite one"
    return (
        f"Of {signed.total()} ablations for which theory gives a sign, {signed[AS_EXPECTED]} have it, "
        f"{against}, and {signed[NOT_SEEN]} cannot be told from no effect. "
        f"{signed[NOT_JUDGED]} are not judged: too many runs end before the days that count, or pairs are too few."
    )


def row_of_facts(one: Mechanism) -> list[str]:
    """Return the cells of a mechanism's row that hold whatever the runs say."""
    return [
        f"`{one.file}`",
        one.title,
        _lines(f"`{name}`" for name in one.claims),
        ", ".join(one.equations),
        _lines(f"`{name}`{_event(one, name)}" for name in one.switches),
        _lines(f"`{name}`" for name in one.seen),
    ]


def _event(one: Mechanism, switch: str) -> str:
    return f" (event `{'`, `'.join(one.inputs[switch])}`)" if switch in one.inputs else ""


def _row(one: Mechanism, found: Sequence[Result], plan: Planned) -> list[str]:
    return [
        *row_of_facts(one),
        _lines(_without(result, plan) for result in found),
        _lines(result.ablation.expected for result in found),
        _lines(_said(result) for result in found),
    ]


def _lines(items: Iterable[str]) -> str:
    return "<br>".join(items)


def _said(result: Result) -> str:
    if result.found == NOT_JUDGED:
        return f"{NOT_JUDGED}: {result.effect.weakness}"
    return f"**{result.found}**" if result.found == OPPOSITE else result.found


def _without(result: Result, plan: Planned) -> str:
    ablation = result.ablation
    where = [f"in {ablation.scenario}"] if ablation.scenario != USUAL_SCENARIO else []
    where += settings(ablation.given)
    share = is_share_of_runs(result.measure, plan.known[ablation.scenario].numbers)
    amount = _points(result.effect) if share else _amount(result.effect)
    switches = f"`{'`, `'.join(ablation.off)}`: "
    circumstances = f" ({', '.join(where)})" if where else ""
    return f"{switches}{words(result.measure)}{circumstances} {amount}"


def _amount(effect: Effect) -> str:
    middle, interval = in_words(effect, relative=effect.first != 0.0)
    return f"{middle} {interval}".strip()


def _points(effect: Effect) -> str:
    if not math.isfinite(effect.estimate):
        return "not measured"
    middle, low, high = (
        f"{100 * value:+.0f}".replace("-", "−") for value in (effect.estimate, effect.low, effect.high)
    )
    return f"{middle} points ({low} to {high})"


def _four_numbers(found: Sequence[Result]) -> str:
    rows = []
    for result in {_key(one): one for one in found}.values():
        name = " and ".join(f"`{switch}`" for switch in result.ablation.off)
        where = ", ".join([result.ablation.scenario, *settings(result.ablation.given)])
        numbers = [_amount(result.standard[key]) if key in result.standard else "" for key in STANDARD]
        pairs = next(iter(result.standard.values())).pairs if result.standard else 0
        rows.append([name, where, *numbers, f"{result.ended_otherwise} of {pairs}"])
    return table(
        ("switched off", "scenario", *(flagship.numbers()[name].brief for name in STANDARD), "ends otherwise"), rows
    )


def _key(result: Result) -> tuple[str, ...]:
    one = result.ablation
    return (*one.off, one.scenario, *settings(one.given))


def _reasons(mechanisms: Sequence[Mechanism]) -> str:
    rows = [
        [f"`{one.file}`", _lines(f"`{name}`" for name in ablation.off), ablation.expected, ablation.because]
        for one in mechanisms
        for ablation in one.ablations
    ]
    return table(("file", "without", "the quantity", "because"), rows)
