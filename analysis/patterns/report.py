"""What came of patterns, in the terminal, on a page and as the table of a document; and what they would run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis.patterns.figures import draw_overview, drawn
from analysis.patterns.load import LoadedPattern
from analysis.patterns.put import DATA, PAGE, CheckResult, PatternResult
from analysis.patterns.schema import Expected
from analysis.patterns.verdict import FAILS, HOLDS, UNDECIDED, VERDICTS
from analysis.report.console import show_table
from analysis.report.document import Tables, made, scales_of
from analysis.report.figures.style import several
from analysis.report.markdown import table
from analysis.report.page import shown, write_page, write_text
from analysis.report.preview import preview as preview_study
from analysis.report.view import Parts, Report
from analysis.stats.outcomes import counts
from sim.core.errors import kept
from sim.core.formats import number, readable, to_digits
from sim.core.version import model_version
from sim.evidence.ledger import Ledger, load_ledger
from sim.measures.labels import column_words, words
from sim.measures.language import parse
from sim.run.store import as_json, as_plain

TERMINAL_COLUMNS = ("pattern", "check", "expected", "found (95%)", "verdict")


def write(results: Sequence[PatternResult], folder: Path, command: str = "") -> dict[str, Any]:
    """Write ``patterns.html`` and ``patterns.json``.

    Parameters
    ----------
    results : sequence of PatternResult
    folder : Path
        An existing folder.
    command : str
        What runs it again, for the page.

    Returns
    -------
    dict
        What ``patterns.json`` holds.
    """
    ledger = load_ledger()
    data = as_data(results, command)
    write_text(folder / DATA, as_json(data))
    with kept(folder):
        write_page(folder / PAGE, _report(results, data, ledger))
    return data


def _report(results: Sequence[PatternResult], data: dict[str, Any], ledger: Ledger) -> Report:
    sections = []
    for one, plain in zip(results, data["patterns"], strict=True):
        figure, caption = drawn(one)
        picture = shown(one.pattern.name, one.pattern.study.title or readable(one.pattern.name), caption, figure)
        sections.append({"plain": plain, "rows": [row(check, ledger) for check in one.checks], "picture": picture})
    parts = Parts(
        "patterns.html.j2", {"sections": sections, "command": data["command"], "version": data["model_version"]}
    )
    told = {verdict: count for verdict, count in counts(results, VERDICTS).items() if count}
    failed = f" {several(data['failed'], 'run')} failed and left out." if data["failed"] else ""
    if len(results) == 1:
        lead = sections[0]["picture"]
    else:
        lead = shown("overview", *_overview_words(results), draw_overview(results))
    return Report(
        kind="Pattern-oriented validation",
        title="Patterns the model must show",
        lead="Each pattern is known from events or data that the model was not given as a rule. Its study runs the "
        "model, a statistic is computed from the runs, and its 95% interval is held against what is expected.",
        outcome=", ".join(f"{count} {verdict}" for verdict, count in told.items()),
        answer=f"Of {several(len(results), 'pattern')} the model shows {told.get(HOLDS, 0)}. A pattern holds if all "
        "its checks do, and fails if one of them does.",
        numbers=[
            (f"patterns: {verdict}", f"{count} of {len(results)}")
            for verdict, count in counts(results, VERDICTS).items()
        ],
        sure=f"From {several(data['runs'], 'run')}.{failed} Intervals hold the luck of runs, and not the "
        "uncertainty of parameters.",
        picture=lead,
        sections=[
            parts.section("all", "All patterns", "overview"),
            *(
                parts.section(
                    one["plain"]["name"],
                    f"{one['plain']['title'] or readable(one['plain']['name'])}: {one['plain']['verdict']}",
                    "pattern",
                    one,
                    one["picture"] is lead,
                )
                for one in sections
            ),
            parts.section("reading", "How to read a verdict", "reading"),
            parts.section("again", "Run it again", "again"),
        ],
        limits="Every verdict on this page is about the model with the values of its scenarios, at its resolution.",
    )


def _overview_words(results: Sequence[PatternResult]) -> tuple[str, str]:
    told = counts(results, VERDICTS)
    title = f"{told[HOLDS]} of {several(len(results), 'pattern')} hold"
    return title, "Checks of each pattern: blue hold, red fail, grey are undecided."


def expected_words(expected: Expected) -> str:
    """Return what is expected of a number, in words."""
    if expected.above is not None and expected.below is not None:
        return f"{figure(expected.above)} to {figure(expected.below)}"
    return f"above {figure(expected.above)}" if expected.above is not None else f"below {figure(expected.below or 0.0)}"


def found_words(check: CheckResult) -> str:
    """Return what was found, with its interval."""
    found = check.found
    if not math.isfinite(found.estimate):
        return "no value"
    if not math.isfinite(found.low):
        return figure(found.estimate)
    return f"{figure(found.estimate)} ({figure(found.low)} to {figure(found.high)})"


def figure(value: float) -> str:
    """Return a number with three digits, and a minus sign that is one."""
    text = number(abs(value)) if abs(value) >= 1000 else to_digits(abs(value), 3)
    return f"−{text}" if value < 0 else text


def statistic_words(check: CheckResult) -> str:
    """Return what was computed, in words."""
    options = {name: option_words(name, value) for name, value in check.asked.options}
    return check.asked.statistic.words.format(**options)


def option_words(name: str, value: Any) -> str:
    """Return the value of an option of a statistic as people read it."""
    if name == "measure":
        return words(parse(value))
    if name == "days" and isinstance(value, list):
        return f"{value[0]} to {value[1]}"
    if name == "column":
        return column_words(value)
    if name == "weekday":
        return str(value).capitalize()
    if value is None:
        return "all"
    if isinstance(value, list):
        return " over ".join(str(one) for one in value)
    return readable(str(value)) if isinstance(value, str) else str(value)


def row(check: CheckResult, ledger: Ledger) -> dict[str, Any]:
    """Return what the page says of a check."""
    one = check.asked.check
    sources = [ledger.entry(name) for name in one.source]
    return {
        "name": readable(check.asked.name),
        "says": one.says,
        "statistic": statistic_words(check),
        "expected": expected_words(one.expected),
        "known": one.known,
        "found": found_words(check),
        "verdict": check.verdict,
        "weakness": check.found.weakness,
        "method": f"{check.found.clusters} {check.found.unit}; {check.found.method}",
        "sources": [entry.text for entry in sources if entry is not None],
    }


def as_data(results: Sequence[PatternResult], command: str) -> dict[str, Any]:
    """Return everything as plain data; numbers that do not exist are null."""
    patterns = []
    for one in results:
        checks = []
        for check in one.checks:
            asked = check.asked
            checks.append(
                {
                    "name": asked.name,
                    "says": asked.check.says,
                    "statistic": asked.check.statistic,
                    "options": asked.options.model_dump(mode="json"),
                    "expected": asked.check.expected.model_dump(mode="json"),
                    "known": asked.check.known,
                    "source": list(asked.check.source),
                    "found": {name: value for name, value in vars(check.found).items() if name != "details"},
                    "verdict": check.verdict,
                }
                | _details(check)
            )
        study = one.pattern.study
        patterns.append(
            {
                "name": one.pattern.name,
                "title": study.title,
                "says": one.pattern.pattern.says,
                "limits": one.pattern.pattern.limits,
                "verdict": one.verdict,
                "runs": len(one.data.runs),
                "failed": len(one.data.failures),
                "seeds": list(study.seeds),
                "points": len(study.points),
                "checks": checks,
            }
        )
    plain: dict[str, Any] = as_plain(
        {
            "program": "protestorate",
            "model_version": model_version(),
            "command": command,
            "counts": counts(results, VERDICTS),
            "runs": sum(len(one.data.runs) for one in results),
            "failed": sum(len(one.data.failures) for one in results),
            "patterns": patterns,
        }
    )
    return plain


def _details(check: CheckResult) -> dict[str, Any]:
    """Return what a number was counted from, if there is anything."""
    if not check.found.details:
        return {}
    return {"details": [vars(one) for one in check.found.details]}


def terminal_rows(results: Sequence[PatternResult]) -> list[tuple[str, ...]]:
    """Return a row a check for the table of the terminal; the pattern's own verdict stands beside its first check."""
    rows: list[tuple[str, ...]] = []
    for one in results:
        for place, check in enumerate(one.checks):
            name = f"{one.pattern.name}: {one.verdict}" if place == 0 else ""
            said = check.verdict + (f" ({check.found.weakness})" if check.found.weakness else "")
            rows.append(
                (name, check.asked.check.says, expected_words(check.asked.check.expected), found_words(check), said)
            )
    return rows


def summary(results: Sequence[PatternResult]) -> str:
    """Return how many patterns had which verdict."""
    found = counts(results, VERDICTS)
    said = [f"{found[HOLDS]} of {len(results)} patterns hold"]
    said += [f"{found[name]} {word}" for name, word in ((FAILS, "fail"), (UNDECIDED, "undecided")) if found[name]]
    return ", ".join(said) + "; " + _checks_in_words(results)


def _checks_in_words(results: Sequence[PatternResult]) -> str:
    every = [check.verdict for one in results for check in one.checks]
    return f"{every.count(HOLDS)} of {len(every)} checks"


PLACE = "patterns"
"""The marked place of ``docs/patterns.md``."""


def tables(results: Sequence[PatternResult], command: str) -> Tables:
    """Return the table of patterns, by its `PLACE`.

    Parameters
    ----------
    results : sequence of PatternResult
    command : str
        What makes it again.
    """
    seeds = {len(one.pattern.study.seeds) for one in results}
    scales = {scale for one in results for scale in scales_of(one.pattern.study)}
    failed = sum(len(one.data.failures) for one in results)
    line = made(command, model_version(), seeds, scales, failed)
    rows = [_row(cells) for cells in terminal_rows(results)]
    return {PLACE: f"{line}\n\n{table(TERMINAL_COLUMNS, rows)}\n\n{summary(results)}."}


def _row(cells: Sequence[str]) -> list[str]:
    """A row with the pattern's name as code, and in bold its verdict and each check's that does not hold."""
    pattern, *others, verdict = cells
    name, _, together = pattern.partition(": ")
    return [
        f"`{name}` **{together}**" if pattern else "",
        *others,
        verdict if verdict == HOLDS else f"**{verdict}**",
    ]


COLUMNS = ("pattern", "checks", "points", "replicates", "runs", "to do", "seconds")


def preview(patterns: Sequence[LoadedPattern], folder: Path, workers: int | None) -> list[dict[str, Any]]:
    """Return what each pattern's study would do, as plain data. Nothing is started and nothing written."""
    return [
        {"pattern": one.name, "checks": len(one.asked)} | preview_study(one.study, folder / one.name, workers)
        for one in patterns
    ]


def show_preview(planned: Sequence[dict[str, Any]]) -> None:
    """Print what the patterns would run."""
    rows = [
        (
            one["pattern"],
            one["checks"],
            f"{one['points']:,}",
            f"{one['replicates']:,}",
            f"{one['runs']:,}",
            f"{one['runs_to_do']:,}",
            f"{one['estimated_seconds']:.0f}",
        )
        for one in planned
    ]
    seconds = sum(one["estimated_seconds"] for one in planned)
    runs = sum(one["runs_to_do"] for one in planned)
    hands = several(planned[0]["workers"], "core")
    note = f"{several(runs, 'run')} to do, about {seconds / 60.0:.1f} minutes on {hands}; "
    show_table(COLUMNS, rows, note + "nothing was started (--dry-run)")
