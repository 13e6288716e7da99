"""The evidence ledger: what the documents and the literature say, and the named lists of random seeds.

The ledger is the folder ``seeds``; its README.md says how to read it and how to add to it. Which value
of a scenario rests on which entry is the business of `sim.evidence`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.scenario.errors import Problem, ProtestorateError, ScenarioError, nearest, shown
from sim.scenario.yaml import Document, KeyPath, dotted, read
from sim.share import share_dir

CLAIM_KINDS = ("figure", "mechanism", "prediction", "opinion")
TRUST = ("high", "medium", "low")
#: Words that stand in a scenario's sources in place of an id.
OWN_WORDS = ("calibrated", "assumption")
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Figure:
    """One number of a claim: its name, value, unit and the date (or span) it is for."""

    name: str
    value: float
    unit: str
    date: str


@dataclass(frozen=True)
class Claim:
    """What a document says, in our own words.

    Parameters
    ----------
    id : str
        Such as ``mt-07``; unique over all documents.
    document : str
        Name of the document's file without its ending.
    says : str
        Who says it.
    claim : str
        What is said.
    kind : str
        One of `CLAIM_KINDS`.
    figures : tuple of Figure
        Empty unless the claim has numbers.
    bears_on : tuple of str
        Parts of the model it speaks about, such as ``movement.hub``.
    trust : str
        One of `TRUST`, for the reason given in `because`.
    because : str
        Why it is trusted that far.
    contradicted_by : tuple of str
        Ids of claims and publications that say otherwise.
    """

    id: str
    document: str
    says: str
    claim: str
    kind: str
    figures: tuple[Figure, ...]
    bears_on: tuple[str, ...]
    trust: str
    because: str
    contradicted_by: tuple[str, ...]

    @property
    def text(self) -> str:
        """The claim with its speaker, for a table of sources."""
        return f"{self.claim} ({self.says})"


@dataclass(frozen=True)
class Fact:
    """A fact of a publication, with its figures and where it was found."""

    fact: str
    source: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Publication:
    """A book, article, data set or compilation of facts; `doi` is empty if there is none or it is unsure."""

    id: str
    citation: str
    note: str
    doi: str = ""
    facts: tuple[Fact, ...] = ()

    @property
    def text(self) -> str:
        """The citation with its DOI, for a table of sources."""
        return f"{self.citation} doi:{self.doi}" if self.doi else self.citation


@dataclass(frozen=True)
class SourceDocument:
    """A document the claims were drawn from, and how far it can be trusted."""

    name: str
    title: str
    author: str
    outlet: str
    date: str
    dating: str
    kind: str
    where: str
    reliability: str


@dataclass(frozen=True)
class Ledger:
    """Everything a scenario can name as a source: documents by name, claims and publications by id."""

    documents: Mapping[str, SourceDocument]
    claims: Mapping[str, Claim]
    publications: Mapping[str, Publication]

    def entry(self, name: str) -> Claim | Publication | None:
        """Return the claim or publication of this id, or None."""
        return self.claims.get(name) or self.publications.get(name)

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids of claims and publications."""
        return (*self.claims, *self.publications)


def load_ledger(root: Path | None = None) -> Ledger:
    """Read the ledger and check that it is whole.

    Parameters
    ----------
    root : Path, optional
        The folder that holds ``claims/`` and ``publications.yaml``; the project's own by default.

    Raises
    ------
    ProtestorateError
        With every problem found, each with its file, line and id.
    """
    root = root or share_dir("seeds")
    files = sorted((root / "claims").glob("*.yaml"))
    if not files:
        raise ProtestorateError(f"{root / 'claims'}: no evidence found, a file per document is expected")
    book = _Page(read(root / "publications.yaml"))
    publications = {name: _publication(book, name) for name in book.document.data}
    documents: dict[str, SourceDocument] = {}
    claims: dict[str, Claim] = {}
    pages = [_Page(read(file)) for file in files]
    for file, page in zip(files, pages, strict=True):
        page.keys((), ("document", "claims"))
        documents[file.stem] = _source_document(page, file.stem)
        for name in page.mapping(("claims",)):
            if name in claims or name in publications or name in OWN_WORDS:
                page.add(("claims", name), "this id is already taken")
            claims[name] = _claim(page, name, file.stem)
    ledger = Ledger(documents, claims, publications)
    for page in pages:
        _check_contradictions(page, ledger)
    problems = [problem for page in (*pages, book) for problem in page.problems]
    if problems:
        raise ScenarioError(problems)
    return ledger


def replicate_seeds(name: str) -> tuple[int, ...]:
    """Return a named list of random seeds, such as ``quick-20``.

    Returns
    -------
    tuple of int
        Without repeats, each 0..2**31 - 1.

    Raises
    ------
    ProtestorateError
        If there is no such list, or its file is faulty.
    """
    files = {file.stem: file for file in sorted((share_dir("seeds") / "replicates").glob("*.yaml"))}
    if name not in files:
        known = nearest(name, files) or ", ".join(files)
        raise ScenarioError(Problem("there is no such list of seeds", given=shown(name), nearest=known))
    page = _Page(read(files[name]))
    page.keys((), ("name", "purpose", "made", "seeds"))
    seeds = page.items(("seeds",))
    if len(set(map(repr, seeds))) < len(seeds):
        page.add(("seeds",), "a seed stands here twice")
    for place, seed in enumerate(seeds):
        if type(seed) is not int or not 0 <= seed <= LARGEST_SEED:
            page.add(("seeds", place), "a seed is a whole number of 0 to 2147483647", seed)
    if page.problems:
        raise ScenarioError(page.problems)
    return tuple(seeds)


@dataclass
class _Page:
    """One file of the ledger and what is wrong with it."""

    document: Document
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: KeyPath, message: str, given: object = None, like: Iterable[str] = ()) -> None:
        """Note a problem at the place of `path`, or of the nearest thing above it."""
        above = next(path[:end] for end in range(len(path), -1, -1) if path[:end] in self.document.marks)
        mark = self.document.marks[above]
        said = "" if given is None else shown(given)
        near = nearest(str(given), like)
        self.problems.append(Problem(message, dotted(path), *mark, given=said, nearest=near))

    def get(self, path: KeyPath) -> Any:
        """Return what stands at `path`, or None."""
        value: Any = self.document.data
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def keys(self, path: KeyPath, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        """Check that the mapping at `path` has the required keys and none beyond the optional ones."""
        required, found = tuple(required), self.mapping(path)
        allowed = (*required, *optional)
        for key in required:
            if key not in found:
                self.add((*path, key), "is missing")
        for key in found:
            if key not in allowed:
                self.add((*path, key), "unknown key", key, allowed)

    def mapping(self, path: KeyPath) -> dict[str, Any]:
        value = self.get(path)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.add(path, "must be a mapping", value)
        return {}

    def items(self, path: KeyPath) -> list[Any]:
        value = self.get(path)
        if isinstance(value, list):
            return value
        if value is not None:
            self.add(path, "must be a list", value)
        return []

    def text(self, path: KeyPath, allowed: Iterable[str] = ()) -> str:
        """Return the text at `path`, checked against the words allowed there if there are any."""
        value, allowed = self.get(path), tuple(allowed)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.add(path, "must be a text", value)
            return ""
        if allowed and value not in allowed:
            self.add(path, f"must be one of {', '.join(allowed)}", value, allowed)
        return " ".join(value.split())

    def texts(self, path: KeyPath) -> tuple[str, ...]:
        return tuple(self.text((*path, place)) for place in range(len(self.items(path))))

    def figures(self, path: KeyPath) -> tuple[Figure, ...]:
        return tuple(self._figure((*path, place)) for place in range(len(self.items(path))))

    def _figure(self, path: KeyPath) -> Figure:
        self.keys(path, ("name", "value", "unit", "date"))
        value = self.get((*path, "value"))
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.add((*path, "value"), "must be a number", value)
            value = math.nan
        name, unit, date = (self.text((*path, key)) for key in ("name", "unit", "date"))
        return Figure(name, float(value), unit, date)


def _source_document(page: _Page, name: str) -> SourceDocument:
    keys = ("title", "author", "outlet", "date", "dating", "kind", "where", "reliability")
    page.keys(("document",), keys)
    return SourceDocument(name, **{key: page.text(("document", key)) for key in keys})


def _claim(page: _Page, name: str, document: str) -> Claim:
    at: KeyPath = ("claims", name)
    texts = {"says": (), "claim": (), "kind": CLAIM_KINDS, "trust": TRUST, "because": ()}
    page.keys(at, (*texts, "figures", "bears_on", "contradicted_by"))
    said = {key: page.text((*at, key), allowed) for key, allowed in texts.items()}
    figures = page.figures((*at, "figures"))
    bears_on = page.texts((*at, "bears_on"))
    if not bears_on:
        page.add((*at, "bears_on"), "must name a part of the model")
    if said["kind"] == "figure" and not figures:
        page.add((*at, "figures"), "a claim of the kind 'figure' needs one")
    contradicted_by = page.texts((*at, "contradicted_by"))
    return Claim(name, document, figures=figures, bears_on=bears_on, contradicted_by=contradicted_by, **said)


def _publication(page: _Page, name: str) -> Publication:
    page.keys((name,), ("citation", "note"), ("doi", "facts"))
    citation, note, doi = (page.text((name, key)) for key in ("citation", "note", "doi"))
    facts = tuple(_fact(page, (name, "facts", place)) for place in range(len(page.items((name, "facts")))))
    return Publication(name, citation, note, doi, facts)


def _fact(page: _Page, path: KeyPath) -> Fact:
    page.keys(path, ("fact", "source", "figures"))
    return Fact(page.text((*path, "fact")), page.text((*path, "source")), page.figures((*path, "figures")))


def _check_contradictions(page: _Page, ledger: Ledger) -> None:
    for name in page.mapping(("claims",)):
        for place, other in enumerate(page.texts(("claims", name, "contradicted_by"))):
            if other and ledger.entry(other) is None:
                page.add(("claims", name, "contradicted_by", place), "unknown id", other, ledger.ids)
