"""What came of the claims: a page for people, a file for machines, a table for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.claims import cube as hypercube
from analysis.claims.examine import Finding
from analysis.claims.experiments import Trials
from analysis.claims.figures import caption, effects, overview
from analysis.claims.verdict import SENSITIVE_SHARE, VERDICTS
from analysis.claims.words import (
    cube_in_words,
    expected,
    figure,
    in_words,
    length_in_words,
    selection_in_words,
    settings,
)
from analysis.report.figures.style import several
from analysis.report.page import picture_maker, write_page, write_text
from analysis.report.view import Parts, Report, Shown
from analysis.stats.intervals import wilson
from analysis.stats.outcomes import counts
from analysis.stats.paired import p_words
from analysis.stats.policy import FEWEST_PAIRS, MOST_LEFT_OUT
from sim.core.errors import kept
from sim.core.version import model_version
from sim.evidence.ledger import Claim, Ledger
from sim.measures.labels import words
from sim.run.load import load
from sim.run.store import as_json, as_plain
from sim.study.called import settings as words_of_settings
from sim.study.parameters import describe, labels

PAGE, DATA = "report.html", "claims.json"


def write(
    ledger: Ledger,
    claims: Sequence[Claim],
    findings: Sequence[Finding],
    about: Mapping[str, Any],
    folder: Path,
    formats: Iterable[str] = (),
) -> dict[str, Any]:
    """Write ``report.html``, ``claims.json`` and, where asked for, the pictures as files.

    Parameters
    ----------
    ledger : Ledger
    claims : sequence of Claim
        All that were asked for, tested or not.
    findings : sequence of Finding
    about : mapping
        How the experiments were run: `seeds`, `persons_per_agent`, `points`, `cube_seeds`, `parameters` varied,
        `failed` runs, `command`.
    folder : Path
        An existing folder.
    formats : iterable of str
        ``svg``, ``png``, ``pdf``.

    Returns
    -------
    dict
        What ``claims.json`` holds.
    """
    drawn = picture_maker(folder, formats)
    data = as_data(claims, findings, about)
    write_text(folder / DATA, as_json(data))
    with kept(folder):
        write_page(folder / PAGE, _report(ledger, claims, findings, about, drawn))
    return data


def _report(
    ledger: Ledger,
    claims: Sequence[Claim],
    findings: Sequence[Finding],
    about: Mapping[str, Any],
    drawn: Callable[..., Shown],
) -> Report:
    documents: list[dict[str, Any]] = []
    for name, document in ledger.documents.items():
        own = [finding for finding in findings if finding.trial.claim.document == name]
        picture = None
        if own:
            picture = drawn(name, f"Effects: {document.title}", caption(own), effects(own))
        untestable = [claim for claim in claims if claim.document == name and claim.test is None]
        if own or untestable:
            rows = [row(finding) for finding in own]
            documents.append({"about": document, "picture": picture, "rows": rows, "untestable": untestable})
    told = {verdict: count for verdict, count in counts(findings, VERDICTS).items() if count}
    untested = sum(claim.test is None for claim in claims)
    content = {
        "documents": documents,
        "counts": told,
        "tested": len(findings),
        "about": about,
        "spread": hypercube.SPREAD,
        "sensitive_share": SENSITIVE_SHARE,
        "fewest": FEWEST_PAIRS,
        "most_selected": MOST_LEFT_OUT,
        "none_bounds": wilson(0, int(about["points"])).high if about["points"] else None,
        "version": model_version(),
    }
    parts = Parts("claims.html.j2", content)
    pictures = [one["picture"] for one in documents if one["picture"] is not None]
    lead = pictures[0] if pictures else None
    if len(pictures) > 1:
        verdicts_of = {
            one["about"].title: [row["verdict"] for row in one["rows"]] for one in documents if one["picture"]
        }
        said = "Claims of each document by what came of them in the model."
        lead = drawn("overview", "What came of the claims", said, overview(verdicts_of))
    more = f", and {untested} more the model cannot speak to" if untested else ""
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in told.items())
    pairs = several(len(about["seeds"]), "pair")
    points = several(int(about["points"]), "point") if about["points"] else ""
    return Report(
        kind="Claims of the documents, as paired experiments in the model",
        title="The documents put to the test",
        lead="Each claim that the model can speak to has an experiment, written before its result was known: two arms "
        "that share their luck and differ by one change, an outcome, a direction, and the smallest effect that "
        "matters.",
        outcome=verdicts,
        answer=f"{several(len(findings), 'claim was', 'claims were')} tested{more}. These are statements about "
        "the model under its "
        "assumptions, and not about what happened: a claim can be true where the model contradicts it, and false where "
        "the model supports it.",
        numbers=[
            *((f"{verdict}, in the model", f"{count} of {len(findings)}") for verdict, count in told.items()),
            ("of the claims have a test", f"{len(findings)} of {len(findings) + untested}"),
        ][:3],
        sure=f"A verdict rests on the 95% interval of {pairs} of runs"
        + (f", and on {points} of other assumptions." if points else "; other assumptions were not tried.")
        + (f" {several(int(about['failed']), 'run')} failed and left out." if about["failed"] else ""),
        picture=lead,
        sections=[
            *([parts.section("documents", "Document by document", "overview")] if len(documents) > 1 else []),
            *(
                parts.section(
                    one["about"].name, one["about"].title, "document", one,
                    one["picture"] if one["picture"] is not lead else None,
                )
                for one in documents
            ),
            parts.section("reading", "How to read a verdict", "reading"),
            parts.section("again", "Run it again", "again"),
        ],
        limits="Every verdict on this page is about the model, with the values and assumptions of its scenario, and "
        "at its resolution. An effect in the model shows that a mechanism as it is modelled suffices to produce it; "
        "it does not show that this is what happened.",
    )  # fmt: skip


def row(finding: Finding) -> dict[str, Any]:
    """Return what the page and the terminal say of one experiment."""
    test, claim, trial = finding.trial.test, finding.trial.claim, finding.trial
    base = load(test.scenario)
    called = labels({path: describe(base, path)["description"] for path in test.change})
    return {
        "id": claim.id,
        "says": claim.says,
        "claim": claim.claim,
        "trust": claim.trust,
        "because": test.because,
        "title": base.config.about.title,
        "in_words": words_of_settings(test.change, called, base.data),
        "scenario": test.scenario,
        "given": settings(test.given),
        "change": settings(test.change),
        "outcome": words(trial.measure),
        "expected": expected(finding),
        "estimate": in_words(finding.effect, test.relative)[0],
        "interval": in_words(finding.effect, test.relative)[1],
        "means": f"{figure(finding.effect.first)} → {figure(finding.effect.second)}",
        "pairs": finding.effect.pairs,
        "p_value": p_words(finding.corrected),
        "cube": cube_in_words(finding),
        "length": length_in_words(finding),
        "selection": selection_in_words(finding.effect),
        "weakness": finding.effect.weakness,
        "first_verdict": finding.first_verdict,
        "verdict": finding.verdict,
    }


def as_data(claims: Sequence[Claim], findings: Sequence[Finding], about: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything as plain data; numbers that do not exist are null."""
    tested = []
    for finding in findings:
        effect, cube, test = finding.effect, finding.cube, finding.trial.test
        entry = row(finding) | {
            "document": finding.trial.claim.document,
            "given": test.given,
            "change": test.change,
            "measure": test.outcome,
            "direction": test.direction,
            "smallest": test.smallest,
            "relative": test.relative,
            "effect": vars(effect) | {"p_value_corrected": finding.corrected},
            "cube": None if cube is None else dict(vars(cube)) | _against(finding),
        }
        for shown_only in ("means", "p_value", "expected", "estimate", "interval"):
            del entry[shown_only]
        tested.append(entry)
    untestable = [
        {"id": claim.id, "document": claim.document, "says": claim.says, "claim": claim.claim, "why": claim.untestable}
        for claim in claims
        if claim.test is None
    ]
    plain: dict[str, Any] = as_plain(
        {
            "program": "protestorate",
            "model_version": model_version(),
            "how": dict(about),
            "counts": counts(findings, VERDICTS),
            "tested": tested,
            "untestable": untestable,
        }
    )
    return plain


def _against(finding: Finding) -> dict[str, Any]:
    cube = finding.cube
    if cube is None or not cube.points:
        return {}
    verdict, direction = finding.first_verdict, finding.trial.test.direction
    found = cube.share_against(verdict, direction)
    return {"against": cube.against(verdict, direction), "against_low": found.low, "against_high": found.high}


TERMINAL_COLUMNS = ("claim", "made by", "if it holds", "effect (95%)", "p", "other assumptions", "verdict")


def terminal_rows(findings: Sequence[Finding]) -> list[tuple[str, ...]]:
    """Return a row an experiment for the table of the terminal."""
    said = [row(finding) for finding in findings]
    return [
        (
            one["id"],
            one["says"],
            f"{one['outcome']} {one['expected']}",
            f"{one['estimate']} {one['interval']}",
            one["p_value"],
            one["cube"],
            "; ".join(filter(None, (one["verdict"], one["weakness"] or one["selection"], one["length"]))),
        )
        for one in said
    ]


def summary(findings: Sequence[Finding], untestable: int) -> str:
    """Return how many experiments had which verdict, and of what they speak."""
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts(findings, VERDICTS).items() if count)
    text = f"{said}. These are statements about the model under its assumptions, not about what happened."
    return f"{text} The model cannot speak to {untestable} more claims; the report says why." if untestable else text


def parameters_varied(found: Trials) -> int:
    """Return how many assumed parameters the hypercube varies, over all base scenarios."""
    return sum(len(hypercube.assumed_ranges(base)) for base in found.bases.values())
