"""What a schema says about wrong data, in words, and at the line where the data stands."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from sim.core.errors import MORE, MOST_PROBLEMS, FieldError, FieldErrors, Problem, nearest, shown
from sim.core.keypath import KeyPath, dotted
from sim.scenario.yaml import Document, Mark

Overridden = Mapping[KeyPath, Mark]

# The message for each kind of error that pydantic reports; {…} are the values it gives.
WORDING = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "string_type": "must be text",
    "date_type": "must be a date such as 2020-08-09",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be a mapping of keys to values",
    "model_type": "must be a mapping of keys to values",
    "model_attributes_type": "must be a mapping of keys to values",
    "finite_number": "must be a finite number",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "too_short": "must have at least {min_length} entries, it has {actual_length}",
    "too_long": "must have at most {max_length} entries, it has {actual_length}",
    "string_too_short": "must be at least {min_length} characters long",
    "string_too_long": "must be at most {max_length} characters long",
    "string_pattern_mismatch": "must match the pattern {pattern}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "none_required": "must be left empty",
    "union_tag_invalid": "the key {discriminator} must be one of {expected_tags}, it is '{tag}'",
    "union_tag_not_found": "the key {discriminator} is missing",
}


def members(annotation: Any) -> list[Any]:
    """Return the types an annotation allows, None left out: ``float | None`` gives ``[float]``."""
    if get_origin(annotation) is Annotated:
        return members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [inner for option in get_args(annotation) for inner in members(option)]
    return [] if annotation is type(None) else [annotation]


def field_names(options: Sequence[Any]) -> list[str]:
    """Return the names of all fields of those `options` that are pydantic models."""
    return [name for option in options if _is_model(option) for name in option.model_fields]


def allows_names(options: Sequence[Any]) -> bool:
    """Return whether one of `options` is a mapping with names of the user's own choice."""
    return any(_is_mapping(option) for option in options)


def children(options: Sequence[Any], part: str | int) -> list[Any]:
    """Return the annotations of what stands under `part`, for each of `options` that has it."""
    found = []
    for option in options:
        arguments = get_args(option)
        if _is_model(option) and part in option.model_fields:
            found.append(option.model_fields[part].annotation)
        elif _is_mapping(option) and isinstance(part, str):
            found.append(arguments[1])
        elif get_origin(option) in (list, tuple, Sequence) and isinstance(part, int) and arguments:
            found.append(arguments[part] if 0 < part < len(arguments) else arguments[0])
    return found


def kind_at(path: Sequence[str], schema: type[BaseModel]) -> str:
    """Return what a schema has at a key path: a ``section`` of further names, a ``value``, or ``unknown``."""
    options: list[Any] = [schema]
    for part in path:
        found = children(options, part)
        if not found:
            return "unknown"
        options = [inner for child in found for inner in members(child)]
    return "section" if allows_names(options) or any(map(_is_model, options)) else "value"


def _is_model(option: Any) -> bool:
    return isinstance(option, type) and issubclass(option, BaseModel)


def _is_mapping(option: Any) -> bool:
    return get_origin(option) in (dict, Mapping) and len(get_args(option)) == 2


def explain(
    error: ValidationError,
    schema: type[BaseModel],
    document: Document,
    overridden: Overridden,
    above: KeyPath = (),
) -> list[Problem]:
    """Return one problem for each key path that `error` finds fault with, in the order found.

    Parameters
    ----------
    error : pydantic.ValidationError
    schema : type of BaseModel
        The schema that raised it.
    document : Document
        The data as read, with the places of its keys and values.
    overridden : mapping of key path to Mark
        Values that were not read from the file.
    above : key path
        Where the document stands if it is a part of another one.
    """
    by_path: dict[str, Problem] = {}
    for details in _one_by_one(error, schema, document.data):
        if len(by_path) == MOST_PROBLEMS:
            return [*by_path.values(), MORE]
        problem = _explained(details, schema, document, overridden, above)
        earlier = by_path.get(problem.path)
        if earlier is not None and earlier.message != problem.message:
            problem = replace(earlier, message=f"{earlier.message}, or {problem.message}")
        by_path[problem.path] = problem
    return list(by_path.values())


def _one_by_one(error: ValidationError, schema: type[BaseModel], data: Any) -> Iterator[dict[str, Any]]:
    """Yield what pydantic says of each error, with those apart that one check has found together.

    Where a field is wrong pydantic leaves out the checks of the whole: they are made of the fields that are sound.
    """
    found = error.errors(include_url=False)
    yield from (one for details in found for one in _apart(dict(details)))
    if isinstance(data, dict) and all(details["loc"] for details in found):
        yield from _of_the_whole(schema, data, {details["loc"][0] for details in found})


def _apart(details: dict[str, Any]) -> Iterator[dict[str, Any]]:
    raised = details.get("ctx", {}).get("error")
    if isinstance(raised, FieldErrors):
        yield from ({**details, "ctx": {"error": each}} for each in raised.errors)
    else:
        yield details


def _of_the_whole(schema: type[BaseModel], data: dict[str, Any], wrong: set[str | int]) -> Iterator[dict[str, Any]]:
    """Yield what the checks of a whole find wrong with what is sound of it; what needs more is not asked."""
    sound: dict[str, Any] = {}
    for name in data.keys() & schema.model_fields.keys() - wrong:
        try:
            sound[name] = _adapter(schema, name).validate_python(data[name])
        except ValidationError:  # a field that is read otherwise within its schema
            wrong.add(name)
    part = schema.model_construct(**sound)
    for given in wrong & set(schema.model_fields):
        part.__dict__.pop(str(given), None)  # no default stands for what is wrong
    for check in schema.__pydantic_decorators__.model_validators.values():
        if check.info.mode != "after":
            continue
        try:
            check.func(part)
        except (FieldError, FieldErrors) as raised:
            yield from _apart({"loc": (), "type": "value_error", "input": data, "ctx": {"error": raised}})
        except (AttributeError, ValidationError, ValueError):
            continue


@cache
def _adapter(schema: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field = schema.model_fields[name]
    annotation: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return TypeAdapter(annotation)


def _explained(
    details: dict[str, Any], schema: type[BaseModel], document: Document, overridden: Overridden, above: KeyPath
) -> Problem:
    path, siblings = real_path(details["loc"], schema)
    kind, value = details["type"], details["input"]
    raised = details.get("ctx", {}).get("error")
    given = shown(value)
    if kind == "missing" or (_is_collection(value) and not kind.endswith("_type")):
        given = ""
    near = ""
    if isinstance(raised, FieldError):
        path, given, near = (*path, *raised.at), raised.given, raised.nearest
    elif kind == "extra_forbidden":
        given = ""
        missing = [name for name in siblings if (*path[:-1], name) not in document.keys]
        near = nearest(str(path[-1]), missing) or nearest(str(path[-1]), siblings)
        others = f"; there are {', '.join(sorted(siblings))}" if not near and len(siblings) > 1 else ""
        place = place_of(path, document, overridden, at_key=True)
        return Problem(f"{_message(details)}{others}", dotted((*above, *path)), *place, nearest=near)
    elif kind == "union_tag_invalid":
        near = nearest(str(details["ctx"]["tag"]), re.findall(r"'([^']*)'", details["ctx"]["expected_tags"]))
    elif kind in ("literal_error", "enum"):
        near = nearest(str(value), re.findall(r"'([^']*)'", details["ctx"]["expected"]))
    at_key = details["loc"][-1:] == ("[key]",)
    place = place_of(path, document, overridden, at_key)
    return Problem(_message(details), dotted((*above, *path)), *place, given=given, nearest=near)


def _is_collection(value: Any) -> bool:
    return isinstance(value, (dict, list, tuple, BaseModel))


def _message(details: dict[str, Any]) -> str:
    context = {name: _plain(value) for name, value in details.get("ctx", {}).items()}
    if context.get("actual_length", 0) is None:  # of a mapping that is too long pydantic does not say how long it is
        context["actual_length"] = len(details["input"])
    if "error" in context:
        return str(details["ctx"]["error"])
    if details["type"] in WORDING:
        said = WORDING[details["type"]].format(**context)
        return said.replace(" 1 entries", " 1 entry").replace(" 1 characters", " 1 character")
    return str(details["msg"]).replace("Input should", "must")


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def real_path(location: Sequence[str | int], schema: type[BaseModel]) -> tuple[KeyPath, list[str]]:
    """Return the key path of an error, and the field names that are valid at its last step.

    Pydantic names the alternative it tried after each step into a union, and writes ``[key]`` after a
    mapping's key that is wrong; neither is part of the key path.
    """
    options: list[Any] = [schema]
    path: list[str | int] = []
    siblings: list[str] = []
    names_alternative = False
    for part in location:
        if part == "[key]" or names_alternative:
            names_alternative = False
            continue
        siblings = field_names(options)
        path.append(part)
        options = [inner for child in children(options, part) for inner in members(child)]
        names_alternative = len(options) > 1
    return tuple(path), siblings


def place_of(path: KeyPath, document: Document, overridden: Overridden, at_key: bool = False) -> Mark:
    """Return where the value of a key path stands, or else the closest mapping around it.

    With `at_key`, the place of the key itself is returned instead.
    """
    for length in range(len(path), 0, -1):
        if path[:length] in overridden:  # whatever the file has below it is gone
            return overridden[path[:length]]
    for length in range(len(path), 0, -1):
        start = path[:length]
        if start in document.keys and (at_key or length < len(path)):
            return document.keys[start]
        if start in document.marks:
            return document.marks[start]
    return document.marks[()]
