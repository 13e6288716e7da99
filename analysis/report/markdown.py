"""Markdown that no name can break out of: code, text, tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from markdown_it import MarkdownIt
from markupsafe import Markup

Row = Sequence[str]


def code(text: str) -> str:
    """Return text as a code span, on one line and behind more backticks than any that stand in it."""
    line = " ".join(text.split())
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def table(head: Row, rows: Iterable[Row]) -> str:
    """Return a Markdown table; cells hold Markdown, in which vertical bars are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def plain(text: str) -> str:
    """Return text on one line with the characters escaped that Markdown or HTML would take as markup.

    What stands between double backticks stays code.
    """
    words = " ".join(text.split())
    parts = re.split(r"``(.+?)``", words)
    escaped = [re.sub(r"([\\`*_<>\[\]])", r"\\\1", part) for part in parts[::2]]
    spans = [code(part) for part in parts[1::2]]
    return "".join(one for pair in zip_longest(escaped, spans, fillvalue="") for one in pair)


def on_page(text: str) -> Markup:
    """Return Markdown as a page has it: paragraphs, lists and tables, which scroll; links of documents are their words.

    HTML in it is text.
    """
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.add_render_rule("link_open", lambda *_: "")
    reader.add_render_rule("link_close", lambda *_: "")
    reader.add_render_rule("table_open", lambda *_: '<div class="wide"><table>')
    reader.add_render_rule("table_close", lambda *_: "</table></div>")
    return Markup(reader.render(text))
