#!/usr/bin/env python3
"""Take the README's pictures of the page of findings, in scripts/pictures/, and some more to look at.

    screenshots.py [--output FOLDER] [--chromium PATH]

Analyses the demo's article and shows its findings in a headless Chromium: light, dark, on a phone, and who is against
whom.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

import contradict
from contradict.page import render_html

ROOT = Path(__file__).parent.parent
DESK = {"viewport": {"width": 1280, "height": 900}}
VIEWS = {
    "review": (DESK, ""),
    "picture": (DESK, "g"),
    "dark": (DESK | {"color_scheme": "dark"}, ""),
    "phone": ({"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}, ""),
    "document": (DESK, "d"),
    "help": (DESK, "?"),
}
IN_README = ("review", "picture")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--output", type=Path, help="take all of them, into this folder")
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    args = parser.parse_args()
    folder = args.output or ROOT / "scripts" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    report = contradict.analyze(ROOT / "seeds" / "iran_hezbollah_isil.txt")
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        page_file = Path(work) / "page.html"
        page_file.write_text(render_html(report), "utf-8")
        browser = playwright.chromium.launch(
            executable_path=args.chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (options, key) in VIEWS.items():
            if args.output is None and name not in IN_README:
                continue
            page = browser.new_page(**options)
            page.goto(page_file.as_uri())
            page.wait_for_selector("body[data-ready]")
            for pressed in ("1", "2", key):  # a review on its way
                if pressed:
                    page.keyboard.press(pressed)
            page.screenshot(path=folder / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
