"""Articles that try to be more than text, for tests of every form of a report."""

from dataclasses import replace

from dedupe_news import Article, Report, diff

__all__ = ["CROWD", "HOSTILE", "PAYLOADS", "visible"]

PAYLOADS = (
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 2'>",
    "--><svg onload=window.hacked=3>",
    "</noscript></template></details></style><b>bold</b>",
    "{{ 7 * 7 }} {% raw %} ${7*7} {0}",
    "[click](javascript:window.hacked=4) ![x](http://example.invalid/x.png)",
    "| cell | `code` | **bold** | # heading | &lt;entity&gt; &#60;",
    '=HYPERLINK("http://example.invalid","x") ]]> <![CDATA[ <?xml?>',
    "::error::owned %0A ##[error]owned",
    "bidi \u202eoverride\u202c, escape \x1b[31mred\x1b]8;;x\x07, null \x00, half \ud83d end \uffff",
    "a title with \"double\" and 'single' quotes",
)
"""Each goes into a title, a source, and a paragraph of its own."""

_STORY = tuple(
    f"The harbour of Oster will stay open all winter, number {count}, the council said. {payload}"
    for count, payload in enumerate(PAYLOADS)
)
_LONG = "w" * 1_000_000
_BASE = Article(
    "base <b>&'\".txt",
    (*_STORY, "This paragraph is only in the base. <b>removed</b>"),
    title=" ".join(PAYLOADS),
    source="<i>Agency</i> \x1b[5m",
    date="2024-05-14T09:12",
    url="javascript:window.hacked=5",
    lang='en" onmouseover="window.hacked=6',
    path="in/base <b>&'\".txt",
)
_VARIANT = Article(
    "variant`|*.txt#1",
    (
        *(paragraph.replace("winter", "<u>summer</u>") for paragraph in _STORY[:5]),
        *_STORY[5:],
        *(f"Added: {payload} and more words that are new." for payload in PAYLOADS),
        _LONG,
    ),
    title="=cmd|' /C calc'!A0",
    source="@SUM(1+1)",
    date="<script>",
    url="http://example.invalid/?a=1&b=\"'<>",
    lang="ar",
    path="in/variant`|*.txt",
)
HOSTILE: Report = diff(_BASE, _VARIANT)
"""A base and a variant: same, edited, added and removed paragraphs, all of them hostile."""

CROWD: Report = diff(
    _BASE,
    *(
        replace(_VARIANT, id=f"{number}{_VARIANT.id}", paragraphs=_VARIANT.paragraphs[:-1])
        for number in range(3)
    ),
    *(replace(_BASE, id=f"{number}{_BASE.id}", title=PAYLOADS[number]) for number in range(3)),
    replace(_VARIANT, paragraphs=(*_VARIANT.paragraphs[4:-1], *PAYLOADS)),
)
"""The same in many variants, which have most of it in common."""


def visible(text: str) -> str:
    """Return a text as readers see it: signs that could mislead or drive a terminal are named."""
    return (
        text.replace("\x1b", "\u241b")
        .replace("\x00", "\u2400")
        .replace("\x07", "\u2407")
        .replace("\u202e", "<U+202E>")
        .replace("\u202c", "<U+202C>")
        .replace("\ud83d", "<U+D83D>")
    )
