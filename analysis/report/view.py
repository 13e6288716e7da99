"""What every report is: an answer, a picture of it, the numbers that matter and how sure, then sections that fold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.report.figures.style import readable, several
from sim.core.errors import seen
from sim.core.formats import day, number, share

TEMPLATES = Path(__file__).parent / "templates"
MAIN_NUMBERS = 3
Numbers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """A picture as a page shows it."""

    name: str
    title: str
    caption: str
    svg: Markup


@dataclass(frozen=True)
class Section:
    """A part of a report that unfolds: the name that links lead to, its title and its content."""

    name: str
    title: str
    body: Markup


@dataclass(frozen=True)
class Report:
    """A report as its one template shows it.

    Attributes
    ----------
    kind : str
        What is reported, in a few words over the title.
    title : str
    answer : str
        What came out, in a sentence or a few.
    numbers : sequence of (str, str)
        Label and value of the numbers that matter most; the first three are shown.
    sure : str
        How sure that is: runs, intervals, what is left out.
    picture : Shown or None
        The picture that shows the answer; None only where no run has anything to draw.
    sections : sequence of Section
    limits : str
        What the results are and are not, before the words that are the same for all. Empty: no such section.
    lead : str
        The question, or what the report is about.
    outcome : str
        The answer in a few words.
    heading : str
        Title of the window, if another than the title.
    """

    kind: str
    title: str
    answer: str
    numbers: Numbers
    sure: str
    picture: Shown | None
    sections: Sequence[Section]
    limits: str = ""
    lead: str = ""
    outcome: str = ""
    heading: str = ""

    @property
    def main(self) -> Numbers:
        """The numbers that the first screen shows."""
        return tuple(self.numbers)[:MAIN_NUMBERS]


class Parts:
    """The sections of one report whose content stands in a template of macros."""

    def __init__(self, template: str, content: dict[str, Any]) -> None:
        self._macros: Any = environment().get_template(template).make_module(content)

    def section(self, name: str, title: str, macro: str, *given: Any) -> Section:
        """Return a section: what a macro makes of the report's content and of what it is given."""
        return Section(name, title, getattr(self._macros, macro)(*given))


def pictured(pictures: Iterable[Shown]) -> list[Section]:
    """Return a section a picture."""
    macros: Any = environment().get_template("parts.html.j2").make_module()
    return [Section(f"part-{one.name}", one.title, macros.figure(one)) for one in pictures]


def _seen(value: Any) -> Any:
    """Show what plain text would hide or turn round; markup of our own is left as it is."""
    return seen(value) if type(value) is str else value


@cache
def environment() -> Environment:
    """Return what fills templates; text is escaped wherever it stands, because names and titles come from scenarios."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_seen,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=number, share=share, readable=readable, day=day, several=several)
    return environment
