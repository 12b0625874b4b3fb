"""Draw the pictures that explain the method, from its own rules and functions."""
# ruff: noqa: INP001 - a script, not part of a package

from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path

from dedupe_news.core.sketches import Bands
from dedupe_news.settings import Settings

PICTURES = Path(__file__).parent / "img"
INK, DIM, LINE, CARD = "#1d1b18", "#625d54", "#d8d1c3", "#fffefb"
BLUE, GREEN, RED, VIOLET, TEAL, BROWN = (
    "#1f4f8f",
    "#0b5c34",
    "#9a1f1c",
    "#5d2b8a",
    "#0e5564",
    "#754900",
)
PALE = {BLUE: "#d9e4f2", GREEN: "#dcefe1", RED: "#f6dedb", VIOLET: "#ebe0f4", TEAL: "#d9ebee"}
WIDTH = 760
SENTENCE = "The boats carry ninety passengers each and no cars at all"
CHANGED = 4  # the word that an editor replaced
AGENCY, BROADCAST, SHARED = 330, 640, 298  # words of the real case, and those in common
ANCHORED = 41  # anchors of a report of 330 words, one shingle in eight


def main() -> None:
    """Write every picture anew."""
    for name, draw in FIGURES.items():
        (PICTURES / name).write_text(draw(), "utf-8")


def shingles() -> str:
    """Return runs of five words, and which of them one changed word breaks."""
    size = Settings().shingle_words
    words = SENTENCE.split()
    x, parts = 24.0, []
    places = []
    for number, word in enumerate(words):
        wide = 7.8 * len(word) + 14
        places.append((x, wide))
        colour = RED if number == CHANGED else INK
        parts.append(box(x, 48, wide, 26, PALE[RED] if number == CHANGED else "#f2ede2"))
        parts.append(text(x + wide / 2, 66, word, colour, anchor="middle", size=14))
        x += wide + 6
    for start in range(len(words) - size + 1):
        (left, _), (right, wide) = places[start], places[start + size - 1]
        broken = start <= CHANGED < start + size
        y = 92 + 15 * start
        parts.append(line(left, y, right + wide, y, RED if broken else BLUE, 5))
        parts.append(
            text(
                WIDTH - 24,
                y + 4,
                "✕" if broken else "✓",
                RED if broken else BLUE,
                anchor="end",
                size=12,
            )
        )
    lost = sum(start <= CHANGED < start + size for start in range(len(words) - size + 1))
    kept = len(words) - size + 1 - lost
    told = f"One other word breaks {lost} runs of {size} words; the other {kept} are still there."
    return figure(222, "Runs of five words, called shingles", parts, told)


def containment() -> str:
    """Return a report inside a broadcast that is twice as long, to scale."""
    scale = (WIDTH - 200) / BROADCAST
    start = 150
    inner = start + 190 * scale
    parts = [
        text(24, 74, "agency report", INK, size=14),
        text(24, 130, "broadcast", INK, size=14),
        box(inner, 54, AGENCY * scale, 28, PALE[BLUE], BLUE),
        box(start, 110, BROADCAST * scale, 28, PALE[GREEN], GREEN),
        box(inner, 110, SHARED * scale, 28, BLUE),
        text(inner + AGENCY * scale / 2, 73, f"{AGENCY} words", BLUE, anchor="middle", size=13),
        text(inner + SHARED * scale / 2, 129, f"{SHARED} of them", CARD, anchor="middle", size=13),
        text(start + BROADCAST * scale - 8, 129, "new", GREEN, anchor="end", size=13),
        text(start + 8, 129, "new", GREEN, size=13),
        *(
            line(inner + end * scale, 82, inner + end * scale, 110, BLUE, 1, dash="3 3")
            for end in (0, SHARED)
        ),
    ]
    union = AGENCY + BROADCAST - SHARED
    told = (
        f"Containment {SHARED} / {AGENCY} = {SHARED / AGENCY:.2f}: the report is nearly all there. "
        f"Resemblance {SHARED} / {union} = {SHARED / union:.2f}: as wholes they look unlike."
    )
    return figure(196, "How much of the shorter one stands in the longer one", parts, told)


def chances() -> str:
    """Return how likely two articles are compared at all, by the one way and by the other."""
    bands = Bands.leaning_to_recall(Settings().num_perm)
    curves = (
        ("by anchors, whatever the length", BLUE, "", anchor_chance),
        ("by bands, both equally long", BROWN, "", lambda c: bands.chance(resemblance(c, 1))),
        (
            "by bands, one five times longer",
            BROWN,
            "5 4",
            lambda c: bands.chance(resemblance(c, 5)),
        ),
    )
    left, top, wide, high = 64, 50, 400, 190
    parts = [box(left, top, wide, high, "#f8f4ea")]
    for share in (0, 0.25, 0.5, 0.75, 1):
        y, x = top + high * (1 - share), left + wide * share
        parts += [line(left, y, left + wide, y, LINE, 1), line(x, top, x, top + high, LINE, 1)]
        parts.append(text(left - 8, y + 4, f"{share:.0%}", DIM, anchor="end", size=11))
        parts.append(text(x, top + high + 16, f"{share:.0%}", DIM, anchor="middle", size=11))
    parts.append(
        text(
            left + wide / 2,
            top + high + 34,
            "share of the shorter one that the longer one has",
            DIM,
            anchor="middle",
            size=12,
        )
    )
    for number, (label, colour, dash, chance) in enumerate(curves):
        points = [(left + wide * c / 100, top + high * (1 - chance(c / 100))) for c in range(101)]
        parts.append(polyline(points, colour, dash))
        y = top + 34 + 26 * number
        parts.append(line(left + wide + 24, y, left + wide + 52, y, colour, 3, dash=dash))
        parts.append(text(left + wide + 60, y + 4, label, INK, size=12.5))
    floor = left + wide * Settings().min_containment
    parts.append(line(floor, top, floor, top + high, RED, 1.5, dash="2 3"))
    parts.append(text(floor + 6, top + 62, "a match, from here", RED, size=11))
    told = f"Chance that a report of {AGENCY} words and another article are compared at all."
    return figure(316, "Two ways to be found", parts, told)


def anchor_chance(share: float) -> float:
    """Return the chance that two of the anchors of a report are in common."""
    none = (1 - share) ** ANCHORED
    return 1 - none - ANCHORED * share * (1 - share) ** (ANCHORED - 1)


def resemblance(share: float, ratio: float) -> float:
    """Return the resemblance of two articles of which one is longer, by what they share."""
    return share / (1 + ratio - share)


def clusters() -> str:
    """Return three stories and a round-up that prints a part of each."""
    parts = []
    stories = (("ferry", BLUE, 150), ("quarry", TEAL, 380), ("library", VIOLET, 610))
    digest = (380, 216)
    for name, colour, x in stories:
        parts.append(ellipse(x, 94, 98, 46, PALE[colour], colour))
        parts.append(text(x, 72, name, colour, anchor="middle", size=13))
        parts.append(line(x, 116, digest[0], digest[1] - 12, DIM, 1.5, dash="4 4"))
        parts += [line(x, 92, x + aside, 112, colour, 2) for aside in (-52, 52)]
        parts += [circle(x + aside, 92 + 18 * bool(aside), 9, colour) for aside in (0, -52, 52)]
    parts.append(circle(*digest, 11, BROWN))
    label = "a round-up that prints all three"
    parts.append(text(digest[0] + 20, digest[1] + 5, label, BROWN, size=13))
    told = (
        "Who joins must share something with each of the first members. So a round-up is in one "
        "cluster at most, and listed beside the others as an overlap: it joins no strangers."
    )
    return figure(272, "Clusters that a round-up cannot weld", parts, told)


def alignment() -> str:
    """Return two articles paragraph by paragraph, with what became of each."""
    left, right = 90, 470
    rows: tuple[tuple[str, tuple[int, ...], tuple[int, ...], str, str], ...] = (
        # mark, places in the base, places in the variant, what happened, colour
        ("~", (1,), (1,), "edited", BROWN),
        (">", (5,), (2,), "moved", VIOLET),
        ("+", (), (3,), "added", GREEN),
        ("&", (2, 3), (4,), "merged", TEAL),
        ("=", (4,), (5,), "the same", DIM),
        ("-", (6,), (), "removed", RED),
    )
    parts = [
        text(left + 90, 52, "A, the base", INK, anchor="middle", size=13),
        text(right + 90, 52, "B, a variant", INK, anchor="middle", size=13),
    ]
    for mark, base, variant, what, colour in rows:
        fill = PALE.get(colour, "#f2ede2")
        parts += [paragraph(left, place, fill, colour) for place in base]
        parts += [paragraph(right, place, fill, colour) for place in variant]
        end = 52 + 30 * (variant[0] if variant else base[0])
        for place in base if variant else ():
            parts.append(line(left + 180, 52 + 30 * place, right, end, colour, 2))
        at = (right if variant else left) + 194
        parts.append(text(at, end + 5, f"{mark} {what}", colour, size=13))
    shape = "".join(mark for mark, _, variant, _, _ in rows if variant)
    told = f"Every paragraph of both stands in exactly one change. The shape of B is {shape}."
    return figure(288, "Paragraphs side by side", parts, told)


def paragraph(x: float, place: int, fill: str, colour: str) -> str:
    """Return a paragraph: a box with its number."""
    y = 40 + 30 * place
    return box(x, y, 180, 24, fill, colour) + text(x + 10, y + 17, str(place), colour, size=12)


def figure(height: float, title: str, parts: Iterable[str], told: str) -> str:
    """Return a whole picture: a card with its title above and a sentence below."""
    lines = wrapped(told, 104)
    tall = height + 18 * (len(lines) - 1)
    foot = [text(24, height - 14 + 18 * n, each, DIM, size=13) for n, each in enumerate(lines)]
    label = escape(f"{title}. {told}", quote=True)
    body = "\n".join([text(24, 28, title, INK, size=15, weight=600), *parts, *foot])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {tall:g}" '
        f'width="{WIDTH}" height="{tall:g}" role="img" aria-label="{label}" '
        'font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif">\n'
        f"{box(0.5, 0.5, WIDTH - 1, tall - 1, CARD, LINE, radius=8)}\n{body}\n</svg>\n"
    )


def wrapped(words: str, width: int) -> list[str]:
    """Return a sentence in lines."""
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def text(
    x: float,
    y: float,
    words: str,
    colour: str,
    *,
    anchor: str = "start",
    size: float = 13,
    weight: int = 400,
) -> str:
    """Return words at a place."""
    return (
        f'<text x="{x:g}" y="{y:g}" fill="{colour}" font-size="{size:g}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def box(
    x: float,
    y: float,
    wide: float,
    high: float,
    fill: str,
    stroke: str = "none",
    *,
    radius: float = 3,
) -> str:
    """Return a rectangle."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="{radius:g}" '
        f'fill="{fill}" stroke="{stroke}"/>'
    )


def line(
    x1: float, y1: float, x2: float, y2: float, colour: str, width: float, *, dash: str = ""
) -> str:
    """Return a line."""
    return polyline([(x1, y1), (x2, y2)], colour, dash, width)


def polyline(
    points: Sequence[tuple[float, float]], colour: str, dash: str = "", width: float = 2.5
) -> str:
    """Return a line through several points."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    drawn = f'stroke="{colour}" stroke-width="{width:g}"{dashed}'
    return f'<polyline points="{path}" fill="none" {drawn}/>'


def circle(x: float, y: float, radius: float, fill: str) -> str:
    """Return a dot."""
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"/>'


def ellipse(x: float, y: float, wide: float, high: float, fill: str, stroke: str) -> str:
    """Return an oval with half these sides."""
    return (
        f'<ellipse cx="{x:g}" cy="{y:g}" rx="{wide:g}" ry="{high:g}" fill="{fill}" '
        f'stroke="{stroke}"/>'
    )


FIGURES: dict[str, Callable[[], str]] = {
    "method-shingles.svg": shingles,
    "method-containment.svg": containment,
    "method-chances.svg": chances,
    "method-clusters.svg": clusters,
    "method-alignment.svg": alignment,
}

if __name__ == "__main__":
    main()
