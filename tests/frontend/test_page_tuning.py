"""The panel of turn detection in a real Chromium, with a kernel in the test's hands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from harness import await_sent, sent, site, wear
from lab import open_page
from playwright.sync_api import Browser, Locator, Page, expect

from voicenb.turn_detection import TurnDetection
from voicenb.widgets.tuning_state import dials

pytestmark = pytest.mark.browser

RECOMMENDED = TurnDetection.recommended().to_wire()
STATE: dict[str, Any] = {
    **dials(),
    "agent": "Lido",
    "phase": "running",
    "once": False,
    "restarts": "page",
    "service": "emulator",
    "profile": "contract",
    "brain": "rules",
    "turn_detection": RECOMMENDED,
    "mode": None,
    "turns": [],
    "coming": "",
}


@pytest.fixture(scope="module")
def tuning() -> Iterator[str]:
    with site("light", "tuning.js", "tuning.css") as running:
        yield running


@pytest.fixture
def page(browser: Browser, tuning: str) -> Iterator[Page]:
    page = open_page(browser)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(tuning)
    page.wait_for_function("window.mounted")
    page.evaluate("kernel.send({ type: 'hello' })")
    tell(page)
    yield page
    page.context.close()
    assert errors == []


def tell(page: Page, **state: Any) -> None:
    """The kernel tells how things stand."""
    page.evaluate("state => kernel.set('_state', state)", {**STATE, **state})


def answer(page: Page, kind: str = "set", **words: str) -> None:
    """The kernel answers the page's latest question."""
    ask = sent(page, kind)[-1]["ask"]
    page.evaluate("message => kernel.send(message)", {"type": "answer", "ask": ask, **words})


def changes(page: Page) -> list[dict[str, Any]]:
    """What the page has asked for so far."""
    return [message["changes"] for message in sent(page, "set")]


def dial(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def state_of(page: Page) -> Locator:
    return page.locator(".voicenb-state")


def row(n: int, **facts: Any) -> dict[str, Any]:
    return {
        "n": n,
        "text": f"Turn {n}.",
        "latency": 1.6,
        "delay": 1.4,
        "parts": [{"kind": "silence", "seconds": 1.4}, {"kind": "reply", "seconds": 0.2}],
        "ended_by": "min_silence",
        "limit": 1400,
        "outcome": "",
        "tool": False,
        "note": "",
        "change": "",
        **facts,
    }


def test_the_keyboard_moves_a_dial_and_the_whole_is_sent_when_it_rests(page: Page) -> None:
    expect(state_of(page)).to_have_text("in force · confirmed by the service")
    dial(page, "min_silence").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    expect(dial(page, "min_silence")).to_have_attribute("aria-valuetext", "1200 ms")
    expect(state_of(page)).to_contain_text("moved")
    assert changes(page) == []
    await_sent(page, "set")
    assert changes(page) == [{"turn_detection": {**RECOMMENDED, "min_silence": 1200}}]
    expect(state_of(page)).to_have_text("sending · the service has not confirmed it yet")
    tell(page, turn_detection={**RECOMMENDED, "min_silence": 1200})
    answer(page)
    expect(state_of(page)).to_have_text("in force · confirmed by the service")
    expect(page.get_by_text("custom", exact=True)).to_be_visible()
    expect(dial(page, "min_silence")).to_be_focused()


def test_the_mouse_sends_when_it_lets_go(page: Page) -> None:
    box = dial(page, "vad_threshold").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    for part in (0.6, 0.7, 0.8):
        page.mouse.move(box["x"] + box["width"] * part, middle)
    expect(dial(page, "vad_threshold")).to_have_attribute("aria-valuetext", "0.80")
    page.wait_for_timeout(700)  # longer than the keyboard's rest
    assert changes(page) == []
    page.mouse.up()
    await_sent(page, "set")
    assert changes(page) == [{"turn_detection": {**RECOMMENDED, "vad_threshold": 0.8}}]


def test_leaving_a_dial_sends_at_once(page: Page) -> None:
    page.clock.install()
    dial(page, "max_silence").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert changes(page) == [{"turn_detection": {**RECOMMENDED, "max_silence": 4250}}]


def test_one_silence_pushes_the_other(page: Page) -> None:
    dial(page, "min_silence").focus()
    page.keyboard.press("End")
    expect(dial(page, "min_silence")).to_have_attribute("aria-valuetext", "9750 ms")
    expect(dial(page, "max_silence")).to_have_attribute("aria-valuetext", "10000 ms")
    page.keyboard.press("Tab")
    assert changes(page)[0]["turn_detection"]["min_silence"] == 9750
    answer(page)
    dial(page, "max_silence").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    both = changes(page)[-1]["turn_detection"]
    assert (both["min_silence"], both["max_silence"]) == (50, 100)


def test_presets_are_sent_as_they_are(page: Page) -> None:
    expect(page.get_by_role("button", name="recommended")).to_have_attribute("aria-pressed", "true")
    for name in ("dictation", "patient", "no interruption"):
        page.get_by_role("button", name=name, exact=True).click()
        wire = getattr(TurnDetection, name.replace(" ", "_"))().to_wire()
        assert changes(page)[-1] == {"turn_detection": wire}
        tell(page, turn_detection=wire)
        answer(page)
        expect(page.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")


def test_the_interruption_delay_is_the_modes_until_it_is_moved(page: Page) -> None:
    delay = dial(page, "interruption_delay")
    expect(delay).to_have_attribute("aria-valuetext", "500 ms · by the mode")
    tell(page, mode="min_latency")
    expect(delay).to_have_attribute("aria-valuetext", "0 ms · by the mode")
    delay.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert changes(page)[-1] == {"turn_detection": {**RECOMMENDED, "interruption_delay": 50}}
    # A preset brings the mode's again.
    tell(page, turn_detection={**RECOMMENDED, "interruption_delay": 50})
    answer(page)
    expect(delay).to_have_attribute("aria-valuetext", "50 ms")
    page.get_by_role("button", name="patient").click()
    patient = TurnDetection.patient().to_wire()
    assert changes(page)[-1] == {"turn_detection": {**patient, "interruption_delay": 500}}
    tell(page, turn_detection=patient)
    answer(page)
    expect(delay).to_have_attribute("aria-valuetext", "500 ms · by the mode")
    page.get_by_role("button", name="dictation").click()
    assert changes(page)[-1] == {"turn_detection": TurnDetection.dictation().to_wire()}


def test_the_switch(page: Page) -> None:
    switch = page.get_by_role("switch", name="interrupt_response")
    expect(switch).to_be_checked()
    switch.focus()
    page.keyboard.press("Space")
    expect(switch).not_to_be_checked()
    expect(dial(page, "interruption_delay")).to_be_disabled()
    await_sent(page, "set")
    assert changes(page) == [{"turn_detection": {**RECOMMENDED, "interrupt_response": False}}]
    expect(page.get_by_role("button", name="no interruption")).to_have_attribute("aria-pressed", "true")


def test_the_mode_is_no_turn_detection_and_says_what_it_moves(page: Page) -> None:
    tell(page, turn_detection=None, service="hosted")
    modes = page.get_by_role("radiogroup", name="transcription_mode")
    expect(modes).to_have_accessible_description(
        "What moves the hosted service's answer most: seconds from your last sound to its first, "
        "as observed in September 2026."
    )
    expect(page.get_by_role("radio", name="balanced")).to_be_checked()
    page.get_by_role("radio", name="max_accuracy").check()
    assert changes(page) == [{"transcription_mode": "max_accuracy"}]
    tell(page, turn_detection=None, mode="max_accuracy")
    answer(page)
    expect(state_of(page)).to_have_text("in force · the service's adaptive default")


def test_what_is_refused_is_told_and_the_dials_go_back(page: Page) -> None:
    page.get_by_role("button", name="patient").click()
    expect(dial(page, "min_silence")).to_have_attribute("aria-valuetext", "2200 ms")
    answer(page, message="The service refused it.", remedy="Take another.")
    expect(page.get_by_role("alert")).to_have_text("The service refused it. Take another.")
    expect(dial(page, "min_silence")).to_have_attribute("aria-valuetext", "1400 ms")
    page.get_by_role("button", name="dictation").click()
    expect(page.get_by_role("alert")).to_be_hidden()


def test_what_is_moved_meanwhile_is_sent_behind_the_answer(page: Page) -> None:
    page.get_by_role("button", name="patient").click()
    page.get_by_role("button", name="dictation").click()
    assert len(changes(page)) == 1
    tell(page, turn_detection=TurnDetection.patient().to_wire())
    answer(page)
    assert changes(page)[1:] == [{"turn_detection": TurnDetection.dictation().to_wire()}]
    expect(dial(page, "min_silence")).to_have_attribute("aria-valuetext", "2000 ms")
    # The answer to the first was none to the second.
    expect(state_of(page)).to_contain_text("sending")


def test_a_kernel_that_is_silent_is_told_of(page: Page) -> None:
    page.clock.install()
    page.get_by_role("button", name="patient").click()
    page.clock.run_for(11_000)
    expect(page.get_by_role("alert")).to_be_hidden()
    page.clock.run_for(2_000)
    expect(page.get_by_role("alert")).to_contain_text("The kernel does not answer.")
    expect(dial(page, "min_silence")).to_have_attribute("aria-valuetext", "1400 ms")


def test_before_the_first_move_it_says_what_ends_with_it_and_then_how_it_comes_back(page: Page) -> None:
    notice = page.locator(".voicenb-tune-notice")
    tell(page, turn_detection=None)
    expect(notice).to_contain_text("The first move ends that for the rest of this session; only Restart")
    expect(page.get_by_role("button", name="Restart")).to_be_hidden()
    expect(page.get_by_role("button", name="adaptive")).to_have_attribute("aria-pressed", "true")
    expect(dial(page, "min_silence")).to_have_attribute("aria-valuetext", "adaptive")
    dial(page, "min_silence").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    # The others are those of the recommendation.
    assert changes(page) == [{"turn_detection": {**RECOMMENDED, "min_silence": 1350}}]
    tell(page, turn_detection={**RECOMMENDED, "min_silence": 1350})
    answer(page)
    expect(notice).to_contain_text("The adaptive default is off for the rest of this session.")
    expect(page.get_by_role("button", name="adaptive")).to_be_disabled()
    page.get_by_role("button", name="Restart").click()
    assert len(sent(page, "restart")) == 1
    tell(page, turn_detection=None)
    answer(page, "restart")
    expect(state_of(page)).to_have_text("in force · the service's adaptive default")


def test_before_a_call_it_is_for_the_next_and_can_be_left_to_the_service(page: Page) -> None:
    tell(page, phase="before", restarts="")
    expect(state_of(page)).to_have_text("set · the next call begins with it")
    expect(page.locator(".voicenb-tune-notice")).to_be_hidden()
    page.get_by_role("button", name="adaptive").click()
    assert changes(page) == [{"turn_detection": None}]


def test_the_service_is_named_as_in_the_panel_of_the_talk(page: Page) -> None:
    expect(page.locator(".voicenb-badge")).to_have_text("emulator · contract · rules")


def test_a_panel_of_an_earlier_talk_says_so_and_what_to_do(page: Page) -> None:
    tell(page, phase="after", restarts="", stale=True)
    expect(state_of(page)).to_have_text("set · for the earlier Talk")
    expect(page.locator(".voicenb-tune-notice-told")).to_have_text(
        "Another Talk was made after this panel. Run this cell again to tune that one."
    )
    expect(page.get_by_role("button", name="Restart")).to_be_hidden()


def test_what_a_cell_changes_moves_the_dials(page: Page) -> None:
    tell(page, turn_detection={"min_silence": 1234, "max_silence": 5678}, mode="max_accuracy")
    expect(dial(page, "min_silence")).to_have_attribute("aria-valuetext", "1234 ms")
    expect(dial(page, "max_silence")).to_have_attribute("aria-valuetext", "5678 ms")
    expect(dial(page, "vad_threshold")).to_have_attribute("aria-valuetext", "0.50")
    # What stands between two stops is kept, until it is moved itself.
    dial(page, "vad_threshold").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    moved = changes(page)[0]["turn_detection"]
    assert (moved["min_silence"], moved["max_silence"], moved["vad_threshold"]) == (1234, 5678, 0.55)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"phase": "connecting"}, "connecting"),
        ({"phase": "before", "once": True}, "not begun"),
        ({"phase": "after", "once": True}, "ended"),
    ],
)
def test_where_nothing_can_be_set_the_dials_are_still(page: Page, state: dict[str, Any], words: str) -> None:
    tell(page, **state)
    expect(state_of(page)).to_contain_text(words)
    for control in page.locator(".voicenb-tune-dials :is(input, button)").all():
        expect(control).to_be_disabled()


def test_the_bars_say_what_they_reach_to(page: Page) -> None:
    # In a turn with a tool the first sound is only the word that the agent is going to look.
    tell(page, turns=[row(1, tool=True)])
    expect(page.locator(".voicenb-turn-scale")).to_contain_text("from your last sound to the agent's answer")


def test_the_last_turns(page: Page) -> None:
    turns = page.get_by_role("region", name="The last five turns")
    expect(turns).to_contain_text("Say something")
    rows = [
        row(3, ended_by="stand-in", limit=None, outcome="cut"),
        row(4, change="adaptive → recommended", tool=True),
        row(5, latency=4.2, ended_by="max_silence", limit=4000, outcome="interrupted"),
        row(6, latency=1.9, ended_by="", limit=None),
        row(7, latency=None, parts=[], ended_by="", limit=None, note="measuring"),
    ]
    tell(page, turns=rows, coming="min_silence 1400 → 800 ms")
    expect(turns.get_by_role("listitem")).to_have_text(
        [
            "Turn 3Turn 3.answered in 1.60 sended by the stand-in for adaptivecut · you went on",
            "adaptive → recommended",
            "Turn 4Turn 4.answered in 1.60 sended by min_silence 1400 mswith a tool",
            "Turn 5Turn 5.answered in 4.20 sended by max_silence 4000 msinterrupted",
            "Turn 6Turn 6.answered in 1.90 swhat ended it cannot be told apart",
            "Turn 7Turn 7.…",
            "min_silence 1400 → 800 ms: from the next turn on",
        ]
    )
    bars = turns.locator(".voicenb-turn-bar")
    whole = bars.first.bounding_box()
    silence = bars.first.locator("span").first.bounding_box()
    assert whole is not None
    assert silence is not None
    assert silence["width"] / whole["width"] == pytest.approx(1.4 / 5, abs=0.01), "all are on one scale"


def test_a_saved_panel_without_a_kernel_says_so(page: Page, tuning: str) -> None:
    page.clock.install()
    page.goto(tuning)
    page.wait_for_function("window.mounted")
    tell(page)
    page.clock.run_for(4_500)
    expect(state_of(page)).to_have_text("not connected · run the cell to tune")
    expect(dial(page, "min_silence")).to_be_disabled()


def test_two_views_are_one_draft(page: Page) -> None:
    page.evaluate("view(document.body.appendChild(document.createElement('div')))")
    dial(page, "min_silence").first.focus()
    page.keyboard.press("ArrowLeft")
    for view in dial(page, "min_silence").all():
        expect(view).to_have_attribute("aria-valuetext", "1350 ms")
    await_sent(page, "set")
    assert len(changes(page)) == 1


def test_keys_do_not_reach_the_notebook_and_are_not_lost(page: Page) -> None:
    slider = dial(page, "min_silence")
    slider.press("ArrowUp")
    expect(slider).to_have_attribute("data-lm-suppress-shortcuts", "")
    slider.press("Control+s")
    expect(slider).not_to_have_attribute("data-lm-suppress-shortcuts", "")


def test_nothing_overflows(page: Page) -> None:
    long = row(4, text="long" * 15, change="vad_threshold 0.5 → 0.7, interrupt_response on → off", tool=True)
    tell(page, agent="word" * 30, turns=[long, row(5, outcome="cut")], coming="balanced → max_accuracy")
    expect(page.locator(".voicenb-turn")).to_have_count(2)
    for width, theme in product((300, 1000), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        wear(page, theme)
        wide = page.evaluate(
            """() => [...document.querySelectorAll('.voicenb-talk, .voicenb-talk *')]
              .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1
                && !['inline', 'none'].includes(getComputedStyle(e).display)
                && getComputedStyle(e).textOverflow !== 'ellipsis').map((e) => e.className)"""
        )
        assert wide == [], (width, theme)


def test_while_the_connection_is_lost_the_dials_wait(page: Page) -> None:
    tell(page, phase="reconnecting")
    expect(state_of(page)).to_have_text("reconnecting · the dials wait until the call is back")
    expect(dial(page, "min_silence")).to_be_disabled()


def test_the_kernel_hears_when_nobody_looks_any_more(page: Page) -> None:
    page.evaluate("sent.length = 0")
    page.evaluate("kernel.send({ type: 'look' })")
    assert len(sent(page, "shown")) == 1
    page.evaluate("clear()")
    assert len(sent(page, "hidden")) == 1
    page.evaluate("kernel.send({ type: 'look' })")
    assert len(sent(page, "shown")) == 1, "it shows none"


def test_the_names_of_the_modes_stand_on_one_line(page: Page) -> None:
    page.set_viewport_size({"width": 844 + 36, "height": 900})
    for name in page.locator(".voicenb-mode-name").all():
        assert name.bounding_box()["height"] < 25, name.inner_text()


def test_another_setting_is_seen_beside_the_one_that_is_in_force(page: Page) -> None:
    choice = page.get_by_label("and beside it")
    expect(choice).to_have_value("none")
    choice.select_option(label="patient · 0.5 · 2200 · 6000")
    await_sent(page, "beside")
    patient = {"vad_threshold": 0.5, "min_silence": 2200, "max_silence": 6000}
    assert sent(page, "beside")[-1]["setting"] == patient
    sooner = {"delay": 0.93, "silence": 0.93, "pause": None}
    cut = {"delay": -1.2, "silence": 0.9, "pause": 1.24}
    tell(page, beside=patient, turns=[row(1, beside=sooner), row(2, beside=cut), row(3, beside=None)])
    expect(choice).to_have_value("patient")
    expect(page.get_by_text("beside it: would end at 0.93 s, 0.47 s sooner")).to_be_visible()
    expect(page.get_by_text("beside it: ✂ cut off after 0.90 of 1.24 s")).to_be_visible()
    expect(page.locator(".voicenb-turn-ghost")).to_have_count(2)
    # What was moved is not in force yet, and can be pinned.
    choice.select_option(label="what the dials show now")
    assert sent(page, "beside")[-1]["setting"] == {
        name: RECOMMENDED[name] for name in ("vad_threshold", "min_silence", "max_silence")
    }
    other = {"vad_threshold": 0.5, "min_silence": 900, "max_silence": 3000}
    tell(page, beside=other)
    expect(choice.locator("option:checked")).to_have_text("0.5 · 900 · 3000")
    choice.select_option(label="nothing")
    assert sent(page, "beside")[-1]["setting"] is None
    assert changes(page) == [], "nothing of it is sent to the service"
