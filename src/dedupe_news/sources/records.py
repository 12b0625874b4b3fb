"""An article from a record: a JSON object or a table row, with whatever names its keys have.

Keys are compared without case, `_`, `-` and blanks, so `datePublished`, `date_published` and
`Date published` are one. The shape of a record (its keys) is looked at once and remembered:
most files have one shape.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from dedupe_news.model import Article, Skipped
from dedupe_news.paragraphs import split_paragraphs
from dedupe_news.sources.dates import iso_date
from dedupe_news.sources.decode import without_nul
from dedupe_news.sources.names import printable

__all__ = ["FIELD_NAMES", "Record", "Records", "field_of"]

Record = Mapping[str, Any]

_USUAL: Final = {
    "text": "text maintext articlebody fulltext articletext body bodytext content contents"
    " plaintext cleanedtext paragraphs article story document",
    "title": "title headline heading webtitle hl1",
    "source": "source sourcename publisher sitename site publication outlet medianame newspaper"
    " hostname sourcedomain domain",
    "date": "date datepublished publishedat published publishdate datepublish publicationdate"
    " pubdate webpublicationdate publishedtime versioncreated firstpublished firstcreated"
    " datetime timestamp created createdat",
    "author": "author authors byline creator",
    "url": "url link canonicalurl weburl permalink href",
    "lang": "lang language languagecode inlanguage",
    "id": "id guid uri uuid identifier articleid docid",
}
"""For each field, the names that scrapers, agencies and archives give it, preferred first."""

FIELD_NAMES: Final = tuple(_USUAL)
"""The fields of an article that a record can give."""

_FIELD_OF = {name: field for field, names in _USUAL.items() for name in names.split()}
_RANK = {name: rank for names in _USUAL.values() for rank, name in enumerate(names.split())}
_OTHERS = FIELD_NAMES[1:-1]  # than the text and the id
_INNER = ("name", "main", "text", "value", "rendered", "title", "$date", "$oid", "@id")
_INNER_TEXT = ("text", "content", "body", "paragraphs", "plain", "rendered", "value")
_DEEPEST = 8  # levels of lists in lists: no text is nested further
_SHOWN_KEYS = 12
_SHOWN_SIGNS = 40  # of a key: the first row of a table without a header may be an article

_Keys = tuple[str, ...]


class _Plan(NamedTuple):
    """Where the fields of an article are in records with the same keys.

    Attributes:
        text: The keys to look at for the text, preferred first.
        id: The same for the id.
        others: The same for each other field that has any, with its place among them.
    """

    text: _Keys
    id: _Keys
    others: tuple[tuple[int, _Keys], ...]


@lru_cache
def field_of(key: str) -> str:
    """Return the field of an article that a key usually holds; empty if none."""
    return _FIELD_OF.get(_bare(key), "")


class Records:
    """Makes articles from the records of one file.

    Args:
        name: The file, as it is shown.
        fields: The keys that the user gave, by field.
        unit: What is put before the number of a record to say where it stands, such as `line `.
    """

    def __init__(self, name: str, fields: Mapping[str, str], unit: str = "") -> None:
        self.name = name
        self.fields = fields
        self.unit = unit
        self._plans: dict[_Keys, _Plan] = {}

    def article(self, record: Record, number: int) -> Article | Skipped:
        """Return the article in a record, or why there is none.

        Args:
            record: Values by key.
            number: What tells it from others of the file if it has no id of its own.
        """
        keys = tuple(record)
        plan = self._plans.get(keys) or self._planned(keys)
        paragraphs: tuple[str, ...] | None = None
        for key in plan.text:
            found = _paragraphs(record[key] if key in record else _inner(record, key))
            if found is not None:
                paragraphs = found
            if paragraphs:
                break
        if paragraphs is None:
            return self.without_text(record, f"{self.name}#{self.unit}{number}")
        others = [""] * len(_OTHERS)
        for place, known in plan.others:
            others[place] = _first(record, known)
        title, source, date, author, url, lang = others
        return Article(
            self._id(_first(record, plan.id), number),
            paragraphs,
            title,
            source,
            date and iso_date(date),
            author,
            url,
            lang and lang.replace("_", "-"),
            self.name,
        )

    def holds_text(self, record: Record) -> bool:
        """Return whether a record has a value under a key for the text."""
        keys = self._planned(tuple(record)).text
        return any(key in record or _inner(record, key) is not _ABSENT for key in keys)

    def without_text(self, record: Record, place: str) -> Skipped:
        """Return the row for a record, or a whole table, in which no text is found."""
        keys = list(_dotted_keys(record))
        seen = ", ".join(map(_shown_key, keys[:_SHOWN_KEYS]))
        more = ", …" if len(keys) > _SHOWN_KEYS else ""
        wanted = self.fields.get("text")
        message = f"no text under the key {wanted!r}" if wanted else "no key that holds the text"
        hint = f"its keys are: {seen}{more}; name one with --field text=KEY"
        return Skipped(place, "missing-field", message, hint if seen else "it has no keys at all")

    def _planned(self, keys: _Keys) -> _Plan:
        """Return the plan for records with these keys, and remember it."""
        found = [(place, self._candidates(name, keys)) for place, name in enumerate(_OTHERS)]
        plan = _Plan(
            self._candidates("text", keys),
            self._candidates("id", keys),
            tuple(each for each in found if each[1]),
        )
        self._plans[keys] = plan
        return plan

    def _candidates(self, name: str, keys: _Keys) -> _Keys:
        if given := self.fields.get(name):
            return (given,)
        usual = [key for key in keys if _FIELD_OF.get(_bare(key)) == name]
        return tuple(sorted(usual, key=lambda key: _RANK[_bare(key)]))

    def _id(self, own: str, number: int) -> str:
        if self.name == "-" and own:
            return printable(own)
        return f"{self.name}#{printable(own) or number}"


def _bare(key: str) -> str:
    return key.casefold().replace("_", "").replace("-", "").replace(" ", "")


def _dotted_keys(record: Record) -> Iterator[str]:
    """Yield the keys of a record, and in place of one that holds an object, those inside."""
    for key, value in record.items():
        if isinstance(value, Mapping) and value:
            yield from (f"{key}.{inner}" for inner in value)
        else:
            yield key


def _shown_key(key: str) -> str:
    return printable(key if len(key) <= _SHOWN_SIGNS else f"{key[:_SHOWN_SIGNS]}…")


def _first(record: Record, keys: _Keys) -> str:
    for key in keys:
        value = record[key] if key in record else _inner(record, key)
        if found := _one_line(value) if isinstance(value, str) else _plain(value):
            return found
    return ""


def _inner(record: Record, key: str) -> object:
    """Return what a dotted key leads to, in objects and lists."""
    value: object = record
    for step in key.split("."):
        if isinstance(value, Mapping):
            value = value.get(step, _ABSENT)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return _ABSENT
    return value


_ABSENT: Final = object()


def _plain(value: object, depth: int = 0) -> str:
    """Return a value of any type as one line of text; empty if it has none."""
    if isinstance(value, str):
        return _one_line(value)
    if isinstance(value, bool) or depth > _DEEPEST:
        return ""
    if isinstance(value, int | float):
        return "" if value != value else str(value)  # noqa: PLR0124 - not equal to itself is NaN
    if isinstance(value, list):
        return ", ".join(filter(None, (_plain(part, depth + 1) for part in value)))
    if isinstance(value, Mapping):
        return next(filter(None, (_plain(value.get(key), depth + 1) for key in _INNER)), "")
    return ""


def _one_line(text: str) -> str:
    """Return a text with each stretch of white space as one blank."""
    if text.isprintable() and "  " not in text:  # no white space but blanks, and nothing odd
        return text.strip()
    return " ".join(without_nul(text).split())


def _paragraphs(value: object, depth: int = 0) -> tuple[str, ...] | None:
    """Return the paragraphs that a value holds; None if it cannot hold a text."""
    if isinstance(value, str):
        return split_paragraphs(without_nul(value))
    if value is None or value != value:  # noqa: PLR0124 - pandas writes NaN for no text
        return ()
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        return _joined(value, depth)
    if isinstance(value, Mapping):
        inner = next((value[key] for key in _INNER_TEXT if key in value), _ABSENT)
        return _paragraphs(inner, depth + 1)
    return None


def _joined(values: list[object], depth: int) -> tuple[str, ...] | None:
    """Return the paragraphs of all parts; an object without a text may be a picture among them."""
    found = [(part, _paragraphs(part, depth + 1)) for part in values]
    told = [texts for part, texts in found if texts is not None or not isinstance(part, Mapping)]
    if None in told or (found and not told):
        return None
    return tuple(text for texts in told for text in texts or ())
