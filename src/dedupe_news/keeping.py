"""A corpus with one article of each cluster: which one is kept, which are left out, and why.

Nothing is taken from the input: what is kept is written to a new folder. A file of one article
is copied as it is. A file of several is copied as it is when all of them are kept; else the records
of those that are kept are written as JSON Lines, under its name, with all that is in them. What
was compressed JSON Lines stays so.
"""

import json
import shutil
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from gzip import GzipFile
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from dedupe_news.corpus import Corpus, gather, loaded
from dedupe_news.errors import NoArticlesError, PathError
from dedupe_news.finding import find
from dedupe_news.model import Cluster, LeftOut, Report, Skipped
from dedupe_news.recipes import recipe_of, scope_of
from dedupe_news.reporting import report_on
from dedupe_news.sources import ReadOptions
from dedupe_news.sources.files import File
from dedupe_news.sources.formats import format_of
from dedupe_news.sources.reading import batch_files, cut_file
from dedupe_news.sources.walk import find_files, require_paths
from dedupe_news.upkeep import Upkeep

__all__ = ["MANIFEST", "LeftAside", "keep", "left_aside", "require_new_folder"]

MANIFEST = ".dedupe-news-manifest.json"
"""Name of the file that says what was left out, and why: hidden, so that it is never read."""


@dataclass(frozen=True, slots=True)
class LeftAside:
    """An article that is not kept.

    Attributes:
        id: Its id.
        kept: Id of the article of its cluster that is kept instead.
        relation: What it is to that one.
        rule: The rule that chose that one.
        cluster: The cluster.
        kept_in_article: Share of the words of the kept one that stand in it, in [0, 1].
        article_in_kept: Share of its words that stand in the kept one.
    """

    id: str
    kept: str
    relation: str
    rule: str
    cluster: str
    kept_in_article: float
    article_in_kept: float


def left_aside(clusters: Iterable[Cluster]) -> list[LeftAside]:
    """Return the articles that are not the base of their cluster, by id."""
    found = [
        LeftAside(
            variant.id,
            cluster.base,
            variant.relation,
            cluster.base_reason,
            cluster.id,
            variant.base_in_variant,
            variant.variant_in_base,
        )
        for cluster in clusters
        for variant in cluster.variants
    ]
    return sorted(found, key=lambda each: each.id)


def require_new_folder(out: Path, inputs: Sequence[str]) -> None:
    """Check that a folder may be written: new or empty, and no part of what is read.

    Raises:
        PathError: If it is not.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        msg = f"{out} is there already, and not empty"
        raise PathError(msg, hint="name a new or an empty folder")
    real = out.resolve()
    for path in map(Path, inputs):
        if real.is_relative_to(path.resolve()):
            msg = f"{out} lies in {path}, which is read"
            raise PathError(msg, hint="name a folder outside of it: the input is never touched")


def keep(paths: Sequence[str], out: Path, keeping: Upkeep) -> tuple[Report, list[LeftAside]]:
    """Write one article of each cluster to a new folder, and all that are in none.

    Args:
        paths: Files and folders that are read; never changed.
        out: The folder, new or empty, and outside of them.
        keeping: How to read and compare; its settings say which rule chooses.

    Returns:
        The report on what was read, and what was left out.

    Raises:
        PathError: If a path does not exist or is a pipe, the folder cannot be used, or a file
            changes meanwhile.
        NoArticlesError: If there is no article.
        OSError: If a file cannot be read or written.
    """
    require_new_folder(out, paths)
    settings = replace(keeping.settings, diff=False)
    recipe, scope = recipe_of(settings), scope_of(settings)
    listed = _listed(paths, keeping.reading)
    parts = loaded(batch_files(listed, keeping.reading), recipe, scope, keeping.engine)
    corpus = gather(parts, recipe, scope, keeping.engine)
    found = find(corpus, settings, keeping.progress)
    report = report_on(found, corpus, settings, engine=keeping.engine, progress=keeping.progress)
    if not corpus.ids:
        msg = f"no article was found in {', '.join(paths)}"
        raise NoArticlesError(msg, hint="dedupe-news formats lists what can be read")
    files = {file.name: file for file in listed if isinstance(file, File)}
    return report, _written(corpus, report, out, files, keeping.reading)


def _listed(paths: Sequence[str], reading: ReadOptions) -> list[File | Skipped | LeftOut]:
    """Return the files in some paths, each of which can be read twice."""
    require_paths(paths)
    listed = list(find_files(paths, reading))
    for found in listed:
        if isinstance(found, File) and found.pipe:
            msg = f"{found.name} cannot be kept: it is no file that can be read twice"
            raise PathError(msg, hint="write it to a file first")
    return listed


def _written(
    corpus: Corpus, report: Report, out: Path, files: Mapping[str, File], reading: ReadOptions
) -> list[LeftAside]:
    """Write the articles that are kept and a manifest of the others, which it returns."""
    aside = left_aside(report.clusters)
    ids = {each.id for each in aside}
    by_file: defaultdict[str, list[int]] = defaultdict(list)
    for number in range(len(corpus.ids)):
        by_file[corpus.article(number).path].append(number)
    out.mkdir(parents=True, exist_ok=True)
    places = _places({name: files[name].path for name in by_file})
    for name, numbers in by_file.items():
        kept = {number for number in numbers if corpus.ids[number] not in ids}
        if len(kept) == len(numbers):
            _copy(files[name].path, out / places[name])
        elif kept:
            records = _records(files[name], reading, corpus, numbers)
            _write_file((line for number, line in records if number in kept), out / places[name])
    _write_manifest(report, aside, out / MANIFEST)
    return aside


def _records(
    file: File, reading: ReadOptions, corpus: Corpus, numbers: Sequence[int]
) -> Iterator[tuple[int, str]]:
    """Yield the articles of a file, read again, by number, each with its record as one line.

    Raises:
        PathError: If they are not those that were compared.
    """
    waiting = deque(numbers)
    for batch in cut_file(file, reading):
        for item, record in zip(batch.load(), batch.records(), strict=True):
            if waiting and item == corpus.shelf.get(waiting[0]):  # the others have no words
                yield waiting.popleft(), record
    if waiting:
        msg = f"{file.name} has changed since its articles were compared"
        raise PathError(msg, hint="run it again, with another folder")


def _places(paths: Mapping[str, str]) -> dict[str, PurePosixPath]:
    """Return where in the new folder each file goes; what leads out of a folder is left away."""
    places: dict[str, PurePosixPath] = {}
    taken: set[PurePosixPath] = {PurePosixPath(MANIFEST)}
    for name, path in paths.items():
        parts = [part for part in PurePosixPath(path).parts if part not in ("/", "..", ".")]
        place = PurePosixPath(*parts)
        suffix = 2
        while place in taken:
            place = PurePosixPath(*parts[:-1], f"{suffix}-{parts[-1]}")
            suffix += 1
        taken.add(place)
        places[name] = place
    return places


def _copy(path: str, out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, out)


def _write_file(lines: Iterable[str], out: Path) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    place = out if format_of(out.name) == "jsonl" else out.with_name(f"{out.name}.jsonl")
    with place.open("wb") as file, _packing(file, place) as packing:
        packing.writelines(f"{line}\n".encode() for line in lines)


def _packing(file: BinaryIO, place: Path) -> BinaryIO | GzipFile:
    """Return what compresses a file whose name says so: the same bytes whenever it is written."""
    return GzipFile("", "wb", fileobj=file, mtime=0) if place.suffix.lower() == ".gz" else file


def _write_manifest(report: Report, aside: Sequence[LeftAside], path: Path) -> None:
    head = {
        "schema": "dedupe-news-manifest/1",
        "articles": report.summary.articles,
        "kept": report.summary.articles - len(aside),
        "left_out": len(aside),
        "settings": dict(report.settings),
        "skipped": [asdict(skip) for skip in report.skipped],
    }
    path.write_text("\n".join(_manifest_lines(head, aside)) + "\n", "utf-8")


def _manifest_lines(head: Mapping[str, object], aside: Sequence[LeftAside]) -> Iterator[str]:
    yield "{"
    yield from (f"{json.dumps(name)}: {json.dumps(value)}," for name, value in head.items())
    yield '"articles_left_out": ['
    rows = [json.dumps(asdict(each), ensure_ascii=True) for each in aside]
    yield from (f"{row}," for row in rows[:-1])
    yield from rows[-1:]
    yield "]}"
