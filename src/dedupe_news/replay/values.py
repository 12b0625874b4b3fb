# ruff: noqa: ANN401 - what was read from JSON may be anything until it is checked
"""Plain values as JSON has them, checked and made the values of the model.

The model is the only description: each field is read by the type that it is given there. What
the model does not know is passed over, so that a later report of the same form can be read.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

__all__ = ["BrokenValueError", "built"]

Builder = Callable[[Any, str], Any]
"""Takes a value and its place, and returns the value as the model has it."""

_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


class BrokenValueError(ValueError):
    """A value is missing, or of another kind than the model has it; the message says where."""


def built(kind: Any, value: Any, place: str) -> Any:
    """Return a value as the model has it, checked all the way down.

    Args:
        kind: A type, as a field of the model has it.
        value: What was read.
        place: Where it stands, for the error.

    Raises:
        BrokenValueError: If it is of another kind.
    """
    return _builder(kind)(value, place)


@cache
def _builder(kind: Any) -> Builder:
    origin, parts = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _object_builder(kind)
    if origin is tuple:
        return _list_builder(parts[0]) if parts[-1] is Ellipsis else _pair_builder(parts)
    if origin in (dict, Mapping):
        return _mapping_builder(parts[1])
    if origin is Literal:
        return _word_builder(parts)
    if origin in (Union, types.UnionType):
        return _plain_builder(parts)
    return _plain_builder((kind,))


def _object_builder(kind: Any) -> Builder:
    hints = get_type_hints(kind)
    parts = {
        field.name: (_builder(hints[field.name]), _default(field))
        for field in fields(kind)
        if field.repr  # texts that are kept in memory only stand elsewhere
    }

    def build(value: Any, place: str) -> Any:
        _require(isinstance(value, dict), value, "an object", place)
        found = {}
        for name, (builder, needed) in parts.items():
            if name in value:
                found[name] = builder(value[name], f"{place}.{name}")
            elif needed:
                msg = f"{place} has no {name!r}"
                raise BrokenValueError(msg)
        return kind(**found)

    return build


def _default(field: Any) -> bool:
    """Return whether a field must be given."""
    return field.default is MISSING and field.default_factory is MISSING


def _list_builder(kind: Any) -> Builder:
    item = _builder(kind)

    def build(value: Any, place: str) -> Any:
        _require(isinstance(value, list), value, "a list", place)
        return tuple(item(each, f"{place}[{number}]") for number, each in enumerate(value))

    return build


def _pair_builder(kinds: tuple[Any, ...]) -> Builder:
    items = [_builder(kind) for kind in kinds]

    def build(value: Any, place: str) -> Any:
        sound = isinstance(value, list) and len(value) == len(items)
        _require(sound, value, f"a list of {len(items)}", place)
        return tuple(item(each, place) for item, each in zip(items, value, strict=True))

    return build


def _mapping_builder(kind: Any) -> Builder:
    item = _builder(kind)

    def build(value: Any, place: str) -> Any:
        _require(isinstance(value, dict), value, "an object", place)
        return {name: item(each, f"{place}.{name}") for name, each in value.items()}

    return build


def _word_builder(words: tuple[Any, ...]) -> Builder:
    def build(value: Any, place: str) -> Any:
        known = isinstance(value, str) and value in words
        _require(known, value, f"one of {', '.join(words)}", place)
        return value

    return build


def _plain_builder(kinds: tuple[Any, ...]) -> Builder:
    wanted = " or ".join(_NAMES.get(kind, "nothing") for kind in kinds)

    def build(value: Any, place: str) -> Any:
        _require(any(_is(value, kind) for kind in kinds), value, wanted, place)
        return float(value) if kinds == (float,) else value

    return build


def _is(value: Any, kind: Any) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def _require(sound: bool, value: Any, wanted: str, place: str) -> None:  # noqa: FBT001
    if not sound:
        shown = repr(value)
        msg = f"{place} is {shown[:40]}{'…' * (len(shown) > 40)}, not {wanted}"  # noqa: PLR2004
        raise BrokenValueError(msg)
