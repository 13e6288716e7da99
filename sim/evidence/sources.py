"""What each value of a scenario rests on: claims, publications, calibration, or an assumption.

A scenario's ``sources`` maps key paths to ids of the ledger. ``*`` stands for one name, a path covers
everything below it, and of several paths that cover a value the most specific one counts: the one with
the most names, then the fewest ``*``, then the earlier names spelt out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.core.errors import Problem, ScenarioError, first_problems, nearest, shown
from sim.core.keypath import dotted, proper, undotted
from sim.evidence.entries import CASE, Entry, Index, Names, children, entries_of, leaves, paths_of, starts_with_any
from sim.evidence.ledger import OWN_WORDS, Claim, Ledger, Publication, load_ledger

__all__ = [
    "Claim",
    "Ledger",
    "Publication",
    "SourceRow",
    "check_sources",
    "coverage",
    "load_ledger",
    "source_table",
]

#: Sections that are no parameters of the model and need no source.
EXEMPT = ("model", "extends", "about", "run", "sources", "publications", "mechanisms")
KINDS = ("documented", "literature", "calibrated", "assumption")
ELSEWHERE = "calibrated on"
"""How the kind begins of a value that was calibrated on another case, whose name follows."""

WORDS_OF_A_SOURCE = ("from", "note", CASE)


@dataclass(frozen=True)
class SourceRow:
    """One value of a scenario and what it rests on.

    Parameters
    ----------
    path : str
        Key path, names joined by dots.
    value : object
        As the scenario gives it.
    ids : tuple of str
        Ids of the ledger, or the words ``calibrated`` and ``assumption``.
    kind : str
        One of `KINDS`, or `ELSEWHERE` with the name of a case that this one extends. A value that is calibrated or
        assumed is called so even when claims are named beside it, because they then support the mechanism rather than
        the number.
    text : str
        What the claims and publications say; empty if none is named.
    note : str
        The scenario author's own remark; may be empty.
    """

    path: str
    value: object
    ids: tuple[str, ...]
    kind: str
    text: str
    note: str


def check_sources(
    values: Mapping[str, Any], sources: Mapping[str, Any], ledger: Ledger, unread: Iterable[Names] = ()
) -> list[Problem]:
    """Return what is wrong with a scenario's sources; empty if every value has a valid one.

    Parameters
    ----------
    values : mapping
        The resolved scenario as plain data. A value is anything but a non-empty mapping.
    sources : mapping
        Key path to an id, a list of ids, or ``{from: id or ids, note: text}``.
    ledger : Ledger
        The known claims and publications.
    unread : iterable of tuple of str
        Key paths of what is no section though it should be one, or should not be there: nothing is said of what
        lies below them, which nobody can know, nor of their own source.

    Returns
    -------
    list of Problem
        Key paths that match nothing and unknown ids (path ``sources.<key path>``), then values
        without a source, one problem for the largest part of the scenario that has none at all.
    """
    return first_problems(_source_problems(values, sources, ledger, tuple(unread)))


def _source_problems(
    values: Mapping[str, Any], sources: Mapping[str, Any], ledger: Ledger, unread: tuple[Names, ...]
) -> Iterator[Problem]:
    entries = entries_of(sources)
    paths = tuple(paths_of(values))
    yield from _taken(values.get("publications"), ledger)
    ledger = ledger.with_own(values.get("publications"))
    index = Index(entries)
    matched = {entry.key for path in paths for entry in index.covering(path)}
    for entry in entries:
        needed = entry.key in matched or any(map(entry.lies_within, unread))
        yield from _entry_problems(entry, sources[entry.key], paths, ledger, needed)
    for name, value in values.items():
        if name not in EXEMPT:
            missing = _uncovered((name,), value, index)
            yield from (_unsourced(path, values) for path in missing if not starts_with_any(path, unread))


def _taken(publications: object, ledger: Ledger) -> Iterator[Problem]:
    """Yield publications of a scenario whose id means something else already."""
    for name in publications if isinstance(publications, Mapping) else ():
        if name in OWN_WORDS or ledger.entry(name) is not None:
            yield Problem(
                "this id is already taken by the project's own; choose another", dotted(("publications", name))
            )


def sources_after(
    overrides: Mapping[str, object], values: Mapping[str, Any], sources: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a scenario's sources once overrides have changed some of its values.

    A value set by an override no longer rests on the source of the value it replaced; what an override
    took away needs none, and what it left empty (a scenario without any event) rests on the override, too.
    What is returned passes `check_sources` if what was given did.
    """
    kept = dict(sources)
    if any(value is None or isinstance(value, Mapping) for value in overrides.values()):
        index = Index(entries_of(sources))
        matched = {entry.key for path in paths_of(values) for entry in index.covering(path)}
        kept = {key: given for key, given in sources.items() if key in matched}
    set_here = {undotted(key): value for key, value in overrides.items()}
    taken = [path for path, value in set_here.items() if value is None or isinstance(value, Mapping)]
    for path in (*set_here, *_emptied(taken, values)):
        if path[0] not in EXEMPT and _is_there(path, values):
            kept[dotted(path)] = {"from": "assumption", "note": "set by an override of this run"}
    return kept


def _is_there(path: Names, values: Mapping[str, Any]) -> bool:
    """Return whether a scenario has a value or a section at a path."""
    part: Any = values
    for name in path:
        if not isinstance(part, Mapping) or name not in part:
            return False
        part = part[name]
    return True


def _emptied(taken: Iterable[Names], values: Mapping[str, Any]) -> Iterator[Names]:
    """Yield the parts around what overrides took away in which nothing is left."""
    for path in taken:
        part: Any = values
        for length, name in enumerate(path):
            part = part.get(name) if isinstance(part, Mapping) else None
            if isinstance(part, Mapping) and not part:
                yield path[: length + 1]


def source_table(values: Mapping[str, Any], sources: Mapping[str, Any], ledger: Ledger) -> list[SourceRow]:
    """Return a row for each value of a scenario, in the scenario's order.

    Parameters are those of `check_sources`.

    Raises
    ------
    ScenarioError
        If `check_sources` finds anything wrong.
    """
    problems = check_sources(values, sources, ledger)
    if problems:
        raise ScenarioError(problems)
    entries = entries_of(sources)
    ledger = ledger.with_own(values.get("publications"))
    index = Index(entries)
    rows = []
    for path, value in leaves(values):
        source = index.source_of(path) if path[0] not in EXEMPT else None
        if source is None:
            continue
        known = [ledger.entry(name) for name in source.ids]
        text = " | ".join(entry.text for entry in known if entry is not None)
        rows.append(SourceRow(dotted(path), value, source.ids, _kind(source, ledger), text, source.note))
    return rows


def sources_of(values: Mapping[str, Any]) -> list[SourceRow]:
    """Return a row for each value of a scenario as it stands in its file; none if it names no sources.

    Only the models of the project must name them (`requires_sources`); those of users may do without.
    """
    return source_table(values, values["sources"], load_ledger()) if "sources" in values else []


def coverage(rows: Iterable[SourceRow]) -> dict[str, int]:
    """Return how many values rest on each kind of source; every kind of `KINDS` is present."""
    counts = Counter(row.kind for row in rows)
    return {kind: counts[kind] for kind in dict.fromkeys((*KINDS, *sorted(counts)))}


def of_other_cases(sources: Mapping[str, Any], cases: Mapping[str, str]) -> dict[str, Any]:
    """Return sources in which what was calibrated on a case that is extended says so.

    Parameters
    ----------
    sources : mapping
        As a scenario has them, parents' included.
    cases : mapping of str to str
        By key of those that stand in a parent's file: the name of its case.
    """
    found = dict(sources)
    for key, case in cases.items():
        given = found[key]
        said = dict(given) if isinstance(given, Mapping) else {"from": given}
        named = said.get("from")
        if CASE not in said and "calibrated" in (named if isinstance(named, list) else [named]):
            found[key] = {**said, CASE: case}
    return found


def _entry_problems(
    entry: Entry, given: object, paths: tuple[Names, ...], ledger: Ledger, needed: bool
) -> Iterator[Problem]:
    place = f"sources.{entry.key}"
    if not needed:
        near = nearest(entry.key, (dotted(path) for path in paths if path[0] not in EXEMPT))
        yield Problem("matches nothing in the scenario", place, given=shown(entry.key), nearest=near)
    elif entry.key != proper(entry.key):
        yield Problem("has quotation marks that it does not need", place, nearest=proper(entry.key))
    for name in given if isinstance(given, Mapping) else ():
        if name not in WORDS_OF_A_SOURCE:
            message = "a source has no such key; a note with a comma stands in quotation marks"
            yield Problem(message, place, given=shown(name), nearest=nearest(str(name), WORDS_OF_A_SOURCE))
    if not entry.ids:
        yield Problem("names no source", place, given=shown(given))
    for name in entry.ids:
        if name not in OWN_WORDS and ledger.entry(name) is None:
            near = nearest(name, (*ledger.ids, *OWN_WORDS))
            message = "no claim or publication has this id"
            yield Problem(message, place, given=shown(name), nearest=near)


def _uncovered(path: Names, value: object, index: Index) -> list[Names]:
    """Return the largest parts at or below `path` in which no value has a source."""
    parts = children(value)
    if not parts:
        return [] if index.source_of(path) else [path]
    below = [((*path, str(name)), child) for name, child in parts.items()]
    found = {child_path: _uncovered(child_path, child, index) for child_path, child in below}
    if all(uncovered == [child_path] for child_path, uncovered in found.items()):
        return [path]
    return [part for below in found.values() for part in below]


def _unsourced(path: Names, values: Mapping[str, Any]) -> Problem:
    part: Any = values
    for name in path:
        part = part[name]
    count = sum(1 for _ in leaves(children(part)))
    subject = f"none of its {count} values has a source" if count > 1 else "has no source"
    return Problem(f"{subject}; name a claim, a publication or 'assumption' under 'sources'", dotted(path))


def _kind(source: Entry, ledger: Ledger) -> str:
    for word in ("assumption", "calibrated"):
        if word in source.ids:
            return f"{ELSEWHERE} {source.case}" if word == "calibrated" and source.case else word
    return "documented" if any(name in ledger.claims for name in source.ids) else "literature"
