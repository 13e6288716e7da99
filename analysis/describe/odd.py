"""The description of the model after the ODD protocol, generated from what the program runs.

Parameters come from the schema, state variables from ``state``, the order of the day from ``day``, equations and the
motive from the mechanisms of the flagship model; docstrings are read, and nothing need be compiled. Only the
paragraphs of the template are written by hand.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from importlib import metadata
from itertools import groupby
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal, get_args, get_origin

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel

import sim
from analysis.report.markdown import Row, code, plain, table
from sim.core.keypath import dotted, undotted
from sim.core.rng import Stream
from sim.evidence.sources import SourceRow, coverage, sources_of
from sim.models.interface import engine_of, module_of, schema_of, title_of
from sim.models.mobilisation import codes, day, outcome, results, state
from sim.models.mobilisation.mechanisms import MECHANISMS, MODULES, STREAMS, SWITCHES, rules
from sim.run.load import Loaded, load
from sim.scenario.described import NUMBERS, Described, leaves

FLAGSHIP = "mobilisation"
TEMPLATES = Path(__file__).parent / "templates"
SOURCES = Path(sim.__file__).parent
NOT_PARAMETERS = ("model", "about", "sources", "publications", "mechanisms")
ENUMS: tuple[type[IntEnum], ...] = (
    codes.Role, codes.Media, codes.Community, codes.Service, codes.Stance, codes.Count,
)  # fmt: skip
TERM = re.compile(r"^\s*m\w* = (?P<term>.+?)\s+\((?P<number>\d+[a-z]'?)\)\s*$", re.MULTILINE)
EQUATION = re.compile(r"\(\d+[a-z]'?\)\s*$", re.MULTILINE)


def document(scenario: str | None = None) -> str:
    """Return the description of a model in Markdown.

    Parameters
    ----------
    scenario : str, optional
        A scenario's name or file. Its title, its values and their sources are then described, too;
        if it is of another model than the flagship, that model is described.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or it is not valid.
    """
    loaded = load(scenario) if scenario is not None else None
    model = FLAGSHIP if loaded is None else str(loaded.config.model)
    case = "" if loaded is None else _case(loaded)
    return _flagship(case) if model == FLAGSHIP else _classic(model, case)


def _flagship(case: str) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # Markdown, not HTML; text of scenarios is escaped by table() and plain()
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("odd.md.j2").render(
        version=metadata.version("protestorate"),
        state=list(state_tables()),
        stages=list(stage_list()),
        streams=table(("chance decides", "in"), stream_rows()),
        observed=[(heading, _names(names)) for heading, names in observed()],
        parameters=parameters(schema_of(FLAGSHIP)),
        switches=table(("switch", "meaning", "parameters set to zero"), switch_rows()),
        motive=motive(),
        terms=table(("term", "equation", "mechanism"), term_rows()),
        mechanisms=list(mechanism_parts()),
        outcomes=table(("outcome", "criterion"), [(f"**{n}**", plain(w)) for n, w in outcome.OUTCOMES.items()]),
        roads=table(("road", "how"), [(f"**{n}**", plain(w)) for n, w in outcome.ROADS.items()]),
        scenario=case,
    )
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _classic(model: str, case: str) -> str:
    """Return the shorter description of a published model: its equations, parameters and outcomes."""
    engine = engine_of(model)
    parts = [
        f"# {title_of(model)}",
        inspect.cleandoc((module_of(model).__doc__ or "").partition("\n")[2]),
        "## Parameters",
        parameters(schema_of(model)),
        "## Outcomes",
        table(("outcome", "criterion"), [(f"**{n}**", plain(words)) for n, words in engine.outcomes.items()]),
        case,
    ]
    return "\n\n".join(parts).rstrip() + "\n"


def observed() -> Iterator[tuple[str, list[str]]]:
    """Yield the names of the daily columns by their headings, a family as one."""
    columns: dict[str, list[str]] = {}
    for one in results.COLUMNS:
        columns.setdefault(one.group, []).append(f"{one.prefix}<{one.each}>" if one.is_family else one.name)
    yield from columns.items()


def _names(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in names)


def state_tables() -> Iterator[dict[str, str]]:
    """Yield title and text of each table of state variables, of the ties, and of the codes they use."""
    named = {**state.TABLES, "nation": state.NATION}
    for name, columns in named.items():
        rows = [(code(c.name), code(c.dtype), plain(c.unit), plain(c.meaning), c.width) for c in columns]
        yield {
            "title": name.capitalize(),
            "text": table(("variable", "type", "unit", "meaning", "one for each of"), rows),
        }
    ties = "`ties` (`i4`, shape citizens × `people.networks.weak_ties`): the citizens whose action each citizen sees."
    yield {"title": "Ties", "text": ties}
    codes = [(f"`{kind.__name__}`", ", ".join(f"{m.value} {_word(m.name)}" for m in kind)) for kind in ENUMS]
    yield {"title": "Codes", "text": table(("type", "values"), codes)}


def _word(name: str) -> str:
    return name.lower().replace("_", " ")


def stage_list() -> Iterator[dict[str, str]]:
    """Yield name and text of each stage of the day."""
    said = dict(re.findall(r"^\d+\. (\w+): (.*)$", day.__doc__ or "", re.MULTILINE))
    for name in day.stages():
        yield {"name": name, "text": said[name]}


def stream_rows() -> list[Row]:
    """Return what each stream of random numbers that is drawn from decides, and the files that draw."""
    said = dict(re.findall(r"^\s+(\w+) = \d+\s+# (.*)$", inspect.getsource(Stream), re.MULTILINE))
    rows: list[Row] = []
    for stream in Stream:
        used = [path for path in sorted(SOURCES.rglob("*.py")) if f"Stream.{stream.name}" in _words_of(path)]
        used = [path for path in used if "classics" not in path.parts]
        if used:
            rows.append((plain(said[stream.name]), _files(used)))
    for name, decides in STREAMS.values():
        rows.append((plain(decides), _names([f"sim/models/mobilisation/mechanisms/{name}.py"])))
    return rows


def _words_of(path: Path) -> set[str]:
    return set(re.findall(r"[\w.]+", path.read_text(encoding="utf-8")))


def _files(paths: Iterable[Path]) -> str:
    return _names(path.relative_to(SOURCES.parent).as_posix() for path in paths)


def parameters(schema: type[BaseModel]) -> str:
    """Return a section with a table for each top-level section of a schema."""
    head = ("parameter", "unit and range", "meaning", "default")
    found = {name: rows for name, rows in parameter_rows(schema).items() if name not in NOT_PARAMETERS}
    return "\n\n".join(f"### {code(name)}\n\n{table(head, rows)}" for name, rows in found.items())


def parameter_rows(schema: type[BaseModel]) -> dict[str, list[Row]]:
    """Return key path, unit and range, meaning and default of every value of a schema, by top-level section."""
    rows: dict[str, list[Row]] = {}
    for path, said in leaves(schema):
        section = path.partition(".")[0].partition(" (")[0]
        rows.setdefault(section, []).append(_parameter_row(path, said))
    return rows


def _parameter_row(path: str, said: Described) -> Row:
    field = said.field
    default = "" if field is None or field.is_required() else str(field.get_default(call_default_factory=True))
    return f"`{path}`", plain(_span(said)), plain(said.words), f"`{default}`" if default else ""


def _span(said: Described) -> str:
    """Return unit and range of a value; of one that is no number, what it may be: some words, a date, text."""
    if said.kind in NUMBERS:
        return said.span
    choices = [" or ".join(str(word) for word in get_args(one)) for one in said.options if get_origin(one) is Literal]
    return " or ".join(choices) or {"date": "date", "text": "text", "boolean": "true or false"}.get(said.kind, "")


def switch_rows() -> list[Row]:
    """Return each switch, what it means, and the parameters that it sets to zero."""
    said = {switch.name: switch.about for one in MECHANISMS.values() for switch in one.switches}
    return [(f"`{name}`", plain(said[name]), _names(paths)) for name, paths in SWITCHES.items()]


def terms() -> Iterator[tuple[str, str, str]]:
    """Yield each term of the motive: what it is, the number of its equation, and the mechanism that adds it."""
    for name, one in MECHANISMS.items():
        for term in one.motive:
            if isinstance(term, str):
                yield term, "", name
            else:
                found = TERM.search(term.__doc__ or "")
                if found is None:
                    raise ValueError(f"{name}: the rule {term.__name__} of a term has no equation 'm = … (number)'")
                yield found["term"], found["number"], name


def motive() -> str:
    """Return the equation of the motive: the sum of what every mechanism declares to add to it."""
    text = ""
    for term, _, _ in terms():
        text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    lines = wrap("M = " + text.removeprefix(" + "), 100, subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(lines)


def term_rows() -> list[Row]:
    """Return the terms of the motive with the numbers of their equations and where they stand."""
    return [(f"`{term.removeprefix('-')}`", number, _names([name])) for term, number, name in terms()]


def mechanism_parts() -> Iterator[dict[str, Any]]:
    """Yield title, file, equations and loops of every mechanism that has any, in the order of their equations."""
    found: list[dict[str, Any]] = []
    for name, functions in rules().items():
        module, title = MODULES[name], MECHANISMS[name].title
        title_line, _, rest = (inspect.getdoc(module) or "").partition("\n")
        entry: dict[str, Any] = {
            "title": plain(title),
            "text": plain(f"{title_line} {rest}"),
            "file": f"sim/models/mobilisation/mechanisms/{name}.py",
            "functions": [
                {"name": key, "call": _call(rule), "text": prose(rule.__doc__ or "")} for key, rule in functions.items()
            ],
            "order": min((_first_equation(rule.__doc__ or "") for rule in functions.values()), default=(99, "")),
        }
        found.append(entry)
    yield from sorted((entry for entry in found if entry["functions"]), key=lambda entry: entry["order"])


def _first_equation(text: str) -> tuple[int, str]:
    numbers = [(int(stage), letter) for stage, letter in re.findall(r"\((\d+)([a-z])'?\)\s*$", text, re.MULTILINE)]
    return min(numbers, default=(99, ""))


def _call(rule: Any) -> str:
    return f"{rule.__name__}({', '.join(inspect.signature(getattr(rule, 'py_func', rule)).parameters)})"


def prose(docstring: str) -> str:
    """Return a docstring as Markdown: equations as blocks, descriptions of arguments as lists."""
    parts = []
    for paragraph in inspect.cleandoc(docstring).split("\n\n"):
        if EQUATION.search(paragraph):
            parts.append(f"```text\n{paragraph}\n```")
        elif all(re.match(r"[\w, ]+ : ", line) for line in paragraph.splitlines()):
            parts.append("\n".join(f"* {plain(line)}" for line in paragraph.splitlines()))
        else:
            parts.append(plain(paragraph))
    return "\n\n".join(parts)


def _case(loaded: Loaded) -> str:
    about = loaded.config.about
    rows = sources_of(loaded.data)
    counts = ", ".join(f"{number} {kind}" for kind, number in coverage(rows).items())
    parts = [f"## Scenario: {plain(about.title)}", plain(about.summary), plain(about.question)]
    parts.append(f"{len(rows)} values, by what they rest on: {counts}." if rows else "It names no sources.")
    for name, members_ in groupby(rows, key=lambda row: undotted(row.path)[0]):
        parts += [f"### Values of {code(name)}", table(("values", "source", "note"), _value_rows(members_))]
    return "\n\n".join(part for part in parts if part)


def _value_rows(rows: Iterable[SourceRow]) -> Iterator[Row]:
    """Yield a row for neighbouring values of one part of the scenario that rest on the same source."""
    for (parent, ids, note), group in groupby(
        rows, key=lambda row: (dotted(undotted(row.path)[:-1]), row.ids, row.note)
    ):
        values = ", ".join(f"{plain(undotted(row.path)[-1])} = {plain(str(row.value))}" for row in group)
        yield f"{code(parent)}: {values}", _names(ids), plain(note)
