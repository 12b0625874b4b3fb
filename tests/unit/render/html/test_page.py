"""The page as text: what proves that it loads nothing, and that it is whole."""

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from hostile import CROWD as HOSTILE_CROWD
from hostile import HOSTILE, PAYLOADS, visible
from reports import CROWD, EMPTY, FERRY, HARBOUR, RICH

VOID = {"meta", "input"}


class Reader(HTMLParser):
    """Takes a page as a browser without scripts does: tags must match, text is kept."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text, self.ids = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture
def read(written):
    """Return a function that reads the page of a report."""

    def page(report, **style):
        reader = Reader()
        reader.feed(written("html", report, **style))
        reader.close()
        return reader

    return page


@pytest.mark.parametrize("report", [FERRY, RICH, EMPTY, HARBOUR, CROWD, HOSTILE, HOSTILE_CROWD])
def test_every_element_is_closed_and_every_id_is_there_once(read, report):
    """Links lead to one place, and no browser has to guess."""
    page = read(report)

    assert page.open == []
    assert len(set(page.ids)) == len(page.ids)


def test_hostile_text_adds_no_element(read):
    """The page of a hostile story has the elements of any other."""
    usual = read(RICH).seen | read(FERRY).seen | read(CROWD).seen

    assert read(HOSTILE).seen <= usual
    assert read(HOSTILE_CROWD).seen <= usual


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_all_there(read, payload):
    """As text, whatever it tried to be."""
    assert visible(payload) in "".join(read(HOSTILE).text)


def test_the_policy_names_the_two_texts_and_nothing_else(written):
    """A change of a byte of either would stop it from working, and tests would see."""
    page = written("html", RICH)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]

    allowed = set(re.findall(r"sha256-([A-Za-z0-9+/=]+)", policy))
    texts = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", page, flags=re.DOTALL)
    assert policy.startswith("default-src &#39;none&#39;;")
    assert allowed == {b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in texts}
    assert "unsafe" not in policy


def test_nothing_in_it_leads_out(written):
    """No address of another place, no style or handler in a tag."""
    page = written("html", RICH)

    assert "http://" not in page
    assert "https://" not in page
    assert not re.search(r"<[^>]+ (?:style|src|on\w+)=", page)


def test_a_limit_is_told(read):
    """Nothing is hidden silently."""
    page = "".join(read(RICH, limit=1).text)

    assert "This page shows 1 of the clusters." in page
    assert "1 more cluster not shown." in page
    assert "This page shows" not in "".join(read(RICH).text)


@pytest.mark.parametrize(
    ("lang", "attributes"),
    [
        ("fr", 'lang="fr" dir="ltr"'),
        ("ar-EG", 'lang="ar-EG" dir="rtl"'),
        ("", 'dir="auto"'),
        ('x" onclick="', 'dir="auto"'),
    ],
)
def test_an_article_has_its_language_and_direction(written, lang, attributes):
    """What is no language tag is not passed on."""
    cluster = FERRY.clusters[0]
    base = replace(cluster.members[0], lang=lang)
    report = replace(FERRY, clusters=(replace(cluster, members=(base, cluster.members[1])),))

    page = " ".join(written("html", report).replace(" >", ">").split())
    assert f'<h3 class="head" {attributes}>' in page


def test_links_within_the_page_lead_to_what_is_there(read, written):
    """To clusters, variants, paragraphs, and what several have in common."""
    for report in (FERRY, RICH, CROWD):
        targets = set(re.findall(r'href="#([^"]+)"', written("html", report)))
        assert targets <= set(read(report).ids)


@pytest.mark.parametrize(
    ("title", "texts", "head"),
    [
        ("A headline", ("A text.",), "A headline"),
        ("", ("A text.",), "A text."),
        ("", ("word " * 40,), f"{'word ' * 17}word …"),
        ("", (), "np-ferry.txt"),
    ],
)
def test_without_a_headline_the_first_words_stand_for_it(read, title, texts, head):
    """A path tells nobody what a story is about."""
    cluster = FERRY.clusters[0]
    base = replace(cluster.members[0], title=title)
    variant = replace(cluster.variants[0], alignment=None)
    bare = replace(
        cluster, members=(base, cluster.members[1]), base_texts=texts, variants=(variant,)
    )

    assert head in read(replace(FERRY, clusters=(bare,))).text


def test_who_had_it_first_is_said_only_where_dates_tell(read):
    """A base that was chosen for its length may well be the copy."""
    cluster = FERRY.clusters[0]
    guessed = replace(cluster, id="0a1b2c3d", base_reason="longest")
    clusters = {"dated": [cluster], "mixed": [cluster, guessed], "guessed": [guessed]}

    said = {
        name: "".join(read(replace(FERRY, clusters=tuple(some))).text)
        for name, some in clusters.items()
    }

    assert "Rows had it first, columns printed it." in said["dated"]
    assert "for 1 of 2 variants dates tell that the base came first" in said["mixed"]
    assert "no date tells who had it first." in said["guessed"]
    assert "Who has it from whom" not in said["guessed"]
