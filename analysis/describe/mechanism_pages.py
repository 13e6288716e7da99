"""A page for each mechanism, written from what its module declares, what the ledger says and what was measured."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.describe.curves import Curve, NoCurve, curves
from analysis.describe.seen import CASE, seen
from analysis.mechanisms.table import Mechanism, mechanisms
from analysis.report.markdown import plain, table
from sim.core.formats import to_digits
from sim.evidence.ledger import Ledger, load_ledger
from sim.evidence.sources import SourceRow, sources_of
from sim.models.mobilisation.mechanisms import MECHANISMS, MODULES, rules
from sim.run.load import load
from sim.scenario.described import described

FOLDER = "mechanisms"
MEASURED = ("switches", "without it", "theory", "found")
PLACE_OF_FILE, PLACES_OF_MEASURED = 0, (4, 6, 7, 8)
"""Columns of the tables in ``docs/mechanisms.md``."""
Pages = dict[str, str]
Pictures = dict[str, Curve]


def pages(measured: str) -> tuple[Pages, Pictures]:
    """Return the pages of all mechanisms and an index, and the curves of their pictures, by their paths in the site.

    Parameters
    ----------
    measured : str
        The text of ``docs/mechanisms.md``, whose tables say what switching a mechanism off did.
    """
    effects, ledger, loaded = _effects(measured), load_ledger(), load(CASE)
    sources = {row.path: row for row in sources_of(loaded.data)}
    texts: Pages = {}
    pictures: Pictures = {}
    lines = []
    for one in mechanisms():
        told = {curve.rule: curve for curve in curves(one.file, _numbers(one, sources), seen())}
        drawn = {rule: curve for rule, curve in told.items() if isinstance(curve, Curve)}
        pictures |= {f"{FOLDER}/{one.file}-{rule}.png": curve for rule, curve in drawn.items()}
        values = list(_values(one, sources))
        parts = [
            f"# {plain(one.title)}",
            plain(inspect.getdoc(MODULES[one.file]) or ""),
            f"Written from the module `sim/models/mobilisation/mechanisms/{one.file}.py`.",
            *_claims(one, ledger),
            *_equations(one, told),
            *_switches(one, effects.get(one.file)),
            *_parameters(values),
            *_seen(one),
            *_limits(one, effects.get(one.file), values),
        ]
        texts[f"{FOLDER}/{one.file}.md"] = "\n\n".join(parts) + "\n"
        switches = ", ".join(f"`{name}`" for name in one.switches) or "none"
        lines.append((f"[{plain(one.title)}]({one.file}.md)", ", ".join(one.equations), switches))
    texts[f"{FOLDER}/index.md"] = _index(lines)
    return texts, pictures


def _index(lines: Sequence[tuple[str, str, str]]) -> str:
    return (
        "# Mechanisms, one by one\n\nA page for each: what the documents say, equations and their curves, switch and "
        "effect, values with their sources, limits. "
        "[The mechanisms](../mechanisms.md) has all effects in one table.\n\n"
        f"{table(('mechanism', 'equations', 'switches'), lines)}\n"
    )


def _effects(measured: str) -> dict[str, tuple[str, ...]]:
    """Return the measured cells of each mechanism's row, by the name of its module."""
    found = {}
    for line in measured.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) > max(PLACES_OF_MEASURED) and re.fullmatch(r"`\w+`", cells[PLACE_OF_FILE]):
            found[cells[PLACE_OF_FILE].strip("`")] = tuple(cells[place] for place in PLACES_OF_MEASURED)
    return found


def _claims(one: Mechanism, ledger: Ledger) -> Iterator[str]:
    yield "## What the documents say"
    if not one.claims:
        yield "None of the five documents speaks of it."
        return
    yield "In our own words. The number is the claim's in the ledger."
    yield "\n".join(_claim(name, ledger) for name in one.claims)


def _claim(name: str, ledger: Ledger) -> str:
    claim = ledger.claims[name]
    against = (
        f" Otherwise say: {', '.join(f'`{other}`' for other in claim.contradicted_by)}."
        if claim.contradicted_by
        else ""
    )
    return (
        f"* `{name}`, {plain(claim.says)}: {plain(claim.claim)} Trust: {claim.trust}, {plain(claim.because)}.{against}"
    )


def _equations(one: Mechanism, told: Mapping[str, Curve | NoCurve]) -> Iterator[str]:
    yield "## Equations and their curves"
    if not told:
        yield "It has none of its own."
        return
    yield (
        f"A curve shows what a rule gives at the values of `{CASE}`. The axis is the first quantity that the rule "
        "reads. Each line is one value of another, and all else is held fixed. A quantity without a declared range "
        f"moves over the range that it had in one coarse run of `{CASE}`. A curve shows the form of a rule, and not "
        "what happened."
    )
    for name, rule in rules()[one.file].items():
        yield f"### {name.replace('_', ' ').capitalize()}"
        yield f"```text\n{inspect.cleandoc(rule.__doc__)}\n```"
        curve = told[name]
        if isinstance(curve, Curve):
            yield f"![{curve.words.replace('`', '')}]({one.file}-{name}.png)"
            yield curve.words
        else:
            yield f"No curve: {curve.because[0].lower()}{curve.because[1:]}"


def _switches(one: Mechanism, effect: tuple[str, ...] | None) -> Iterator[str]:
    yield "## Switch and effect"
    switches = MECHANISMS[one.file].switches
    if not switches:
        yield "It cannot be switched off by itself."
        return
    yield "\n".join(f"* `mechanisms.{switch.name}=false` takes out: {plain(switch.about)}." for switch in switches)
    if effect is None:
        yield "What that does has not been measured yet."
        return
    yield "What that did in paired runs, with 95% intervals ([how it was measured](../mechanisms.md)):"
    yield table(MEASURED, [effect])
    reasons = [f"* {plain(ablation.because)}" for ablation in one.ablations]
    yield "\n".join(["Why theory expects that:", "", *dict.fromkeys(reasons)])


def _values(one: Mechanism, sources: Mapping[str, SourceRow]) -> Iterator[tuple[str, SourceRow | None, Any]]:
    """Yield key path, what the scenario says of it, and the section's field, for each parameter."""
    for section, schema in MECHANISMS[one.file].parameters.items():
        for field in schema.model_fields:
            path = f"{section}.{field}"
            yield path, _row(path, sources), described(schema, (field,))


def _row(path: str, sources: Mapping[str, SourceRow]) -> SourceRow | None:
    """Return a path's row; of one with a star the first that fits."""
    if "*" not in path:
        return sources.get(path)
    pattern = re.compile("[^.]+".join(map(re.escape, path.split("*"))))
    return next((row for own, row in sources.items() if pattern.fullmatch(own)), None)


def _numbers(one: Mechanism, sources: Mapping[str, SourceRow]) -> dict[str, float]:
    found = {path.rpartition(".")[2]: row.value for path, row, _ in _values(one, sources) if row is not None}
    return {name: float(value) for name, value in found.items() if isinstance(value, int | float)}


def _parameters(values: Sequence[tuple[str, SourceRow | None, Any]]) -> Iterator[str]:
    if not values:
        return
    yield "## Values and their sources"
    rows = [(f"`{path}`", said.span, plain(said.words), _shown(row), _rests_on(row)) for path, row, said in values]
    yield table(("key path", "unit and range", "meaning", f"in {CASE}", "rests on"), rows)


def _shown(row: SourceRow | None) -> str:
    if row is None:
        return "not set"
    return to_digits(row.value, 6) if isinstance(row.value, float) else plain(str(row.value))


def _rests_on(row: SourceRow | None) -> str:
    return "" if row is None else ", ".join(f"`{name}`" for name in row.ids)


def _seen(one: Mechanism) -> Iterator[str]:
    if one.seen:
        yield "## Where it is seen"
        names = ", ".join(f"`{name}`" for name in one.seen)
        yield f"In these columns and numbers of a run ([what they mean](../results.md)): {names}."


def _limits(
    one: Mechanism,
    effect: tuple[str, ...] | None,
    values: Sequence[tuple[str, SourceRow | None, Any]],
) -> Iterator[str]:
    yield "## Limits"
    set_here = [row for _, row, _ in values if row is not None]
    assumed = sum("assumption" in row.ids for row in set_here)
    said = []
    if set_here:
        said.append(f"{assumed} of its {len(set_here)} values in `{CASE}` are assumptions.")
    for switch, inputs in one.inputs.items():
        events = ", ".join(f"`{name}`" for name in inputs)
        said.append(f"`{switch}` does nothing but what dated events put in from outside ({events}).")
    if effect is not None and "opposite" in effect[-1]:
        said.append("Without it something goes the other way than theory says.")
    if effect is not None and "cannot be told" in effect[-1]:
        said.append("At least one of its effects cannot be told from none over the runs that were made.")
    said.append("Effects are statements about the model under its assumptions, and not about what happened.")
    yield "\n".join(f"* {sentence}" for sentence in said)
