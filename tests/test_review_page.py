"""The page of findings in a real browser, as a file and served."""

import json
import os
import re
import shutil
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from test_report import FINDING
from test_review import Served, change, written

from contradict.evaluation import AS_REVIEWED, evaluate
from contradict.page import render_findings, render_html
from contradict.records import Context, Document, Place, Speaker, Statement
from contradict.review.store import Store

PROGRAM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WHO = ["Ann", "Bob", "Carla", "Dmitri", "Eve"]
SENTENCES = [
    f"{who} said the bridge in Homs was {'not ' * (n % 2)}hit. " for n, who in enumerate(WHO)
]
TEXT = "The bridge. " + "".join(SENTENCES)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium; without one tests are left out, unless CONTRADICT_BROWSER says there must be one."""
    if PROGRAM is None:
        if os.environ.get("CONTRADICT_BROWSER") == "required":
            pytest.fail("no Chromium on the path, and CONTRADICT_BROWSER=required")
        pytest.skip("no Chromium on the path")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=PROGRAM, args=SWITCHES)
        yield running
        running.close()


@pytest.fixture
def open_page(browser):
    """Opens a page; whatever script fails in it, or whatever its policy forbids, fails the test."""
    contexts, troubles = [], []

    def open_(address, *, context=None, **options):
        if context is None:
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda message: (
                troubles.append(message.text)
                if message.type == "error" and "net::ERR" not in message.text
                else None
            ),
        )
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not [each for each in troubles if "409" not in each]


def statement(number, document="a.txt", date=None):
    """What speaker `number` says in a document that holds TEXT."""
    begin = TEXT.index(SENTENCES[number]) + len(f"{WHO[number]} said ")
    end = TEXT.index(SENTENCES[number]) + len(SENTENCES[number]) - 2
    speaker = Speaker(WHO[number], 0, len(WHO[number]), WHO[number])
    words = TEXT[begin:end]
    return Statement(document, begin, end, words, f"{words}.", speaker=speaker, date=date)


def found(one, other, score, **changes):
    """A finding between two speakers."""
    left, right = statement(one), statement(other)
    start = TEXT.index(SENTENCES[one])
    around = Context(TEXT, 0, start, start + len(SENTENCES[one]) - 1)
    return replace(
        replace(FINDING, left=left, right=right, score=score, contexts=(around, None)), **changes
    )


FINDINGS = [
    found(0, 1, 0.9),
    found(1, 2, 0.7, kind="denial"),
    found(2, 3, 0.5, repeats=((Place("b.txt", 1, 2), Place("b.txt", 3, 4)),)),
    found(3, 4, 0.3),
]
DATED = [
    replace(
        finding,
        left=replace(finding.left, date=f"2024-03-0{number + 1}", outlet="The Daily"),
        right=replace(finding.right, date=f"2024-04-0{number + 1}", document="b.txt"),
    )
    for number, finding in enumerate(FINDINGS)
]


@pytest.fixture
def served(tmp_path):
    report = written(tmp_path / "report.jsonl", FINDINGS)
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    with Served(report) as running:
        yield running


def as_file(tmp_path, findings, *, documents=(), name="page.html"):
    path = tmp_path / name
    text = render_findings(findings, documents=documents, summary="All of it")
    path.write_text(text, "utf-8")
    return path.as_uri()


def heading(page):
    return page.locator("article.current h2").inner_text()


def verdicts(page):
    return page.locator("#queue li").evaluate_all(
        "items => items.map(item => item.dataset.verdict)"
    )


def settle(page):
    """Waits until every change has been kept."""
    page.wait_for_function(
        "() => !Object.keys(localStorage).some(k => k.endsWith(':waiting') && localStorage[k] !== '[]')"
    )


def press_at_once(page, *keys):
    """Presses keys faster than any answer comes."""
    page.evaluate(
        """keys => keys.forEach((key) =>
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })))""",
        keys,
    )


def test_a_review_by_keyboard_alone(open_page, seed_report, analyzer, tmp_path):
    """The demo article's findings are judged by keys, undone, filtered, exported, and the export is evaluated."""
    report = written(tmp_path / "report.jsonl", seed_report.flagged)
    number = len(seed_report.flagged)
    with Served(report) as served:
        page = open_page(served.url)
        assert heading(page).startswith("1. ")
        page.keyboard.press("n")
        page.keyboard.type("Both in one sentence.")
        page.keyboard.press("Enter")
        for place in range(number):
            page.keyboard.press("2" if place == number - 1 else "1")
        assert verdicts(page) == ["conflict"] * (number - 1) + ["no_conflict"]
        settle(page)
        page.reload()
        page.wait_for_selector("body[data-ready]")
        assert page.locator("#done").inner_text() == f"{number} of {number} done"
        page.keyboard.press("u")
        assert verdicts(page)[-1] == ""
        assert heading(page).startswith(f"{number}. ")
        page.keyboard.press("3")
        settle(page)
        page.keyboard.press("u")
        page.keyboard.press("2")
        settle(page)
        page.keyboard.press("k")
        assert heading(page).startswith(f"{number - 1}. ")
        page.keyboard.press("/")
        page.keyboard.type("one sentence both")
        page.keyboard.press("Escape")
        assert page.locator("#queue li:visible").count() == 1
        for form in ("pairs.jsonl", "verdicts.csv", "claims.json"):
            link = page.locator(f"a[download='{form}']")
            link.focus()
            with page.expect_download() as download:
                page.keyboard.press("Enter")
            download.value.save_as(tmp_path / form)
    rows = [json.loads(line) for line in (tmp_path / "pairs.jsonl").read_text("utf-8").splitlines()]
    assert {row["id"]: row["label"] for row in rows} == {
        finding.id: "no_conflict" if place == number - 1 else "conflict"
        for place, finding in enumerate(seed_report.flagged)
    }
    assert rows[0]["note"] == "Both in one sentence."
    assert len(json.loads((tmp_path / "claims.json").read_text("utf-8"))) == number - 1
    evaluation = evaluate(tmp_path / "pairs.jsonl", analyzer=analyzer)
    reviewed = evaluation.baselines[AS_REVIEWED]
    assert reviewed.flagged == number
    assert reviewed.metrics["precision"].value == pytest.approx((number - 1) / number)


def test_filters_narrow_the_queue(open_page, served):
    """Kind, speaker, score, verdict and words narrow it together; clearing shows all again."""
    page = open_page(served.url)
    page.click("summary")
    shown = page.locator("#queue li:visible")
    for filter_, value, expected in (
        ("kind", "denial", 1),
        ("speaker", "Bob", 2),
        ("document", "a.txt", 4),
        ("score", "0.5", 3),
        ("verdict", "open", 4),
    ):
        page.select_option(f"#{filter_}-filter", value)
        assert shown.count() == expected
        page.click("#clear-filters")
        assert shown.count() == 4
    page.fill("#search", "WEAK homs")
    assert shown.count() == 1
    page.fill("#search", "nothing like it")
    assert shown.count() == 0
    assert page.locator("#verdict").is_hidden()
    page.click("#clear-filters")
    page.select_option("#verdict-filter", "open")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert heading(page).startswith("2. ")
    assert shown.count() == 3


def test_deep_links_open_their_finding(open_page, served):
    """An address with a finding's id opens that finding, and going through the queue changes the address."""
    page = open_page(f"{served.url}#finding-{FINDINGS[2].id}")
    assert heading(page).startswith("3. ")
    page.keyboard.press("j")
    assert page.url.endswith(f"#finding-{FINDINGS[3].id}")
    page.evaluate(f"location.hash = '#finding-{FINDINGS[1].id}'")
    page.wait_for_function(
        "() => document.querySelector('article.current h2').innerText.startsWith('2')"
    )


def test_the_whole_document_is_one_key_away(open_page, served):
    """The document opens with both passages marked and closes with Escape."""
    page = open_page(served.url)
    page.keyboard.press("d")
    text = page.locator("#document-text")
    assert text.inner_text() == TEXT
    assert text.locator("mark").all_inner_texts() == [FINDINGS[0].left.text, FINDINGS[0].right.text]
    page.keyboard.press("Escape")
    assert page.locator("#document").is_hidden()


@pytest.mark.parametrize("odd", ["a\U0001f600b\r\nc", "\u0301\ud83d"], ids=["astral", "lone"])
def test_offsets_count_characters(open_page, tmp_path, odd):
    """Characters that take two units in a script's strings, or are half of one, do not shift the marks."""
    text = f"{odd}{odd} {TEXT}"
    shift = len(text) - len(TEXT)
    side = FINDINGS[0].left
    moved = replace(side, start=side.start + shift, end=side.end + shift)
    finding = replace(FINDINGS[0], left=moved, right=moved, contexts=(None, None))
    page = open_page(as_file(tmp_path, [finding], documents=[Document("a.txt", text)]))
    page.keyboard.press("d")
    assert page.locator("#document-text mark").first.inner_text() == side.text


def test_two_windows_do_not_overwrite_each_other(open_page, served):
    """A verdict on a finding that another window has judged meanwhile is refused, and both are told."""
    first = open_page(served.url)
    second = open_page(served.url, context=first.context)
    first.keyboard.press("1")
    settle(first)
    second.keyboard.press("2")
    second.wait_for_selector("#refused:visible")
    assert "changed in another window" in second.locator("#refused").inner_text()
    second.wait_for_selector("#queue li:first-child[data-verdict=conflict]")
    second.keyboard.press("1")
    settle(second)
    assert second.locator("#refused").is_visible()  # it stays until it is closed
    second.locator("#refused button").first.click()
    assert heading(second).startswith("1. ")
    second.keyboard.press("3")
    settle(second)
    first.evaluate("dispatchEvent(new Event('focus'))")
    first.wait_for_selector("#queue li:first-child[data-verdict=unsure]")


def test_a_refused_verdict_takes_its_undo_along(open_page, served):
    """An undo of a verdict that is refused meanwhile does not keep later verdicts from being saved."""
    first = open_page(served.url)
    second = open_page(served.url, context=first.context)
    first.keyboard.press("1")
    settle(first)
    press_at_once(second, "2", "u", "j", "j", "3")
    second.wait_for_selector("#refused:visible")
    settle(second)
    kept = json.loads(served.ask("GET", "verdicts")[1])
    assert [(each["finding"], each["verdict"]) for each in kept] == [
        (FINDINGS[0].id, "conflict"),
        (FINDINGS[2].id, "unsure"),
    ]


def test_a_lost_answer_is_asked_for_again(open_page, served):
    """Where a verdict was kept but the answer was lost, sending it again keeps it once and is no conflict."""
    page = open_page(served.url)
    lost = []

    def lose(route):
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/verdicts", lambda r: lose(r) if r.request.method == "POST" else r.continue_())
    page.keyboard.press("1")
    page.wait_for_selector("#trouble:visible")
    page.click("#retry")
    settle(page)
    assert page.locator("#refused, #trouble").locator("visible=true").count() == 0
    assert len(json.loads(served.ask("GET", "verdicts")[1])) == 1


def test_what_was_judged_offline_does_not_replace_what_others_said(open_page, browser, tmp_path):
    """A verdict that waited while another one was given is refused, not put in its place."""
    report = written(tmp_path / "report.jsonl", FINDINGS)
    with Served(report) as served:
        page = open_page(served.url)
    page.keyboard.press("1")
    page.wait_for_selector("#trouble:visible")
    with Served(report, "--port", served.host.partition(":")[2]) as again:
        assert again.ask("POST", "verdicts", change(FINDINGS[0], verdict="unsure"))[0] == 200
        page = open_page(again.url, context=page.context)
        page.wait_for_selector("#refused:visible")
        assert [each["verdict"] for each in json.loads(again.ask("GET", "verdicts")[1])] == [
            "unsure"
        ]
        page.wait_for_selector("#queue li:first-child[data-verdict=unsure]")


def test_a_held_key_judges_once(open_page, served):
    """Keys that repeat while they are held give one verdict."""
    page = open_page(served.url)
    page.keyboard.down("1")
    page.keyboard.down("1")
    page.keyboard.down("1")
    assert verdicts(page) == ["conflict", "", "", ""]


def test_focus_goes_along(open_page, served):
    """After a verdict by key the next heading has the focus; arrows in the queue stay there."""
    page = open_page(served.url)
    focused = "document.activeElement.textContent"
    page.keyboard.press("j")
    page.keyboard.press("1")
    assert page.evaluate(focused).startswith("3. ")
    page.locator("#queue a[aria-current]").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused).startswith("1 · ")
    page.locator("[data-verdict=unsure]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "3 Unsure"


def test_pairs_below_the_threshold_are_shown_on_demand(open_page, tmp_path):
    """Of a report with all pairs the flagged ones are shown first."""
    findings = [FINDINGS[0], replace(FINDINGS[1], flagged=False)]
    page = open_page(as_file(tmp_path, findings))
    assert page.locator("#queue li:visible").count() == 1
    assert page.locator("#done").inner_text() == "0 of 1 done"
    page.click("summary")
    page.click("#clear-filters")
    assert page.locator("#queue li:visible").count() == 2
    page = open_page(f"{page.url.partition('#')[0]}#finding-{findings[1].id}")
    assert heading(page).startswith("2. ")


def test_odd_dates_and_names_do_no_harm(open_page, tmp_path):
    """A date that is none counts as unknown, and a document may be called like a part of the language."""
    odd = [
        replace(
            finding,
            left=replace(finding.left, date="yesterday", document="constructor"),
            right=replace(finding.right, date="0000-99-99", document="__proto__"),
        )
        for finding in FINDINGS
    ]
    page = open_page(as_file(tmp_path, odd))
    page.keyboard.press("t")
    assert page.locator("#timeline").is_hidden()
    for _ in range(2):
        page.keyboard.press("d")
        assert "not at hand" in page.locator("#document-text").inner_text()


def test_nothing_is_lost_while_the_server_is_away(open_page, tmp_path):
    """Verdicts made while nothing answers wait in the browser, and are kept when a review is started again."""
    report = written(tmp_path / "report.jsonl", FINDINGS)
    with Served(report) as served:
        page = open_page(served.url)
        page.keyboard.press("1")
        settle(page)
    page.keyboard.press("2")
    page.keyboard.press("3")
    page.wait_for_selector("#trouble:visible")
    assert "2 changes not saved yet" in page.locator("#trouble").inner_text()
    with Served(report, "--port", served.host.partition(":")[2]) as again:
        assert again.host == served.host
        page = open_page(again.url, context=page.context)
        settle(page)
        assert verdicts(page) == ["conflict", "no_conflict", "unsure", ""]
        with Store(tmp_path / "report.verdicts.sqlite") as store:
            assert [each.verdict for each in store.events()] == [
                "conflict",
                "no_conflict",
                "unsure",
            ]


def test_undo_takes_back_the_verdict_that_is_on_its_way(open_page, served):
    """However fast undo follows, it takes back the latest verdict and not the one before."""
    page = open_page(served.url)
    page.keyboard.press("1")
    settle(page)
    press_at_once(page, "2", "u", "3", "u", "2")
    settle(page)
    assert verdicts(page) == ["conflict", "no_conflict", "", ""]
    kept = json.loads(served.ask("GET", "verdicts")[1])
    assert [each["verdict"] for each in kept] == ["conflict", "no_conflict"]


def test_a_page_opened_as_a_file_keeps_verdicts_too(open_page, tmp_path):
    """Without a server the browser keeps them, and they can be saved for `contradict review --import`."""
    page = open_page(as_file(tmp_path, FINDINGS), accept_downloads=True)
    for key in ("1", "2", "u", "3"):
        page.keyboard.press(key)
        settle(page)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert verdicts(page) == ["conflict", "unsure", "", ""]
    with page.expect_download() as download:
        page.click("text=Save verdicts")
    download.value.save_as(tmp_path / "verdicts.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "verdicts.jsonl").read_text().splitlines()]
    with Store(tmp_path / "v.sqlite") as store:
        by_id = {finding.id: finding for finding in FINDINGS}
        assert store.merge(rows, by_id) == (2, 0, 0)


def test_keys_can_be_turned_off(open_page, served):
    """Whoever types by voice can turn off keys of one character; `?` says what they are."""
    page = open_page(served.url)
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    page.uncheck("#keys")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert verdicts(page) == ["", "", "", ""]
    page.click("[data-verdict=conflict]")
    assert verdicts(page) == ["conflict", "", "", ""]


def test_kind_and_note_are_the_reviewers(open_page, served):
    """Kind and note go with the verdict, and can be changed after it."""
    page = open_page(served.url)
    page.select_option("#kind", "reversal")
    page.fill("#note", "First.")
    page.click("[data-verdict=conflict]")
    page.keyboard.press("k")
    assert (page.input_value("#kind"), page.input_value("#note")) == ("reversal", "First.")
    page.fill("#note", "Second.")
    page.keyboard.press("Enter")
    settle(page)
    [*_, last] = json.loads(served.ask("GET", "verdicts")[1])
    assert (last["kind"], last["note"], last["verdict"]) == ("reversal", "Second.", "conflict")


def test_the_picture_leads_to_the_findings(open_page, served):
    """Speakers and the lines between them can be clicked, and keys reach them."""
    page = open_page(served.url)
    page.keyboard.press("g")
    assert page.locator("#picture .node").count() == 5
    assert page.locator("#picture .line").count() >= 4
    page.locator("#picture .node", has_text="Bob").click()
    assert page.locator("#queue li:visible").count() == 2
    page.keyboard.press("g")
    page.locator("#picture g[aria-label^='Bob against Carla']").focus()
    page.keyboard.press("Enter")
    assert page.locator("#queue li:visible").count() == 1
    assert heading(page).startswith("2. ")


def test_the_timeline_is_there_where_dates_are(open_page, served, tmp_path):
    """Findings of dated documents stand between their days; without dates there is no such view."""
    page = open_page(as_file(tmp_path, DATED))
    page.keyboard.press("t")
    assert page.locator("#timeline .line").count() >= 4
    assert "2024-03-01" in page.locator("#timeline svg").first.text_content()
    page.locator("#timeline g[role=button]").nth(3).press("Enter")
    assert heading(page).startswith("4. ")
    page = open_page(served.url)
    page.keyboard.press("t")
    assert page.locator("#timeline").is_hidden()


def test_all_of_it_prints(open_page, tmp_path):
    """On paper stand all findings that the filters let through, and no controls."""
    page = open_page(as_file(tmp_path, FINDINGS))
    page.keyboard.press("1")
    page.click("summary")
    page.select_option("#kind-filter", "contradiction")
    page.emulate_media(media="print")
    assert page.locator("article:visible").count() == 3
    assert page.locator("button:visible, aside:visible").count() == 0
    assert (
        page.locator("article:visible")
        .first.inner_text()
        .endswith("Verdict: Conflict (contradiction).")
    )


def test_without_scripts_it_can_be_read(browser, tmp_path):
    """With scripts turned off all findings stand below each other."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(as_file(tmp_path, FINDINGS))
    assert page.locator("article:visible").count() == 4
    assert page.locator("button:visible").count() == 0
    context.close()


HOSTILE = [
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    "</script><script>window.pwned = 1</script><!--",
    "${window.pwned = 1} {{constructor.constructor('window.pwned = 1')()}} $policy $data",
    "javascript:window.pwned=1",
    "\u202egnp.exe\u2066\u0000\u001b[31m\ud800",
    "'\"><svg onload=window.pwned=1>",
]


def hostile(text):
    side = Statement(
        text,
        0,
        len(text),
        text,
        text,
        speaker=Speaker(text, 0, 1, text),
        date="2024-01-01",
        outlet=text,
    )
    other = replace(side, document=f"{text}2", date="2024-01-02")
    return replace(
        FINDING,
        left=side,
        right=other,
        reason=text,
        model=text,
        contexts=(Context(text * 3, 0, 0, len(text)), None),
        repeats=((Place(text, 0, 1), Place(text, 1, 2)),),
    )


@pytest.mark.parametrize("serves", [False, True], ids=["file", "served"])
def test_hostile_documents_run_nothing(open_page, tmp_path, serves):
    """Markup, scripts and template syntax in documents are words; controls that turn the direction are not shown."""
    findings = [hostile(text) for text in HOSTILE]
    documents = [Document(text, text * 3) for text in HOSTILE]
    if serves:
        report = written(tmp_path / "report.jsonl", findings)
        with Served(report) as served:
            look_around(open_page(served.url))
    else:
        look_around(open_page(as_file(tmp_path, findings, documents=documents)))


def look_around(page):
    for _ in HOSTILE:
        page.fill("#note", "<img src=x onerror='window.pwned = 1'>")
        page.keyboard.press("Enter")
        for key in ("d", "d", "Escape", "g", "g", "t", "t", "1"):
            page.keyboard.press(key)
    page.keyboard.press("/")
    page.keyboard.type("<script>")
    assert page.evaluate("window.pwned") is None
    assert page.locator("script").count() == 2
    assert page.locator("main img, main iframe, main [onload]").count() == 0
    body = page.evaluate("document.body.textContent")
    assert "<img src=x onerror='window.pwned = 1'>" in body
    shown = page.locator("article").evaluate_all("all => all.map(each => each.textContent).join()")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", shown)


def test_a_line_of_ten_megabytes(open_page, tmp_path):
    """A huge line is a document like others."""
    text = f"{TEXT}{'x' * 10_000_000}"
    page = open_page(as_file(tmp_path, FINDINGS, documents=[Document("a.txt", text)]))
    page.keyboard.press("d")
    assert page.locator("#document-text mark").first.inner_text() == FINDINGS[0].left.text
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    assert heading(page).startswith("2. ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_axe_finds_no_violation(open_page, tmp_path, scheme, width):
    """No view breaks a rule of WCAG 2.2 AA that axe can check, and nothing sticks out to the side of a phone."""
    page = open_page(
        as_file(tmp_path, DATED, documents=[Document("a.txt", TEXT)]),
        color_scheme=scheme,
        viewport={"width": width, "height": 850},
    )
    page.click("summary")
    page.keyboard.press("1")
    for key in ("", "g", "t", "t", "d", "Escape", "?"):
        if key:
            page.keyboard.press(key)
        result = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
        assert result.violations_count == 0, (key, result.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), key


def test_at_twice_the_size_nothing_is_cut(open_page, served):
    """At 200 % zoom, half as many pixels to a line, everything is still within the width."""
    page = open_page(served.url, viewport={"width": 640, "height": 450}, device_scale_factor=2)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("[data-verdict=conflict]").is_visible()


def test_the_page_of_an_analysis_is_the_page_of_a_review(seed_report):
    """What `analyze --format html` writes and what `review` serves differ in where verdicts are kept, no more."""
    shared = [
        re.sub(
            r'(?s)<p class="quiet">.*?</p>|<script type="application/json".*?</script>|content="default.*?"',
            "",
            page,
        )
        for page in (
            render_html(seed_report),
            render_findings(
                seed_report.flagged, documents=seed_report.documents, summary="", serves=True
            ),
        )
    ]
    assert shared[0] == shared[1]
