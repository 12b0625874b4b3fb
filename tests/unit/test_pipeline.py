"""From articles to a report, all stages together."""

from dataclasses import replace
from datetime import date as day
from operator import attrgetter

import pytest

from dedupe_news import diff, finding, scan
from dedupe_news.core.verify import Rule
from dedupe_news.errors import ArticleError, NoArticlesError, UsageError
from dedupe_news.model import Article, LeftOut, Skipped, Summary
from dedupe_news.pipeline import explain, scan_batches
from dedupe_news.recipes import rule_of
from dedupe_news.settings import Settings
from dedupe_news.sources import in_batches
from invented import article, prose
from spellings import DIFFERENT, SAME, spelling
from stories import corpus, json_report

REPORT = article("report", 1, 2, 3, 4, date="2017-01-20")
LONGER = article("longer", 10, 11, 1, 2, 3, 4, 12, date="2017-01-21")
STRANGER = article("stranger", 20, 21)


def members(report):
    """Return the ids of the members of each cluster, the base first."""
    return [[member.id for member in cluster.members] for cluster in report.clusters]


class Heard:
    """Keeps what it hears of a report."""

    def __init__(self, *, keeps=True):
        self.form = attrgetter("base")
        self.keeps = keeps
        self.clusters = []
        self.texts = []

    def begin(self, report):
        self.outline = report

    def add(self, cluster, text):
        self.clusters.append(cluster)
        self.texts.append(text)


class TestScan:
    def test_variants_are_found_among_strangers(self):
        """And read against the earliest."""
        report = scan([STRANGER, LONGER, REPORT])

        assert members(report) == [["report", "longer"]]
        assert report.clusters[0].variants[0].alignment.shape == "++====+"
        assert report.summary == Summary(3, 1, 2, 1, 0)

    def test_a_report_wrapped_in_a_longer_one_is_found_where_resemblance_is_low(self):
        """Containment decides: Jaccard is far below what others ask for."""
        wrapped = article("w", *range(30, 36), 1, 2, 3, 4, *range(36, 42))
        found = scan([REPORT, wrapped]).clusters[0].variants[0]

        assert found.base_in_variant == 1
        assert found.resemblance < 0.3

    def test_nothing_makes_an_empty_report(self):
        """The caller decides whether that is an error."""
        report = scan([])

        assert (report.clusters, report.skipped, report.boilerplate) == ((), (), ())
        assert report.summary == Summary(0, 0, 0, 0, 0)

    @pytest.mark.parametrize("text", ["one", "one two", "one two three", "東京", "a b c d e"])
    def test_an_article_alone_is_unique(self, text):
        """However short it is."""
        assert scan([article("a", text)]).summary == Summary(1, 0, 0, 1, 0)

    @pytest.mark.parametrize("text", ["one", "one two three", "a b c d e f"])
    def test_two_briefs_of_the_same_words_are_copies(self, text):
        """Too short to match, but equal throughout."""
        report = scan([article("a", text), article("b", text.upper() + "!")])

        assert report.clusters[0].variants[0].relation == "identical"

    def test_what_cannot_take_part_is_told(self):
        """Empty articles, and what reading had skipped or passed over."""
        broken = Skipped("x.json", "bad-json", "broken", "mend it")
        items = [broken, REPORT, Article("empty", ("...",)), LeftOut("hidden", 2)]
        report = scan(items)

        assert [(skip.id, skip.code) for skip in report.skipped] == [
            ("empty", "empty"),
            ("x.json", "bad-json"),
        ]
        assert report.summary == Summary(1, 0, 0, 1, 2, {"hidden": 2})
        assert not report.complete

    def test_articles_are_taken_once_from_anything_that_gives_them(self):
        """A generator will do."""
        assert members(scan(one for one in (REPORT, LONGER))) == [["report", "longer"]]

    def test_equal_ids_are_told_apart(self):
        """So that every article of a report can be named."""
        report = scan([REPORT, Article("report", LONGER.paragraphs, date="2018")])

        assert sorted(members(report)[0]) == ["report", "report~2"]

    def test_large_clusters_come_first(self):
        """Then by base."""
        pair = [article("a", 30, 31), article("b", 30, 31)]
        three = [article("x", 40, 41), article("y", 40, 41), article("z", 40, 41)]
        other = [article("c", 50, 51), article("d", 50, 51)]

        assert members(scan([*other, *pair, *three])) == [["x", "y", "z"], ["a", "b"], ["c", "d"]]

    def test_without_diff_there_are_no_changes(self):
        """Who wants clusters only need not wait for them."""
        report = scan([REPORT, LONGER], Settings(diff=False))

        assert report.clusters[0].variants[0].alignment is None

    @pytest.mark.parametrize("unit", ["word", "char"])
    def test_boilerplate_is_the_same_when_strangers_come(self, unit):
        """Anchors are looked at in one order, whatever the size of the corpus."""
        frames = [prose(30, 900 + number) for number in range(3)]
        sites = [
            article(f"{number}", frames[number % 3], number, 100 + number, frames[2 - number % 3])
            for number in range(36)
        ]
        strangers = [article(f"x{number}", 1000 + number) for number in range(300)]
        settings = Settings(shingle_unit=unit, shingle_words=5 if unit == "word" else 12)

        few, many = scan(sites, settings), scan([*sites, *strangers], settings)

        assert few.boilerplate
        assert few.boilerplate == many.boilerplate

    def test_boilerplate_is_shown_as_written_and_joins_nobody(self):
        """Strangers on one site stay strangers, and the passage is quoted."""
        footer = prose(20, 900).capitalize() + ", it’s “Norden”"
        strangers = [article(f"{seed:02}", prose(60, seed), footer + ".") for seed in range(12)]
        report = scan(strangers)

        assert report.clusters == ()
        (found,) = report.boilerplate
        assert (found.text, found.articles, found.words) == (footer[:-1], 12, 23)

    def test_slices_do_not_show(self, monkeypatch):
        """How many pairs are verified at once is a matter of memory."""
        expected = json_report()
        monkeypatch.setattr(finding, "_SLICE", 3)

        assert json_report() == expected

    def test_batches_are_loaded_by_the_run(self):
        """The command line hands over files that are still to be read."""
        assert members(scan_batches(in_batches([REPORT, LONGER]), Settings())) == [
            ["report", "longer"]
        ]

    def test_clusters_are_told_in_the_order_of_the_report(self):
        """Those of one size wait for each other, so that a stream is what a report is."""
        heard = Heard()
        articles = [*corpus(), article("z1", 70), article("z2", 70), article("z3", 70)]
        report = scan_batches(in_batches(articles), Settings(), listener=heard)

        assert tuple(heard.clusters) == report.clusters
        assert len({len(cluster.members) for cluster in heard.clusters}) > 1
        assert heard.texts == [cluster.base for cluster in report.clusters]

    def test_clusters_that_nobody_keeps_are_told_by_their_texts(self):
        """Whoever writes them down needs no more, and of a large corpus they would fill memory."""
        heard, kept = Heard(keeps=False), Heard()
        reports = [
            scan_batches(in_batches(corpus()), Settings(), listener=one) for one in (heard, kept)
        ]

        assert heard.texts == kept.texts
        assert set(heard.clusters) == {None}
        assert reports[0] == replace(reports[1], clusters=())

    def test_all_else_is_told_before_the_first_cluster(self):
        """A document that is written while it is made begins with how many there will be."""
        heard = Heard()
        report = scan_batches(in_batches(corpus()), Settings(), listener=heard)

        assert report.clusters
        assert heard.outline == replace(report, clusters=())

    @pytest.mark.parametrize("memory", [1, 1 << 18, 1 << 28])
    def test_little_memory_does_not_show(self, memory):
        """Texts wait in a file, and pairs are compared one by one if need be."""
        report, usual = (
            scan_batches(in_batches(corpus()), Settings(), **options)
            for options in ({"memory": memory}, {})
        )

        assert report == usual


class TestSettingsOfAScan:
    def test_they_are_stated_in_the_report(self):
        """All that shaped the result, as plain values; what was not asked for is left out."""
        stated = scan([], Settings(keep=("id",), ignore_text=("a", "b"), within_days=3)).settings

        assert stated["keep"] == "id"
        assert stated["ignore_text"] == "a\nb"
        assert stated["within_days"] == 3
        assert stated["min_containment"] == 0.6
        assert "across" not in stated
        assert "diff" not in stated

    @pytest.mark.parametrize(
        ("settings", "found"),
        [
            ({}, True),
            ({"min_containment": 0.85}, False),
            ({"min_shared_words": 91}, False),
            ({"within_days": 1}, True),
            ({"within_days": 0}, True),
            ({"across": "source"}, True),
        ],
    )
    def test_they_decide_what_matches(self, settings, found):
        """Two thirds of one stand in the other."""
        half = article("half", 1, 2, 30, date="2017-01-21")
        report = scan([article("all", 1, 2, 40, date="2017-01-20"), half], Settings(**settings))

        assert bool(report.clusters) is found

    def test_dates_too_far_apart_are_not_compared(self):
        """A notice of last year is another notice."""
        old = article("old", 1, 2, date="2016-01-01")
        settings = Settings(within_days=30)

        assert scan([old, article("new", 1, 2, date="2017-01-01")], settings).clusters == ()

    @pytest.mark.parametrize("copy", [(1, 2), (1, 2, 3)])
    def test_one_source_may_repeat_itself(self, copy):
        """Where only reprints across sources are asked for."""
        one, other = article("a", 1, 2, source="NP"), article("b", *copy, source="np")

        assert scan([one, other], Settings(across="source")).clusters == ()
        assert len(scan([one, other]).clusters) == 1

    def test_text_that_is_ignored_neither_joins_nor_counts(self):
        """A credit under every picture is no news."""
        credit = "Photo: " + prose(60, 70)
        strangers = [article("a", prose(20, 1), credit), article("b", prose(20, 2), credit)]

        assert len(scan(strangers).clusters) == 1
        assert scan(strangers, Settings(ignore_text=("Photo: .*",))).clusters == ()

    def test_misread_letters_are_forgiven_where_characters_are_compared(self):
        """One letter in every other word spoils words, but not runs of letters."""
        words = prose(120, 1).split()
        scanned = " ".join(word[:-1] + "x" if at % 2 else word for at, word in enumerate(words))
        pair = [article("a", " ".join(words)), article("b", scanned)]

        assert scan(pair).clusters == ()
        assert (
            len(
                scan(
                    pair, Settings(shingle_unit="char", shingle_words=5, min_containment=0.3)
                ).clusters
            )
            == 1
        )

    def test_a_number_of_words_is_five_times_as_many_characters(self):
        """So that a brief is as short in either unit."""
        assert rule_of(Settings()) == Rule(0.6, 20, 5)
        assert rule_of(Settings(shingle_unit="char")) == Rule(0.6, 100, 8, 8)


class TestSpellings:
    @pytest.mark.parametrize(("one", "other"), **spelling(SAME))
    def test_scan_finds_the_same_words_in_another_print(self, one, other):
        """Two papers that set the same line differently printed one article."""
        report = scan([article("a", f"{one} one"), article("b", f"{other} one")])

        assert report.clusters[0].variants[0].relation == "identical"

    @pytest.mark.parametrize(("one", "other"), **spelling(SAME))
    def test_diff_calls_it_the_same(self, one, other):
        """What matching does not see, the reader is not shown as a change."""
        report = diff(article("a", f"one {one} two"), article("b", f"one {other} two"))

        assert [change.op for change in report.clusters[0].variants[0].alignment.changes] == [
            "same"
        ]

    @pytest.mark.parametrize(("one", "other"), **spelling(DIFFERENT))
    def test_diff_shows_what_tells_words_apart(self, one, other):
        """A changed sign that changes a word is an edit."""
        base, variant = (
            article(id_, f"{prose(12, 1)} {text}") for id_, text in (("a", one), ("b", other))
        )

        changes = diff(base, variant).clusters[0].variants[0].alignment.changes
        assert [change.op for change in changes] == ["edited"]


class TestProgress:
    def test_stages_are_told_in_their_order(self):
        """Each with how much is done, and of how much where that is known."""
        told = []
        scan(corpus(), progress=lambda *step: told.append(step))

        assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["read", "compare", "align"]
        compared = [(done, total) for stage, done, total in told if stage == "compare"]
        assert compared[0][0] == 0
        assert compared[-1][0] == compared[-1][1] > 0
        assert [done for stage, done, _ in told if stage == "read"][-1] == sum(
            len(text) for one in corpus() if isinstance(one, Article) for text in one.paragraphs
        )

    def test_an_empty_run_tells_that_nothing_was_compared(self):
        """A bar that waits for it must end."""
        told = []
        scan([], progress=lambda *step: told.append(step))

        assert ("compare", 0, 0) in told


class TestDiff:
    def test_strangers_are_shown_too(self):
        """The user asked for these two."""
        report = diff(REPORT, STRANGER)

        assert report.clusters[0].variants[0].alignment.shape == "++"
        assert report.clusters[0].variants[0].relation == "overlap"
        assert (report.clusters[0].base, report.clusters[0].base_reason) == ("report", "given")
        assert report.summary == Summary(2, 1, 2, 0, 0)

    def test_the_first_is_the_base_whatever_its_date(self):
        """The others follow as they were given, so that B on screen is the second."""
        report = diff(LONGER, STRANGER, REPORT)

        assert members(report) == [["longer", "stranger", "report"]]

    @pytest.mark.parametrize(
        ("names", "expected"),
        [
            (["a", "a"], ["a", "a~2"]),
            (["a", "a", "a"], ["a", "a~2", "a~3"]),
            (["a", "a~2", "a", "b", "b"], ["a", "a~2", "a~3", "b", "b~2"]),
            (["a", "a", "a~2"], ["a", "a~3", "a~2"]),
        ],
    )
    def test_an_article_may_be_read_against_itself(self, names, expected):
        """All is the same then; each mention has an id, and a given one is kept."""
        report = diff(*(replace(REPORT, id=name) for name in names))

        assert members(report) == [expected]
        assert {one.relation for one in report.clusters[0].variants} == {"identical"}
        assert {one.alignment.shape for one in report.clusters[0].variants} == {"===="}

    def test_one_article_alone_is_an_error(self):
        """Which says what is needed."""
        with pytest.raises(NoArticlesError, match="there is only one article") as caught:
            diff(REPORT)

        assert "variant" in caught.value.hint

    def test_an_empty_article_adds_and_drops_everything(self):
        """There is no text too short to be shown."""
        counts = [
            diff(base, variant).clusters[0].variants[0].alignment.counts
            for base, variant in ((Article("e", ()), REPORT), (REPORT, Article("e", ())))
        ]

        assert [(one.added, one.removed) for one in counts] == [(4, 0), (0, 4)]


@pytest.mark.parametrize(
    ("other", "decision"),
    [
        (LONGER, "contained"),
        (Article("shouted", tuple(map(str.upper, REPORT.paragraphs))), "identical"),
        (STRANGER, "strangers"),
    ],
)
def test_explain_agrees_with_scan(other, decision):
    """A pair that is said to match is found, and no other."""
    explained = explain(REPORT, other)

    assert explained.matches == bool(scan([REPORT, other]).clusters)
    assert explained.matches == (decision != "strangers")
    if explained.matches:
        assert explained.decision == decision


class TestWhatIsNoArticle:
    @pytest.mark.parametrize(
        "given", ["samples/", ["one text", "another"], [{"text": "one"}], [None]]
    )
    def test_it_is_refused_instead_of_lost(self, given):
        """An empty report of a path or of bare texts would look like a clean corpus."""
        with pytest.raises(UsageError, match="this is no article") as caught:
            scan(given)

        assert "Article.from_text" in caught.value.hint

    @pytest.mark.parametrize(
        ("given", "message", "hint"),
        [
            (Article("a", "one text"), "'a' are no tuple of texts: 'one text'", "from_text"),
            (Article("a", None), "'a' are no tuple of texts: None", "from_text"),
            (Article("a", ("one", None)), "no tuple of texts", "from_text"),
            (
                Article("a", ("one",), date=day(2024, 5, 14)),
                "the date of the article 'a'",
                "isoformat",
            ),
            (Article(7, ("one",)), "the id of the article 7 is no text: 7", "str"),
            (Article("a", ("one",), title="x" * 9, source=["y" * 99]), "the source .*y…$", "str"),
        ],
    )
    def test_a_field_that_holds_something_else_is_named(self, given, message, hint):
        """A text would be taken for as many paragraphs as it has characters."""
        for run in (
            lambda: scan([given]),
            lambda: diff(REPORT, given),
            lambda: explain(given, REPORT),
        ):
            with pytest.raises(ArticleError, match=message) as caught:
                run()
            assert hint in caught.value.hint

    def test_paragraphs_may_be_a_list(self):
        """It is one of texts as well as a tuple is."""
        assert scan([Article("a", ["one"]), STRANGER]).summary.articles == 2
