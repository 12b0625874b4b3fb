"""From the text of a report, as JSON or JSON Lines, to the values it was written from."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dedupe_news.errors import UsageError
from dedupe_news.model import (
    Alignment,
    Boilerplate,
    Cluster,
    Member,
    Overlap,
    Report,
    Skipped,
    Summary,
    Variant,
)
from dedupe_news.render.document import SCHEMA
from dedupe_news.replay.values import BrokenValueError, built

__all__ = ["parse_report"]

_FORM = SCHEMA.split("/", maxsplit=1)[0]
_HINT = "name a report that scan --format json has written"


def parse_report(text: str, name: str) -> Report:
    """Return the report that was written as JSON or JSON Lines.

    Args:
        text: All of the file.
        name: What errors call it.

    Raises:
        UsageError: If it is no report, one of another version, or a broken one.
    """
    value = _document(text, name)
    _check_version(value, name)
    try:
        return _report(value)
    except BrokenValueError as broken:
        msg = f"{name} is no whole report: {broken}"
        raise UsageError(msg, hint="write it again with scan --format json") from broken


def _document(text: str, name: str) -> Mapping[str, Any]:
    """Return the one object of a JSON report, or what the lines of the other form come to."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        value = _joined(text)
        if value is None:
            msg = f"{name} is no JSON: {error}"
            raise UsageError(msg, hint=_HINT) from error
    if not isinstance(value, dict):
        msg = f"{name} is no report: it holds no object"
        raise UsageError(msg, hint=_HINT)
    return value


def _joined(text: str) -> dict[str, Any] | None:
    """Return the lines of a report as one document; None if they are no such lines."""
    try:
        lines = [json.loads(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(line, dict) and "type" in line for line in lines):
        return None
    whole: dict[str, Any] = {"clusters": [], "skipped": [], "boilerplate": []}
    lists = {"cluster": "clusters", "skipped": "skipped", "boilerplate": "boilerplate"}
    for line in lines:
        kind = line.pop("type")
        if kind in lists:
            whole[lists[kind]].append(line)
        elif kind == "settings":
            whole["schema"] = line.pop("schema", None)
            whole["settings"] = line
        else:
            whole[str(kind)] = line
    return whole


def _check_version(value: Mapping[str, Any], name: str) -> None:
    found = value.get("schema")
    if found == SCHEMA:
        return
    if isinstance(found, str) and found.startswith(f"{_FORM}/"):
        msg = f"{name} has the form {found}, and this version reads {SCHEMA}"
        raise UsageError(msg, hint="scan again, or use the version that wrote it")
    msg = f"{name} is no report: it does not say that it has the form {SCHEMA}"
    raise UsageError(msg, hint=_HINT)


def _report(value: Mapping[str, Any]) -> Report:
    kinds = {
        "settings": dict[str, str | int | float | bool],
        "summary": Summary,
        "skipped": tuple[Skipped, ...],
        "boilerplate": tuple[Boilerplate, ...],
    }
    for name in (*kinds, "clusters"):
        if name not in value:
            msg = f"it has no {name!r}"
            raise BrokenValueError(msg)
    parts = {name: built(kind, value[name], name) for name, kind in kinds.items()}
    return Report(**parts, clusters=tuple(_clusters(value["clusters"])))


def _clusters(values: object) -> Iterator[Cluster]:
    if not isinstance(values, list):
        raise BrokenValueError("clusters is no list")
    for number, value in enumerate(values):
        yield _cluster(value, f"clusters[{number}]")


def _cluster(value: object, place: str) -> Cluster:
    if not isinstance(value, dict):
        msg = f"{place} is no object"
        raise BrokenValueError(msg)
    members = built(tuple[Member, ...], value.get("members"), f"{place}.members")
    variants = built(tuple[Variant, ...], value.get("variants"), f"{place}.variants")
    ids = [value.get("base"), *(variant.id for variant in variants)]
    if [member.id for member in members] != ids:
        msg = f"{place}.members are not the base and the variants in their order"
        raise BrokenValueError(msg)
    texts = [
        built(tuple[str, ...], member.get("texts", []), f"{place}.members.texts")
        for member in value["members"]
    ]
    parts = zip(variants, value["variants"], texts[1:], strict=True)
    return Cluster(
        built(str, value.get("id"), f"{place}.id"),
        members[0].id,
        built(str, value.get("base_reason"), f"{place}.base_reason"),
        members,
        tuple(
            replace(variant, alignment=_alignment(part, place), texts=kept)
            for variant, part, kept in parts
        ),
        built(tuple[Overlap, ...], value.get("overlaps"), f"{place}.overlaps"),
        texts[0],
    )


def _alignment(variant: Mapping[str, Any], place: str) -> Alignment | None:
    """Return the changes of a variant, which stand beside its shares; None if there are none."""
    if "changes" not in variant:
        return None
    alignment: Alignment = built(Alignment, variant, f"{place}.variants.{variant['id']}")
    return alignment
