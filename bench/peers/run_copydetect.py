"""copydetect: winnowing, the share of either text that stands in the other."""

import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from copydetect import CopyDetector
from driving import components, drive

_NOISE, _GUARANTEE = 25, 30  # characters: its defaults


def find(texts: Mapping[str, str], threshold: float) -> list[list[str]]:
    """Return the components of pairs of which one shares the threshold with the other."""
    found = _overlaps(tuple(texts.items()))
    return components((left, right) for left, right, overlap in found if overlap >= threshold)


@lru_cache(maxsize=1)
def _overlaps(texts: tuple[tuple[str, str], ...]) -> list[tuple[str, str, float]]:
    """Return pairs with the larger of their shares: no threshold changes how they are made."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (_, text) in enumerate(texts):
            (Path(folder) / f"{number}.txt").write_text(text, encoding="utf-8")
        detector = CopyDetector(
            test_dirs=[folder],
            extensions=["txt"],
            noise_t=_NOISE,
            guarantee_t=_GUARANTEE,
            display_t=0.2,
            disable_filtering=True,
            autoopen=False,
            silent=True,
        )
        detector.run()
        return [
            (texts[left][0], texts[right][0], overlap) for left, right, overlap in _rows(detector)
        ]


def _rows(detector: CopyDetector) -> Iterator[tuple[int, int, float]]:
    for row in detector.get_copied_code_list():
        yield int(Path(row[2]).stem), int(Path(row[3]).stem), max(row[0], row[1])


if __name__ == "__main__":
    drive(find, reuses=True)
