"""Articles as bytes: what they say, compressed by what others of the corpus say.

Texts of one corpus have their words in common, so each is packed with the help of a dictionary
that was made of some of them. It stays the same as long as the index does.
"""

from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter

import zstandard

from dedupe_news.model import Article

__all__ = ["DAMAGE", "Packer", "learned", "packer"]

DAMAGE = (ValueError, TypeError, zstandard.ZstdError)
"""What unpacking raises when the bytes are not what `pack` made."""

_LEVEL = 2  # the next one takes a sixth longer, and saves a fiftieth to a tenth
# As it is meant for long texts: of short ones it would look at every five bytes and not at six,
# which takes a tenth to a sixth longer and saves nothing.
_PARAMETERS = zstandard.ZstdCompressionParameters.from_level(
    _LEVEL, write_checksum=True, write_content_size=True, write_dict_id=False
)
_DICTIONARY = 112_640  # bytes at most; the library's own choice
_SHARE = 8  # of the bytes that it is made of: no larger part goes into a dictionary
_FEW = 8  # articles, of which nothing can be learned
_COVER = {"k": 500, "d": 8}  # bytes of a piece, and of what is counted: the best of some we tried
_METADATA = tuple(
    field.name for field in fields(Article) if field.name not in {"id", "path", "paragraphs"}
)


class Packer:
    """Makes bytes of articles, and articles of bytes."""

    def __init__(self, dictionary: bytes) -> None:
        """Take note of what `learned` returned; may be empty."""
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._dictionary = known
        self._unpacker = zstandard.ZstdDecompressor(dict_data=known)

    def pack(self, articles: Sequence[Article]) -> list[bytes]:
        """Return each article as bytes; its id is kept elsewhere."""
        if self._dictionary:
            self._dictionary.precompute_compress(compression_params=_PARAMETERS)
        compress = zstandard.ZstdCompressor(
            dict_data=self._dictionary, compression_params=_PARAMETERS
        ).compress
        return [compress(_flat(article)) for article in articles]

    def unpack(self, id_: str, data: bytes) -> Article:
        """Return the article of that id.

        Raises:
            ValueError: If the bytes are damaged, or one of the others in `DAMAGE`.
        """
        head, _, rest = self._flat(data).partition("\n")
        known, *sizes = map(int, head.split(" "))
        texts, start = [], 0
        for size in sizes:
            texts.append(rest[start : start + size])
            start += size + 1
        path, metadata, paragraphs = texts[0], texts[1:_FIRST], texts[_FIRST:]
        values = dict(zip(_METADATA, metadata, strict=True))
        return Article(id_, tuple(paragraphs), path=path or id_[:known], **values)

    def body(self, data: bytes) -> str:
        """Return the paragraphs of an article, a line break between any two.

        Raises:
            ValueError: If the bytes are damaged, or one of the others in `DAMAGE`.
        """
        flat = self._flat(data)
        head = flat[: flat.index("\n")]
        before = sum(map(int, head.split(" ", _FIRST + 1)[1 : _FIRST + 1]))
        return flat[len(head) + 1 + before + _FIRST :]

    def _flat(self, data: bytes) -> str:
        return self._unpacker.decompress(data).decode("utf-8", "surrogatepass")


@lru_cache(maxsize=2)
def packer(dictionary: bytes) -> Packer:
    """Return what packs with a dictionary; the same one when asked again."""
    return Packer(dictionary)


def learned(articles: Sequence[Article]) -> bytes:
    """Return a dictionary for texts like those of some articles; empty if these are too few."""
    samples: list[bytes | bytearray | memoryview] = [_flat(article) for article in articles]
    if len(samples) < _FEW:
        return b""
    size = min(_DICTIONARY, sum(map(len, samples)) // _SHARE)
    try:
        return zstandard.train_dictionary(size, samples, **_COVER).as_bytes()
    except zstandard.ZstdError:
        return b""  # they are too short, or too much alike


_FIRST = 1 + len(_METADATA)  # texts before the paragraphs
_values = attrgetter(*_METADATA)


def _flat(article: Article) -> bytes:
    """Return all texts of an article, each on a line or more, after how long each of them is."""
    begins = bool(article.path) and article.id.startswith(article.path)
    path = "" if begins else article.path
    texts = (path, *_values(article), *article.paragraphs)
    sizes = (len(article.path) if begins else 0, *map(len, texts))
    return "\n".join((" ".join(map(str, sizes)), *texts)).encode("utf-8", "surrogatepass")
