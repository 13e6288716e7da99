"""The base scenarios that a study holds, and what its runs record, from its manifest alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.core.errors import ProtestorateError, ScenarioError
from sim.models.declarations import Declared
from sim.models.interface import declared, schema_of
from sim.run.load import Loaded, derive
from sim.scenario.overrides import apply
from sim.study.folder import MANIFEST, first_of
from sim.study.plan import value_at


def base_of(manifest: Mapping[str, Any], name: str) -> Loaded:
    """Return a base scenario as a manifest holds it.

    Raises
    ------
    ProtestorateError
        If today's schema does not take it any more.
    """
    if name not in manifest["bases"]:
        raise missing_base(name)
    return _from_json(name, manifest["bases"][name])


def missing_base(name: str) -> ProtestorateError:
    """Return what to say of a manifest without one of the scenarios that its points start from."""
    return ProtestorateError(f"{MANIFEST}: has been changed or damaged: bases has no scenario {name!r}")


def scenario_with(manifest: Mapping[str, Any], name: str, overrides: Mapping[str, Any]) -> Loaded:
    """Return a base scenario with the overrides of a point, as the table of points has them in JSON.

    What JSON writes as text (days) is what the schema says it is: a title that looks like a day stays a title.

    Raises
    ------
    ProtestorateError
        If today's schema does not take it any more.
    """
    base = base_of(manifest, name)
    if not overrides:
        return base
    written, _, problems = apply(manifest["bases"][name], overrides, type(base.config))
    if problems:
        raise ScenarioError(problems)
    typed = _from_json(name, written).data
    return derive(base, {path: None if value is None else value_at(typed, path) for path, value in overrides.items()})


def _from_json(name: str, data: Mapping[str, Any]) -> Loaded:
    try:
        schema = schema_of(str(data.get("model", "mobilisation")))
    except ScenarioError as error:
        raise ScenarioError([replace(one, file=one.file or MANIFEST) for one in error.problems]) from error
    try:
        config = schema.model_validate_json(json.dumps(data))
    except ValidationError as error:
        message = f"the scenario {name!r} of this study does not fit this version: {first_of(error)}"
        raise ProtestorateError(message) from error
    # Dumped again, so that what JSON writes as text (days) is what a scenario file would give.
    return Loaded(config, config.model_dump(by_alias=True, exclude_unset=True), Path(f"{name}.yaml"), ())


def declared_of(manifest: Mapping[str, Any]) -> Declared:
    """Return what the columns and numbers of a study's runs are, of all its base scenarios.

    Raises
    ------
    ProtestorateError
        If today's schema does not take a base scenario any more.
    """
    found = [declared(base_of(manifest, name).config) for name in manifest.get("bases", {})]
    columns, places, numbers = (
        tuple({one.name: one for results in parts for one in results}.values())
        for parts in (
            [own.columns for own in found],
            [own.places for own in found],
            [own.numbers for own in found],
        )
    )
    return Declared(columns, places, numbers)
