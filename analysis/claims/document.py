"""What came of all claims, as the tables of a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.claims.examine import Finding
from analysis.claims.history import Said, shown
from analysis.claims.report import row
from analysis.claims.verdict import VERDICTS
from analysis.report.document import Tables, made
from analysis.report.markdown import table
from analysis.stats.outcomes import counts
from sim.evidence.ledger import Ledger

PLACES = ("documents", "history", "experiments", "untestable")
"""The marked places of ``docs/claims.md``: verdicts by document, those that moved from one version of the model to the
next, every experiment, what the model cannot speak to."""


def tables(ledger: Ledger, findings: Sequence[Finding], data: Mapping[str, Any], history: Sequence[Said]) -> Tables:
    """Return the tables of claims, by their `PLACES`.

    Parameters
    ----------
    ledger : Ledger
    findings : sequence of Finding
    data : mapping
        What ``claims.json`` holds.
    history : sequence of Said
        All verdicts that were written down, these with them.
    """
    how = data["how"]
    line = made(how["command"], data["model_version"], {len(how["seeds"])}, {how["persons_per_agent"]}, how["failed"])
    cube = f"Other assumptions: {how['points']} points of {how['cube_seeds']} pairs." if how["points"] else ""
    by_document = f"{line} {cube}".strip() + f"\n\n{_by_document(ledger, findings, data['untestable'])}"
    return dict(
        zip(
            PLACES,
            (by_document, shown(history), _experiments(ledger, findings), _untestable(data["untestable"])),
            strict=True,
        )
    )


def _by_document(ledger: Ledger, findings: Sequence[Finding], untestable: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for name, document in ledger.documents.items():
        own = [one for one in findings if one.trial.claim.document == name]
        rows.append([document.title, *_counted(own, sum(one["document"] == name for one in untestable))])
    rows.append([f"**{cell}**" for cell in ("all", *_counted(findings, len(untestable)))])
    return table(("document", "tested", *VERDICTS, "not testable"), rows)


def _counted(findings: Sequence[Finding], untestable: int) -> list[str]:
    return [str(number) for number in (len(findings), *counts(findings, VERDICTS).values(), untestable)]


def _experiments(ledger: Ledger, findings: Sequence[Finding]) -> str:
    head = ("claim", "what it says", "if it holds", "effect (95% interval)", "other assumptions", "verdict")
    parts = []
    for name, document in ledger.documents.items():
        rows = [_row(one) for one in findings if one.trial.claim.document == name]
        if rows:
            parts += [f"### {document.title}", table(head, rows)]
    return "\n\n".join(parts)


def _row(finding: Finding) -> list[str]:
    said = row(finding)
    verdict = f"**{said['verdict']}**"
    if said["verdict"] != said["first_verdict"]:
        verdict += f" ({said['first_verdict']} as the scenario stands)"
    notes = [said["weakness"], said["selection"], "runs end early" if said["length"] else ""]
    return [
        f"`{said['id']}`",
        said["claim"],
        f"{said['outcome']} {said['expected']}",
        f"{said['estimate']} {said['interval']}".strip(),
        said["cube"],
        "; ".join([verdict, *filter(None, notes)]),
    ]


def _untestable(claims: Sequence[Mapping[str, Any]]) -> str:
    rows = [[f"`{one['id']}`", one["claim"], one["why"]] for one in claims]
    return table(("claim", "what it says", "why not"), rows)
