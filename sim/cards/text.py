"""YAML as a scenario is written: small mappings on a line, comments before what they speak of."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any

WIDEST = 150
PLAIN = re.compile(r"[^\W\d_][\w ()/+.-]*")
WORDS = frozenset(["true", "false", "yes", "no", "on", "off", "null", "none", "y", "n"])


def block(data: Mapping[str, Any], comments: Mapping[str, str], above: tuple[str, ...] = ()) -> list[str]:
    """Return YAML lines of nested mappings; small ones on a line."""
    lines: list[str] = []
    indent = "  " * len(above)
    for key, value in data.items():
        path = (*above, key)
        comment = next((text for at, text in comments.items() if ".".join(path) == at), "")
        if comment:
            lines += [f"{indent}# {part}" for part in _wrapped(comment)]
        told = any(at.startswith(".".join(path) + ".") for at in comments)
        line = f"{indent}{key_text(key)}: {flow(value)}"
        if isinstance(value, Mapping) and value and (told or not above or len(line) > WIDEST or _deep(value) > 2):
            lines += [f"{indent}{key_text(key)}:", *block(value, comments, path)]
        else:
            lines.append(line)
    return lines


def _deep(value: Any) -> int:
    return 1 + max(map(_deep, value.values()), default=0) if isinstance(value, Mapping) else 0


def _wrapped(text: str, width: int = 110) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    return [*lines, line]


def flow(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_text(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    return scalar(value)


def scalar(value: Any) -> str:
    """Return a value that is no list and no mapping."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        text = f"{value:.10g}"
        if "e" in text:
            text = f"{value:.12f}".rstrip("0")
        return text if "." in text else f"{text}.0"
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _quoted(text: str) -> str:
    plain = PLAIN.fullmatch(text) and text.lower() not in WORDS and not text.endswith(" ")
    return text if plain else json.dumps(text, ensure_ascii=False)


def key_text(name: str) -> str:
    """Return a key, quoted where it must be."""
    parts = PLAIN.fullmatch(name.replace("*", "x").replace("'", "x")) and name.lower() not in WORDS
    return name if parts and not name.startswith(("*", "'")) else json.dumps(name, ensure_ascii=False)
