"""A browser without a screen, and pages to open in it; without a browser these tests fail."""

import io
import shutil
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from dedupe_news.render import Style, renderer
from hostile import HOSTILE
from reports import CROWD, RICH

ROOT = Path(__file__).parents[2]
AXE = "axe-core-4.14.1"
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
)
_WITHOUT_SCRIPTS = {"profile.managed_default_content_settings.javascript": 2}


def _program(*names):
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, f"{names[0]} is missing: apt-get install chromium chromium-driver"
    return found


def _started(folder, *, scripts=True):
    options = webdriver.ChromeOptions()
    options.binary_location = _program("chromium", "chromium-browser", "google-chrome")
    for flag in (*_FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    if not scripts:
        options.add_experimental_option("prefs", _WITHOUT_SCRIPTS)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(_program("chromedriver")))
    driver.set_script_timeout(300)  # seconds: a busy machine is no fault of the page
    return driver


@pytest.fixture(scope="session")
def browsers(tmp_path_factory):
    """One browser that runs scripts and one that does not, started when first asked for."""
    running = {}

    def get(*, scripts):
        if scripts not in running:
            running[scripts] = _started(tmp_path_factory.mktemp("profile"), scripts=scripts)
        return running[scripts]

    yield get
    for each in running.values():
        each.quit()


@pytest.fixture
def browser(browsers):
    """A browser as most people have it, in light and at the width of a desk."""
    driver = browsers(scripts=True)
    driver.get("about:blank")
    _emulate(driver, theme="light")
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.get_log("browser")
    driver.get_log("performance")
    return driver


@pytest.fixture
def plain(browsers):
    """A browser that runs no scripts."""
    driver = browsers(scripts=False)
    _emulate(driver, theme="light")
    return driver


def _emulate(driver, *, theme):
    features = [
        {"name": "prefers-color-scheme", "value": theme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


@pytest.fixture
def emulate():
    """Return a function that makes a browser prefer light or dark."""
    return _emulate


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """Return a function that writes a report as a page, and returns its address."""
    folder = tmp_path_factory.mktemp("pages")

    def write(name, report):
        path = folder / f"{name}.html"
        if not path.exists():
            out = io.StringIO()
            renderer("html")(report, out, Style())
            path.write_text(out.getvalue(), "utf-8", "backslashreplace")
        return path.as_uri()

    return write


@pytest.fixture
def hostile(pages):
    """The address of a page on hostile articles."""
    return pages("hostile", HOSTILE)


@pytest.fixture
def rich(pages):
    """The address of a page with at least one of everything."""
    return pages("rich", _in_languages(RICH))


@pytest.fixture
def crowd(pages):
    """The address of a page on a story in forty variants."""
    return pages("crowd", CROWD)


def _in_languages(report):
    """Return the report with languages that run both ways, and the second cluster in 2030."""
    first, *others = report.clusters
    members = tuple(
        replace(member, lang="ar" if n else "en") for n, member in enumerate(first.members)
    )
    [second] = others
    late = tuple(replace(member, date="2030-01-01") for member in second.members)
    clusters = (replace(first, members=members), replace(second, members=late))
    return replace(report, clusters=clusters)


@pytest.fixture(scope="session")
def axe():
    """The text of axe-core, fetched once by npm into the folder of what is built."""
    package = ROOT / "build" / f"{AXE}.tgz"
    if not package.exists():
        package.parent.mkdir(exist_ok=True)
        command = [_program("npm"), "pack", "--silent", AXE.replace("core-", "core@")]
        subprocess.run(command, cwd=package.parent, check=True, capture_output=True)
    with tarfile.open(package) as archive:
        return archive.extractfile("package/axe.min.js").read().decode("utf-8")
