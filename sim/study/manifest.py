"""``study.json`` and ``points.parquet``: what a study is, so that anyone can read it and rerun any row."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, Self

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sim.core.arrow import read_table
from sim.core.errors import ProtestorateError
from sim.core.files import content as content_of
from sim.evidence.sources import sources_of
from sim.models.results import RESULTS_FORMAT
from sim.run.load import resolved_json
from sim.run.place import check_holds_only, write_atomically
from sim.run.store import PROGRAM, RECORD
from sim.scenario.overrides import plain
from sim.study.chunk import digest_of, parquet
from sim.study.folder import MANIFEST, OWN, POINTS, as_text, disk_refusals, first_of, read_json, write_json
from sim.study.parameters import describe, refusal
from sim.study.plan import Plan
from sim.study.shard import DAMAGE

FORMAT = 1
RERUN = (
    "A row of runs/*.parquet is one run. 'protestorate rerun FOLDER RUN_ID' repeats it and compares every bit. "
    "By hand: take the scenario 'bases[base]', change it as 'overrides' of the row's point in points.parquet say, and "
    "run it with the row's seed and this model_version."
)


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")


class _Identity(_Part):
    points: str
    keep: dict[str, bool]
    precision: dict[str, Any] | None
    model_version: str


class _Keep(_Part):
    days: bool
    localities: bool


class _Range(_Part):
    low: float
    high: float
    scale: Literal["linear", "log"]
    whole: bool
    chance: float | None = None


class _Linked(_Part):
    of: str
    times: float


class _Options(_Part):
    linked: dict[str, _Linked] = Field(default_factory=dict)


class _Design(_Part):
    kind: str
    ranges: dict[str, _Range]
    options: _Options


class _Parameter(_Part):
    unit: str
    description: str


class _Session(_Part):
    began: str
    runs: int = Field(ge=0)
    failed: int
    seconds: float = Field(ge=0)
    runs_per_second: float = Field(ge=0)


class ManifestFile(_Part):
    """What is read of ``study.json``, whoever has had it in hand; what else stands there is left alone."""

    name: str
    title: str
    question: str
    identity: _Identity
    model_version: str
    design: _Design
    points: int
    seeds: list[int] = Field(min_length=1)
    days: int | None = Field(default=None, ge=1)
    keep: _Keep
    precision: dict[str, Any] | None
    changed: list[str]
    table_of_points: str | None = None
    parameters: dict[str, _Parameter]
    bases: dict[str, dict[str, Any]]
    sessions: list[_Session]
    versions: dict[str, str]

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.model_version != self.identity.model_version:
            raise ValueError("model_version is not that of identity")
        if self.keep.model_dump() != self.identity.keep:
            raise ValueError("keep is not that of identity")
        if self.precision != self.identity.precision:
            raise ValueError("precision is not that of identity")
        return self


def digest(content: object) -> str:
    """Return a short digest of plain data."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def identity(plan: Plan) -> dict[str, Any]:
    """Return what makes a folder this study's: the parts that may not change between two commands."""
    study = plan.study
    return {
        "points": digest(
            [[point.label, point.base, found] for point, found in zip(study.points, plan.hashes, strict=True)]
        ),
        "keep": asdict(study.keep),
        "precision": asdict(study.precision) if study.precision else None,
        "model_version": plan.version,
        "results_format": RESULTS_FORMAT,
    }


IDENTITY_OF_POINTS = ("label", "base", "scenario_hash")
"""Columns of points.parquet whose digest `identity` holds, so that readers can tell a study's own table of points."""

OWN_COLUMNS = ("point", "label", "base", "overrides", "scenario_hash", "same_as")
"""Columns of points.parquet beside the key paths that the design changes."""

IDENTITY_IN_WORDS = {
    "points": "its scenario or its design",
    "keep": "what it keeps of each run",
    "precision": "its adaptive replication",
    "model_version": "the version of the model",
}


def open_manifest(folder: Path, plan: Plan) -> dict[str, Any]:
    """Return a study's manifest; make it in an empty folder.

    A study may be taken up with more replicates than before, if the earlier ones come first.

    Raises
    ------
    ProtestorateError
        If the folder holds another study, or anything else. Nothing in it is touched.
    """
    path = folder / MANIFEST
    if path.exists():
        manifest = read_manifest(folder)
        _refuse_another_study(folder, manifest, plan)
        _mend_points(folder, plan)
        current: dict[str, Any] = json.loads(as_text({**manifest, **_said(plan)}))
        if current != manifest:
            with disk_refusals(folder):
                write_json(path, current)
        return current
    made: dict[str, Any] = json.loads(as_text(_manifest(plan)))
    with disk_refusals(folder):
        write_atomically(folder / POINTS, parquet(_points_table(plan), {"study": plan.study.name}, plan.version))
        write_json(path, made)
    return made


def _mend_points(folder: Path, plan: Plan) -> None:
    """Write the table of points again if it is lost or damaged."""
    try:
        content = content_of(folder / POINTS)
        intact = read_table(pa.BufferReader(content), page_checksum_verification=True).equals(_points_table(plan))
    except DAMAGE:
        intact = False
    if not intact:
        with disk_refusals(folder):
            write_atomically(folder / POINTS, parquet(_points_table(plan), {"study": plan.study.name}, plan.version))


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but a study; raises ProtestorateError and touches nothing."""
    if (folder / MANIFEST).exists():
        read_manifest(folder)
    else:
        check_holds_only(folder, {POINTS}, "a study")


def is_same_study(folder: Path, plan: Plan, force: bool = False) -> bool:
    """Return whether a study has been begun in a folder.

    Raises
    ------
    ProtestorateError
        If it is another one, or one of another version. With `force` only if it holds what is not a study's own.
    """
    if not (folder / MANIFEST).exists():
        return False
    manifest = read_manifest(folder)
    try:
        _refuse_another_study(folder, manifest, plan)
    except ProtestorateError:
        if not force:
            raise
        check_holds_only(folder, OWN, "a study")
        return False
    return True


def no_study(folder: Path) -> str:
    """Return what a folder is that should hold a study and does not."""
    if (folder / RECORD).is_file():
        return "is a single run, and a study is needed; protestorate sweep carries one out"
    return f"no study (a folder with {MANIFEST}) is here"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a study; raises ProtestorateError if there is none."""
    if not (folder / MANIFEST).is_file():
        raise ProtestorateError(f"{folder}: {no_study(folder)}")
    path = folder / MANIFEST
    manifest = read_json(path)
    if not isinstance(manifest, dict) or manifest.get("program") != PROGRAM or "identity" not in manifest:
        raise ProtestorateError(f"{path}: is not the manifest of a study of {PROGRAM}")
    try:
        ManifestFile.model_validate_json(json.dumps(manifest))
    except ValidationError as error:
        raise ProtestorateError(f"{path}: has been changed or damaged: {first_of(error)}") from None
    return manifest


def _refuse_another_study(folder: Path, manifest: Mapping[str, Any], plan: Plan) -> None:
    ours, theirs = identity(plan), manifest["identity"]
    format_there = theirs.get("results_format", 1)
    if format_there != RESULTS_FORMAT:
        raise ProtestorateError(
            f"{folder}: the study {manifest['name']!r} has results of format {format_there}, and this version of "
            f"protestorate writes format {RESULTS_FORMAT}, in which results have other names; nothing was "
            "touched, choose another folder with --out or replace it with --force"
        )
    differ = [words for part, words in IDENTITY_IN_WORDS.items() if ours[part] != theirs.get(part)]
    seeds, before = list(plan.study.seeds), list(manifest["seeds"])
    common = min(len(seeds), len(before))
    if seeds[:common] != before[:common]:
        differ.append("its replicates")
    elif len(seeds) < len(before):
        differ.append(f"its replicates (it has {len(before)}, {len(seeds)} are asked for: there can only be more)")
    if differ:
        raise ProtestorateError(
            f"{folder}: belongs to the study {manifest['name']!r}, which differs in {', '.join(differ)}; "
            "nothing was touched, choose another folder with --out or replace it with --force"
        )


def _manifest(plan: Plan) -> dict[str, Any]:
    study = plan.study
    return {
        "program": PROGRAM,
        "format": FORMAT,
        **_said(plan),
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "how_to_rerun": RERUN,
        "identity": identity(plan),
        "model_version": plan.version,
        "results_format": RESULTS_FORMAT,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("numba", "numpy", "pandas", "pyarrow")},
        },
        "design": asdict(study.design),
        "points": len(study.points),
        "days": study.days,
        "keep": asdict(study.keep),
        "precision": asdict(study.precision) if study.precision else None,
        "sessions": [],
    }


def _said(plan: Plan) -> dict[str, Any]:
    """Return what may have changed since an earlier command although the study's runs are the same."""
    study = plan.study
    return {
        "name": study.name,
        "title": study.title,
        "question": study.question,
        "seeds": list(study.seeds),
        "changed": list(plan.changed),
        "table_of_points": digest_of(_points_table(plan)),
        "parameters": _parameters(plan),
        "bases": {name: json.loads(resolved_json(loaded)) for name, loaded in study.bases.items()},
    }


def _parameters(plan: Plan) -> dict[str, dict[str, Any]]:
    """Return what the schema and the ledger say about each key path that the design changes."""
    known: dict[str, dict[str, Any]] = {}
    for loaded in plan.study.bases.values():
        sources = {row.path: row for row in sources_of(loaded.data)}
        for path in plan.changed:
            if path not in known and refusal(loaded, path) is None:
                source = sources.get(path)
                kind, ids = (source.kind, list(source.ids)) if source else ("", [])
                known[path] = {**describe(loaded, path), "source": kind, "source_ids": ids}
    return known


def _points_table(plan: Plan) -> pa.Table:
    points = plan.study.points
    columns: dict[str, Any] = {
        "point": list(range(len(points))),
        "label": [point.label for point in points],
        "base": [point.base for point in points],
        "overrides": [json.dumps(_plain(point.overrides), ensure_ascii=False, default=_iso) for point in points],
        "scenario_hash": list(plan.hashes),
        "same_as": list(plan.same_as),
        **{path: list(values) for path, values in plan.changed.items()},
    }
    return pa.table(columns)


def _plain(overrides: Mapping[str, Any]) -> dict[str, Any]:
    return {path: plain(value) for path, value in overrides.items()}


def _iso(day: dt.date) -> str:
    return day.isoformat()
