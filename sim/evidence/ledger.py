"""The evidence ledger: what the documents and the literature say, and how the model is asked about it.

The ledger is the folder ``seeds``; its README.md says how to read it and how to add to it. Which value
of a scenario rests on which entry is the business of `sim.evidence.sources`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.core.errors import ProtestorateError, ScenarioError
from sim.core.keypath import KeyPath
from sim.core.share import share_dir
from sim.evidence.page import Figure, Page
from sim.scenario.yaml import read

CLAIM_KINDS = ("figure", "mechanism", "prediction", "opinion")
TRUST = ("high", "medium", "low")
#: Kinds of claim that carry an experiment, or say why the model cannot speak to them.
TESTED_KINDS = ("mechanism", "prediction")
DIRECTIONS = ("rises", "falls", "stays")
BASE_SCENARIO = "belarus-2020"
#: Words that stand in a scenario's sources in place of an id.
OWN_WORDS = ("calibrated", "assumption")


@dataclass(frozen=True)
class Experiment:
    """How a claim is put to the test: two arms that share their luck and differ by one change.

    Parameters
    ----------
    scenario, outcome, because : str
        Base scenario; what is measured of a run; why this experiment speaks to the claim.
    given, change : mapping of str to object
        Value by key path: of both arms, and of the second arm alone. None takes a named thing away.
    direction : str
        What, if the claim is right, the change does to the outcome: one of `DIRECTIONS`.
    smallest : float
        Smallest effect that matters, above 0; a share of the first arm's mean if `relative`.
    """

    scenario: str
    given: Mapping[str, Any]
    change: Mapping[str, Any]
    outcome: str
    direction: str
    smallest: float
    relative: bool
    because: str


@dataclass(frozen=True)
class Claim:
    """What a document says, in our own words.

    Parameters
    ----------
    id, document : str
        Such as ``mt-07``, unique over all documents; name of the document's file without its ending.
    says, claim : str
        Who says it, and what is said.
    kind, trust, because : str
        One of `CLAIM_KINDS`; one of `TRUST`, and why it is trusted that far.
    figures, bears_on : tuple of Figure, tuple of str
        Its numbers, if it has any; parts of the model it speaks about, such as ``movement.hub``.
    contradicted_by : tuple of str
        Ids of claims and publications that say otherwise.
    test : Experiment or None
        How the model puts it to the test.
    untestable : str
        Why the model cannot speak to it; empty if it can.
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
    test: Experiment | None = None
    untestable: str = ""

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
    def short(self) -> str:
        """Authors and year, as a sentence cites it."""
        authors, year, _ = self.citation.partition(")")
        return authors + year if "(" in authors else self.citation

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

    def with_own(self, publications: Mapping[str, Any] | None) -> Ledger:
        """Return a ledger that holds the publications of a scenario, too; ids of the ledger stay its own."""
        if not isinstance(publications, Mapping) or not publications:
            return self
        own = {
            name: Publication(name, str(one.get("citation")), str(one.get("note") or ""), str(one.get("doi") or ""))
            for name, one in publications.items()
            if isinstance(one, Mapping) and name not in OWN_WORDS
        }
        return replace(self, publications={**own, **self.publications})

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
    states = [path.stat() for path in (*files, root / "publications.yaml") if path.exists()]
    return _load(root, tuple(files), tuple((state.st_mtime_ns, state.st_size) for state in states))


@lru_cache(maxsize=2)
def _load(root: Path, files: tuple[Path, ...], states: tuple[tuple[int, int], ...]) -> Ledger:
    """Read the ledger once for as long as its files have not changed, as their `states` say."""
    book = Page(read(root / "publications.yaml"))
    publications = {name: _publication(book, name) for name in book.document.data}
    documents: dict[str, SourceDocument] = {}
    claims: dict[str, Claim] = {}
    pages = [Page(read(file)) for file in files]
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


def _source_document(page: Page, name: str) -> SourceDocument:
    keys = ("title", "author", "outlet", "date", "dating", "kind", "where", "reliability")
    page.keys(("document",), keys)
    return SourceDocument(name, **{key: page.text(("document", key)) for key in keys})


def _claim(page: Page, name: str, document: str) -> Claim:
    at: KeyPath = ("claims", name)
    texts = {"says": (), "claim": (), "kind": CLAIM_KINDS, "trust": TRUST, "because": ()}
    page.keys(at, (*texts, "figures", "bears_on", "contradicted_by"), ("test", "untestable"))
    said = {key: page.text((*at, key), allowed) for key, allowed in texts.items()}
    figures = page.figures((*at, "figures"))
    bears_on = page.texts((*at, "bears_on"))
    if not bears_on:
        page.add((*at, "bears_on"), "must name a part of the model")
    if said["kind"] == "figure" and not figures:
        page.add((*at, "figures"), "a claim of the kind 'figure' needs one")
    contradicted_by = page.texts((*at, "contradicted_by"))
    test, said["untestable"] = _experiment(page, (*at, "test")), page.text((*at, "untestable"))
    if test and said["untestable"]:
        page.add((*at, "untestable"), "a claim with a test is not untestable")
    if said["kind"] in TESTED_KINDS and not test and not said["untestable"]:
        page.add(at, f"a {said['kind']} needs a 'test', or 'untestable' with the reason")
    return Claim(name, document, figures=figures, bears_on=bears_on, contradicted_by=contradicted_by, test=test, **said)


def _experiment(page: Page, at: KeyPath) -> Experiment | None:
    if page.get(at) is None:
        return None
    page.keys(at, ("change", "outcome", "direction", "smallest", "because"), ("scenario", "given", "relative"))
    given, change = (page.mapping((*at, key)) for key in ("given", "change"))
    scenario, outcome, because = (page.text((*at, key)) for key in ("scenario", "outcome", "because"))
    smallest, relative = page.number((*at, "smallest")), page.get((*at, "relative")) or False
    if not change or any(path in given and given[path] == value for path, value in change.items()):
        page.add((*at, "change"), "must change something that is not given already")
    if smallest <= 0.0:
        page.add((*at, "smallest"), "must be above 0", smallest)
    if not isinstance(relative, bool):
        page.add((*at, "relative"), "must be true or false", relative)
    direction = page.text((*at, "direction"), DIRECTIONS)
    return Experiment(scenario or BASE_SCENARIO, given, change, outcome, direction, smallest, bool(relative), because)


def _publication(page: Page, name: str) -> Publication:
    page.keys((name,), ("citation", "note"), ("doi", "facts"))
    citation, note, doi = (page.text((name, key)) for key in ("citation", "note", "doi"))
    facts = tuple(_fact(page, (name, "facts", place)) for place in range(len(page.items((name, "facts")))))
    return Publication(name, citation, note, doi, facts)


def _fact(page: Page, path: KeyPath) -> Fact:
    page.keys(path, ("fact", "source", "figures"))
    return Fact(page.text((*path, "fact")), page.text((*path, "source")), page.figures((*path, "figures")))


def _check_contradictions(page: Page, ledger: Ledger) -> None:
    for name in page.mapping(("claims",)):
        for place, other in enumerate(page.texts(("claims", name, "contradicted_by"))):
            if other and ledger.entry(other) is None:
                page.add(("claims", name, "contradicted_by", place), "unknown id", other, ledger.ids)
