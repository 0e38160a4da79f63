"""axe-core finds nothing to complain of, in any state of the panel and in either theme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe import judged
from harness import Helper, answer, await_sent, kernel, live, site, wear
from lab import open_page
from playwright.sync_api import Browser, Page, expect
from test_page_tuning import RECOMMENDED, row, tell

import voicenb as vn

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# --- the states ---------------------------------------------------------------------------------------------


def lines(page: Page, *lines: dict[str, Any]) -> None:
    for line in lines:
        page.evaluate("line => kernel.send({ type: 'line', line })", line)


PARTS = [
    {"kind": "silence", "seconds": 1.4},
    {"kind": "tool", "seconds": 0.2},
    {"kind": "reply", "seconds": 0.2},
]
COST = "answered in 1.82 s — 1.41 silence (min_silence) · 0.18 tool round trip · 0.23 reply"
YIELD = "you interrupted · silent 0.61 s after you began · about 9 words not heard"
TOOL: dict[str, Any] = {
    "name": "free_tables",
    "arguments": 'day="Friday"',
    "result": '["19:00", "20:30"]',
    "ms": 38,
    "error": False,
}

CONVERSATION = [
    {"id": "a1", "role": "agent", "at": 1, "text": "Lido, good evening."},
    {"id": "u1", "role": "user", "at": 2, "text": "Hi, a table for four on Friday."},
    {"id": "t1", "role": "tool", "at": 3, "text": "", "tool": TOOL},
    {"id": "t2", "role": "tool", "at": 3.1, "text": "", "tool": {**TOOL, "result": None, "ms": None}},
    {
        "id": "t3",
        "role": "tool",
        "at": 3.2,
        "text": "",
        "tool": {**TOOL, "result": "KeyError", "error": True},
    },
    {"id": "c1", "role": "cost", "at": 4, "text": COST, "strong": "1.82 s", "parts": PARTS},
    {
        "id": "a2",
        "role": "agent",
        "at": 4,
        "text": "At seven, and",
        "unheard": "half past eight.",
        "interrupted": True,
    },
    {"id": "y1", "role": "yield", "at": 5, "text": YIELD, "strong": "0.61 s"},
    {"id": "l1", "role": "log", "at": 5.5, "text": "printed by a tool"},
    {"id": "u2", "role": "user", "at": 6, "text": "Half past", "tail": "eight", "partial": True},
]


def ready(page: Page, helper: Helper) -> None:
    expect(page.locator(".voicenb-hint").first).to_be_visible()


def running(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="speaking", started=1.0, call="x", cost_rate=4.5, audio="direct", lost=2)
    lines(page, *CONVERSATION)
    helper.say(type="reply", reply=1, reply_id="r1")
    expect(page.locator(".voicenb-lanes")).to_be_visible()
    expect(page.locator(".voicenb-device").first).to_be_visible()


def muted(page: Page, helper: Helper) -> None:
    running(page, helper)
    page.get_by_role("button", name="Mute", exact=True).click()
    kernel(page, state="thinking", tool="free_tables", started=1.0, call="x", muted=True)


def ended(page: Page, helper: Helper) -> None:
    lines(page, *CONVERSATION[:4])
    kernel(page, state="ended", started=1.0, ended=99.0, call="x", summary="4 turns · answered in 1.6 s")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".voicenb-after-said")).not_to_be_empty()
    page.evaluate("document.querySelector('.voicenb-player').hidden = false")


REFUSED = "() => { throw new DOMException('', 'NotAllowedError') }"
MISSING = "() => { throw new DOMException('', 'NotFoundError') }"


def without(page: Page, why: str) -> None:
    page.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = async {why} }}")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def refused(page: Page, helper: Helper) -> None:
    without(page, REFUSED)


def typing(page: Page, helper: Helper) -> None:
    without(page, MISSING)
    page.get_by_role("button", name="Type instead").click()
    await_sent(page, "start")
    answer(page, "connect", ways=[helper.way], insist=None)
    await_sent(page, "chosen")
    helper.say(type="open")
    kernel(page, state="listening", started=1.0, call="x")
    expect(page.locator(".voicenb-typed")).to_be_visible()


def elsewhere(page: Page, helper: Helper) -> None:
    lines(page, *CONVERSATION)
    kernel(page, state="listening", started=1.0, call="x")
    expect(page.get_by_role("button", name="Talk here")).to_be_visible()


def away(page: Page, helper: Helper) -> None:
    running(page, helper)
    page.evaluate("document.body.style.paddingBottom = '4000px'; window.scrollTo(0, 3000)")
    expect(page.locator(".voicenb-pill")).to_be_visible()


STATES: list[tuple[str, Callable[[Page, Helper], None]]] = [
    (".voicenb-talk", ready),
    (".voicenb-talk", running),
    (".voicenb-talk", muted),
    (".voicenb-talk", ended),
    (".voicenb-talk", refused),
    (".voicenb-talk", typing),
    (".voicenb-talk", elsewhere),
    (".voicenb-pill", away),
]


THEMES = ("light", "dark")


def assert_usable(page: Page, within: str) -> None:
    """Nothing is wrong with a part of the page in either theme, and all colours could be judged."""
    found = {}
    for theme in THEMES:
        wear(page, theme)
        told = judged(page, within)
        assert "color-contrast" in told["passed"]
        found[theme] = told["wrong"] + [each for each in told["open"] if "color-contrast" in each]
    assert found == {theme: [] for theme in THEMES}


@pytest.mark.parametrize(("within", "state"), STATES, ids=[state.__name__ for _, state in STATES])
def test_the_panel(page: Page, helper: Helper, within: str, state: Callable[[Page, Helper], None]) -> None:
    state(page, helper)
    assert_usable(page, within)


ROWS = [
    row(1, outcome="cut"),
    row(2, outcome="interrupted", tool=True, change="patient"),
    row(3, ended_by="stand-in", limit=None),
    row(4, latency=None, parts=[], ended_by="", limit=None, note="not captured"),
]
TUNING: list[dict[str, Any]] = [
    {"phase": "before", "turn_detection": None},
    {"turn_detection": None, "turns": ROWS[:1]},
    {"turns": ROWS, "coming": "min_silence 1200", "mode": "best", "turn_detection": {**RECOMMENDED}},
    {"phase": "after", "once": True, "turns": ROWS},
]


def test_the_panel_of_turn_detection(browser: Browser) -> None:
    with site("light", "tuning.js", "tuning.css") as address:
        page = open_page(browser)
        page.goto(address)
        page.wait_for_function("window.mounted")
        page.evaluate("kernel.send({ type: 'hello' })")
        for state in TUNING:
            tell(page, **state)
            assert_usable(page, ".voicenb-tuning")
        page.context.close()


def test_the_tab_of_its_own(browser: Browser) -> None:
    agent = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Lido, good evening.")
    with vn.Emulator(brain="rules", mouth="espeak") as emulator:
        talk = vn.Talk(agent, service=emulator.address())
        # Its policy lets nobody bring a script along, which is what the check is.
        context = browser.new_context(bypass_csp=True)
        try:
            page = context.new_page()
            page.goto(talk.open(browser=False))
            page.get_by_role("button", name="Start", exact=True).click()
            expect(page.locator(".voicenb-captions")).to_contain_text("good evening", timeout=30_000)
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                told = judged(page, "html")
                assert "color-contrast" in told["passed"]
                assert told["wrong"] == []
            page.get_by_role("button", name="Stop", exact=True).click()
            expect(page.locator(".voicenb-after")).to_be_visible(timeout=10_000)
            assert judged(page, "html")["wrong"] == []
        finally:
            context.close()
            talk.end()
