"""The site: generated pages say what the program has, tutorials run, every page is in the menu, all is offline.

``make docs`` builds it whole, with warnings as errors; here are the parts that need no build.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from typer.main import get_command

import sim
from analysis.cli import app
from analysis.describe.reference import command_line, scenario_file
from sim.evidence.sources import coverage, sources_of
from sim.scenario.described import leaves

CLONE = Path(__file__).resolve().parent.parent
DOCS = CLONE / "docs"
TUTORIALS = sorted((DOCS / "tutorials").glob("*.ipynb"))


@pytest.fixture(scope="module")
def hooks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hooks", DOCS / "hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name in command.list_commands(None):
        inner = command.get_command(None, name)
        yield f"{path}{name}", inner
        if hasattr(inner, "list_commands"):
            yield from commands(inner, f"{path}{name} ")


def test_the_page_of_the_command_line_has_every_command_and_option() -> None:
    page = command_line(app)
    parts = dict(part.split("\n", 1) for part in page.split("\n## ")[1:])
    known = dict(commands(get_command(app)))
    assert list(parts) == list(known)
    for path, command in known.items():
        assert f"Usage: protestorate {path}" in parts[path]
        for parameter in command.params:
            for option in (name for name in parameter.opts if name.startswith("--")):
                assert option in parts[path], f"{path} {option}"


@pytest.mark.parametrize("case", ["belarus-2020", "epstein-2002"])
def test_the_page_of_the_scenario_file_has_every_value_with_unit_and_range(case: str) -> None:
    page, loaded = scenario_file(case), sim.load(case)
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    for path, said in leaves(type(loaded.config)):
        assert path in rows
        if said.kind in ("number", "whole"):
            assert f"| {said.span} |" in rows[path].replace("\\", ""), path
    assumed = sum(int(count) for count in re.findall(r"(\d+) assumption", page))
    assert assumed == coverage(sources_of(loaded.data))["assumption"] > 0


def pages(nav: Any) -> Iterator[str]:
    for entry in nav if isinstance(nav, list) else nav.values() if isinstance(nav, dict) else [nav]:
        yield from pages(entry) if isinstance(entry, list | dict) else [entry]


def test_every_page_is_in_the_menu_once(hooks: ModuleType) -> None:
    text = (CLONE / "mkdocs.yml").read_text(encoding="utf-8").replace("!!python/object/apply:", "")
    text = text.replace("pymdownx.slugs.slugify {", "{")
    listed = list(pages(yaml.safe_load(text)["nav"]))
    assert len(listed) == len(set(listed))
    written = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    made = {f"tutorials/{path.stem}.md" for path in TUTORIALS} | set(hooks.TAKEN_IN.values())
    made |= {"reference/commands.md", "reference/python.md", "reference/scenario.md", "mechanisms/index.md"}
    assert set(listed) == written | made


@pytest.mark.parametrize(
    "loads",
    [
        '<script src="https://cdn.example/x.js">',
        "<link rel=stylesheet href=https://fonts.example/css>",
        '<link href="//fonts.example" rel="preconnect">',
        '<img alt="" src="http://example.org/x.png">',
        "@import url(https://fonts.example/css)",
        "background: url('https://example.org/x.png')",
        '@import "https://fonts.example/css"',
    ],
)
def test_what_would_be_loaded_from_elsewhere_is_found(hooks: ModuleType, loads: str) -> None:
    assert hooks.LOADED.search(loads)


@pytest.mark.parametrize(
    "stays",
    [
        '<a href="https://example.org">',
        '<script src="assets/x.js">',
        '<link rel="canonical" href="https://example.org/">',
        '<img src="data:image/png;base64,AAAA">',
        "background: url(../x.png)",
    ],
)
def test_what_stays_here_is_left_alone(hooks: ModuleType, stays: str) -> None:
    assert not hooks.LOADED.search(stays)


def test_there_are_tutorials() -> None:
    assert len(TUTORIALS) >= 7


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_tutorials_are_kept_without_outputs(path: Path) -> None:
    """``make docs``, which the checks of every commit call, runs each of them as it is."""
    cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert cells
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)
