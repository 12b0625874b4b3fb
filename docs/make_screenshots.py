"""Take the pictures of the HTML report, in a browser without a screen: chromium and selenium."""
# ruff: noqa: INP001 - a script, not part of a package

import base64
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from dedupe_news import Article, Report, read, scan
from dedupe_news.render import Style, renderer

PICTURES = Path(__file__).parent / "img"
FERRY = "samples/np-ferry.txt"
NEWS = (
    "Season tickets stay valid on the boats, the operator said in reply to questions.",
    "The mayor of Lom said the fishing harbour had been made ready in ten days.",
    "A petition against the closure has 4,100 names, its organisers said on Tuesday night.",
    "The school of the outer islands will begin half an hour later until August.",
)
PAPERS = (
    ("Lom Courier", "2024-05-14T13:05", (0, 1)),
    ("Skerry Post", "2024-05-14T15:20", (0, 1, 2)),
    ("Havenrik Daily", "2024-05-15T05:00", (0, 1, 2, 3)),
    ("Oster Times", "2024-05-15T06:30", (0,)),
)
_OPEN = "document.querySelectorAll('.c > summary')[arguments[0]].click();"
_COMMON = "document.querySelector('.c .common').open = true;"
_SCROLL = "document.querySelector(arguments[0]).scrollIntoView(); scrollBy(0, -arguments[1]);"
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-sync")


def main() -> None:
    """Write every picture anew; run it from the folder that holds samples/ and docs/."""
    with tempfile.TemporaryDirectory() as folder:
        address = _written(Path(folder) / "report.html")
        browser = _browser(folder)
        try:
            _take(browser, address, "report-overview.png", height=1150)
            _take(browser, address, "report-cluster.png", height=1150, place="#list")
            _take(browser, address, "report-common.png", height=620, place=".common", common=True)
            _take(browser, address, "report-dark.png", height=1000, place=".v", dark=True)
            _take(browser, address, "report-phone.png", width=390, height=844, place=".v")
        finally:
            browser.quit()


def _written(path: Path) -> str:
    with path.open("w", encoding="utf-8") as out:
        renderer("html")(_report(), out, Style())
    return path.as_uri()


def _report() -> Report:
    """Return the samples with four more papers that print the ferry story."""
    found = [item for item in read("samples") if "todai" not in getattr(item, "id", "")]
    base = next(item for item in found if isinstance(item, Article) and item.id == FERRY)
    papers = (
        replace(
            base,
            id=f"samples/{source.split()[0].lower()}.txt",
            source=source,
            date=date,
            paragraphs=(*base.paragraphs[:6], *(NEWS[number] for number in news)),
        )
        for source, date, news in PAPERS
    )
    return scan([*found, *papers])


def _browser(folder: str) -> webdriver.Chrome:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in (*_FLAGS, f"--user-data-dir={folder}/profile"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


def _take(
    browser: webdriver.Chrome,
    address: str,
    name: str,
    *,
    width: int = 1280,
    height: int,
    place: str = "body",
    dark: bool = False,
    common: bool = False,
) -> None:
    """Write one picture of the page, with the first cluster open unless it shows the top."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < height / 2}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    still = {"name": "prefers-reduced-motion", "value": "reduce"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [theme, still]})
    browser.get(address)
    if place != "body":
        browser.execute_async_script(f"{_OPEN} setTimeout(arguments[1], 200);", 0)
        browser.execute_script(_COMMON if common else "")
        browser.execute_script(_SCROLL, place, 70)
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    (PICTURES / name).write_bytes(base64.b64decode(shot["data"]))


if __name__ == "__main__":
    main()
