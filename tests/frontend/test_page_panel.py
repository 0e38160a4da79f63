"""The panel in a real Chromium, with a kernel in the test's hands."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
from harness import (
    TONE,
    TRACKS,
    Helper,
    answer,
    await_sent,
    kernel,
    live,
    mounted,
    no_microphone,
    sent,
    speak,
    wear,
)
from playwright.sync_api import Page, expect

from voicenb.audio.wav import wav_bytes

pytestmark = pytest.mark.browser


def test_nothing_is_opened_before_the_click(page: Page) -> None:
    assert [message["type"] for message in page.evaluate("sent.map((s) => s.content)")] == ["attach", "shown"]
    assert page.evaluate("wishes") == []
    expect(page.get_by_text("I would like a table on Friday for four people.")).to_be_visible()


def test_an_error_of_the_kernel_stands_in_the_panel(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    await_sent(page, "start")
    answer(page, "error", message="No emulator.", remedy="pip install it.")
    expect(page.get_by_role("alert")).to_have_text("No emulator. pip install it.")
    assert sent(page, "failed") == [], "the kernel knows"


def test_a_panel_whose_talk_was_replaced_says_so(page: Page) -> None:
    error = {"message": "Another Talk was made after this panel.", "remedy": "Run this cell again."}
    kernel(page, state="ended", replaced=True, error=error)
    expect(page.locator(".voicenb-state")).to_have_text("replaced · by a later Talk")
    expect(page.get_by_role("alert")).to_have_text(
        "Another Talk was made after this panel. Run this cell again."
    )


def test_the_time_says_when_the_call_ends_by_itself(page: Page) -> None:
    ends = "The call ends by itself after 60 minutes."
    kernel(page, state="listening", started=1.0, call="x", ends=ends)
    expect(page.locator(".voicenb-time")).to_have_attribute("title", ends)


def test_an_answer_of_which_nothing_was_heard_takes_one_line(page: Page) -> None:
    words = "All right, half past eight it is, and under which name shall I put the table down? " * 3
    line = {"id": "a", "role": "agent", "at": 1.0, "text": "", "tail": "", "unheard": words, "partial": False}
    page.evaluate("line => kernel.send({ type: 'line', line })", {**line, "interrupted": True})
    shown = page.locator(".voicenb-unsaid")
    expect(shown).to_contain_text("Lido, not heard: All right")
    expect(shown.locator("s")).to_have_attribute("title", words)
    assert shown.bounding_box()["height"] < 30
    expect(page.locator(".voicenb-bubble")).to_have_count(0)


def test_a_kernel_that_is_silent_does_not_answer(page: Page) -> None:
    page.clock.install()
    page.get_by_role("button", name="Start", exact=True).click()
    await_sent(page, "start")
    page.clock.run_for(9_000)
    expect(page.get_by_role("alert")).to_be_hidden()
    page.clock.run_for(2_000)
    expect(page.get_by_role("alert")).to_contain_text("The kernel does not answer.")
    assert len(sent(page, "failed")) == 1


def test_a_kernel_that_has_heard_may_take_its_time(page: Page, helper: Helper) -> None:
    page.clock.install()
    page.get_by_role("button", name="Start", exact=True).click()
    await_sent(page, "start")
    answer(page, "starting")
    kernel(page, state="warming up")
    page.clock.run_for(120_000)
    expect(page.locator(".voicenb-state")).to_have_text("warming up · a moment, then the call begins")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.clock.resume()
    answer(page, "connect", ways=[helper.way], insist=None)
    await_sent(page, "chosen")


def test_what_another_page_is_told_is_not_for_this_one(page: Page) -> None:
    page.get_by_role("button", name="Start", exact=True).click()
    await_sent(page, "start")
    answer(page, "error", ask="another's", message="Not for you.", remedy="")
    answer(page, "connect", ask="another's", ways=[{"kind": "kernel"}], insist=None)
    expect(page.get_by_role("alert")).to_be_hidden()
    answer(page, "error", message="For you.", remedy="")
    expect(page.get_by_role("alert")).to_contain_text("For you.")
    assert sent(page, "chosen") == []


def test_captions(page: Page) -> None:
    def line(**facts: object) -> None:
        page.evaluate("line => kernel.send({ type: 'line', line })", {"tail": "", "unheard": "", **facts})

    line(id="a", role="agent", at=1, text="Good", tail="evening.", partial=True)
    expect(page.locator(".voicenb-agent .voicenb-tail")).to_have_text("evening.")
    line(id="a", role="agent", at=1, text="Good evening. How", unheard="can I help?", interrupted=True)
    expect(page.locator(".voicenb-agent s")).to_have_text("can I help?")
    line(id="u", role="user", at=3, text="<b>Hi</b>, a table.")
    tool = {"name": "free", "arguments": "day=1", "result": None, "ms": None, "error": False}
    line(id="t", role="tool", at=2, text="", tool=tool)
    expect(page.locator(".voicenb-tool")).to_have_text("free(day=1) running")
    line(id="t", role="tool", at=2, text="", tool={**tool, "result": "[1]", "ms": 38})
    expect(page.locator(".voicenb-line")).to_have_text(
        [
            "LidointerruptedGood evening. How can I help?",
            "free(day=1) → [1] · 38 ms",
            "You<b>Hi</b>, a table.",
        ],
    )
    # Spoken to screen readers once they are final; the hints go when the caller has spoken.
    expect(page.locator("[aria-live=polite] p")).to_have_text(
        ["Lido: Good evening. How", "You: <b>Hi</b>, a table."]
    )
    expect(page.locator(".voicenb-hints")).to_be_hidden()


def test_the_reply_that_announces_a_call_stands_above_it(page: Page) -> None:
    tool = {"name": "free", "arguments": "", "result": None, "ms": None, "error": False}
    lines = [
        {"id": "u", "role": "user", "at": 1, "text": "A table?"},
        {"id": "t", "role": "tool", "at": 2, "text": "", "tool": tool},
        # Its first word comes behind the call, but it began in the same moment.
        {"id": "a", "role": "agent", "at": 2, "text": "Let me look."},
    ]
    for line in lines:
        page.evaluate("line => kernel.send({ type: 'line', line })", line)
    expect(page.locator(".voicenb-line")).to_have_text(["YouA table?", "LidoLet me look.", "free() running"])


def test_an_answers_cost_is_a_bar_and_words_above_it(page: Page) -> None:
    parts = [
        {"kind": "silence", "seconds": 1.4},
        {"kind": "tool", "seconds": 0.1},
        {"kind": "reply", "seconds": 0.1},
    ]
    cost = {
        "id": "c",
        "role": "cost",
        "at": 2,
        "text": "answered in 1.60 s — 1.40 silence",
        "strong": "1.60 s",
    }
    for line in (
        {"id": "a", "role": "agent", "at": 2, "text": "At seven."},
        {**cost, "parts": parts},
        {
            "id": "y",
            "role": "yield",
            "at": 1,
            "text": "you interrupted · silent 0.61 s after",
            "strong": "0.61 s",
        },
    ):
        page.evaluate("line => kernel.send({ type: 'line', line })", line)
    items = page.locator(".voicenb-captions > li")
    expect(items).to_have_text(
        [
            "you interrupted · silent 0.61 s after",
            "answered in 1.60 s — 1.40 silence",
            "LidoAt seven.",
        ]
    )
    expect(items.nth(1).locator("b")).to_have_text("1.60 s")
    whole = items.nth(1).locator(".voicenb-bar").bounding_box()
    pieces = [piece.bounding_box() for piece in items.nth(1).locator(".voicenb-bar > span").all()]
    assert whole is not None
    widths = [piece["width"] / whole["width"] for piece in pieces if piece is not None]
    assert widths == pytest.approx([0.7, 0.05, 0.05], abs=0.01), "the whole bar stands for two seconds"


def test_time_cost_and_turn_detection(page: Page) -> None:
    detection = {"name": "recommended", "detail": "0.5 · 1400 · 4000"}
    kernel(
        page,
        state="ended",
        started=1000.0,
        ended=4660.0,
        cost_rate=4.5,
        turn_detection=detection,
        lost=2,
        audio="direct",
    )
    expect(page.locator(".voicenb-time")).to_have_text("1:01:00")
    expect(page.locator(".voicenb-cost")).to_have_text("$4.58")
    expect(page.locator(".voicenb-turns")).to_have_text("Turn detection recommended 0.5 · 1400 · 4000")
    expect(page.locator(".voicenb-way")).to_have_text("audio direct · 0 late · 2 lost")


def test_what_becomes_of_the_agent_s_voice_is_told_quietly(page: Page) -> None:
    turns = page.locator(".voicenb-turns")
    detection = {"name": "adaptive", "detail": "· the service's default"}
    kernel(page, state="idle", turn_detection=detection, barge_in="flush")
    expect(turns).to_have_text("Turn detection adaptive · the service's default")
    expect(turns).to_have_attribute("title", re.compile("falls silent when the service says that you speak"))
    kernel(page, state="idle", turn_detection=detection, barge_in="duck")
    expect(turns).to_have_text("Turn detection adaptive · the service's default · barge-in: duck")
    expect(turns).to_have_attribute("title", re.compile("quieter as soon as you are heard here"))
    kernel(page, state="idle", turn_detection=detection, barge_in="wait")
    expect(turns).to_have_text(re.compile("barge-in: wait$"))
    expect(turns).to_have_attribute("title", re.compile("ends the reply"))


def test_a_saved_panel_without_a_kernel_says_so(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(address)
    page.wait_for_function("window.mounted")
    kernel(page, state="ended", started=1.0, ended=9.0)
    lines = [{"id": "a", "role": "agent", "at": 1, "text": "Good evening."}]
    page.evaluate("lines => kernel.set('_lines', lines)", lines)
    page.clock.run_for(4_500)
    expect(page.locator(".voicenb-state")).to_have_text("not connected · run the cell to talk")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    expect(page.locator(".voicenb-agent .voicenb-words")).to_have_text("Good evening.")


def test_a_call_that_was_lost_with_its_kernel_is_over(page: Page) -> None:
    page.clock.install(time=1_000)
    page.clock.pause_at(1_011)
    page.evaluate("kernel.send({ type: 'lines', lines: [], now: 1011 })")
    kernel(page, state="speaking", started=1000.0, call="x", cost_rate=3600.0)
    tool = {"name": "free", "arguments": "", "result": None, "ms": None, "error": False}
    for line in (
        {"id": "t", "role": "tool", "at": 1, "text": "", "partial": True, "tool": tool},
        {"id": "a", "role": "agent", "at": 2, "text": "I have", "tail": "a table at seven.", "partial": True},
        {"id": "u", "role": "user", "at": 3, "text": "", "tail": "No, at", "partial": True},
    ):
        page.evaluate("line => kernel.send({ type: 'line', line })", line)
    expect(page.locator(".voicenb-tail")).to_have_count(2)
    page.evaluate("kernel.restart()")
    page.clock.run_for(65_000)
    expect(page.locator(".voicenb-state")).to_have_text("not connected · run the cell to talk")
    expect(page.locator(".voicenb-time")).to_have_text("0:11")
    expect(page.locator(".voicenb-cost")).to_have_text("$11.00")
    expect(page.locator(".voicenb-tail")).to_have_count(0)
    expect(page.locator(".voicenb-captions > li")).to_have_text(
        ["free() → no result", "LidointerruptedI have a table at seven.", "YouNo, at"]
    )
    expect(page.locator(".voicenb-unheard")).to_have_text("a table at seven.")
    # A kernel that was only slow to answer still has it.
    page.evaluate("kernel.send({ type: 'lines', lines: [], now: Date.now() / 1000 })")
    page.clock.run_for(1_000)
    expect(page.locator(".voicenb-time")).to_have_text("1:17")


def test_of_a_call_that_nobody_saw_end_no_time_is_told(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(address)
    page.wait_for_function("window.mounted")
    kernel(page, state="listening", started=1.0)
    page.clock.run_for(4_500)
    expect(page.locator(".voicenb-state")).to_have_text("not connected · run the cell to talk")
    expect(page.locator(".voicenb-counts")).to_be_hidden()


def test_another_page_can_end_a_call_that_is_warming_up(page: Page) -> None:
    kernel(page, state="warming up", call="x")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    expect(page.locator(".voicenb-state")).to_contain_text("warming up · the microphone is on another page")
    kernel(page, state="warming up")  # before the first call
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()


def test_while_the_service_is_called_again_the_call_goes_on(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="reconnecting", started=1.0, call="x")
    state = page.locator(".voicenb-state")
    expect(state).to_have_text("reconnecting · the connection was lost: what you say is kept")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_class(re.compile("voicenb-busy"))
    expect(page.get_by_role("button", name="Mute", exact=True)).to_be_visible()
    kernel(page, state="listening", started=1.0, call="x")
    expect(page.get_by_role("button", name="Stop", exact=True)).not_to_have_class(re.compile("voicenb-busy"))


def test_a_held_or_doubled_key_begins_one_call(page: Page, helper: Helper) -> None:
    page.locator(".voicenb-button").focus()
    for _ in range(3):
        page.keyboard.down("Enter")  # which repeats
    page.keyboard.up("Enter")
    page.keyboard.press("Space")
    await_sent(page, "start")
    answer(page, "connect", ways=[helper.way], insist=None)
    await_sent(page, "chosen")
    assert sent(page, "stop") == []
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    page.wait_for_timeout(600)
    page.keyboard.press("Enter")
    assert len(sent(page, "stop")) == 1


def test_reduced_motion_is_heeded_at_once(page: Page, helper: Helper) -> None:
    live(page, helper)
    lanes = page.locator(".voicenb-lanes")
    arc = "() => document.querySelector('.voicenb-arc').getAttribute('stroke-dasharray')"
    expect(lanes).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    expect(lanes).to_be_hidden()
    speak(helper)
    helper.say(type="done", reply=1)
    still = page.evaluate(arc)
    helper.wait(lambda: helper.told("played-out", reply=1))
    assert page.evaluate(arc) == still
    page.emulate_media(reduced_motion="no-preference")
    expect(lanes).to_be_visible()
    page.wait_for_function(f"still => ({arc})() !== still", arg=still)


# A browser that tells no change of the medium: where no picture is due, Chromium under load does not always.
MUTE_MEDIUM = """
const asked = window.matchMedia;
window.matchMedia = (query) => {
  if (!query.includes("reduced-motion")) return asked.call(window, query);
  return { get matches() { return asked.call(window, query).matches; }, addEventListener() {} };
};
"""


def test_reduced_motion_is_heeded_where_the_browser_tells_no_change(page: Page, helper: Helper) -> None:
    page.add_init_script(MUTE_MEDIUM)
    page.reload()
    mounted(page)
    live(page, helper)
    lanes = page.locator(".voicenb-lanes")
    expect(lanes).to_be_visible()
    page.emulate_media(reduced_motion="reduce")
    expect(lanes).to_be_hidden()
    page.emulate_media(reduced_motion="no-preference")
    expect(lanes).to_be_visible()


def test_gaps_are_told_until_the_next_call_has_begun(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x", audio="direct")
    helper.say(type="reply", reply=1, reply_id="r1")
    pcm = TONE.tobytes()
    for half in (0, 12_000):  # the second comes too late
        for place in range(half, half + 12_000, 480):
            helper.sound(1, place, pcm[2 * place : 2 * place + 960])
        helper.wait(lambda stop=half + 12_000: any(told["to"] >= stop for told in helper.told("heard")))
    way = page.locator(".voicenb-way")
    expect(way).to_contain_text("1 gap")
    page.get_by_role("button", name="Stop", exact=True).click()
    kernel(page, state="ended", started=1.0, ended=2.0, call="x", audio="direct")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    page.wait_for_timeout(100)
    page.evaluate("sent.length = 0")
    page.get_by_role("button", name="Start", exact=True).click()
    await_sent(page, "start")
    answer(page, "error", message="No key.", remedy="Set one.")
    expect(page.get_by_role("alert")).to_contain_text("No key.")
    expect(way).to_contain_text("1 gap")


def test_two_views_are_one_call(page: Page, helper: Helper) -> None:
    page.evaluate("view(document.body.appendChild(document.createElement('div')))")
    live(page, helper)
    expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(2)
    assert len(sent(page, "start")) == len(page.evaluate("wishes")) == 1


def test_another_page_holds_the_call(page: Page) -> None:
    kernel(page, state="listening", started=1.0, call="x")
    expect(page.locator(".voicenb-state")).to_contain_text("listening · the microphone is on another page")
    expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    page.get_by_role("button", name="Talk here").click()
    await_sent(page, "start")
    assert sent(page, "start")[0]["rejoin"] is True


def test_a_call_that_ends_is_on_no_other_page(page: Page, helper: Helper) -> None:
    """Its process lets the page go first; the kernel's word that it has ended may take some seconds."""
    live(page, helper)
    state, join = page.locator(".voicenb-state"), page.get_by_role("button", name="Talk here")
    told: list[str] = []
    page.expose_function("tell", lambda word: told.append(word))
    page.evaluate(
        """() => new MutationObserver(() => tell(document.querySelector(".voicenb-state").textContent))
          .observe(document.querySelector(".voicenb-state"), { childList: true, subtree: true })"""
    )
    kernel(page, state="connecting", started=None, call="x")
    helper.say(type="end")
    expect(state).to_have_text("ending")
    expect(join).to_be_hidden()
    error = {"message": "The service never became ready.", "remedy": "Check the address."}
    kernel(page, state="connecting", started=None, call="x", present=False, error=error)
    expect(page.get_by_role("alert")).to_contain_text("The service never became ready.")
    expect(state).to_have_text("ending")
    kernel(page, state="ending", started=None, call="x", present=False, error=error)
    page.wait_for_timeout(100)
    expect(state).to_have_text("ending")
    expect(join).to_be_hidden()
    # Nothing can be begun yet: the kernel has that call still.
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_timeout(100)
    expect(state).to_have_text("ending")
    assert len(page.evaluate("wishes")) == 1
    kernel(page, state="ended", started=None, call="x", present=False, error=error)
    expect(state).to_have_text("ended · press Start for a new call")
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_function("wishes.length === 2")
    assert not [word for word in told if "page" in word], told


def test_a_call_that_ends_with_its_kernel_is_over_when_it_ended(page: Page, helper: Helper) -> None:
    """As when a kernel is restarted from elsewhere: its helper lets the page go, and it says nothing."""
    live(page, helper)
    page.clock.install(time=1_000)
    page.clock.pause_at(1_011)
    page.evaluate("kernel.send({ type: 'lines', lines: [], now: 1011 })")
    kernel(page, state="speaking", started=1000.0, call="x")
    page.evaluate("sent.length = 0")
    helper.say(type="end")
    page.wait_for_function(TRACKS + ".join() === 'ended'")
    page.clock.run_for(2_000)
    assert len(sent(page, "attach")) == 1, "it asks whether the kernel is there"
    page.clock.run_for(60_000)
    expect(page.locator(".voicenb-state")).to_have_text("not connected · run the cell to talk")
    expect(page.get_by_role("alert")).to_contain_text("The kernel is gone, and the call with it.")
    expect(page.locator(".voicenb-time")).to_have_text("0:11")


def test_a_call_that_ends_is_shown_so_on_other_pages(page: Page) -> None:
    kernel(page, state="ending", started=1.0, call="x", present=False)
    expect(page.locator(".voicenb-state")).to_have_text("ending")
    expect(page.get_by_role("button", name="Talk here")).to_be_hidden()
    expect(page.get_by_role("button", name="Start", exact=True)).to_have_class(re.compile("voicenb-busy"))


def test_a_call_that_no_page_has_says_so(page: Page) -> None:
    kernel(page, state="listening", started=1.0, call="x", present=False)
    state = page.locator(".voicenb-state")
    expect(state).to_have_text("listening · no page takes part in this call: Talk here does")
    kernel(page, state="listening", started=1.0, call="x", present=True)
    expect(state).to_contain_text("the microphone is on another page")


def test_nothing_overflows(page: Page) -> None:
    kernel(
        page,
        state="speaking",
        started=1.0,
        ended=9e3,
        error={"message": "word " * 30, "remedy": "x" * 200},
    )
    line = {"id": "a", "role": "agent", "at": 1, "text": "long" * 100}
    page.evaluate("line => kernel.send({ type: 'line', line })", line)
    expect(page.locator(".voicenb-line")).to_have_count(1)
    for width, theme in product((340, 1000), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        wear(page, theme)
        wide = page.evaluate(
            """() => [...document.querySelectorAll('.voicenb-talk, .voicenb-talk *')]
              .filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1
                && getComputedStyle(e).display !== 'inline').map((e) => e.className)"""
        )
        assert wide == [], (width, theme)


def over(page: Page) -> None:
    """A call is over."""
    page.evaluate(
        "line => kernel.send({ type: 'line', line })", {"id": "u", "role": "user", "at": 1, "text": "Hi."}
    )
    kernel(page, state="ended", call="c1", brain="rules", summary="1 turn · answered in 1.6 s")


# The lines of a text in parts, as they are seen: what is left of its beginning is cut off.
LINES = """(element) => {
  const parts = element.querySelector(".voicenb-parts") ?? element;
  const begin = parts.getBoundingClientRect().left - parseFloat(getComputedStyle(parts).marginLeft);
  const lines = new Map();
  const walk = document.createTreeWalker(parts, NodeFilter.SHOW_TEXT);
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    for (let i = 0; i < text.length; i += 1) {
      const range = new Range();
      range.setStart(text, i);
      range.setEnd(text, i + 1);
      const { top, left } = range.getBoundingClientRect();
      if (left < begin - 0.5) continue;
      lines.set(Math.round(top), (lines.get(Math.round(top)) ?? "") + text.data[i]);
    }
  }
  return [...lines.values()].map((line) => line.trim());
}"""


@pytest.mark.parametrize("width", [340, 420, 520, 600, 700, 1000])
def test_what_belongs_together_after_a_call_stays_together(page: Page, width: int) -> None:
    over(page)
    summary = (
        "5 turns · answered in 1.6 s (median of 3, longest 5.2) · with a tool in 3.0 s · 3 interruptions"
    )
    kernel(page, state="ended", call="c1", summary=summary)
    page.set_viewport_size({"width": width, "height": 900})
    expect(page.locator(".voicenb-after-told")).to_have_text(summary)
    tops = [page.get_by_role("button", name=name, exact=True).bounding_box() for name in WAYS]
    assert len({round(box["y"]) for box in tops if box is not None}) == 1
    lines = page.locator(".voicenb-after-told").evaluate(LINES)
    assert not [line for line in lines if line[0] in "·s" or line[-1] in "·0123456789"], lines


# Of each part that one reads, writes into or presses: how far it sticks out of the panel.
OUT = """(panel) => {
  const { left, right } = panel.getBoundingClientRect();
  const kinds = "button, input, select, .voicenb-badge, .voicenb-time, .voicenb-hint";
  const parts = [...panel.querySelectorAll(kinds)];
  return parts.filter((part) => part.getClientRects().length).map((part) => {
    const box = part.getBoundingClientRect();
    const name = part.getAttribute("aria-label") ?? part.textContent;
    return [name, Math.max(left - box.left, box.right - right)];
  });
}"""

NARROW = (220, 240, 276, 324)


def assert_narrow(page: Page) -> None:
    """Nothing sticks out of a panel as narrow as a small JupyterLab leaves it, nor scrolls it sideways."""
    panel = page.locator(".voicenb-talk")
    for width in NARROW:
        page.set_viewport_size({"width": width + 36, "height": 900})
        assert [(name, width) for name, out in panel.evaluate(OUT) if out > 0] == []
        panel.evaluate("(panel) => panel.scrollTo(1000, 0)")
        assert panel.evaluate("(panel) => panel.scrollLeft") == 0, width


def test_in_a_narrow_panel_one_can_read_what_one_types(page: Page, helper: Helper) -> None:
    no_microphone(page)
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("button", name="Type instead").click()
    await_sent(page, "start")
    answer(page, "connect", ways=[helper.way], insist=None)
    kernel(page, state="listening", started=1.0, call="x", audio="direct")
    line = page.get_by_label("What the caller says")
    expect(line).to_be_visible()
    assert_narrow(page)
    for width in NARROW:
        page.set_viewport_size({"width": width + 36, "height": 900})
        assert line.bounding_box()["width"] > 180, width
    page.set_viewport_size({"width": 600, "height": 900})
    send = page.get_by_role("button", name="Say it")
    assert line.bounding_box()["y"] == pytest.approx(send.bounding_box()["y"], abs=4), "there is room for all"


def test_in_a_narrow_panel_every_way_to_keep_a_call_is_there(page: Page) -> None:
    over(page)
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    assert_narrow(page)


WAYS = ("Hear it", "Download", "Save")


def test_what_a_call_was_takes_one_line_in_a_notebook(page: Page) -> None:
    over(page)
    summary = (
        "12 turns · answered in 1.6 s (median of 10, longest 5.2) · with a tool in 3.0 s (median of 2, "
        "longest 4.1) · 3 interruptions"
    )
    kernel(page, state="ended", call="c1", summary=summary)
    page.set_viewport_size({"width": 844 + 36, "height": 900})
    told = page.locator(".voicenb-after-told")
    expect(told).to_have_text(summary)
    height = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.voicenb-talk')).lineHeight)")
    assert told.bounding_box()["height"] < 1.5 * height
    # The buttons end where the line below them does.
    kernel(page, state="ended", call="c1", summary="1 turn · answered in 1.6 s")
    expect(told).to_have_text("1 turn · answered in 1.6 s")
    save, row = page.get_by_role("button", name="Save", exact=True), page.locator(".voicenb-after-row")
    edges = [box["x"] + box["width"] for box in (save.bounding_box(), row.bounding_box())]
    assert edges[0] == pytest.approx(edges[1], abs=1)


def test_the_figures_of_the_sound_say_what_they_mean(page: Page) -> None:
    way = page.locator(".voicenb-way")
    kernel(page, state="listening", started=1.0, call="x", audio="direct", lost=2)
    expect(way).to_have_text("audio direct · 0 late · 2 lost")
    for word in ("late:", "lost:", "gap:", "too busy"):
        expect(way).to_have_attribute("title", re.compile(word))
        expect(page.locator(".voicenb-foot")).to_contain_text(word)


def test_what_to_say_is_shown_before_a_call_and_not_behind_it(page: Page) -> None:
    hints = page.locator(".voicenb-hints")
    expect(hints).to_be_visible()
    kernel(page, state="ended", call="c1")  # without a turn
    expect(hints).to_be_hidden()


def test_that_another_panel_was_made_is_no_alarm(page: Page) -> None:
    error = {"message": "Another Talk was made.", "remedy": "Run this cell again."}
    problem, edge = page.locator(".voicenb-problem"), "(element) => getComputedStyle(element).borderLeftColor"
    kernel(page, error=error)
    expect(problem).to_be_visible()
    alarm = problem.evaluate(edge)
    kernel(page, error={**error, "calm": True})
    expect(problem).to_have_class(re.compile("voicenb-calm"))
    assert problem.evaluate(edge) != alarm


def test_a_long_name_leaves_the_lanes_free(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x", agent="The Grand Hotel and Restaurant " * 4)
    lanes = page.locator(".voicenb-lanes").bounding_box()
    name = page.locator(".voicenb-lane-agent").bounding_box()
    assert name["width"] < lanes["width"] / 3
    assert name["height"] < 30


# Keeps where words are written into the lanes; time can be put forward.
WRITTEN = """() => {
  const { prototype } = CanvasRenderingContext2D;
  const { fillText, clearRect } = prototype, now = performance.now.bind(performance);
  Object.assign(window, { ahead: 0, places: [], pictures: 0 });
  performance.now = () => now() + ahead;
  prototype.fillText = function (text, x, y) {
    places.push(x);
    fillText.call(this, text, x, y);
  };
  prototype.clearRect = function (...box) {
    pictures += 1;
    clearRect.apply(this, box);
  };
}"""


def test_no_word_in_the_lanes_runs_into_a_name(page: Page, helper: Helper) -> None:
    page.evaluate(WRITTEN)
    page.set_viewport_size({"width": 276, "height": 900})
    live(page, helper)
    kernel(page, state="speaking", started=1.0, call="x")
    speak(helper)
    helper.wait(lambda: helper.told("heard"))
    helper.say(type="flush")
    page.wait_for_function("places.length")
    for seconds in range(1, 10):
        seen = page.evaluate("ahead => { window.ahead = ahead; return pictures }", 1000 * seconds)
        page.wait_for_function("seen => pictures > seen + 1", arg=seen)
    name = page.locator(".voicenb-lane-agent").evaluate("(name) => name.offsetLeft + name.offsetWidth")
    places = page.evaluate("places")
    assert name < min(places) < 120 < max(places), "it goes along with its moment as far as the name"


def test_in_forced_colours_stop_is_no_empty_ring(page: Page, helper: Helper) -> None:
    live(page, helper)
    page.emulate_media(forced_colors="active")
    color = "(element) => getComputedStyle(element).backgroundColor"
    square, face = (
        page.locator(".voicenb-square").evaluate(color),
        page.locator(".voicenb-face").evaluate(color),
    )
    assert square != face
    paper = page.locator(".voicenb-talk").evaluate(color)
    assert face != paper


def test_in_a_narrow_cell_all_begins_at_one_edge(page: Page) -> None:
    page.set_viewport_size({"width": 560, "height": 900})
    kernel(page, error={"message": "No emulator.", "remedy": "pip install it."})
    problem, button = page.locator(".voicenb-problem"), page.locator(".voicenb-button")
    assert problem.bounding_box()["x"] == pytest.approx(button.bounding_box()["x"], abs=1)


def test_no_line_of_the_badge_begins_with_a_dot(page: Page) -> None:
    badge = page.locator(".voicenb-badge")
    kernel(page, service="emulator", profile="contract", brain="rules")
    for width, lines in (
        (240, ["emulator · contract", "rules"]),
        (160, ["emulator", "contract", "rules"]),
        (600, ["emulator · contract · rules"]),
    ):
        page.set_viewport_size({"width": width + 36, "height": 900})
        assert badge.evaluate(LINES) == lines
    kernel(page, service="", profile="", brain="")
    expect(badge).to_be_hidden()


def test_in_the_narrowest_cell_the_badge_stays_inside(page: Page) -> None:
    page.set_viewport_size({"width": 250 + 36, "height": 900})
    kernel(page, service="emulator", profile="contract", brain="rules")
    badge, panel = page.locator(".voicenb-badge"), page.locator(".voicenb-talk")
    expect(badge).to_have_text("emulator · contract · rules")
    right, edge = (box["x"] + box["width"] for box in (badge.bounding_box(), panel.bounding_box()))
    assert right <= edge - 10


def test_what_to_say_does_not_look_like_a_link(page: Page) -> None:
    color = "(element) => getComputedStyle(element).color"
    hint = page.locator(".voicenb-hint").first.evaluate(color)
    assert hint == page.locator(".voicenb-name").evaluate(color)


def asked(page: Page, kind: str) -> str:
    await_sent(page, kind)
    return str(sent(page, kind)[-1]["ask"])


def test_after_a_call_it_says_what_it_was_and_what_comes_next(page: Page) -> None:
    after = page.locator(".voicenb-after")
    expect(after).to_be_hidden()
    over(page)
    expect(after).to_contain_text("1 turn · answered in 1.6 s")
    expect(after).to_contain_text("TurnDetectionPanel(talk)")
    expect(after).to_contain_text("start Ollama")
    kernel(page, state="ended", brain="llama3")
    expect(after).to_contain_text("talk.update(…)")
    kernel(page, state="listening", call="c2")
    expect(after).to_be_hidden()


def test_elsewhere_than_in_a_notebook_the_next_step_is_another(page: Page, address: str) -> None:
    page.add_init_script("window.host = { next: 'Next: change the file.' }")
    page.goto(address)
    mounted(page)
    over(page)
    told = page.locator(".voicenb-after-next")
    expect(told).to_contain_text("Next: change the file. The rules know your tools")
    expect(told).not_to_contain_text("TurnDetectionPanel")


def test_the_call_can_be_heard_and_downloaded(page: Page) -> None:
    over(page)
    page.get_by_role("button", name="Hear it").click()
    ask = asked(page, "hear")
    wav = wav_bytes(np.zeros((24_000, 2), np.float32))
    for start in range(0, len(wav), 50_000):
        piece = list(wav[start : start + 50_000])
        about = {"type": "wav", "ask": ask, "name": "lido.wav", "size": len(wav), "start": start}
        page.evaluate("([about, piece]) => kernel.send(about, [piece])", [about, piece])
    player = page.locator("audio")
    expect(player).to_be_visible()
    page.wait_for_function("document.querySelector('audio').duration === 1")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "lido.wav"
    assert download.value.path().read_bytes() == wav
    assert len(sent(page, "hear")) == 1, "it is there already"
    kernel(page, state="listening", call="c2")
    kernel(page, state="ended", call="c2")
    expect(player).to_be_hidden()


def test_saving_says_where_or_why_not(page: Page) -> None:
    over(page)
    page.get_by_role("button", name="Save", exact=True).click()
    ask = asked(page, "save")
    page.evaluate("ask => kernel.send({ type: 'saved', ask, path: 'calls/lido' })", ask)
    expect(page.get_by_role("status")).to_have_text('saved: vn.load("calls/lido")')
    page.get_by_role("button", name="Save", exact=True).click()
    ask = asked(page, "save")
    error = {"type": "after-error", "ask": ask, "message": "The disk is full.", "remedy": "Make room."}
    page.evaluate("error => kernel.send(error)", error)
    expect(page.get_by_role("status")).to_have_text("The disk is full. Make room.")


def test_the_sound_is_checked_with_a_button_of_the_panel(page: Page) -> None:
    """By mouse and keyboard; it is offered only while no call runs here."""
    check = page.get_by_role("button", name="Check the sound", exact=True)
    kernel(page, state="listening", started=1.0, call="x")
    expect(check).to_be_hidden()
    kernel(page, replaced=True)
    expect(check).to_be_hidden()
    kernel(page)
    check.focus()
    page.keyboard.press("Enter")
    await_sent(page, "start")
    (asked,) = sent(page, "start")
    assert (asked["check"], asked["rejoin"]) == (True, False)
    assert page.evaluate("wishes.length") == 1, "the microphone is asked for by the same press"
    expect(check).to_be_hidden()
    answer(page, "error", message="No port.", remedy="Try again.")
    expect(check).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_function("sent.filter((s) => s.content.type === 'start').length === 2")
    assert sent(page, "start")[1]["check"] is False
