"""Dates as the trade writes them, made ISO 8601 with the precision they had."""

import re
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import NamedTuple

__all__ = ["iso_date"]

_TIME = (
    r"(?:[T\s,]+(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?)?"
)
_ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?"
_DAYS = (
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?",
    r"(?P<year>\d{4})/(?P<month>\d{1,2})(?:/(?P<day>\d{1,2}))?",
    r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_SPELLED = (
    rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})",
    rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH}[\s,-]+(?P<year>\d{{4}})",
    rf"{_MONTH},?\s+(?P<year>\d{{4}})(?P<day>)",
)
_COMPACT = (
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?"
)
_HALF_DAY = r"\d\s*[AaPp]\.?[Mm]\b"
_EPOCH = r"(\d{9,10})(\d{3})?(?:\.\d+)?"
_USUAL = (
    r"((?:1[4-9]|2\d)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8]))"
    r"[T ]((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)"
    r"(?:(?<=:\d\d:\d\d)[.,]\d+)?(Z|[+-]\d\d:\d\d)?"
)
"""A moment as machines write it, on a day that every month has."""

_FIRST_YEAR, _LAST_YEAR = 1400, 2999  # from the first printed news to a typing error
_UTC = {"+00:00": "Z", "-00:00": "Z"}
_LONGEST = 40  # characters: what is longer is mostly no date, and not worth its place in memory
_NOON = 12
_HOURS, _MINUTES, _SECONDS = 24, 60, 61  # a second may be a leap second


def iso_date(value: str) -> str:
    """Return the date in ISO 8601, as precise as it was given; what is no date stays as it is.

    Known are ISO 8601 in all precisions, `YYYY/MM/DD`, `DD.MM.YYYY`, `YYYYMMDD` with or
    without a time, RFC 2822, English such as `May 14, 2024 at 9:12 p.m.`, and seconds or
    milliseconds since 1970. Fractions of seconds are dropped. A day that does not exist is no
    date, and neither is one whose day and month cannot be told apart.

    Args:
        value: As the article gives it.
    """
    known = _remembered if len(value) <= _LONGEST else _remembered.__wrapped__
    return known(value.strip())


@lru_cache(1 << 12)  # articles of a day mostly come together, and so do those without a date
def _remembered(value: str) -> str:
    if not value:
        return value
    forms = _forms()
    if usual := forms.usual.fullmatch(value):
        day, clock, zone = usual.groups("")
        return f"{day}T{clock}{_UTC.get(zone, zone)}"
    for pattern in forms.written:
        if (found := pattern.fullmatch(value)) and (written := _written(found)):
            return written
    if epoch := forms.epoch.fullmatch(value):
        moment = datetime.fromtimestamp(int(epoch[1]), UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return _from_english(value) or _from_mail(value) or value


class _Forms(NamedTuple):
    usual: re.Pattern[str]
    written: tuple[re.Pattern[str], ...]
    epoch: re.Pattern[str]


@cache
def _forms() -> _Forms:
    """Return the known forms; they are slow to compile, and not all articles have dates."""
    written = (*(day + _TIME + _ZONE for day in _DAYS), _COMPACT)
    return _Forms(
        re.compile(_USUAL, re.ASCII),
        tuple(re.compile(form, re.IGNORECASE) for form in written),
        re.compile(_EPOCH),
    )


@cache
def _english() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(day + _TIME + _ZONE, re.IGNORECASE) for day in _SPELLED)


def _written(found: re.Match[str]) -> str:
    """Return the parts of a match in ISO 8601; empty if they name no possible moment."""
    parts = found.groupdict()
    try:
        day = date(int(parts["year"]), _month(parts["month"]), int(parts["day"] or 1))
    except ValueError:
        return ""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return ""
    if parts["hour"] is None:
        return "-".join(
            text
            for text, given in (
                (f"{day.year:04}", True),
                (f"{day.month:02}", parts["month"]),
                (f"{day.day:02}", parts["day"]),
            )
            if given
        )
    clock = _clock(parts) if parts["day"] else ""
    return f"{day.isoformat()}T{clock}" if clock else ""


def _month(month: str | None) -> int:
    """Return the number of a month that is given as a number or a name."""
    name = (month or "1")[:3].lower()
    return int(name) if name.isdecimal() else _MONTHS.index(name) + 1


def _clock(parts: dict[str, str | None]) -> str:
    hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
    second = int(parts["second"] or 0)
    if half := parts.get("half"):
        if not 1 <= hour <= _NOON:
            return ""
        hour = hour % _NOON + _NOON * (half in "pP")
    if hour >= _HOURS or minute >= _MINUTES or second >= _SECONDS:
        return ""
    seconds = f":{second:02}" if parts["second"] else ""
    return f"{hour:02}:{minute:02}{seconds}{_zone(parts['zone'])}"


def _zone(zone: str | None) -> str:
    if not zone:
        return ""
    digits = zone[1:].replace(":", "").ljust(4, "0")
    if not digits.isdigit() or digits == "0000":
        return "Z"
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _from_english(value: str) -> str:
    found = next(filter(None, (form.fullmatch(value) for form in _english())), None)
    return _written(found) if found else ""


def _from_mail(value: str) -> str:
    if not any(map(str.isdigit, value)) or re.search(_HALF_DAY, value):
        return ""  # it would take afternoon for morning
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - slow to load, and seldom needed

    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return ""
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")
