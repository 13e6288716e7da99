"""The version of what computes results: a digest that a corrected sentence does not change.

Two runs with the same version, resolved scenario and seed are bit-identical, so a study may go on where it stopped as
long as the version is the same. The digest is one of syntax trees: comments, docstrings, line ends,
the text of error messages and the words that describe a parameter or a result have no part in it.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.metadata
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
DISTRIBUTION = "protestorate"
COMPUTES = (
    "core/rng.py",
    "core/normals.py",
    "core/elementwise.py",
    "core/instructions.py",
    "core/jit.py",
    "core/table.py",
    "core/names.py",
    "models",
    "run/simulate.py",
)
"""Files and folders of ``sim`` that decide what a run gives."""
PROSE = frozenset(
    {"about", "because", "claims", "description", "label", "message", "meaning", "seen", "short", "title", "without"}
)
"""Keywords whose text is for people."""
DESCRIBING = frozenset({"Field", "FieldError", "Problem", "fraction", "number", "text"})
"""Calls whose plain texts are for people."""
DIGEST_LENGTH = 16
_parsing = threading.Lock()
"""Python 3.11 makes one syntax tree at a time: a second thread that is let in half-way makes both fail."""


@cache
def model_version() -> str:
    """Version of the package and a short digest of the code that determines results.

    Returns
    -------
    str
        For example ``0.1.0+3f2a9c0d5e6b7a81``.
    """
    try:
        version = importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        version = "0"
    return f"{version}+{digest(computing())}"


def computing() -> list[Path]:
    """Return the source files that decide what a run gives, in the order of their names."""
    found: list[Path] = []
    for name in COMPUTES:
        place = PACKAGE / name
        found += [place] if place.is_file() else sorted(place.rglob("*.py"))
    return found


def bytes_digest() -> str:
    """Digest of the same files to the byte, 16 hexadecimal digits: what compiled kernels are kept under, and quick."""
    total = hashlib.sha256()
    for path in computing():
        total.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:DIGEST_LENGTH]


def digest(paths: Iterable[Path]) -> str:
    """Digest of what the code of some files does, whatever is said in it; 16 hexadecimal digits.

    Raises
    ------
    SyntaxError
        If a file is not Python.
    """
    total = hashlib.sha256()
    for path in paths:
        total.update(f"\0file {path.name}\0".encode())
        text = path.read_text(encoding="utf-8")
        with _parsing:
            tree = ast.parse(text, path.name)
        for word in _words(tree):
            total.update(word.encode() + b"\0")
    return total.hexdigest()[:DIGEST_LENGTH]


def _words(node: ast.AST) -> Iterator[str]:
    """Yield a syntax tree as words that are the same on every Python: empty fields and positions are left out."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        yield f"raise {ast.unparse(node.exc.func)}"
        return
    yield type(node).__name__
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in DESCRIBING:
        node.args = [argument for argument in node.args if not _is_word(argument)]
    if isinstance(node, ast.keyword) and node.arg in PROSE:
        yield node.arg
        return
    for name, value in ast.iter_fields(node):
        if name in ("ctx", "kind", "type_comment", "type_params"):
            continue
        items = value if isinstance(value, list) else [value]
        if name == "body":
            items = [item for item in items if not _is_text(item)]
        if (value is None and not isinstance(node, ast.Constant)) or items == []:
            continue
        yield f"{name}:{len(items)}"
        for item in items:
            if isinstance(item, ast.AST):
                yield from _words(item)
            else:
                yield f"{type(item).__name__} {item!r}"


def _is_text(node: object) -> bool:
    """Whether a statement is a bare text: a docstring, or the description of what stands above it."""
    return isinstance(node, ast.Expr) and _is_word(node.value)


def _is_word(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
