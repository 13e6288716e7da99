"""The experiments of the ledger as points of a study, checked before anything runs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.core.errors import Problem, ProtestorateError, ScenarioError, nearest, shown
from sim.core.keypath import KeyPath, covers, dotted, undotted
from sim.core.share import share_dir
from sim.evidence.ledger import Claim, Experiment, Ledger
from sim.measures.language import Known, Measure, faults, parse, what_runs_have
from sim.models.interface import engine_of
from sim.run.load import Loaded, derive, load
from sim.scenario.yaml import Document, read
from sim.study.plan import Point

AGENT_SIZE = "run.persons_per_agent"
HOW_IT_IS_RUN = ("run",)
"""Sections that no experiment may touch: they are the same for all."""


@dataclass(frozen=True)
class Trial:
    """A claim, what is measured, and the two arms: points of a study.

    Parameters
    ----------
    claim : Claim
        With its experiment in `claim.test`.
    measure : Measure
    first, second : int
        Points without and with the change.
    """

    claim: Claim
    measure: Measure
    first: int
    second: int

    @property
    def test(self) -> Experiment:
        """The experiment."""
        assert self.claim.test is not None
        return self.claim.test


@dataclass(frozen=True)
class Trials:
    """All experiments, with arms that several share kept once.

    Parameters
    ----------
    bases : mapping of str to Loaded
        Base scenarios by name, at the resolution of the study.
    arms : tuple of Point
        Every distinct arm.
    trials : tuple of Trial
    numbers : mapping of str to tuple of str
        Numbers of the summary of each base scenario's runs.
    """

    bases: Mapping[str, Loaded]
    arms: tuple[Point, ...]
    trials: tuple[Trial, ...]
    numbers: Mapping[str, tuple[str, ...]]


def chosen(ledger: Ledger, ids: Sequence[str] = (), document: str | None = None) -> list[Claim]:
    """Return the claims asked for: those with these ids, of this document, or all that carry a test or a reason.

    Raises
    ------
    ScenarioError
        For an unknown id or document, or a claim asked for by id that has no test.
    """
    problems = []
    if document is not None and document not in ledger.documents:
        near = nearest(document, ledger.documents)
        message = "there is no such document" + ("" if near else f"; there are {', '.join(ledger.documents)}")
        problems.append(Problem(message, given=shown(document), nearest=near))
    for name in ids:
        claim = ledger.claims.get(name)
        if claim is None:
            near = nearest(name, ledger.claims)
            problems.append(Problem("there is no such claim", given=shown(name), nearest=near))
        elif claim.test is None:
            why = claim.untestable or f"it is of the kind '{claim.kind}'"
            problems.append(Problem(f"this claim has no test: {why}", name))
    if problems:
        raise ScenarioError(problems)
    found = [claim for claim in ledger.claims.values() if claim.test is not None or claim.untestable]
    if document is not None:
        found = [claim for claim in found if claim.document == document]
    if ids:
        found = [claim for claim in found if claim.id in ids]
    if not any(claim.test for claim in found):
        raise ProtestorateError("none of the claims asked for has a test")
    return found


def trials(claims: Iterable[Claim], persons_per_agent: int | None) -> Trials:
    """Return the experiments of some claims; claims without one are passed over.

    Parameters
    ----------
    claims : iterable of Claim
    persons_per_agent : int or None
        People an agent stands for in every run; None leaves it to the scenarios.

    Raises
    ------
    ScenarioError
        With every scenario, key path, value and outcome that is not valid, each with its place in the ledger.
    """
    tested = [claim for claim in claims if claim.test is not None]
    bases: dict[str, Loaded] = {}
    known: dict[str, Known] = {}
    pages: dict[str, Document] = {}
    arms: dict[str, Point] = {}
    found, problems = [], []
    for claim in tested:
        test = claim.test
        assert test is not None
        page = pages.setdefault(claim.document, read(share_dir("seeds") / "claims" / f"{claim.document}.yaml"))
        at: KeyPath = ("claims", claim.id, "test")
        if test.scenario not in bases:
            try:
                bases[test.scenario] = base_scenario(test.scenario, persons_per_agent)
            except ScenarioError as error:
                problems += [_placed(problem, page, (*at, "scenario")) for problem in error.problems]
                continue
        base = bases[test.scenario]
        problems += _refused(base, test, page, at)
        try:
            measure = parse(test.outcome)
        except ValueError as error:
            problems.append(_placed(Problem(str(error), given=shown(test.outcome)), page, (*at, "outcome")))
            continue
        if any(covers(dotted(at), problem.path) for problem in problems):
            continue
        if test.scenario not in known:
            known[test.scenario] = what_runs_have(base.config)
        reached = _with_days(known[test.scenario], test, base)
        problems += [_placed(problem, page, (*at, "outcome")) for problem in faults(measure, reached)]
        before = _arm(arms, test.scenario, test.given, f"given for {claim.id}" if test.given else test.scenario)
        after = _arm(arms, test.scenario, {**test.given, **test.change}, claim.id)
        found.append(Trial(claim, measure, before, after))
    if problems:
        raise ScenarioError(problems)
    numbers = {name: one.numbers for name, one in known.items()}
    return Trials(bases, tuple(arms.values()), tuple(found), numbers)


def base_scenario(name: str, persons_per_agent: int | None) -> Loaded:
    """Return a scenario at the resolution of a study; see `trials` for the parameters and errors."""
    loaded = load(name)
    if persons_per_agent is None or not hasattr(loaded.config, "run"):
        return loaded
    return derive(loaded, {AGENT_SIZE: persons_per_agent})


def _arm(arms: dict[str, Point], base: str, overrides: Mapping[str, Any], label: str) -> int:
    """Return the point of an arm; the first of several with the same overrides stands for all."""
    key = json.dumps([base, sorted(overrides.items())], default=str)
    arms.setdefault(key, Point(label, base, dict(overrides)))
    return list(arms).index(key)


def _refused(base: Loaded, test: Experiment, page: Document, at: KeyPath) -> list[Problem]:
    """Return what keeps either arm from being a scenario."""
    found = [
        _placed(Problem("is the same in all runs and cannot be part of an experiment"), page, (*at, part, path))
        for part, overrides in (("given", test.given), ("change", test.change))
        for path in overrides
        if undotted(path)[0] in HOW_IT_IS_RUN
    ]
    for part, overrides in (("given", test.given), ("change", {**test.given, **test.change})):
        if found:
            break
        try:
            derive(base, overrides)
        except ScenarioError as error:
            for problem in error.problems:
                named = problem.path if problem.path in overrides else ""
                where: KeyPath = (*at, part, named) if named else (*at, part)
                found.append(_placed(problem, page, where))
    return found


def _placed(problem: Problem, page: Document, at: KeyPath) -> Problem:
    """Give a problem its place in the ledger; what it says of its own path is kept in the message."""
    above = next(at[:end] for end in range(len(at), -1, -1) if at[:end] in page.marks)
    file, line, column = page.marks[above]
    own = problem.path and problem.path != at[-1]
    message = f"{problem.path}: {problem.message}" if own else problem.message
    return replace(problem, message=message, path=dotted(at), file=file, line=line, column=column)


def _with_days(known: Known, test: Experiment, base: Loaded) -> Known:
    """Return what runs have, with the last day that both arms of an experiment can reach."""
    if known.first is None or not any(undotted(path)[0] == "time" for path in (*test.given, *test.change)):
        return known
    arms = [derive(base, test.given), derive(base, {**test.given, **test.change})]
    steps = min(engine_of(arm.config.model).steps(arm.config) for arm in arms)
    return replace(known, last=known.first + dt.timedelta(days=steps - 1))
