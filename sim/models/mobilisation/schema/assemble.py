"""The schema as a whole: the country's own sections, and the fields that each mechanism adds to them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, Field, create_model

from sim.core.keypath import undotted
from sim.models.mobilisation.mechanism import Mechanism, Switch
from sim.scenario.fields import Section

ANY_NAME = "*"
"""In a key path: whatever name a scenario gives."""


def assembled(country: type[Section], mechanisms: Mapping[str, Mechanism]) -> type[Section]:
    """Return a section with the parameters of all mechanisms in it, and one switch for each.

    Raises
    ------
    ValueError
        If two mechanisms give one parameter, or a key path leads through what is no section.
    """
    added = [(undotted(path), section) for one in mechanisms.values() for path, section in one.parameters.items()]
    switches = [switch for one in mechanisms.values() for switch in one.switches]
    return _grown(country, [*added, (("mechanisms",), _section_of(switches))])


def section_at(scenario: type[BaseModel], path: str) -> type[BaseModel]:
    """Return the section that stands at a key path of a schema; ``*`` stands for any name."""
    found: Any = scenario
    for name in undotted(path):
        found = get_args(found)[1] if name == ANY_NAME else found.model_fields[name].annotation
    section: type[BaseModel] = found
    return section


def _section_of(switches: Sequence[Switch]) -> type[Section]:
    fields: dict[str, Any] = {one.name: (bool, Field(default=True, description=one.about)) for one in switches}
    if len(fields) < len(switches):
        raise ValueError("two mechanisms have a switch of the same name")
    made: type[Section] = create_model("Switches", __base__=Section, __module__=__name__, **fields)
    return _found_by_pickle(made)


def _found_by_pickle(made: type[Section]) -> type[Section]:
    """Put a made section where pickle looks for it, so that scenarios can be sent to workers.

    Whoever unpickles a scenario imports the module of the whole first, and with it all sections are made.
    """
    made.__qualname__ = f"{made.__name__}WithMechanisms"
    setattr(sys.modules[made.__module__], made.__qualname__, made)
    return made


def _grown(section: type[Section], added: Sequence[tuple[tuple[str, ...], type[Section]]]) -> type[Section]:
    """Return a section that has, beside its own fields, those of other sections at the paths below it."""
    here = [more for path, more in added if not path]
    below: dict[str, list[tuple[tuple[str, ...], type[Section]]]] = {}
    for path, more in added:
        if path:
            below.setdefault(path[0], []).append((path[1:], more))
    if not here and not below:
        return section
    for name, count in _counted([section, *here]):
        if count > 1:
            raise ValueError(f"two parameters are called {name!r} in one section ({section.__name__})")
    fields = dict(_children(section, below))
    bases = tuple(dict.fromkeys((section, *here)))
    extend: Any = create_model  # which is typed by its first base alone
    grown: type[Section] = extend(
        section.__name__, __base__=bases, __doc__=section.__doc__, __module__=section.__module__, **fields
    )
    return _found_by_pickle(grown)


def _counted(sections: Sequence[type[Section]]) -> Iterator[tuple[str, int]]:
    names = [name for section in sections for name in section.model_fields]
    return ((name, names.count(name)) for name in dict.fromkeys(names))


def _children(
    section: type[Section], below: Mapping[str, list[tuple[tuple[str, ...], type[Section]]]]
) -> Iterator[tuple[str, Any]]:
    for name, added in below.items():
        field = section.model_fields.get(name)
        if field is None:
            (_, first), *rest = sorted(added, key=lambda item: len(item[0]))
            yield name, (_grown(first, rest), Field())
        elif added[0][0][:1] == (ANY_NAME,):
            _, item = get_args(field.annotation)
            yield name, (dict[str, _grown(item, [(path[1:], more) for path, more in added])], field)  # type: ignore[misc]
        else:
            inner: Any = field.annotation
            if get_origin(inner) is not None or not issubclass(inner, Section):
                raise ValueError(f"{name} of {section.__name__} is no section, so that nothing can be added to it")
            grown = _grown(inner, added)
            if field.default_factory is inner:
                yield name, (grown, Field(default_factory=grown, description=field.description))
            else:
                yield name, (grown, field)
