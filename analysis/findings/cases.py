"""Every case held against what happened, which `scenarios/observed` sets down.

The share of each outcome in each case with Wilson's interval, and whether the commonest outcome is the observed one. A
table of medians beside it says by what kind of run an outcome was hit or missed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.campaigns.judge import BASE_RATE, base_rate, chances, succeeded
from analysis.campaigns.judge import endings as endings_of
from analysis.campaigns.write import made_of, score_table
from analysis.observed import Ended, endings
from analysis.report.document import Tables, check_places
from analysis.report.markdown import code, table
from analysis.report.page import write_text
from analysis.report.roads import in_words
from analysis.stats.intervals import wilson
from analysis.stats.outcomes import FALLS, OutcomeShare, outcome_shares
from sim.core.errors import Problem, ProtestorateError, ScenarioError
from sim.models.mobilisation.results import numbers
from sim.study import StudyData, read_study
from sim.study.called import title_of

PLACE = "outcomes"


MEDIANS = (
    "peak_turnout_share", "detained", "killed", "police_defected", "elite_public_end", "peak_output_lost",
)  # fmt: skip
"""Numbers of the summary that say what kind of run it was."""


@dataclass(frozen=True)
class CaseResult:
    """How the runs of a case ended.

    Attributes
    ----------
    case : str
        Name of the scenario.
    observed : Ended
    shares : tuple of OutcomeShare
        Each outcome that came out, most frequent first.
    right : OutcomeShare
        The outcomes that count as the observed one, taken together.
    roads : mapping of str to str
        By which roads the runs came to an outcome, in words with shares of all runs; empty where there is only one.
    hit : bool
        Whether the commonest outcome, with all in which the ruler is gone taken together, is the observed one.
    title : str
        Of the scenario.
    """

    case: str
    observed: Ended
    shares: tuple[OutcomeShare, ...]
    right: OutcomeShare
    roads: Mapping[str, str]
    hit: bool
    title: str


def case_results(data: StudyData) -> list[CaseResult]:
    """Return how the runs of each case ended, in the order of the study.

    Raises
    ------
    ProtestorateError
        If the study has no runs, several points of one case, or a case for which nothing observed is set down.
    """
    bases = [str(base) for base in data.points["base"]]
    ends = endings()
    unknown = [base for base in bases if base not in ends]
    if data.runs.empty or len(set(bases)) < len(bases):
        message = "holds no runs" if data.runs.empty else "has several points of one case; give each case once"
        raise ScenarioError(Problem(message, file=str(data.folder)))
    if unknown:
        message = f"has the scenario {unknown[0]}, of which scenarios/observed does not say how it ended"
        raise ScenarioError(Problem(message, file=str(data.folder)))
    found = {base: data.runs[data.runs["base"] == base] for base in bases}
    known = data.manifest["bases"]
    return [_result(base, ends[base], runs, title_of(known[base], base)) for base, runs in found.items() if len(runs)]


def _result(case: str, observed: Ended, own: pd.DataFrame, title: str) -> CaseResult:
    outcomes = own["outcome"].astype(str)
    right = int(outcomes.isin(observed.outcomes).sum())
    runs = len(outcomes)
    together = OutcomeShare(observed.outcomes[0], right, runs, right / runs, wilson(right, runs))
    hit = modal(outcomes) in {_pooled(name) for name in observed.outcomes}
    shares = tuple(outcome_shares(outcomes))
    roads = {share.name: in_words(own, share.name, lambda count: f"{count / runs:.0%}") for share in shares}
    return CaseResult(case, observed, shares, together, roads, hit, title)


def modal(outcomes: pd.Series) -> str:
    """Return the commonest outcome, with all in which the ruler is gone taken together; of equals the first by name."""
    counts = outcomes.map(_pooled).value_counts()
    return min(str(name) for name in counts.index[counts == counts.max()])


def _pooled(outcome: str) -> str:
    return FALLS[0] if outcome in FALLS else outcome


def outcome_table(results: Sequence[CaseResult]) -> pd.DataFrame:
    """Return a row a case and outcome: share of the runs with Wilson's 95% interval, low to high."""
    return pd.DataFrame(
        {
            "case": result.case,
            "observed": result.observed.outcomes[0],
            "outcome": share.name,
            "roads": result.roads[share.name].strip(" ()"),
            "runs": share.runs,
            "share": share.share,
            "low": share.interval.low,
            "high": share.interval.high,
            "counts_as_observed": share.name in result.observed.outcomes,
            "hit": result.hit,
        }
        for result in results
        for share in result.shares
    )


def case_lines(results: Sequence[CaseResult]) -> list[str]:
    """Return the table of cases in Markdown: observed, shares with intervals, hit or miss."""
    rows = []
    for result in results:
        ends = ", ".join(f"{share.name} {_share(share)}{result.roads[share.name]}" for share in result.shares)
        verdict = ("hit" if result.hit else "**miss**") + (", calibrated" if result.observed.calibrated else "")
        cells = (
            code(result.case),
            result.observed.outcomes[0],
            ends,
            _share(result.right),
            verdict,
            str(result.right.runs),
        )
        rows.append(cells)
    columns = ("case", "observed", "outcomes of the runs (95% interval)", "the observed one", "verdict", "runs")
    judged = [result for result in results if not result.observed.calibrated]
    hits = sum(result.hit for result in judged)
    runs = sorted({result.right.runs for result in results})
    of_runs = " to ".join(str(number) for number in dict.fromkeys((runs[0], runs[-1])))
    return [
        table(columns, rows),
        "",
        f"{hits} of {len(judged)} cases that the model was not calibrated on are hit; {of_runs} runs a case.",
    ]


def _share(share: OutcomeShare) -> str:
    low, high = 100.0 * share.interval.low, 100.0 * share.interval.high
    return f"{100.0 * share.share:.0f}% ({low:.0f} to {high:.0f})"


def median_lines(data: StudyData) -> list[str]:
    """Return the medians of each case's runs in Markdown, with the day on which those that ended early did."""
    names, known = [name for name in MEDIANS if name in data.runs.columns], numbers()
    rows = []
    for base in data.points["base"]:
        runs = data.runs[data.runs["base"] == base]
        if runs.empty:
            continue
        ends = pd.to_datetime(runs["outcome_date"]).dropna()
        cells = [known[name].text(float(runs[name].median())) for name in names]
        cells.append(f"{len(ends)}, {ends.median():%Y-%m-%d}" if len(ends) else "0")
        rows.append((code(str(base)), *cells))
    columns = ("case", *(known[name].brief for name in names), "runs that ended early, median day")
    return table(columns, rows).splitlines()


def skill(data: StudyData, results: Sequence[CaseResult]) -> str:
    """Return how good the model's chances of success are, as of campaigns, over cases that it was not calibrated on."""
    judged = [result for result in results if not result.observed.calibrated]
    if len(judged) < 2:
        return ""
    names = [result.case for result in judged]
    happened = np.array([float(succeeded(result.observed.outcomes).any()) for result in judged])
    clusters = np.arange(len(names), dtype=np.int64)
    own = chances(endings_of(data), names, "success").to_numpy(dtype=np.float64)
    rivals = {"model": own, BASE_RATE: base_rate(happened, clusters)}
    head = f"**Success of the movement**, as [campaigns](campaigns.md) have it ({int(happened.sum())} of {len(names)}):"
    return f"{head}\n\n{score_table(rivals, happened, clusters)}"


def made_line(data: StudyData, command: str) -> str:
    """Return the line that says what made the tables, and what is not in them."""
    manifest, seeds = data.manifest, len(data.manifest["seeds"])
    overrides = [json.loads(text) for text in data.points["overrides"]]
    usual = [manifest["bases"][base]["run"]["persons_per_agent"] for base in data.points["base"]]
    scales = {own.get("run.persons_per_agent", scale) for own, scale in zip(overrides, usual, strict=True)}
    planned = 0 if manifest["precision"] else len(data.points) * seeds
    line = made_of(command, (data,), seeds, planned, scales)
    without = [f"`{base}`" for base in data.points["base"] if base not in set(data.runs["base"])]
    return f"{line} Without any run: {', '.join(without)}." if without else line


def check_whole(data: StudyData) -> None:
    """Raise ProtestorateError if a study lacks a case, whose row a document would lose."""
    lacking = [case for case in endings() if case not in set(data.points["base"])]
    if lacking:
        message = f"--write: {data.folder} has no {', '.join(lacking)}, whose rows would be lost; sweep all cases"
        raise ProtestorateError(message)


def tables(folder: Path, command: str, document: Path | None = None) -> Tables:
    """Return the tables of a study of cases that was run, and write them and their page beside it.

    Parameters
    ----------
    folder : Path
    command : str
        What makes them again.
    document : Path, optional
        That they are to be put into; the study must then have every case.
    """
    from analysis.findings import cases_page

    check_places(document, [PLACE])
    data = read_study(folder)
    results = case_results(data)
    if document is not None:
        check_whole(data)
    parts = (
        made_line(data, command),
        "\n".join(case_lines(results)),
        skill(data, results),
        "\n".join(median_lines(data)),
    )
    text = "\n\n".join(part for part in parts if part)
    line, cases, own, medians = parts
    found = {
        "Every case": f"{line}\n\n{cases}",
        "How good the chances are": own,
        "What kind of runs they were": medians,
    }
    cases_page.write(results, {title: one for title, one in found.items() if one}, folder, command)
    write_text(folder / "outcomes.csv", outcome_table(results).to_csv(index=False))
    write_text(folder / "outcomes.md", text + "\n")
    return {PLACE: text}
