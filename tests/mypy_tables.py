"""For mypy: the classes of `sim.models.mobilisation.typed` have the columns that are declared, and no others."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from mypy.nodes import MypyFile
from mypy.plugin import ClassDefContext, Plugin, ReportConfigContext
from mypy.plugins.common import add_attribute_to_class

TYPED, DAY, MECHANISMS = (f"sim.models.mobilisation.{name}" for name in ("typed", "day", "mechanisms"))
PRIORITY = 10
"""Of an import, as mypy counts them for an ordinary one."""


@cache
def declared() -> dict[str, dict[str, str]]:
    """The columns by class, and the kind of each: ``float``, ``int`` or ``array``."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from sim.models.mobilisation import parameters as numbers
    from sim.models.mobilisation.mechanisms import MECHANISMS as ALL
    from sim.models.mobilisation.schema.assemble import section_at
    from sim.models.mobilisation.schema.scenario import Mobilisation
    from sim.models.mobilisation.state import NATION, TABLES

    def leaves(path: str) -> dict[str, str]:
        fields = section_at(Mobilisation, path).model_fields
        return {name: "float" for name, field in fields.items() if field.annotation in (bool, int, float)}

    found = {table: dict.fromkeys((one.name for one in columns), "array") for table, columns in TABLES.items()}
    found["nation"] = {one.name: "float" if one.dtype.startswith("f") else "int" for one in NATION}
    found["parameters"] = dict.fromkeys((*numbers.POSSIBLE, "persons_per_agent", "officers_per_agent"), "float")
    for path in numbers.SECTIONS:
        found["parameters"] |= leaves(path)
    found["levers"] = dict.fromkeys(numbers.LEVERS, "float")
    for path in ("people.classes.*", "movement.tactics.*", "elites.kinds.*"):
        found[path] = leaves(path)
    added = [name for one in ALL.values() for name in one.rows.get("camps", {})]
    found["people.camps.*"] = leaves("people.camps.*") | dict.fromkeys(added, "float")
    found["police.forces.*"] = leaves("police.forces.*") | {"scale": "float", "key": "int"}
    found["institutions.*"] = dict.fromkeys(("opposition", "independence", "quorum", "kind", "power"), "float")
    return found


def _fill(context: ClassDefContext) -> None:
    of: Any = context.cls.keywords["of"]
    api: Any = context.api
    kinds = {
        "float": api.named_type("builtins.float"),
        "int": api.named_type("builtins.int"),
        "array": api.lookup_fully_qualified(f"{TYPED}.Array").node.target,
    }
    for name, kind in declared()[of.value].items():
        add_attribute_to_class(context.api, context.cls, name, kinds[kind])


class Tables(Plugin):
    """Fills in the columns."""

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return _fill if fullname == f"{TYPED}.Declared" else None

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """Let calls of a day be held against the loops: its mechanisms are found by standing in their folder."""
        if file.fullname != DAY:
            return []
        return [
            (PRIORITY, f"{MECHANISMS}.{one.stem}", -1)
            for one in (Path(file.path).parent / "mechanisms").glob("[a-z]*.py")
        ]

    def report_config_data(self, ctx: ReportConfigContext) -> Any:
        """Say what checked files rest on, so that they are checked again when it changes."""
        return declared() if ctx.id == TYPED else None


def plugin(version: str) -> type[Plugin]:
    """Return the plugin, as mypy asks for it."""
    return Tables
