"""The panel of turn detection on recordings in a real Chromium, with a kernel in the test's hands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from axe import judged
from harness import await_sent, sent, site, wear
from lab import chromium
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

pytestmark = pytest.mark.browser

RATE = 24_000
LIMITS = {"vad_threshold": 0.5, "min_silence": 1400, "max_silence": 3000}
STATE: dict[str, Any] = {
    "calls": 2,
    "read": 2,
    "version": 1,
    "error": None,
    "mark": "voicenb-static-1",
    "presets": {"recommended": {**LIMITS, "max_silence": 4000}},
    "setting": LIMITS,
    "target": {"kind": "talk", "name": "Lido"},
}


def turn(call: int, start: float, **facts: Any) -> dict[str, Any]:
    end = start + 2.0
    return {
        "call": call,
        "start": start,
        "end": end,
        "words": "Two cards, please.",
        "truth": "end",
        "silence": [end, end + 3.0, ""],
        "pauses": [],
        "decided": [end + 1.4],
        "sounded": [end + 1.8],
        **facts,
    }


GROUND: dict[str, Any] = {
    "type": "ground",
    "version": 1,
    "calls": [{"name": name, "length": 60 * RATE, "rate": RATE} for name in ("one", "two")],
    "turns": [
        turn(0, 2.0),
        turn(0, 12.0, pauses=[[13.0, 13.8, ""]]),
        turn(1, 3.0, truth="doubtful", silence=[5.0, 7.0, ""]),
    ],
    "pauses": 12,
    "services": ["emulator"],
    "agreement": {"k": 5, "n": 6},
    "calibration": "Calibration: …",
    "front": [
        {"latency": 0.4, "rate": 0.5, "k": 6, "n": 12, "observed": True, "setting": LIMITS},
        {"latency": 1.8, "rate": 0.0, "k": 0, "n": 12, "observed": False, "setting": LIMITS},
    ],
    "tried": "Dots: the best of 9 settings.",
    "unobserved": 1.6,
    "marks": [
        {
            "latency": 1.4,
            "rate": 0.1,
            "k": 1,
            "n": 12,
            "observed": True,
            "setting": LIMITS,
            "name": "as recorded",
        }
    ],
    "was": {"latency": 1.4, "ends": 2},
}
NAN = float("nan")


def share(k: int, n: int) -> dict[str, Any]:
    return {"k": k, "n": n, "low": 0.02, "high": 0.3, "tells": n >= 10}


def figures(cut: int) -> dict[str, Any]:
    return {
        "pauses": share(cut, 12),
        "turns": share(cut, 3),
        "calls": share(min(cut, 1), 2),
        "doubtful": share(0, 1),
        "latency": 0.9,
        "latency_low": 0.8,
        "latency_high": 1.0,
        "p50": 0.9,
        "ends": 2,
        "missed": 0,
        "beyond": 0,
        "verdict": "Not distinguishable from the 5 % budget with 12 pauses.",
    }


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with site("light", "recorded.js", "tuning.css", "recorded.css") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as running:
        yield running


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_function("window.mounted")
    page.evaluate("kernel.send({ type: 'hello' })")
    yield page
    page.close()
    assert errors == []


def tell(page: Page, **state: Any) -> None:
    """The kernel tells how things stand."""
    page.evaluate("state => kernel.set('_state', state)", {**STATE, **state})


def says(page: Page, message: dict[str, Any], *buffers: bytes) -> None:
    """The kernel says something."""
    page.evaluate("([message, buffers]) => kernel.send(message, buffers)", [message, [*map(list, buffers)]])


def decide(page: Page, *, cut: bool = False, version: int = 1) -> dict[str, Any]:
    """Answer the page's latest move; returns its setting."""
    move = sent(page, "move")[-1]
    numbers = np.array(
        [
            [2, 4.0, 5.4, 5.8, 4.0, 7.0],
            [0, 13.0, 13.7, 14.0, 13.0, 13.8] if cut else [2, 14.0, 15.4, 15.8, 14.0, 17.0],
            [3, 5.0, 6.4, 6.8, 5.0, 7.0],
        ]
    )
    about = {"type": "decided", "ask": move["ask"], "version": version, "setting": move["setting"]}
    says(page, {**about, "figures": figures(int(cut))}, numbers.tobytes())
    return dict(move["setting"])


def shown(page: Page) -> None:
    """The kernel has told everything."""
    tell(page)
    await_sent(page, "ground")
    says(page, GROUND)
    await_sent(page, "move")
    decide(page)
    expect(rows(page)).to_have_count(3)


def rows(page: Page) -> Locator:
    return page.get_by_role("listitem")


def plays(page: Page) -> list[str]:
    """What the buttons of the turns are called, from the first on."""
    buttons = page.locator(".voicenb-recorded-play")
    return [str(each.get_attribute("aria-label")) for each in buttons.all()]


def until_moved(page: Page, number: int) -> None:
    """Wait until the kernel has been asked for so many moves."""
    page.wait_for_function(
        "n => sent.filter((s) => s.content.type === 'move').length === n", arg=number, timeout=10_000
    )


def test_it_says_how_far_the_reading_is(page: Page) -> None:
    tell(page, version=0, read=1, setting=None)
    expect(page.get_by_text("Reading call 2 of 2 …")).to_be_visible()
    expect(page.get_by_role("slider").first).to_be_hidden()
    tell(page, version=0, error={"message": "It is damaged.", "remedy": "Take another."})
    expect(page.get_by_text("It is damaged. Take another.")).to_be_visible()


def test_of_moves_one_is_under_way_and_the_last_one_counts(page: Page) -> None:
    shown(page)
    slider = page.get_by_role("slider", name="min_silence")
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "1100 ms")
    until_moved(page, 2)
    assert decide(page)["min_silence"] == 1350
    until_moved(page, 3)
    assert decide(page, cut=True)["min_silence"] == 1100
    expect(page.locator(".voicenb-recorded-figure").first).to_have_text("1 of 12")
    expect(page.get_by_text(re.compile(r"redrawn in \d+ ms"))).to_be_visible()
    assert plays(page) == [
        "Hear call 1 · 0:12: would be cut off after 700 milliseconds of silence",
        "Hear call 2 · 0:03: would end after 1400 milliseconds of silence",
        "Hear call 1 · 0:02: would end after 1400 milliseconds of silence",
    ]
    expect(page.get_by_role("button", name="hear the turn it would cut")).to_be_visible()
    expect(page.get_by_role("img")).to_have_accessible_name(re.compile("1 of 12 pauses cut"))
    expect(slider).to_be_focused()
    await_sent(page, "rest")  # what stays in the notebook follows
    # An answer to what was asked before counts no more.
    stale = {"type": "decided", "ask": sent(page, "move")[0]["ask"], "version": 1, "setting": LIMITS}
    says(page, {**stale, "figures": figures(0)}, np.zeros((3, 6)).tobytes())
    expect(page.locator(".voicenb-recorded-figure").first).to_have_text("1 of 12")


def test_what_is_counted_is_named(page: Page) -> None:
    shown(page)
    tile = page.locator(".voicenb-recorded-tile").first
    expect(tile).to_contain_text("mid-turn pauses cut off0 of 12")


def test_what_was_observed_lies_before_the_grey(page: Page) -> None:
    shown(page)
    expect(page.get_by_text("Dots: the best of 9 settings.")).to_be_visible()
    left, recorded, quick, patient = page.evaluate("""() => {
        const all = (name) => [...document.querySelectorAll('.voicenb-front-' + name)];
        const box = (name) => all(name).map((each) => each.getBoundingClientRect());
        return [box('grey')[0].left, box('recorded')[0].right, box('dot')[0].right, box('dot')[1].left];
    }""")
    assert quick < recorded < left < patient
    says(page, {**GROUND, "unobserved": None})
    expect(page.locator(".voicenb-front-grey")).to_have_count(0)


def test_no_name_lies_over_the_dots_or_the_budget(page: Page) -> None:
    shown(page)
    latencies = np.linspace(0.2, 2.4, 23).round(2).tolist()
    front = [
        {**GROUND["front"][0], "latency": each, "rate": round(0.42 * 0.12**each + 0.002 * (2.4 - each), 4)}
        for each in latencies
    ]
    for number, rate in enumerate((0.0, 0.02, 0.04, 0.1), 2):
        mark = {**GROUND["marks"][0], "rate": rate}
        says(page, {**GROUND, "front": front, "marks": [mark]})
        until_moved(page, number)
        decide(page)
        name = page.locator("text.voicenb-front-name", has_text="as recorded")
        expect(name).to_have_count(1)
        over = page.evaluate("""() => {
            const box = (each) => each.getBoundingClientRect();
            const names = [...document.querySelectorAll('text.voicenb-front-name')].map(box);
            const drawn = '.voicenb-front-dot, .voicenb-front-budget';
            const marks = [...document.querySelectorAll(drawn)].map(box);
            // The box of letters is higher than they are.
            const meet = (one, other) => one.left < other.right && other.left < one.right
                && one.top + 3 < other.bottom && other.top < one.bottom - 3;
            return names.flatMap((one) => marks.filter((other) => meet(one, other))).length;
        }""")
        assert over == 0, rate


def test_both_silences_push_each_other_and_presets_set_all(page: Page) -> None:
    shown(page)
    page.get_by_role("slider", name="max_silence").focus()
    page.keyboard.press("Home")
    until_moved(page, 2)
    setting = decide(page)
    assert setting["min_silence"] < setting["max_silence"] == 100
    page.get_by_role("button", name="recommended").click()
    until_moved(page, 3)
    assert decide(page) == STATE["presets"]["recommended"]
    expect(page.get_by_role("button", name="recommended")).to_have_attribute("aria-pressed", "true")


def test_a_silence_is_labelled_by_its_key_and_the_next_one_is_heard(page: Page) -> None:
    shown(page)
    page.get_by_role("button", name="label by ear").click()
    expect(rows(page)).to_have_count(1)
    first = page.locator(".voicenb-recorded-play").first
    expect(first).to_be_focused()
    expect(first).to_have_text("■")  # it is played at once
    await_sent(page, "slice")
    assert sent(page, "slice")[0]["call"] == 1
    page.keyboard.press("2")
    page.keyboard.press("1")  # before the kernel has answered
    (label,) = sent(page, "label")
    assert {name: label[name] for name in ("call", "start", "end", "said")} == {
        "call": 1,
        "start": 5.0,
        "end": 7.0,
        "said": "was done",
    }
    tell(page, version=2)
    says(page, {"type": "answer", "ask": label["ask"]})
    labelled = turn(1, 3.0, silence=[5.0, 7.0, "end"])
    says(page, {**GROUND, "version": 2, "turns": [*GROUND["turns"][:2], labelled]})
    until_moved(page, 2)
    decide(page, version=2)
    expect(page.get_by_text("by ear: was done")).to_be_visible()
    expect(first).to_be_focused()
    page.keyboard.press("0")
    assert sent(page, "label")[-1]["said"] is None
    page.get_by_role("button", name="back to all turns").click()
    expect(rows(page)).to_have_count(3)


BY_EAR = [
    turn(0, 2.0, truth="doubtful", silence=[4.0, 6.0, ""]),
    turn(0, 12.0, truth="doubtful", silence=[14.0, 16.0, ""], words="In the morning, if that is possible."),
    turn(1, 3.0, truth="doubtful", silence=[5.0, 7.0, ""]),
]


def by_ear(page: Page) -> None:
    """Three silences that nobody knows are to be labelled."""
    tell(page)
    await_sent(page, "ground")
    says(page, {**GROUND, "turns": BY_EAR})
    await_sent(page, "move")
    decide(page)
    page.get_by_role("button", name="label by ear").click()
    expect(rows(page)).to_have_count(3)


def answered(page: Page, number: int, said: dict[float, str]) -> dict[str, Any]:
    """Do what the page asks for with its ``number``-th label, so that these have one; returns that."""
    page.wait_for_function("n => sent.filter((s) => s.content.type === 'label').length === n", arg=number)
    label = sent(page, "label")[-1]
    told = []
    for each in BY_EAR:
        begin, end, _ = each["silence"]
        truth = said.get(begin, "")
        told.append({**each, "truth": truth or "doubtful", "silence": [begin, end, truth]})
    tell(page, version=1 + number)
    says(page, {"type": "answer", "ask": label["ask"]})
    says(page, {**GROUND, "version": 1 + number, "turns": told})
    until_moved(page, 1 + number)
    decide(page, version=1 + number)
    return dict(label)


def test_behind_the_last_silence_the_mark_stays_and_0_takes_back_what_was_said_last(page: Page) -> None:
    by_ear(page)
    given: dict[float, str] = {}
    for number, (key, start, truth) in enumerate([("1", 4.0, "mid"), ("2", 14.0, "end")], start=1):
        page.keyboard.press(key)
        given[start] = truth
        assert answered(page, number, given)["start"] == start
    # The mark is at one without a label: 0 is about the one that was given last, and goes there.
    page.keyboard.press("0")
    del given[14.0]
    taken = answered(page, 3, given)
    assert (taken["start"], taken["said"]) == (14.0, None)
    marked = page.locator(".voicenb-recorded-row", has=page.locator(":focus"))
    expect(marked).to_contain_text("call 1 · 0:12")
    expect(page.get_by_text("Taken back: call 1 · 0:12.")).to_be_visible()
    for number, (key, start, truth) in enumerate([("2", 14.0, "end"), ("3", 5.0, "unclear")], start=4):
        page.keyboard.press(key)
        given[start] = truth
        assert answered(page, number, given)["start"] == start
    # None is left: the mark is at the one that was labelled last, though it is not the first of the list.
    expect(marked).to_contain_text("call 2 · 0:03")
    expect(marked).to_contain_text(re.compile("by ear: can.t tell"))
    page.keyboard.press("0")
    del given[5.0]
    taken = answered(page, 6, given)
    assert (taken["call"], taken["start"], taken["said"]) == (1, 5.0, None)
    expect(marked).to_contain_text("call 2 · 0:03")
    expect(marked.get_by_role("button", name="take back")).to_be_hidden()
    # With the pointer it is taken back too.
    row = page.locator(".voicenb-recorded-row", has_text="call 1 · 0:02")
    row.get_by_role("button", name="take back").click()
    del given[4.0]
    assert answered(page, 7, given)["start"] == 4.0
    expect(marked).to_contain_text("call 1 · 0:02")


def test_a_row_that_is_labelled_has_all_its_words_and_buttons(page: Page) -> None:
    by_ear(page)
    page.keyboard.press("1")
    answered(page, 1, {4.0: "mid"})
    for width in (1280, 1000, 700):
        page.set_viewport_size({"width": width, "height": 900})
        cut = page.evaluate("""() => {
            const inside = document.querySelector('.voicenb-recorded-list').getBoundingClientRect();
            const parts = [...document.querySelectorAll('.voicenb-recorded-words, .voicenb-recorded-verdict')]
                .filter((each) => each.offsetParent);
            const out = (each) => each.getBoundingClientRect().right > inside.right + 1
                || each.scrollWidth > each.clientWidth + 1;
            return [parts.length, parts.filter(out).map((each) => each.textContent)];
        }""")
        assert cut == [3 + 3 * 3 + 1, []], width


def test_what_the_emulator_was_tuned_with_is_written_to_a_hosted_agent_after_a_word(page: Page) -> None:
    shown(page)
    page.get_by_role("button", name="Apply to Lido").click()
    await_sent(page, "apply")
    (first,) = sent(page, "apply")
    assert (first["setting"], first["even"]) == (LIMITS, False)
    refusal = {
        "message": "Tuned on the emulator.",
        "remedy": "Say so.",
        "param": "even_if_emulated",
    }
    says(page, {"type": "answer", "ask": first["ask"], **refusal})
    expect(page.get_by_role("alert")).to_have_text("Tuned on the emulator. Say so.")
    page.get_by_role("button", name="Write them all the same").click()
    second = sent(page, "apply")[-1]
    assert second["even"] is True
    says(page, {"type": "answer", "ask": second["ask"], "done": "The next call begins with it."})
    expect(page.get_by_text("The next call begins with it.")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_without_a_kernel_it_stands_still(page: Page) -> None:
    shown(page)
    page.evaluate("kernel.restart()")
    expect(page.get_by_text("run the cell to tune on them")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("slider", name="min_silence")).to_be_disabled()
    expect(page.get_by_role("button", name="Apply to Lido")).to_be_disabled()


def test_nothing_keeps_people_from_using_it(page: Page) -> None:
    shown(page)
    for theme in ("light", "dark"):
        wear(page, theme)
        for width in (1280, 700):
            page.set_viewport_size({"width": width, "height": 900})
            found = judged(page, "#panel")
            assert found["wrong"] == []
            assert "button-name" in found["passed"]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_who_wants_no_motion_sees_no_mark_move(page: Page) -> None:
    shown(page)
    mark = page.locator(".voicenb-recorded-mark").first
    page.locator(".voicenb-recorded-play").first.click()
    expect(mark).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    expect(mark).to_be_hidden()
