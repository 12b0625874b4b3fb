"""The page as a reader has it: opened from disk, in a browser without a network."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from hostile import CROWD as HOSTILE_CROWD
from hostile import HOSTILE, PAYLOADS, visible
from reports import CROWD, EMPTY, HARBOUR, RICH


def press(browser, *keys):
    """Type keys as a reader does, at whatever has the focus."""
    for key in keys:
        browser.switch_to.active_element.send_keys(key)


def focused(browser):
    """Return the id of the cluster in which the focus is."""
    return browser.execute_script("return document.activeElement.closest('.c')?.id")


def listed(browser):
    """Return the ids of the clusters in the list."""
    return [each.get_attribute("id") for each in browser.find_elements(By.CLASS_NAME, "c")]


def open_clusters(browser):
    """Open all clusters of the list, as a reader without a mouse does."""
    for summary in browser.find_elements(By.CSS_SELECTOR, ".c > summary"):
        summary.send_keys(Keys.ENTER)
    empty = (By.CSS_SELECTOR, ".c:not(:has(.body))")
    WebDriverWait(browser, 20).until(lambda page: not page.find_elements(*empty))


def after_a_while(browser, look, expected):
    """Return what is seen as soon as it is as expected, or in the end.

    A page follows a link, and opens what it leads to, when it has time for that.
    """
    with suppress(TimeoutException):
        WebDriverWait(browser, 20).until(lambda page: look(page) == expected)
    return look(browser)


def address(browser):
    """Return the address of the page, with the place in it."""
    return browser.current_url


def opened(browser):
    """Return the id of the open variant that has the focus, if any."""
    return browser.execute_script("return document.activeElement.closest('.v[open]')?.id")


def requests(browser):
    """Return the addresses that were asked for since the page before."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    return [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]


@pytest.mark.parametrize(
    ("name", "report"),
    [
        ("empty", EMPTY),
        ("harbour", HARBOUR),
        ("both", RICH),
        ("crowd", CROWD),
        ("bad", HOSTILE),
        ("worse", HOSTILE_CROWD),
    ],
)
def test_it_asks_for_nothing_and_complains_of_nothing(browser, pages, name, report):
    """The page itself is the only file that is opened, and the console stays empty."""
    address = pages(name, report)
    browser.get(address)

    open_clusters(browser)

    assert requests(browser) == [address]
    assert browser.get_log("browser") == []


def test_the_policy_refuses_what_is_not_its_own(browser, rich):
    """A script or an image that got in would do nothing."""
    browser.get(rich)

    browser.execute_script(
        "const script = document.createElement('script'); script.textContent = 'window.got = 1';"
        "document.body.append(script, Object.assign(new Image(), {src: 'http://127.0.0.1:9/x'}));"
    )

    assert browser.execute_script("return window.got") is None
    assert len([e for e in browser.get_log("browser") if "Content Security" in e["message"]]) >= 2


@pytest.mark.parametrize(("name", "report"), [("bad", HOSTILE), ("worse", HOSTILE_CROWD)])
def test_hostile_text_stays_text(browser, pages, name, report):
    """Nothing ran, nothing became an element, and every word of it can be read."""
    browser.get(pages(name, report))
    open_clusters(browser)
    text = browser.execute_script("return document.getElementById('list').textContent")

    assert browser.execute_script("return window.hacked") is None
    assert (
        browser.find_elements(By.CSS_SELECTOR, "#list img, #list script, #list u, [onload]") == []
    )
    assert not [payload for payload in PAYLOADS if visible(payload) not in text]
    assert ("w" * 1_000_000 in text) == (report is HOSTILE)


def test_only_addresses_of_the_web_become_links(browser, hostile):
    """A `javascript:` address is not even shown as one."""
    browser.get(hostile)
    open_clusters(browser)

    links = browser.find_elements(By.CSS_SELECTOR, "#list a")
    assert {link.get_attribute("href").split(":")[0] for link in links} == {"file", "http"}


def test_a_filter_narrows_the_list(browser, rich):
    """By id, by words in any order, by relation; what is left is counted."""
    browser.get(rich)
    box = browser.find_element(By.ID, "filter")

    box.send_keys("digest")
    none = browser.find_element(By.ID, "shown").text
    box.clear()
    box.send_keys("skerries island")
    both = browser.find_element(By.ID, "shown").text
    Select(browser.find_element(By.ID, "relation")).select_by_visible_text("excerpt")

    assert (none, both) == ("0 of 2 clusters", "2 clusters")
    assert [c.get_attribute("id") for c in browser.find_elements(By.CLASS_NAME, "c")] == [
        "3f9c1a52"
    ]


@pytest.mark.parametrize(
    ("order", "first"), [("1", "3f9c1a52"), ("4", "77aa0b1c"), ("-4", "3f9c1a52")]
)
def test_the_order_can_be_chosen(browser, rich, order, first):
    """The largest, the newest, the oldest."""
    browser.get(rich)

    Select(browser.find_element(By.ID, "order")).select_by_value(order)

    assert browser.find_element(By.CLASS_NAME, "c").get_attribute("id") == first


def test_keys_walk_from_cluster_to_cluster_and_from_change_to_change(browser, rich):
    """J and k, n and p; the ends of the list stop, the changes go round."""
    browser.get(rich)
    press(browser, "j", "j", "j")
    last = focused(browser)
    press(browser, "k")
    first = focused(browser)
    press(browser, "n")
    change = browser.switch_to.active_element.get_attribute("class")
    press(browser, "p", "n")

    assert (first, last) == ("3f9c1a52", "77aa0b1c")
    assert browser.switch_to.active_element.get_attribute("class") == change
    assert "d" in change.split()


def test_changes_are_walked_through_all_variants(browser, rich):
    """One that is closed opens when its turn comes."""
    browser.get(f"{rich}#3f9c1a52")
    variants = []
    for _ in range(browser.execute_script("return document.querySelectorAll('.v .d').length")):
        press(browser, "n")
        variants.append(
            browser.execute_script("return document.activeElement.closest('.v[open]').id")
        )

    assert list(dict.fromkeys(variants)) == ["3f9c1a52-B", "3f9c1a52-C", "3f9c1a52-D"]


def test_the_walk_begins_at_what_is_in_view(browser, pages):
    """Not at the top, where the reader was long ago."""
    clusters = tuple(replace(RICH.clusters[1], id=f"{n:08x}") for n in range(60))
    browser.get(pages("sixty", replace(RICH, clusters=clusters)))
    browser.execute_script("document.querySelectorAll('.c')[30].scrollIntoView()")

    press(browser, "j")

    assert 28 <= int(focused(browser), 16) <= 32


def test_unchanged_paragraphs_are_shown_whole_by_a_key_and_by_a_button(browser, rich):
    """Both say the same, and twice is as before."""
    browser.get(f"{rich}#3f9c1a52-C")
    paragraph = browser.find_element(By.CSS_SELECTOR, "[id='3f9c1a52-C'] .same.one p")
    button = browser.find_element(By.CSS_SELECTOR, "[id='3f9c1a52-C'] .unfold")
    low = paragraph.size["height"]
    press(browser, "u")
    high, pressed = paragraph.size["height"], button.get_attribute("aria-pressed")
    button.click()

    assert (high > low, pressed) == (True, "true")
    assert (paragraph.size["height"], button.get_attribute("aria-pressed")) == (low, "false")


def test_the_address_is_that_of_the_cluster_which_was_opened(browser, rich):
    """So it can be copied from where addresses are copied."""
    browser.get(rich)
    browser.find_elements(By.CSS_SELECTOR, ".c > summary")[1].click()

    wanted = f"{rich}#77aa0b1c"
    assert after_a_while(browser, address, wanted) == wanted


def test_a_letter_leads_to_its_variant_and_so_does_what_is_shared(browser, pages):
    """From the table, from the tree, and from the changes that several have."""
    browser.get(f"{pages('crowd', CROWD)}#3f9c1a52")
    for link, place in ((".who", "B"), (".tree", "C"), (".g", "E")):
        browser.execute_script(
            "document.querySelectorAll('.stemma, .common').forEach((d) => { d.open = true; })"
        )
        selector = f"{link} a[href='#3f9c1a52-{place}']"
        found = browser.find_element(By.CSS_SELECTOR, selector)
        browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
        found.click()
        wanted = f"3f9c1a52-{place}"
        assert after_a_while(browser, opened, wanted) == wanted


def test_what_is_listed_is_printed(browser, pages):
    """Clusters that nobody has scrolled to are there on paper too, and no chart is hidden."""
    clusters = tuple(replace(RICH.clusters[1], id=f"{n:08x}") for n in range(100))
    browser.get(pages("hundred", replace(RICH, clusters=clusters)))
    before = len(listed(browser))

    browser.execute_cdp_cmd("Page.printToPDF", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    bars = browser.execute_script(
        "return [...document.querySelectorAll('.histo .bar, .time circle, .matrix td')]"
        ".filter((each) => each.getClientRects().length === 0).length"
    )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})

    assert before < 100
    assert (len(listed(browser)), bars) == (100, 0)


def test_a_slash_leads_to_the_filter_and_escape_out_of_it(browser, rich):
    """In the box, keys are letters."""
    browser.get(rich)
    press(browser, "/", "j", "t")
    typed = browser.switch_to.active_element.get_attribute("value")
    press(browser, Keys.ESCAPE)

    assert typed == "jt"
    assert browser.switch_to.active_element.tag_name == "body"


def test_a_question_mark_shows_the_keys(browser, rich):
    """And Escape takes them away."""
    browser.get(rich)
    press(browser, "?")
    shown = browser.find_element(By.ID, "keys").is_displayed()
    press(browser, Keys.ESCAPE)

    assert shown
    assert not browser.find_element(By.ID, "keys").is_displayed()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_follows_the_system_and_the_switch(browser, rich, emulate, theme):
    """T turns it round, and the choice is kept over a new start of the page."""
    emulate(browser, theme=theme)
    browser.get(rich)
    before = _background(browser)
    press(browser, "t")
    after = _background(browser)
    browser.refresh()
    kept = _background(browser)
    browser.execute_script("localStorage.clear()")

    assert (before < 128, after < 128, kept < 128) == (
        (theme == "dark"),
        theme != "dark",
        theme != "dark",
    )


def _background(browser):
    """Return how light the page is, from 0 to 255."""
    color = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    return int(color.removeprefix("rgb(").split(",")[0])


@pytest.mark.parametrize("place", ["77aa0b1c", "3f9c1a52-D", "3f9c1a52-D-to1", "3f9c1a52-p4"])
def test_a_permalink_opens_what_it_names(browser, rich, place):
    """A cluster, a variant, a moved paragraph, a paragraph of the base: it is in view."""
    browser.get("about:blank")
    browser.get(f"{rich}#{place}")

    top = browser.execute_script(
        "const box = document.getElementById(arguments[0]).getBoundingClientRect();"
        "return box.height > 0 && box.top >= 0 && box.top < innerHeight",
        place,
    )
    assert top


def test_a_moved_paragraph_leads_to_where_it_was_and_back(browser, rich):
    """Both places are links to each other."""
    browser.get(f"{rich}#3f9c1a52-D")
    link = browser.find_element(By.CSS_SELECTOR, "[id='3f9c1a52-D-to1'] .tag a")
    link.click()

    wanted = f"{rich}#3f9c1a52-D-from9"
    assert after_a_while(browser, address, wanted) == wanted
    assert browser.find_element(By.ID, "3f9c1a52-D-from9").is_displayed()


def test_unchanged_text_is_there_on_both_sides(browser, rich):
    """It is written once in the file; a click shows all of it."""
    browser.get(f"{rich}#3f9c1a52")
    row = browser.find_element(By.CSS_SELECTOR, "[id='3f9c1a52-C'] .same.one")
    browser.execute_script("arguments[0].closest('.v').open = true; arguments[0].click()", row)

    texts = [p.text for p in row.find_elements(By.TAG_NAME, "p")]
    assert texts[0] == texts[1]
    assert texts[0].startswith("The authority said inspections in March")
    assert "whole" in row.get_attribute("class")


def test_texts_have_their_language_and_direction(browser, rich):
    """Right to left for Arabic, and each paragraph by its own first letter."""
    browser.get(f"{rich}#3f9c1a52")

    side = browser.find_element(By.CSS_SELECTOR, "[id='3f9c1a52-B'] .added .b")
    assert (side.get_attribute("lang"), side.get_attribute("dir")) == ("ar", "rtl")
    assert side.find_element(By.TAG_NAME, "p").get_attribute("dir") == "auto"


def test_it_needs_no_script(plain, rich):
    """Every cluster is there, opens, and shows what was added and what was changed."""
    plain.get(rich)
    clusters = plain.find_elements(By.CSS_SELECTOR, "details.c")
    open_clusters(plain)

    assert [c.get_attribute("id") for c in clusters] == ["3f9c1a52", "77aa0b1c"]
    assert "Timetables will be published" in clusters[0].text or "mayor of Lom" in clusters[0].text
    assert not plain.find_element(By.ID, "filter").is_displayed()


def test_without_scripts_hostile_text_is_still_text(plain, hostile):
    """The same markup is read by another parser, and says the same."""
    plain.get(hostile)
    open_clusters(plain)

    assert plain.find_elements(By.CSS_SELECTOR, "#store img, #store script, #store u") == []
    assert "<svg onload=window.hacked=3>" in plain.find_element(By.ID, "store").text


@pytest.mark.parametrize("width", [320, 390, 800, 1024])
@pytest.mark.parametrize(("name", "report"), [("both", RICH), ("crowd", CROWD), ("bad", HOSTILE)])
def test_it_fits_any_screen(browser, pages, name, report, width):
    """Nothing is wider, the longest word of all included; with all that can be opened open."""
    phone = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    browser.get(pages(name, report))
    open_clusters(browser)
    browser.execute_script(
        "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
    )

    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [700, 1280])
def test_who_stands_on_which_side_is_always_in_view(browser, rich, width):
    """Nothing covers the two names, however far down the reader is."""
    screen = {"width": width, "height": 500, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    browser.get(f"{rich}#3f9c1a52-C")
    rows = browser.find_elements(By.CSS_SELECTOR, "[id='3f9c1a52-C'] .d")
    browser.execute_script("arguments[0].scrollIntoView({block: 'end'})", rows[-1])

    seen = browser.execute_script(
        "const name = document.querySelector('[id=\"3f9c1a52-C\"] .top .a b');"
        "const box = name.getBoundingClientRect();"
        "return document.elementFromPoint(box.left + 2, box.top + 5)?.textContent"
    )
    assert seen == "A"


@pytest.mark.parametrize("page", ["rich", "crowd"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_fault(browser, request, emulate, axe, theme, page):
    """WCAG 2.2 AA, in both themes, with all that can be opened open."""
    emulate(browser, theme=theme)
    browser.get(request.getfixturevalue(page))
    open_clusters(browser)
    browser.execute_script(
        "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
    )
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})

    found = browser.execute_async_script(
        "const done = arguments[0];"
        "axe.run({resultTypes: ['violations']}).then((all) => done(all.violations))"
    )
    assert [(v["id"], v["impact"], v["nodes"][0]["html"][:200]) for v in found] == []
