"""The Player in a real Chromium, with a kernel in the test's hands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import judged
from harness import await_sent, sent, site, wear
from lab import chromium
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

import voicenb as vn
from tests.analysis.known_call import KnownCall, speech
from voicenb.sharing.document import document

pytestmark = pytest.mark.browser

RATE = 24_000
SLICE = 4 * RATE
SECONDS = 20.0
STATE: dict[str, Any] = {
    "agent": "Lido",
    "mark": "voicenb-static-1",
    "at": 0.0,
    "sound": 1,
    "length": round(SECONDS * RATE),
    "rate": RATE,
    "running": False,
    "version": 1,
    "measured": True,
    "reading": False,
    "error": None,
}


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    made = KnownCall(tmp_path_factory.mktemp("player") / "call", SECONDS)
    over = made.says(1.0, speech("cards-002.wav"))
    made.turn("one", "Two cards, please.", told=1.1, decided=over + 0.85, transcribed=over + 0.9)
    sound = speech("austen-0880.wav")
    made.reply("r1", "An answer.", sound, began=over + 0.9, received=over + 1.0, heard=over + 1.1)
    return made.build()


@pytest.fixture(scope="module")
def told(call: vn.Recording) -> dict[str, Any]:
    return document(call)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with site("light", "player.js", "call_view.css", "player.css") as running:
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
    yield page
    page.close()
    assert errors == []


def tell(page: Page, **state: Any) -> None:
    """The kernel tells how things stand."""
    page.evaluate("state => kernel.set('_state', state)", {**STATE, **state})


def says(page: Page, kind: str, **content: Any) -> None:
    """The kernel says something."""
    page.evaluate("message => kernel.send(message)", {"type": kind, **content})


def shown(page: Page, told: dict[str, Any], **state: Any) -> None:
    """The kernel is there, and has told everything."""
    says(page, "hello")
    tell(page, **state)
    await_sent(page, "document")
    says(page, "document", version={**STATE, **state}["version"], measured=True, document=told)
    expect(view(page)).to_be_visible()


ANSWER = """({ start, count, sound }) => {
  const bytes = new Uint8Array(4 * count);
  const samples = new Int16Array(bytes.buffer);
  for (let i = 0; i < samples.length; i++) samples[i] = 3000;
  kernel.send({ type: "slice", sound, start }, [bytes]);
}"""


def answer_slices(page: Page, seconds: float = 0.0) -> int:
    """Answer what the page asks for; returns how many slices it has asked for so far."""
    done = 0
    for _ in range(1 + round(seconds / 0.05)):
        asked = sent(page, "slice")
        for wish in asked[done:]:
            page.evaluate(ANSWER, wish)
        done = len(asked)
        if seconds:
            page.wait_for_timeout(50)
    return done


def view(page: Page) -> Locator:
    return page.locator(".voicenb-call")


def notice(page: Page) -> Locator:
    return page.locator(".voicenb-listen-notice")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def now(page: Page) -> str:
    return page.locator(".voicenb-call-now").inner_text()


def test_it_says_what_it_waits_for_until_everything_is_there(page: Page, told: dict[str, Any]) -> None:
    says(page, "hello")
    tell(page, sound=0, length=0, version=0, measured=False, reading=True)
    expect(notice(page)).to_have_text("Reading the call with Lido …Refresh")
    expect(button(page, "Refresh")).to_be_hidden()
    tell(page, measured=False, reading=True)
    await_sent(page, "document")
    bare = {**told, "rows": [], "tiles": [], "findings": [], "missing": []}
    says(page, "document", version=1, measured=False, document=bare)
    expect(view(page)).to_be_visible()
    expect(notice(page)).to_contain_text("The turns are being measured: their figures follow.")
    expect(page.locator(".voicenb-call-transcript")).to_be_visible()
    expect(page.get_by_text("The caller had no turn.")).to_be_hidden()  # nobody knows yet
    expect(page.get_by_text("Nothing stands out.")).to_be_hidden()
    tell(page, version=2)
    says(page, "document", version=2, measured=True, document=told)
    expect(notice(page)).to_be_hidden()
    expect(view(page)).to_have_count(1)
    assert len(sent(page, "document")) == 2, "each is asked for once"


def test_what_the_notebook_keeps_is_hidden_while_the_call_is_shown(page: Page, told: dict[str, Any]) -> None:
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('p'), { className: 'voicenb-static-1' }))"
    )
    kept = page.locator(".voicenb-static-1")
    assert kept.evaluate("element => getComputedStyle(element).display") == "block"
    shown(page, told)
    assert kept.evaluate("element => getComputedStyle(element).display") == "none"


def test_sound_is_fetched_when_it_is_wanted_and_plays(page: Page, told: dict[str, Any]) -> None:
    shown(page, told)
    assert [wish["start"] for wish in sent(page, "slice")] == [0], "the first one is there when it is pressed"
    page.clock.install()
    button(page, "Play").click()
    page.clock.run_for(1_400)
    expect(notice(page)).to_be_hidden()  # most come sooner
    page.clock.run_for(200)
    expect(notice(page)).to_contain_text("Waiting for the sound")
    page.clock.resume()
    answer_slices(page, 1.5)
    expect(notice(page)).to_be_hidden()
    assert [wish["start"] for wish in sent(page, "slice")] == [n * SLICE for n in range(4)]
    assert now(page) > "0:00.3"
    button(page, "Pause").click()
    page.wait_for_function("sent.some((s) => s.content.type === 'at' && s.content.at > 0)")


def test_another_pace(page: Page, told: dict[str, Any]) -> None:
    shown(page, told)
    page.get_by_role("combobox", name="Speed").select_option("2")
    button(page, "Play").click()
    answer_slices(page, 3.0)
    assert now(page) > "0:03.5"


def test_two_views_of_one_call_play_it_once(page: Page, told: dict[str, Any]) -> None:
    shown(page, told)
    page.evaluate("view(document.body.appendChild(document.createElement('div')))")
    expect(view(page)).to_have_count(2)
    button(page, "Play").first.click()
    answer_slices(page, 0.5)
    expect(button(page, "Pause")).to_have_count(2)
    button(page, "Pause").last.click()
    expect(button(page, "Play")).to_have_count(2)
    starts = [wish["start"] for wish in sent(page, "slice")]
    assert len(starts) == len(set(starts))


def test_it_falls_silent_with_its_last_view(page: Page, told: dict[str, Any]) -> None:
    shown(page, told)
    page.evaluate("view(document.body.appendChild(document.createElement('div')))")
    button(page, "Play").first.click()
    answer_slices(page, 0.5)
    page.evaluate("clear()")  # as when the cell runs again
    expect(view(page)).to_have_count(0)
    page.evaluate("view(document.querySelector('#panel'))")
    expect(button(page, "Play")).to_be_visible()


def test_one_call_is_heard_at_a_time(page: Page, told: dict[str, Any]) -> None:
    shown(page, told)
    page.evaluate("reopen(document.body.appendChild(document.createElement('div')))")
    says(page, "hello")
    says(page, "document", version=1, measured=True, document=told)
    expect(view(page)).to_have_count(2)
    button(page, "Play").first.click()
    answer_slices(page, 0.3)
    expect(button(page, "Pause")).to_have_count(1)
    button(page, "Play").click()
    expect(button(page, "Pause")).to_have_count(1)
    expect(view(page).last.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_a_call_that_runs_says_so_and_a_refresh_keeps_the_place(page: Page, told: dict[str, Any]) -> None:
    shown(page, {**told, "finished": False}, running=True)
    expect(notice(page)).to_contain_text("The call is not finished: this is what there is so far.")
    page.evaluate("kernel.send({ type: 'do', at: 7.5 })")
    expect(page.locator(".voicenb-call-now")).to_have_text("0:07.5")
    button(page, "Refresh").click()
    assert len(sent(page, "refresh")) == 1
    tell(page, running=True, reading=True)
    expect(button(page, "Refresh")).to_be_disabled()
    tell(page, running=True, sound=2, version=2, length=round(30 * RATE))
    says(page, "document", version=2, measured=True, document={**told, "finished": False, "duration": 30.0})
    expect(page.locator(".voicenb-call-now")).to_have_text("0:07.5")
    expect(view(page)).to_contain_text("0:30.0")
    assert sent(page, "slice")[-1]["sound"] == 2
    # What was under way is of the first one, and is not taken.
    says(page, "slice", sound=1, start=SLICE)


def test_a_slice_that_cannot_be_read_is_told_of(page: Page, told: dict[str, Any]) -> None:
    shown(page, told)
    button(page, "Play").click()
    says(
        page, "slice-error", sound=1, start=0, message="The recording cannot be read.", remedy="Look for it."
    )
    expect(view(page)).to_contain_text("The recording cannot be read. Look for it.")
    expect(button(page, "Play")).to_be_hidden()
    tell(page, at=0.5)
    expect(button(page, "Play")).to_be_hidden()


def test_where_there_is_no_kernel_it_says_what_to_do(page: Page, told: dict[str, Any]) -> None:
    page.clock.install()
    page.evaluate("kernel.restart()")
    page.clock.run_for(5_000)
    expect(notice(page)).to_contain_text("run the cell to hear it")
    shown(page, told)
    expect(notice(page)).to_be_hidden()
    expect(button(page, "Play")).to_be_visible()
    page.evaluate("kernel.restart()")
    page.clock.run_for(5_000)
    expect(view(page)).to_contain_text("run the cell to hear it")
    expect(button(page, "Play")).to_be_hidden()


def test_what_is_wrong_with_a_recording_is_said(page: Page) -> None:
    says(page, "hello")
    error = {"message": "There is nothing at calls/lido.", "remedy": "Give the folder that was saved."}
    tell(page, sound=0, length=0, version=0, measured=False, error=error)
    expect(notice(page)).to_contain_text("There is nothing at calls/lido. Give the folder that was saved.")


def test_a_cell_that_plays_before_the_sound_is_there_is_obeyed_when_it_is(
    page: Page, told: dict[str, Any]
) -> None:
    says(page, "hello")
    tell(page, sound=0, length=0, version=0, measured=False, reading=True)
    says(page, "do", at=5.0, act="play")
    page.mouse.click(5, 5)  # else the browser lets nothing be heard
    shown(page, told)
    assert sent(page, "slice")[0]["start"] == SLICE
    answer_slices(page, 1.0)
    assert "0:05.2" < now(page) < "0:07"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 480])
@pytest.mark.slow
def test_nothing_keeps_people_from_using_it(page: Page, told: dict[str, Any], theme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    wear(page, theme)
    shown(page, {**told, "finished": False}, running=True)
    found = judged(page, "#panel")
    assert found["wrong"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


FILES = Path(__file__).parents[2] / "voicenb" / "frontend"


def test_every_class_is_ours_or_the_views() -> None:
    css, view = ((FILES / name).read_text("utf-8") for name in ("player.css", "call_view.css"))
    names = set(re.findall(r"\.([a-zA-Z][\w-]*)(?=[^{}]*\{)", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)))
    assert {"voicenb-listen-notice", "voicenb-listen-sketch"} <= names
    theirs = {name for name in names if not name.startswith("voicenb-listen")}
    assert all(f".{name}" in view for name in theirs), theirs


def test_a_note_of_the_whole_call_stands_at_no_moment(page: Page, told: dict[str, Any]) -> None:
    note = {"by": "note", "at": 0.0, "end": 0.0, "words": []}
    notes = [
        {**note, "id": "note-0", "note": "Angry at first.", "whole": True},
        {**note, "id": "note-1", "note": "Here.", "whole": False},
    ]
    shown(page, {**told, "lines": [*notes, *told["lines"]]})
    of_all, of_a_moment = page.locator(".voicenb-call-line-note").all()
    expect(of_all).to_have_text("Note on the call Angry at first.")
    expect(of_all.get_by_role("button")).to_have_count(0)
    expect(of_a_moment).to_have_text("0:00.0Note Here.")
