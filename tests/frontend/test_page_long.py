"""A long call: what a line costs the page does not grow with the lines above it, and scrolling stays smooth.

What is looked at is the work itself, as Chromium's trace tells it: elements that are laid out, and
milliseconds of the processor, which do not depend on what else the machine has to do.
"""

from __future__ import annotations

from typing import Any

import pytest
from harness import kernel
from main_thread import Work, watch
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

TURNS = 500
LONG = 50.0
"""Milliseconds that a task may take: a longer one is felt."""
PARTS = [{"kind": "silence", "seconds": 1.4}, {"kind": "reply", "seconds": 0.2}]


def turn(n: int) -> list[dict[str, Any]]:
    answer = f"Answer {n}. It is a longer one, with more than a line of words in it. " * 3
    cost = {"text": "answered in 1.60 s — 1.40 silence", "strong": "1.60 s", "parts": PARTS}
    return [
        {"id": f"u{n}", "role": "user", "at": 3 * n, "text": f"Question {n}, if I may ask."},
        {"id": f"c{n}", "role": "cost", "at": 3 * n + 1, **cost},
        {"id": f"a{n}", "role": "agent", "at": 3 * n + 2, "text": answer},
    ]


def tell(page: Page, *lines: dict[str, Any]) -> None:
    """The kernel tells these lines, one by one, as in a call."""
    for line in lines:
        page.evaluate("line => kernel.send({ type: 'line', line })", line)
        page.wait_for_timeout(20)  # a picture of the screen is made of each


@pytest.fixture
def captions(page: Page) -> Locator:
    """The captions of a call that has gone on for long."""
    kernel(page, state="listening", started=1.0, call="x")
    lines = [line for n in range(TURNS) for line in turn(n)]
    page.evaluate("lines => kernel.send({ type: 'lines', lines, now: 0 })", lines)
    expect(page.get_by_text(f"Question {TURNS - 1},")).to_be_in_viewport()
    return page.locator(".voicenb-captions")


def to_the_first(page: Page, captions: Locator, words: str) -> None:
    """Scroll up until the line with these words is in the page."""
    for _ in range(60):
        captions.evaluate("(list) => list.scrollTo(0, 0)")
        page.wait_for_timeout(20)  # the earlier ones are put in above
        if captions.get_by_text(words).count():
            captions.evaluate("(list) => list.scrollTo(0, 0)")
            return
    raise AssertionError(f"It never came: {words}")


def from_end(captions: Locator) -> float:
    return float(captions.evaluate("(list) => list.scrollHeight - list.clientHeight - list.scrollTop"))


def assert_light(work: Work) -> None:
    assert work.tasks, "else nothing was looked at"
    assert work.longest <= LONG


def test_lines_are_added_to_a_long_call(page: Page, captions: Locator) -> None:
    partial = {"id": "now", "role": "user", "at": 3 * TURNS, "partial": True}

    def goes_on() -> None:
        for n in range(12):
            tell(page, {**partial, "text": "Words " * n, "tail": "follow"})
        for n in range(1, 13):
            tell(page, *turn(TURNS + n))

    work = watch(page, goes_on)
    assert_light(work)
    assert len(work.laid_out) > 30, "it was seen"
    assert max(work.laid_out) < 60
    assert max(work.restyled) < 30
    # What is said was followed, and the page has no more than it had.
    expect(page.get_by_text(f"Answer {TURNS + 12}.").first).to_be_in_viewport()
    assert from_end(captions) < 2
    assert captions.locator("li").count() <= 180


def test_earlier_lines_come_back_as_they_became(page: Page) -> None:
    kernel(page, state="listening", started=1.0, call="x")
    first = {"id": "first", "role": "user", "at": 0.0}
    page.evaluate("line => kernel.send({ type: 'line', line })", {**first, "text": "I wou", "partial": True})
    page.evaluate("line => kernel.send({ type: 'line', line })", {**first, "text": "I would like a table."})
    lines = [{"id": f"n{n}", "role": "agent", "at": n + 1, "text": f"Line {n}."} for n in range(200)]
    page.evaluate("lines => lines.forEach((line) => kernel.send({ type: 'line', line }))", lines)
    captions = page.locator(".voicenb-captions")
    expect(captions.get_by_text("I would like a table.")).to_have_count(0)
    to_the_first(page, captions, "I would like a table.")
    expect(captions.get_by_text("I would like a table.")).to_have_count(1)
    expect(captions.get_by_text("I wou", exact=True)).to_have_count(0)


def test_all_of_it_can_be_scrolled_through(page: Page, captions: Locator) -> None:
    captions.hover()

    def scrolls() -> None:
        for _ in range(25):
            page.mouse.wheel(0, -900)
            page.wait_for_timeout(30)

    assert_light(watch(page, scrolls))
    # To the very first line, and nothing moved under the reader's eyes.
    to_the_first(page, captions, "Question 0,")
    expect(page.get_by_text("Question 0,")).to_be_in_viewport()
    texts = captions.locator(".voicenb-user .voicenb-words").all_inner_texts()
    assert texts == [f"Question {n}, if I may ask." for n in range(TURNS)]


def test_who_reads_above_is_left_there(page: Page, captions: Locator) -> None:
    captions.evaluate("(list) => list.scrollBy(0, -2000)")
    read = captions.locator("li").filter(has_text=f"Question {TURNS - 15},")
    where = read.bounding_box()
    tell(page, *turn(TURNS))
    # An earlier line that is not in the page changes: it is as it is now when one comes to it.
    tell(page, {**turn(3)[2], "text": "It was another.", "unheard": "one", "interrupted": True})
    assert read.bounding_box() == where
    # More of the earlier ones are put in above.
    captions.evaluate("(list) => list.scrollTo(0, 300)")
    page.wait_for_timeout(100)
    above = captions.evaluate("(list) => list.scrollTop")
    assert above > 1000
    # Back at the end it is followed again, and the earlier ones leave.
    captions.evaluate("(list) => list.scrollTo(0, list.scrollHeight)")
    tell(page, *turn(TURNS + 1))
    assert from_end(captions) < 2
    assert captions.locator("li").count() <= 180
    to_the_first(page, captions, "Question 0,")
    expect(captions.locator("li").filter(has_text="It was another.")).to_contain_text("interrupted")


PICTURES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))"


def resize(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    for _ in range(3):  # a list that was laid out anew tells of its scrolling with the next pictures
        page.evaluate(PICTURES)


@pytest.mark.parametrize("last", [(600, 900), (1280, 500), (480, 700)])
def test_who_is_at_the_end_stays_there_when_the_window_changes(
    page: Page, captions: Locator, last: tuple[int, int]
) -> None:
    page.add_style_tag(content=".voicenb-talk .voicenb-captions { max-height: 40vh }")
    resize(page, 1280, 900)
    tell(page, *turn(TURNS))
    for width, height in ((800, 900), last):
        resize(page, width, height)
        assert from_end(captions) < 2
    tell(page, *turn(TURNS + 1), *turn(TURNS + 2))
    assert from_end(captions) < 2
    expect(page.get_by_role("button", name="Newer lines below")).to_be_hidden()


def test_who_comes_back_to_a_hidden_panel_is_at_the_end(page: Page, captions: Locator) -> None:
    page.evaluate("document.querySelector('#panel').style.display = 'none'")
    page.evaluate(PICTURES)
    tell(page, *turn(TURNS), *turn(TURNS + 1))
    page.evaluate("document.querySelector('#panel').style.display = ''")
    for _ in range(3):
        page.evaluate(PICTURES)
    assert from_end(captions) < 2


def test_who_reads_above_is_told_of_newer_lines_and_gets_there(page: Page, captions: Locator) -> None:
    newer = page.get_by_role("button", name="Newer lines below")
    expect(newer).to_be_hidden()
    captions.hover()
    page.mouse.wheel(0, -900)
    expect(newer).to_be_visible()
    radius = newer.evaluate("(button) => parseFloat(getComputedStyle(button).borderTopLeftRadius)")
    assert radius >= newer.bounding_box()["height"] / 2, "it is no button of the panel's, and round"
    resize(page, 600, 900)
    assert from_end(captions) > 100, "who reads above is not taken away from there"
    expect(newer).to_be_visible()
    captions.focus()
    page.keyboard.press("Tab")
    expect(newer).to_be_focused()
    page.keyboard.press("Enter")
    expect(newer).to_be_hidden()
    expect(captions).to_be_focused()
    assert from_end(captions) < 2
    tell(page, *turn(TURNS))
    assert from_end(captions) < 2
