"""What a reader is told about each paragraph."""

import pytest

from dedupe_news.core import equals, likeness, likeness_in_bulk, pairs
from dedupe_news.core.alignment import align
from dedupe_news.model import Change, Counts

LEAD = "The ferry from Havenrik to the Skerry islands stops for eleven weeks in June."
BERTHS = "Both berths are worn out and must be rebuilt, the port said on Tuesday."
BUSES = "Buses will bring travellers to the fishing harbour at Lom every 40 minutes."
MAYOR = "Mayor Inga Solheim spoke of a hard summer for shops on the islands."
BREAD = "Bakers in the old town sell twice as much rye bread as five years ago."
QUOTE = '"Nobody called us," said the head of the school where 212 pupils wait.'


def ops(base, variant):
    """Return what happened to which paragraphs."""
    return [(change.op, change.base, change.variant) for change in align(base, variant).changes]


def shown(change):
    """Return a word diff as `git diff --word-diff` writes it."""
    forms = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return "".join(forms[kind].format(text) for kind, text in change.words)


def only(base, variant):
    """Return the one change between two single paragraphs."""
    (change,) = align([base], [variant]).changes
    return change


class TestOps:
    @pytest.mark.parametrize(
        ("base", "variant", "expected"),
        [
            ([], [], []),
            ([], [LEAD], [("added", (), (0,))]),
            ([LEAD], [], [("removed", (0,), ())]),
            ([LEAD], [LEAD], [("same", (0,), (0,))]),
            ([LEAD], [BREAD], [("removed", (0,), ()), ("added", (), (0,))]),
            (
                [LEAD, BUSES],
                [LEAD, QUOTE, BUSES],
                [("same", (0,), (0,)), ("added", (), (1,)), ("same", (1,), (2,))],
            ),
            ([LEAD, MAYOR], [f"{LEAD} {MAYOR}"], [("merged", (0, 1), (0,))]),
            ([f"{LEAD} {MAYOR}"], [LEAD, MAYOR], [("split", (0,), (0, 1))]),
        ],
    )
    def test_each_paragraph_is_named_by_what_happened_to_it(self, base, variant, expected):
        """The plain cases: nothing else could be said of them."""
        assert ops(base, variant) == expected

    def test_the_lighter_of_two_that_changed_places_has_moved(self):
        """What carries more words stands still, and an unchanged move has no word diff."""
        first, second = align([MAYOR, LEAD + " " + BERTHS], [LEAD + " " + BERTHS, MAYOR]).changes

        assert (first.op, first.base, first.variant) == ("same", (1,), (0,))
        assert second == Change("moved", (0,), (1,))

    def test_of_two_that_weigh_the_same_one_moved_either_way(self):
        """Which of them it is depends on the articles, not on which is called the base."""
        there = ops(["One red boat", "Two old men"], ["Two old men", "One red boat"])
        back = ops(["Two old men", "One red boat"], ["One red boat", "Two old men"])

        assert sorted(there) == sorted((op, variant, base) for op, base, variant in back)

    def test_a_few_words_do_not_move(self):
        """Out of order, a paragraph that was changed must have more in common."""
        assert [op for op, _, _ in ops(["Read more here", LEAD], [LEAD, "Read more now"])] == [
            "removed",
            "same",
            "added",
        ]

    def test_a_paragraph_goes_to_the_nearest_likeness(self):
        """Two have as many of its words, and one of them little else."""
        variant = [f"{BUSES} {MAYOR}", BUSES]

        assert ops([BUSES.replace("40", "30")], variant) == [
            ("added", (), (0,)),
            ("edited", (0,), (1,)),
        ]

    def test_a_moved_paragraph_with_an_edit_carries_its_word_diff(self):
        """One change says both that it moved and what became of it."""
        changes = align([BUSES, LEAD, BERTHS], [LEAD, BERTHS, BUSES.replace("40", "30")]).changes

        assert changes[-1].op == "moved"
        assert shown(changes[-1]) == BUSES.replace("40", "[-40-]{+30+}")

    def test_edits_and_merges_are_told_at_once(self):
        """A merge may change words; its diff spans the paragraphs it was made of."""
        merge = align([BUSES, MAYOR], [f"{BUSES.replace('at', 'in')} {MAYOR}"]).changes[0]

        assert merge.op == "merged"
        assert shown(merge) == f"{BUSES.replace('at Lom', '[-at-]{+in+} Lom')} {MAYOR}".replace(
            "fishing harbour in", "fishing harbour"
        )

    def test_a_quote_put_between_two_halves_stays_added(self):
        """What is new must not hide in the split that surrounds it."""
        assert ops([f"{LEAD} {MAYOR}"], [LEAD, QUOTE, MAYOR]) == [
            ("split", (0,), (0, 2)),
            ("added", (), (1,)),
        ]

    def test_a_heading_run_into_its_paragraph_is_merged(self):
        """Few words make a part, if they stand where the part stood."""
        assert ops(["Wet summer ahead", MAYOR], [f"Wet summer ahead: {MAYOR}"]) == [
            ("merged", (0, 1), (0,))
        ]

    def test_paragraphs_cut_anew_are_two_edits(self):
        """The end of one went to the start of the next: neither is new, neither is gone."""
        first, second, third = "The port will close soon.", "Nobody knows for how long now.", MAYOR

        assert ops([f"{first} {second}", third], [first, f"{second} {third}"]) == [
            ("edited", (0,), (0,)),
            ("edited", (1,), (1,)),
        ]

    def test_a_story_set_in_lines_becomes_one_merge(self):
        """However many paragraphs went into one, none of them is called removed."""
        lines = [f"{text} Line {number}." for number, text in enumerate([LEAD, BREAD, QUOTE] * 9)]

        assert ops(lines, [" ".join(lines)]) == [("merged", tuple(range(27)), (0,))]


class TestFloor:
    def test_a_paragraph_cut_to_its_first_sentence_is_edited(self):
        """Containment decides, where likeness would call the sentence new."""
        assert only(f"{BERTHS} {BUSES} {MAYOR}", BERTHS).op == "edited"

    def test_a_paragraph_wrapped_in_much_more_is_edited(self):
        """The reverse of a cut, and its mirror."""
        assert only(BERTHS, f"{QUOTE} {BERTHS} {BUSES} {MAYOR}").op == "edited"

    def test_a_line_with_a_word_changed_here_and_there_is_edited(self):
        """Where most words stay, they need not stay in runs."""
        assert only("Few boats stay home on Friday", "Few ships stay home by Friday").op == (
            "edited"
        )

    @pytest.mark.parametrize(
        ("base", "variant"),
        [
            (LEAD, MAYOR),
            ("The port of the town is closed.", "The head of the school is ill."),
            ("By Ann Rust", "By Ulf Krom"),
            ("港口管理局星期二表示渡轮关闭。", "学校的孩子们在等新的公共汽车。"),
        ],
    )
    def test_stray_words_in_common_say_nothing(self, base, variant):
        """Two sentences that share their small words are two sentences."""
        assert [op for op, _, _ in ops([base], [variant])] == ["removed", "added"]

    @pytest.mark.parametrize(
        ("base", "variant"),
        [
            (
                "港口管理局星期二表示,渡轮航线将关闭十一周。",
                "港口管理局周二表示,渡轮航线将关闭十周。",
            ),
            ("フェリーは六月から十一週間運休する。", "フェリーは七月から十週間運休します。"),
            ("เรือเฟอร์รี่จะปิดเป็นเวลาสิบเอ็ดสัปดาห์", "เรือเฟอร์รี่จะปิดเป็นเวลาเก้าสัปดาห์"),
            (
                "قالت سلطة الميناء يوم الثلاثاء إن خط العبارات سيغلق",
                "قالت سلطة الميناء إن خط العبارات سيغلق",
            ),
            ("नौका सेवा 11 सप्ताह के लिए बंद रहेगी।", "नौका सेवा 10 सप्ताह के लिए बंद रहेगी।"),
        ],
    )
    def test_an_edit_is_an_edit_in_every_script(self, base, variant):
        """Where each sign is a word, floors count twice as many."""
        assert only(base, variant).op == "edited"

    def test_a_scan_with_misread_letters_is_edited(self):
        """Hardly a word survived, but letter by letter it is the same paragraph."""
        scan = "Tne fcrry from Havcnrik to tne Skcrry is1ands stops for e1even wceks in Juno."

        assert only(LEAD, scan).op == "edited"

    def test_a_scan_finds_its_paragraph_among_others(self):
        """Letters are compared only between paragraphs that stayed, in their order."""
        scans = ["B0th bertbs are w0rn 0ut amd must bc rebui1t, tbe p0rt sa1d 0n Tuesdoy.", QUOTE]

        assert ops([LEAD, BERTHS], [LEAD, scans[1], scans[0]]) == [
            ("same", (0,), (0,)),
            ("added", (), (1,)),
            ("edited", (1,), (2,)),
        ]


class TestSame:
    @pytest.mark.parametrize(
        ("base", "variant"),
        [
            ('He said "no" - and left...', "He said «no» – and left…"),
            ("It's a\xa0fine  day", "It\u2019s a fine day"),
            ("THE FERRY stops", "The ferry stops"),
            ("The office is ﬁne", "The office is fine"),
            ("Cafe\u0301 in Havenrik", "Café in Havenrik"),
            ("He left, she said.", "He left; she said"),
            ("Why?!", "Why??!"),
            ("***", " * * * "),
            ("—", "–"),
            ("", ""),
        ],
    )
    def test_typesetting_is_no_edit(self, base, variant):
        """Quotes, dashes, blanks, case, ligatures, commas: the reader reads the same."""
        assert only(base, variant) == Change("same", (0,), (0,))

    @pytest.mark.parametrize(
        ("base", "variant", "expected"),
        [
            ("He left.", "He left?", "He left[-.-]{+?+}"),
            ("It rose by 4%.", "It rose by 4.", "It rose by 4[-%-]."),
            ("It cost $40.", "It cost €40.", "It cost [-$-]{+€+}40."),
            ("It was -5 outside", "It was 5 outside", "It was [---]5 outside"),
        ],
    )
    def test_a_mark_that_changes_what_is_said_is_an_edit(self, base, variant, expected):
        """All words agree, and yet the sentence says something else."""
        change = only(base, variant)

        assert (change.op, change.similarity, shown(change)) == ("edited", 1.0, expected)

    @pytest.mark.parametrize(("base", "variant"), [("***", "►"), ("—", ""), ("!", "?")])
    def test_without_words_there_is_no_edit(self, base, variant):
        """Ornaments are the same, or one went and another came."""
        assert [op for op, _, _ in ops([base], [variant])] == ["removed", "added"]


class TestRecurring:
    def test_captions_pair_in_their_order(self):
        """A caption that recurs follows the paragraphs around it."""
        base = ["Photo: NP", LEAD, "Photo: NP", BREAD]

        assert ops(base, ["Photo: NP", "Photo: NP", BREAD]) == [
            ("same", (0,), (0,)),
            ("removed", (1,), ()),
            ("same", (2,), (1,)),
            ("same", (3,), (2,)),
        ]

    @pytest.mark.parametrize("weighed", [1 << 21, 1000])
    def test_a_line_that_recurs_hundreds_of_times_pairs_in_its_order(self, weighed, monkeypatch):
        """Also when its pairs are too many to be weighed: its neighbours say where it stands."""
        for stage in (equals, likeness, likeness_in_bulk):
            monkeypatch.setattr(stage, "PAIRS", weighed)
        stories = [f"Story {number}: {LEAD} {number * 7}" for number in range(200)]
        base = [text for story in stories for text in (story, "Photo: NP", "***")]
        variant = ["Photo: NP", *base[:300], *base[330:]]

        changes = align(base, variant).changes

        assert {change.op for change in changes if change.variant[:1] > (0,)} == {"same"}
        gone = {change.base[0] for change in changes if change.op == "removed"}
        assert min(gone) >= 298  # of equal captions at the edge, any may be the one that went
        assert 29 <= len(gone) <= 30

    def test_ornaments_never_move(self):
        """Three stars at the top and three at the end are not the same three stars."""
        assert [op for op, _, _ in ops(["***", LEAD], [LEAD, "***"])] == [
            "removed",
            "same",
            "added",
        ]


class TestOrder:
    def test_what_is_gone_stands_where_it_was(self):
        """Behind the change that holds the base paragraph before it, or at the start."""
        base = [BREAD, LEAD, QUOTE, MAYOR, BERTHS]

        assert ops(base, [LEAD, BERTHS]) == [
            ("removed", (0,), ()),
            ("same", (1,), (0,)),
            ("removed", (2,), ()),
            ("removed", (3,), ()),
            ("same", (4,), (1,)),
        ]

    def test_what_is_gone_does_not_follow_what_moved(self):
        """Behind a paragraph that went to the end is not where the next one was."""
        assert ops([LEAD, MAYOR, QUOTE, BERTHS + BUSES], [LEAD, BERTHS + BUSES, MAYOR]) == [
            ("same", (0,), (0,)),
            ("removed", (2,), ()),
            ("same", (3,), (1,)),
            ("moved", (1,), (2,)),
        ]

    def test_the_shape_has_one_mark_for_each_paragraph_of_the_variant(self):
        """A reader sees at a glance where the new is."""
        base = [LEAD, BERTHS, BUSES, MAYOR, f"{BREAD} {QUOTE}"]
        variant = [LEAD, f"{BERTHS} {BUSES}", "Rain is due.", BREAD, QUOTE]

        assert align(base, variant).shape == "=&+//"

    def test_changes_are_counted(self):
        """Merges and splits count once, and the paragraphs that they join or part apart."""
        base = [LEAD, BERTHS, BUSES, MAYOR, f"{BREAD} {QUOTE}"]
        variant = [LEAD, f"{BERTHS} {BUSES}", "Rain is due.", BREAD, QUOTE]

        assert align(base, variant).counts == Counts(
            same=1, merged=1, split=1, added=1, removed=1, added_words=3, removed_words=13,
            merged_from=2, split_into=2,
        )  # fmt: skip

    def test_what_was_added_is_given_as_written(self):
        """Not composed, not trimmed: the text is the product."""
        assert align([], ["  Cafe\u0301 "]).changes == (
            Change("added", (), (0,), 0.0, text="  Cafe\u0301 "),
        )


class TestFurniture:
    def test_furniture_is_never_news(self):
        """Site furniture is neither added nor removed, nor part of a merge."""
        base, variant = [LEAD, "Read more here"], ["Share this", f"{LEAD} Read more here"]
        furniture = (frozenset({1}), frozenset({0}))

        changes = align(base, variant, furniture=furniture).changes

        assert [(change.op, change.base, change.variant) for change in changes] == [
            ("boilerplate", (), (0,)),
            ("edited", (0,), (1,)),
            ("boilerplate", (1,), ()),
        ]

    def test_furniture_of_both_sides_is_one_change(self):
        """Equal furniture is paired wherever it stands, each once."""
        alignment = align(
            ["Share this", LEAD, "Share this"],
            [LEAD, "SHARE THIS"],
            furniture=(frozenset({0, 2}), frozenset({1})),
        )

        assert alignment.shape == "=%"
        assert alignment.changes[1:] == (
            Change("boilerplate", (2,), (), text="Share this"),
            Change("boilerplate", (0,), (1,), text="SHARE THIS"),
        )

    def test_an_equal_paragraph_that_is_no_furniture_does_not_pair_with_it(self):
        """The caller's word holds on each side."""
        changes = align([LEAD], [LEAD], furniture=(frozenset(), frozenset({0}))).changes

        assert [change.op for change in changes] == ["removed", "boilerplate"]


class TestNumbers:
    def test_a_changed_figure_is_named_with_its_paragraph(self):
        """The place is that of the variant, also inside a split."""
        variant = [QUOTE, LEAD, BUSES.replace("40", "30")]

        numbers = align([f"{LEAD} {BUSES}"], variant).numbers_changed

        assert [(n.base, n.variant, n.paragraph) for n in numbers] == [("40", "30", 2)]

    def test_figures_of_added_paragraphs_are_not_changed(self):
        """Without a paragraph to compare with there is no change."""
        assert align([LEAD], [LEAD, QUOTE]).numbers_changed == ()


class TestHostile:
    def test_a_paragraph_too_large_for_a_matrix_is_still_read(self):
        """A megabyte of text on either side takes a bounded amount of memory."""
        words = [f"w{number * number % 7919}x{number}" for number in range(40_000)]
        changed = [*words[:20_000], "inserted", *words[20_100:]]

        change = only(" ".join(words), " ".join(changed))

        assert change.op == "edited"
        assert [text for kind, text in change.words if kind == "+"] == ["inserted"]

    def test_a_long_text_on_one_line_is_not_compared_with_each_of_its_paragraphs(self, monkeypatch):
        """That they are its parts is told by all of them together, in time that does not square."""
        words = [f"w{number * number % 7919}x{number}" for number in range(20_000)]
        parts = [" ".join(words[start : start + 25]) for start in range(0, len(words), 25)]
        monkeypatch.setattr(pairs, "most_kept", None)
        every = tuple(range(len(parts)))

        assert ops(parts, [" ".join(words)]) == [("merged", every, (0,))]
        assert ops([" ".join(words)], parts) == [("split", (0,), every)]

    def test_a_paragraph_is_found_in_a_huge_one_where_it_is_alone(self, monkeypatch):
        """No merge would tell it."""
        monkeypatch.setattr(pairs, "_MOST_CELLS", 0)
        rest = " ".join(f"w{number}" for number in range(400))

        assert only(LEAD, f"{LEAD} {rest}").op == "edited"

    def test_thousands_of_near_equal_lines_pair_in_their_order(self):
        """A table of results is not a square of comparisons."""
        table = [f"Team {number} beat Team {number + 1} by 2-1 on Monday" for number in range(3000)]
        variant = [line.replace("Monday", "Sunday") for line in table]

        assert set(align(table, variant).shape) == {"~"}

    def test_broken_text_is_text(self):
        """Lone surrogates and control characters are compared like anything else."""
        assert ops(["\ud800 a b\x00c", "\x1b[2J"], ["\ud800 a b\x00c", "\x1b[2J"]) == [
            ("same", (0,), (0,)),
            ("same", (1,), (1,)),
        ]
