"""How plain the pages are: long sentences and empty words, counted. ``python -m tests.prose`` prints them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

CLONE = Path(__file__).resolve().parent.parent
PAGES = sorted(
    [
        *(CLONE / name for name in ("README.md", "CONTRIBUTING.md", "seeds/README.md", "docs/tutorials/index.md")),
        *(CLONE / "docs").glob("*.md"),
        *(CLONE / "docs" / "tutorials").glob("*.ipynb"),
    ]
)
LONG = 25
"""Words from which on a sentence is long."""
GENERATED = re.compile(r"^<!-- begin: (.+?) -->$.*?^<!-- end: \1 -->$", flags=re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
ENDS = re.compile(r"(?<=[.!?:])[\"”’)*_]*\s+(?=[A-Z*\"“‘(\[`])|\n\s*\n|\n\s*(?:[*-]|\d+\.)\s")
FORBIDDEN = re.compile(
    r"\b(?:utili[sz]e\w*|leverag(?:e|es|ing) (?!on)|in order to|seamless\w*|synerg\w*|obviously)\b", re.IGNORECASE
)
"""Words that say nothing, or that a shorter one says."""


def prose(path: Path) -> str:
    """Return what somebody wrote on a page, without what commands put into it; of a notebook, its text."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        return "\n\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "markdown")
    return GENERATED.sub("\n\n", text)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a Markdown page, without code, tables, headings, pictures and targets of links."""
    without = re.sub(r"^```.*?^```$", "\n\n", text, flags=re.MULTILINE | re.DOTALL)
    without = re.sub(r"^(?:\||#|!\[).*$", "\n", without, flags=re.MULTILINE)
    for part in ENDS.split(LINK.sub(r"\1", without)):
        one = " ".join((part or "").split())
        if one:
            yield one


def long_sentences(text: str) -> list[str]:
    """Return the sentences of more than 25 words."""
    return [
        one for one in sentences(text) if len(re.findall(r"[^\W_][\w'’.,-]*", re.sub(r"`[^`]*`", "code", one))) > LONG
    ]


def main() -> None:
    """Print the number of long sentences of each page, and with the name of a page the sentences themselves."""
    write = sys.stdout.write
    for path in PAGES:
        text = prose(path)
        found = long_sentences(text)
        if sys.argv[1:] == [path.name]:
            write("".join(f"* {one}\n" for one in found))
        if not sys.argv[1:] or path.name in sys.argv[1:]:
            write(f"{path.name}: {len(found)} of {len(list(sentences(text)))} sentences are long\n")


if __name__ == "__main__":
    main()
