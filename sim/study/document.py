"""From a study file as read to objects of the schema of studies, and what is wrong on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from sim.core.errors import Problem, ScenarioError, nearest, shown
from sim.core.keypath import KeyPath
from sim.scenario.explain import explain, place_of
from sim.scenario.yaml import Document
from sim.study.schema import DESIGNS, AnyDesign, StudyFile

DESIGN: KeyPath = ("design",)
PARAMETERS: KeyPath = ("design", "parameters")
LINKED: KeyPath = ("design", "linked")


A_SCENARIO = "this is a scenario, not a study: a study has a design"


def refuse_scenario(document: Document) -> None:
    """Raise ScenarioError if a file is a scenario."""
    if "design" not in document.data and ("model" in document.data or "extends" in document.data):
        file = document.marks[()].file
        raise ScenarioError(Problem(A_SCENARIO, file=file))


def study_file(document: Document) -> tuple[StudyFile | None, list[Problem]]:
    """Return a study as it is written, its design unread; None with problems if that is not valid."""
    try:
        return StudyFile.model_validate(document.data), []
    except ValidationError as error:
        return None, explain(error, StudyFile, document, {})


def design_spec(document: Document) -> tuple[AnyDesign | None, list[Problem]]:
    """Return the design of a study file; None with problems if it is not valid."""
    data = document.data.get("design")
    if not isinstance(data, dict):
        return None, []  # the schema of the file has already said so
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in DESIGNS:
        place = place_of((*DESIGN, "kind"), document, {})
        message = f"must be one of {', '.join(DESIGNS)}" if "kind" in data else "is missing"
        given, near = (shown(kind), nearest(str(kind), DESIGNS)) if "kind" in data else ("", "")
        return None, [Problem(message, "design.kind", *place, given=given, nearest=near)]
    schema = DESIGNS[kind]
    try:
        return schema.model_validate(data), []
    except ValidationError as error:
        return None, explain(error, schema, _below(document, data), {}, DESIGN)


def sound_design(document: Document, problems: Iterable[Problem]) -> AnyDesign | None:
    """Return a design of listed values without its keys that have problems; None if nothing sound is left.

    So its other values can be checked, too, and all problems be said at once.
    """
    wrong = {problem.path for problem in problems}
    data = document.data.get("design")
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(data, dict) or kind not in ("grid", "one_at_a_time", "list"):
        return None
    sound: dict[str, Any] = dict(data)
    if isinstance(parameters := data.get("parameters"), dict):
        sound["parameters"] = _sound(parameters, "design.parameters", wrong)
    if isinstance(points := data.get("points"), list):
        sound["points"] = [_sound_point(point, f"design.points.{place}", wrong) for place, point in enumerate(points)]
    try:
        return DESIGNS[str(kind)].model_validate(sound)
    except ValidationError:
        return None


def mapping_at(data: Any, path: KeyPath) -> dict[str, Any]:
    """Return the mapping that stands at a path of plain data; empty if there is none."""
    for part in path:
        if isinstance(data, dict) and part in data:
            data = data[str(part)]
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part]
        else:
            return {}
    return data if isinstance(data, dict) else {}


def sections(data: dict[str, Any]) -> Iterator[tuple[KeyPath, list[str]]]:
    """Yield the places of a study file that hold key paths of scenarios, and these."""
    yield ("set",), list(mapping_at(data, ("set",)))
    yield PARAMETERS, list(mapping_at(data, PARAMETERS))
    yield LINKED, list(mapping_at(data, LINKED))
    points = mapping_at(data, ("design",)).get("points")
    for place in range(len(points) if isinstance(points, list) else 0):
        section: KeyPath = ("design", "points", place, "set")
        yield section, list(mapping_at(data, section))


def _sound_point(point: Any, path: str, wrong: set[str]) -> dict[str, Any]:
    """Return a point without the keys that have problems; an empty one if there is nothing else."""
    if not isinstance(point, dict):
        return {}
    settings = point.get("set")
    kept = _sound(point, path, wrong)
    return {**kept, "set": _sound(settings, f"{path}.set", wrong)} if isinstance(settings, dict) else kept


def _sound(data: dict[str, Any], path: str, wrong: set[str]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if f"{path}.{key}" not in wrong}


def _below(document: Document, data: dict[str, Any]) -> Document:
    """Return the part of a document below its design as a document of its own."""
    marks = {path[1:]: mark for path, mark in document.marks.items() if path[:1] == DESIGN}
    keys = {path[1:]: mark for path, mark in document.keys.items() if path[:1] == DESIGN and len(path) > 1}
    return Document(data, marks, keys)
