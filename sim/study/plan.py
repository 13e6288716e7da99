"""What a study is: base scenarios, points of a design, replicates; and the identity of each of its runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sim.core.errors import Problem, ScenarioError
from sim.core.keypath import undotted
from sim.models.declarations import Declarations
from sim.models.interface import engine_of
from sim.models.own import version_of
from sim.run.beforehand import seconds_of
from sim.run.load import Loaded, config_hash, derive
from sim.run.simulate import HIGHEST_SEED

RUN_ID_LENGTH = 20
TAKEN = "cannot vary: a column of a study's tables is called so; put the value into a section of the schema"
# What it leaves behind, compressed; measured on Belarus 2020.
BYTES_A_RUN, BYTES_A_DAY, BYTES_A_DAY_OF_LOCALITIES = 2000.0, 190.0, 150.0


@dataclass(frozen=True)
class Point:
    """One point of a design: a base scenario and what is changed in it.

    Parameters
    ----------
    label : str
        What tables and figures call it.
    base : str
        Name of one of the study's base scenarios.
    overrides : mapping of str to object
        Value by key path.
    """

    label: str
    base: str
    overrides: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Range:
    """Interval over which a parameter varies.

    Parameters
    ----------
    low, high : float
        In the unit of the schema, both included.
    scale : str
        ``linear`` or ``log``.
    whole : bool
        Whether only whole numbers are drawn.
    chance : float or None
        If given, only the ends are drawn: `high` with this chance, else `low`.
    """

    low: float
    high: float
    scale: str = "linear"
    whole: bool = False
    chance: float | None = None


@dataclass(frozen=True)
class Design:
    """How the points were made; what sensitivity analysis and scenario discovery need to know.

    Parameters
    ----------
    kind : str
        ``grid``, ``list``, ``latin_hypercube``, ``sobol``, ``morris``, ``one_at_a_time`` or ``ablation``.
    ranges : mapping of str to Range
        By key path, in the order of the design's columns; empty for designs over listed values.
    options : mapping
        What else the file says about the design, such as ``size``, ``seed``, ``levels``.
    """

    kind: str = "list"
    ranges: Mapping[str, Range] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Keep:
    """What is kept of each run beside its summary."""

    days: bool = False
    localities: bool = False


@dataclass(frozen=True)
class Precision:
    """Adaptive replication: when a point has been repeated often enough.

    Parameters
    ----------
    outcome : str
        What to judge by, written as `sim.measures` has it; of a daily series if the study keeps these.
    half_width : float
        Half the width of the confidence interval that is narrow enough; of the mean's absolute
        value if `relative`.
    relative : bool
        Whether `half_width` is a share of the mean.
    confidence : float
        Of the interval, such as 0.95.
    at_least : int
        Replicates of a point before it is judged, and added at a time; at most all of the study's seeds are used.
    """

    outcome: str
    half_width: float
    relative: bool = False
    confidence: float = 0.95
    at_least: int = 10


@dataclass(frozen=True)
class Study:
    """A question put to many runs.

    Parameters
    ----------
    name : str
        Short; also the default folder's name.
    bases : mapping of str to Loaded
        Base scenarios by name.
    points : tuple of Point
        In the design's order.
    seeds : tuple of int
        One a replicate; the same at each point, so that points share their luck.
    keep : Keep
    precision : Precision or None
        None: every seed at every point.
    design : Design
    title, question : str
    days : int or None
        Steps after which each run stops, in place of its scenario's horizon.
    """

    name: str
    bases: Mapping[str, Loaded]
    points: tuple[Point, ...]
    seeds: tuple[int, ...]
    keep: Keep = Keep()
    precision: Precision | None = None
    design: Design = Design()
    title: str = ""
    question: str = ""
    days: int | None = None

    def __repr__(self) -> str:
        return f"Study({self.name!r}, {len(self.points)} points, {len(self.seeds)} seeds)"

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models of its base scenarios."""
        return tuple(sorted({base.config.model for base in self.bases.values()}))

    def resolved(self, point: int) -> Loaded:
        """Return the scenario of a point; raises ScenarioError if its overrides are not valid."""
        chosen = self.points[point]
        return derive(self.bases[chosen.base], chosen.overrides)


@dataclass(frozen=True)
class PlannedRun:
    """One run to be done: where it stands in the study, and who it is."""

    run_id: str
    point: int
    replicate: int
    seed: int


def run_id(scenario_hash: str, seed: int, version: str) -> str:
    """Return the identity of a run: a digest of its resolved scenario, seed and model version."""
    text = f"{scenario_hash} {seed} {version}"
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:RUN_ID_LENGTH]


@dataclass(frozen=True)
class Plan:
    """A study whose points are resolved.

    Parameters
    ----------
    study : Study
    hashes : tuple of str
        Digest of each point's resolved scenario.
    same_as : tuple of int
        For each point the first point with the same scenario (itself, mostly); only that one is run.
    changed : mapping of str to tuple
        For each key path that any point changes, the value in force at each point. Columns of one kind:
        truth values, whole numbers, numbers, or text (lists and mappings as JSON, None where there is nothing).
    seconds : float
        Estimate for one run, the mean over points, on one core.
    version : str
        Model version.
    caution : str
        What is to be said of the first point whose numbers will mean little; empty if there is none.
    """

    study: Study
    hashes: tuple[str, ...]
    same_as: tuple[int, ...]
    changed: Mapping[str, tuple[Any, ...]]
    seconds: float
    version: str
    caution: str = ""

    @cached_property
    def distinct(self) -> tuple[int, ...]:
        """Points that are run: those that repeat no earlier one."""
        return tuple(point for point, first in enumerate(self.same_as) if point == first)

    def run(self, point: int, replicate: int) -> PlannedRun:
        """Return the run of a point and replicate."""
        seed = self.study.seeds[replicate]
        return PlannedRun(run_id(self.hashes[point], seed, self.version), point, replicate, seed)

    def runs(self, points: Iterable[int], replicates: range) -> Iterator[PlannedRun]:
        """Yield the runs of some points and replicates, the replicates of a point side by side."""
        for point in points:
            for replicate in replicates:
                yield self.run(point, replicate)


def plan(study: Study) -> Plan:
    """Resolve every point of a study.

    Raises
    ------
    ScenarioError
        If the study has no point or no replicate, or for the first point that is not valid.
    """
    if not study.points:
        raise ScenarioError(Problem("the design has no points: there is nothing to run", "design", study.name))
    if study.days is not None and study.days < 1:
        raise ScenarioError(Problem("must be at least 1", "days", study.name, given=str(study.days)))
    if not study.seeds:
        raise ScenarioError(Problem("there are no replicates: at least one is needed", "replicates", study.name))
    if len(set(study.seeds)) < len(study.seeds) or not all(0 <= seed <= HIGHEST_SEED for seed in study.seeds):
        message = "seeds of replicates must differ and lie in 0 to 2^63-1"
        raise ScenarioError(Problem(message, "replicates", study.name))
    paths = dict.fromkeys(path for point in study.points for path in point.overrides)
    for path in paths:
        if any(is_taken(base, path) for base in study.bases.values()):
            raise ScenarioError(Problem(TAKEN, path, study.name))
    hashes, seconds, caution = [], 0.0, ""
    values: dict[str, list[Any]] = {path: [] for path in paths}
    sections = {undotted(path)[0] for path in paths}
    for number in range(len(study.points)):
        loaded = study.resolved(number)
        hashes.append(hash_of(loaded, study.days))
        seconds += seconds_of(loaded, study.days)
        if not caution and (said := engine_of(loaded.config.model).caution(loaded.config)):
            caution = f"{study.points[number].label}: {said}"
        resolved = loaded.config.model_dump(mode="json", include=sections)
        for path in paths:
            values[path].append(value_at(resolved, path))
    first: dict[str, int] = {}
    same_as = tuple(first.setdefault(digest, point) for point, digest in enumerate(hashes))
    changed = {path: _of_one_kind(column) for path, column in values.items()}
    return Plan(study, tuple(hashes), same_as, changed, seconds / len(hashes), version_of(study.models), caution)


def hash_of(loaded: Loaded, days: int | None) -> str:
    """Return the digest of what a run depends on beside its seed: the scenario, and where it is stopped."""
    own = config_hash(loaded)
    return own if days is None else hashlib.sha256(f"{own} {days} days".encode("ascii")).hexdigest()


TABLE_COLUMNS = (
    "run_id", "point", "label", "base", "replicate", "seed", "overrides", "scenario_hash", "same_as",
    "outcome", "outcome_date", "outcome_reasons",
)  # fmt: skip
"""What the tables of a study call their own columns."""


def is_taken(loaded: Loaded, path: str) -> bool:
    """Return whether a key path, which becomes a column, is called as another column of a study's tables.

    Only a model of the user's own can have such a value: one that stands in no section.
    """
    return path in TABLE_COLUMNS or path in Declarations(engine_of(loaded.config.model).numbers(loaded.config))


def value_at(data: Any, path: str) -> Any:
    """Return what stands at a key path of plain data; None where there is nothing."""
    for part in undotted(path):
        if isinstance(data, list) and part.isdecimal() and len(part) < 10 and int(part) < len(data):
            data = data[int(part)]
        elif isinstance(data, Mapping):
            data = data.get(part)
        else:
            return None
    return data


def _of_one_kind(values: list[Any]) -> tuple[Any, ...]:
    """Make a column that every reader of tables understands."""
    kinds = {type(value) for value in values if value is not None}
    if kinds in ({int, float}, {float}):
        return tuple(None if value is None else float(value) for value in values)
    if kinds in ({bool}, {int}, {str}):
        return tuple(values)
    return tuple(None if value is None else json.dumps(value, ensure_ascii=False) for value in values)


@dataclass(frozen=True)
class Estimate:
    """What a study will take, before it is started.

    Parameters
    ----------
    runs : int
        Runs to do, at most.
    seconds : float
        On so many workers.
    bytes : float
        On the disk.
    """

    runs: int
    seconds: float
    bytes: float


def estimate(planned: Plan, runs: int, workers: int) -> Estimate:
    """Return about how long so many runs of a plan take, and how much room."""
    study = planned.study
    first = study.resolved(0)
    steps = study.days or engine_of(first.config.model).steps(first.config)
    kept = BYTES_A_DAY * study.keep.days + BYTES_A_DAY_OF_LOCALITIES * study.keep.localities
    return Estimate(runs, runs * planned.seconds / workers, runs * (BYTES_A_RUN + steps * kept))
