#!/usr/bin/env python3
"""Time the page of findings in a headless Chromium: first paint, ready for keys, and each verdict.

    benchmark_review.py REPORT.jsonl [--findings 5000] [--verdicts 50] [--chromium PATH]

The report's findings (`contradict analyze --all --format jsonl`) are repeated under new ids until there are as many as
asked for, served by `contradict review`, and judged by key. Of each verdict the time is told from the key until the
next finding is painted, and until the program has the verdict on the disk. Prints JSON, times in seconds.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from playwright.sync_api import sync_playwright

from contradict.report import read_report, write_jsonl

SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
JUDGE = """async (verdicts) => {
    const times = [];
    for (let done = 0; done < verdicts; done += 1) {
        const started = performance.now();
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "1", bubbles: true }));
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        const painted = performance.now() - started;
        while (localStorage.getItem("contradict:waiting") !== "[]") await new Promise((resolve) => setTimeout(resolve));
        times.push([painted, performance.now() - started]);
    }
    return times;
}"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("report", type=Path)
    parser.add_argument("--findings", type=int, default=5000)
    parser.add_argument("--verdicts", type=int, default=50)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.jsonl"
        with report.open("w", encoding="utf-8") as stream:
            for number, finding in enumerate(
                islice(cycle(read_report(args.report)), args.findings)
            ):
                left = replace(finding.left, proposition=f"{finding.left.proposition} {number}")
                write_jsonl([replace(finding, left=left)], stream)
        command = [sys.executable, "-m", "contradict", "review", str(report), "--port", "0"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            result = measure(server.stdout.readline().strip(), args.verdicts, args.chromium)
        finally:
            server.kill()
            server.wait()
    print(json.dumps({"findings": args.findings, **result}, indent=1))


def measure(address: str, verdicts: int, chromium: str) -> dict[str, float]:
    """Times of one visit of the page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        page = browser.new_page()
        started = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_selector("body[data-ready]")
        ready = time.perf_counter() - started
        painted = page.evaluate(PAINTED)
        times = page.evaluate(JUDGE, verdicts)
        browser.close()
    return {
        "first_paint": round(painted, 3),
        "ready": round(ready, 3),
        **{
            f"verdict_{what}_{name}": round(choose(each[number] for each in times) / 1000, 4)
            for number, what in enumerate(("painted", "saved"))
            for name, choose in (("median", statistics.median), ("slowest", max))
        },
    }


if __name__ == "__main__":
    main()
