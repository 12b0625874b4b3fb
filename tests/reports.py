"""Reports built by hand, for tests of what is made of them."""

from dataclasses import replace

from dedupe_news.model import (
    Alignment,
    Article,
    Boilerplate,
    Change,
    Cluster,
    Counts,
    Member,
    NumberChange,
    Overlap,
    Report,
    Skipped,
    Summary,
    Variant,
)

__all__ = ["CROWD", "EMPTY", "FERRY", "HARBOUR", "RICH", "agency", "one_change", "radio"]

_AGENCY = tuple(
    """\
HAVENRIK (NP) - The ferry line between Havenrik and the Skerry islands will close for eleven \
weeks from 3 June so that its two berths can be rebuilt, the port authority said on Tuesday.
The authority said inspections in March had found corrosion in the steel piles that carry both \
berths.
"We looked at working at night and at closing one berth at a time, and neither was safe," port \
director Inga Solheim said.
She said the work would cost 14.2 million crowns and was paid for by the state.
About 1,900 people cross on the line on a working day, two thirds of them commuters.
Replacement boats will sail from the fishing harbour at Lom, 11 kilometres to the north, every \
40 minutes.
The boats carry 90 passengers each and no cars.
Freight will be moved to the night ferry from Oster, the authority said.
The line was last closed in 1998, when ice damaged the western berth.""".splitlines()
)
_LEADER = (
    "Island council leader Per Aune told Radio Kust he had learned of the closure from a "
    'reporter. "Nobody called us. We have 212 pupils who take that boat to school every '
    'morning," he said.'
)
_TICKETS = (
    "Season tickets stay valid on the replacement boats, and bicycles travel free, the "
    "operator Skerry Line said in reply to questions from Radio Kust."
)
_HELICOPTER = (
    "The county said the hospital in Havenrik would keep a rescue helicopter on call for the "
    "islands while the line is closed."
)
_TIMETABLES = (
    "Timetables will be published on 20 May. Radio Kust will answer questions from listeners "
    "live on Thursday at 17:00."
)
_DATELINE = "HAVENRIK (NP) - "
_BOATS = (
    "Replacement boats will sail from the fishing harbour in Lom, 11 kilometres to the north, "
    "every 30 minutes."
)
_RADIO = (
    _AGENCY[0].removeprefix(_DATELINE),
    _AGENCY[1],
    f"{_AGENCY[2]} {_AGENCY[3]}",
    _LEADER,
    _AGENCY[4],
    _BOATS,
    _TICKETS,
    _AGENCY[6],
    _AGENCY[7],
    _HELICOPTER,
    _AGENCY[8],
    _TIMETABLES,
)

agency = Article(
    "np-ferry.txt",
    _AGENCY,
    title="Island ferry line to close for eleven weeks from June",
    source="Norden Press",
    date="2024-05-14T09:12",
    path="np-ferry.txt",
)
radio = Article(
    "radiokust-ferry.txt",
    _RADIO,
    title="Ferry to the Skerries shuts for eleven weeks: what changes for commuters",
    source="Radio Kust",
    date="2024-05-14T11:40",
    path="radiokust-ferry.txt",
)

_CHANGES = (
    Change(
        "edited", (0,), (0,), 0.94, (("-", _DATELINE), ("=", _AGENCY[0].removeprefix(_DATELINE)))
    ),
    Change("same", (1,), (1,)),
    Change("merged", (2, 3), (2,)),
    Change("added", (), (3,), 0.0, (), _LEADER),
    Change("same", (4,), (4,)),
    Change(
        "edited",
        (5,),
        (5,),
        0.89,
        (
            ("=", "Replacement boats will sail from the fishing harbour "),
            ("-", "at"),
            ("+", "in"),
            ("=", " Lom, 11 kilometres to the north, every "),
            ("-", "40"),
            ("+", "30"),
            ("=", " minutes."),
        ),
    ),
    Change("added", (), (6,), 0.0, (), _TICKETS),
    Change("same", (6,), (7,)),
    Change("same", (7,), (8,)),
    Change("added", (), (9,), 0.0, (), _HELICOPTER),
    Change("same", (8,), (10,)),
    Change("added", (), (11,), 0.0, (), _TIMETABLES),
)
_ALIGNMENT = Alignment(
    _CHANGES,
    "~=&+=~+==+=+",
    Counts(same=5, edited=2, merged=1, merged_from=2, added=4, added_words=100),
    (NumberChange("40", "30", 5),),
)


def _member(article: Article, words: int) -> Member:
    return Member(
        article.id,
        article.path,
        article.title,
        article.source,
        article.date,
        len(article.paragraphs),
        words,
    )


_CLUSTER = Cluster(
    "3f9c1a52",
    agency.id,
    "earliest",
    (_member(agency, 158), _member(radio, 256)),
    (Variant(radio.id, "reprint", 0.9747, 0.6016, 0.4903, "", _ALIGNMENT, radio.paragraphs),),
    (),
    agency.paragraphs,
)
_SETTINGS = {"shingle_words": 5, "num_perm": 128, "seed": 1, "min_containment": 0.5, "diff": True}

FERRY = Report(_SETTINGS, Summary(2, 1, 2, 0, 0), (_CLUSTER,))
"""The invented ferry story: an agency report, and a broadcaster's reprint of it."""

EMPTY = Report(_SETTINGS, Summary(5, 0, 0, 5, 0), ())
"""Five articles that have nothing in common."""

_UPDATE = Alignment(
    (
        *(Change("same", (place,), (place,)) for place in range(9)),
        Change("added", (), (9,), 0.0, (), "The mayor of Lom said the harbour was ready."),
    ),
    "=========+",
    Counts(same=9, added=1, added_words=9),
)
_LATER = replace(
    _member(agency, 167), id="np-ferry-2.txt", path="np-ferry-2.txt", date="2024-05-14T10:05"
)
_DIGEST = Alignment(
    (
        Change("moved", (8,), (0,)),
        Change("split", (1,), (1, 2)),
        Change("moved", (7,), (3,), 0.8, (("=", "Freight will be moved "), ("+", "away"))),
        Change("boilerplate", (), (4,), 0.0, (), "All rights reserved."),
        Change("boilerplate", (), (5,), 0.0, (), "Sign up for our newsletter."),
        Change("same", (0,), (6,)),
        Change("removed", (2,), (), 0.0, (), agency.paragraphs[2]),
        Change("removed", (3,), (), 0.0, (), agency.paragraphs[3]),
        Change("same", (4,), (7,)),
        Change("same", (5,), (8,)),
        Change("same", (6,), (9,)),
    ),
    ">//>%%====",
    Counts(same=4, split=1, split_into=2, moved=2, boilerplate=2, removed=2, removed_words=37),
)
_MIXED = replace(
    _CLUSTER,
    members=(
        _CLUSTER.members[0],
        _LATER,
        _CLUSTER.members[1],
        Member("news.jsonl#17", "news.jsonl", "", "", "", 10, 1311),
    ),
    variants=(
        Variant("np-ferry-2.txt", "update", 1.0, 0.9461, 0.91, "", _UPDATE),
        _CLUSTER.variants[0],
        Variant("news.jsonl#17", "excerpt", 0.41, 0.998, 0.3, "np-ferry-2.txt", _DIGEST),
    ),
    overlaps=(Overlap("digests/week 20.txt", "radiokust-ferry.txt", 0.32, 0.0041),),
)
RICH = Report(
    _SETTINGS,
    Summary(31, 2, 6, 25, 1, {"hidden": 2, "binary": 7}),
    (_MIXED, replace(_CLUSTER, id="77aa0b1c", base_reason="longest")),
    (Skipped("page.html", "missing-extra", "needs the html extra", "pip install trafilatura"),),
    (Boilerplate("All rights reserved.", 12, 3),),
)
"""Two clusters, and at least one of everything that a report can hold."""

HARBOUR = replace(
    FERRY,
    clusters=(
        replace(
            _CLUSTER,
            variants=(replace(_CLUSTER.variants[0], alignment=None, texts=()),),
            base_texts=(),
        ),
    ),
)
"""The ferry story, whose changes were not asked for."""

_PAPERS = ("Lom Courier", "Skerry Post", "Havenrik Daily", "Oster Times", "Kust Allehanda")
_PETITION = "A petition against the closure has 4,100 names, its organisers said on Tuesday night."
_BOAT = Change(
    "edited", (5,), (5,), 0.9, (("=", "Replacement boats will sail from "), ("+", "Lom"))
)


def _reprint(number: int) -> tuple[Member, Variant]:
    """Return one of many reprints, which have some of their changes from each other."""
    paper = f"{_PAPERS[number % 5]} {number // 5 + 1}"
    changes = [Change("same", (place,), (place,)) for place in range(5)]
    changes.append(_BOAT if number % 4 == 3 else Change("same", (5,), (5,)))
    news = {_TICKETS: number % 2 == 1, _PETITION: number > 24}
    news[f"Readers of {paper} may write to the editors until Friday."] = number % 10 == 5
    texts = [text for text, wanted in news.items() if wanted]
    changes += [Change("added", (), (6 + n,), 0.0, (), text) for n, text in enumerate(texts)]
    places = range(6, 6 if number % 7 == 2 else 9)
    changes += [Change("same", (place,), (place + len(texts),)) for place in places]
    changes += [
        Change("removed", (place,), (), 0.0, (), agency.paragraphs[place])
        for place in range(places.stop, 9)
    ]
    signs = {"same": "=", "edited": "~", "added": "+"}
    shape = "".join(signs[change.op] for change in changes if change.variant)
    counts = Counts(
        same=shape.count("="),
        edited=shape.count("~"),
        added=len(texts),
        added_words=sum(len(text.split()) for text in texts),
        removed=9 - places.stop,
    )
    figures = (NumberChange("40", "30", 5),) * (number % 4 == 3)
    path = f"press/{paper.lower().replace(' ', '-')}.txt"
    title = agency.title if number % 3 else f"No boat to the islands, says {paper}"
    date = f"2024-05-{14 + number // 12}T{10 + number % 12}:30"
    member = Member(path, path, title, paper, date, len(shape), 158 + counts.added_words)
    kept = 0.7 if counts.removed else 0.98
    relation = "reprint" if texts or counts.removed else "identical"
    new = 1 - counts.added_words / 200
    alignment = Alignment(tuple(changes), shape, counts, figures)
    through = "press/lom-courier-1.txt" if number == 38 else ""
    return member, Variant(path, relation, kept, new, kept * new, through, alignment)


_REPRINTS = [_reprint(number) for number in range(40)]
CROWD = replace(
    FERRY,
    summary=Summary(43, 1, 41, 2, 0),
    clusters=(
        replace(
            _CLUSTER,
            members=(
                replace(_CLUSTER.members[0], id="press/np-ferry.txt", path="press/np-ferry.txt"),
                *(member for member, _ in _REPRINTS),
            ),
            base="press/np-ferry.txt",
            variants=tuple(variant for _, variant in _REPRINTS),
            overlaps=(Overlap("digests/week-20.txt", "press/lom-courier-1.txt", 0.32, 0.0041),),
        ),
    ),
)
"""An agency report that forty papers printed, some of them from each other."""


def one_change(change: Change, **parts: object) -> Report:
    """Return the ferry report with only the given change in it, and any parts replaced."""
    alignment = replace(_ALIGNMENT, changes=(change,), numbers_changed=())
    variant = replace(_CLUSTER.variants[0], alignment=alignment)
    return replace(FERRY, clusters=(replace(_CLUSTER, variants=(variant,), **parts),))
