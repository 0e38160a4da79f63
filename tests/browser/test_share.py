"""The page of a call, from file:// in a real Chromium: nothing of it comes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import judged
from lab import chromium
from playwright.sync_api import Browser, Page, Playwright, expect

import voicenb as vn
from tests.sharing.explained_call import HOSTILE, explained_call

VIEW = ".voicenb-call"
NOW = ".voicenb-call-now"
CURRENT = '.voicenb-call-line[aria-current="true"]'
LIT = ".voicenb-call-lit"

# Keeps the element that plays: it is in no tree.
PLAYER = """
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    window.player = this;
    return play.call(this);
  };
"""

# How loud each side has been, of what the element plays.
LISTEN = """async (seconds) => {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(player.captureStream());
  const parted = context.createChannelSplitter(2);
  source.connect(parted);
  const sides = [0, 1].map((side) => {
    const analyser = context.createAnalyser();
    parted.connect(analyser, side);
    return analyser;
  });
  const loudest = [0, 0];
  const samples = new Float32Array(2048);
  const until = performance.now() + 1000 * seconds;
  while (performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    sides.forEach((analyser, side) => {
      analyser.getFloatTimeDomainData(samples);
      loudest[side] = Math.max(loudest[side], Math.hypot(...samples) / Math.sqrt(samples.length));
    });
  }
  await context.close();
  return loudest;
}"""


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    return explained_call(tmp_path_factory.mktemp("share") / "call")


@pytest.fixture(scope="module")
def file(call: vn.Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return call.to_html(tmp_path_factory.mktemp("page") / "call.html")


@pytest.fixture(scope="module")
def mute(call: vn.Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return call.to_html(tmp_path_factory.mktemp("page") / "call.html", include_audio=False)


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with chromium(playwright) as running:
        yield running


class Opened:
    """Pages that were opened, and what went wrong in them."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.wrong: list[str] = []
        self.asked: list[str] = []
        self.pages: list[Page] = []

    def __call__(self, path: Path, *, width: int = 1280, height: int = 900, **context: Any) -> Page:
        page = self.browser.new_context(viewport={"width": width, "height": height}, **context).new_page()
        self.pages.append(page)
        page.add_init_script(PLAYER)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        # A policy that is violated says so there as well.
        page.on("console", lambda message: self.wrong.append(message.text))
        page.on("dialog", lambda dialog: self.wrong.append(f"dialog: {dialog.message}") or dialog.dismiss())
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(path.as_uri())
        return page


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    running = Opened(browser)
    yield running
    for page in running.pages:
        page.context.close()
    assert running.wrong == []
    assert [url for url in running.asked if not url.startswith(("file:", "blob:"))] == []


def seconds(page: Page) -> float:
    minutes, rest = page.locator(NOW).inner_text().split(":")
    return 60 * int(minutes) + float(rest)


def expect_at(page: Page, at: float, near: float = 0.15) -> None:
    page.wait_for_function(
        """([at, near]) => {
          const [minutes, rest] = document.querySelector(".voicenb-call-now").textContent.split(":");
          return Math.abs(60 * Number(minutes) + Number(rest) - at) <= near;
        }""",
        arg=[at, near],
    )


def start(page: Page) -> None:
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => player.currentTime > 0 && !player.paused && player.readyState >= 3")


def test_it_shows_the_call_as_it_was_measured(opened: Opened, file: Path, call: vn.Recording) -> None:
    page = opened(file)
    found = vn.turns(call)
    expect(page).to_have_title(re.compile("Known"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Known")
    expect(page.locator(VIEW)).to_contain_text("emulator · contract · rules")
    report = vn.report(call)
    expect(page.locator(".voicenb-call-tile").first).to_contain_text(f"{report.latency.p50:.2f} s")
    rows = page.get_by_role("table").get_by_role("row").filter(has=page.get_by_role("rowheader"))
    expect(rows).to_have_count(len(found.caller))
    first = found.caller[0]
    expect(rows.first.get_by_role("cell").last).to_have_text(f"{first.response_latency:.2f} s")
    expect(rows.first).to_contain_text("0.80 s silence that the setting asks for")
    expect(rows.last).to_contain_text("unanswered")
    for finding in report.findings:
        expect(page.get_by_text(finding)).to_be_visible()


def test_words_are_words_whatever_they_say(opened: Opened, file: Path) -> None:
    page = opened(file)
    expect(page.locator(".voicenb-call-line").first).to_contain_text(HOSTILE)
    assert page.locator("script").count() == 2  # what the sound was in is gone
    expect(page.locator(f"{VIEW} b b, {VIEW} li b")).to_have_count(0)


def test_what_was_not_heard_is_struck_through(opened: Opened, file: Path) -> None:
    line = opened(file).locator(".voicenb-call-line").filter(has_text="interrupted")
    expect(line.locator("s")).to_be_visible()
    expect(line.locator(".voicenb-call-said")).to_contain_text("It is there")
    expect(line.locator(".voicenb-call-said")).not_to_contain_text(line.locator("s").inner_text())


def test_both_sides_are_heard_each_on_its_own(opened: Opened, file: Path, call: vn.Recording) -> None:
    page = opened(file)
    found = vn.turns(call)
    for turn, side in ((found.caller[0], 0), (found.agent[0], 1)):
        page.locator(".voicenb-call-when").nth(side).click()
        expect_at(page, turn.start)
        start(page)
        heard = page.evaluate(LISTEN, min(1.5, turn.length - 0.2))
        assert heard[side] > 0.02
        assert heard[1 - side] < heard[side] / 50
        page.get_by_role("button", name="Pause", exact=True).click()


def test_the_transcript_follows(opened: Opened, file: Path) -> None:
    page = opened(file)
    page.locator(".voicenb-call-when").nth(1).click()
    expect(page.locator(CURRENT)).to_contain_text("An answer.")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(CURRENT)).to_contain_text("Two cards")
    start(page)
    expect(page.locator(CURRENT)).to_contain_text("An answer.")
    expect(page.locator(LIT)).to_have_text("An")
    expect(page.locator(LIT)).to_have_text("answer.")
    expect(page.locator(CURRENT)).to_have_count(1)


def test_a_click_on_a_word_leads_to_it(opened: Opened, file: Path) -> None:
    page = opened(file)
    word = page.locator(".voicenb-call-line").nth(1).locator(".voicenb-call-word").nth(1)
    word.click()
    expect_at(page, float(word.get_attribute("data-at") or "nan"))
    expect(page.locator(LIT)).to_have_text("answer.")
    page.locator(".voicenb-call-word").first.click()
    expect(page.locator(CURRENT)).to_contain_text("Two cards")


def test_a_turn_of_the_table_leads_to_it(opened: Opened, file: Path, call: vn.Recording) -> None:
    page = opened(file)
    page.get_by_role("button", name=re.compile("^Turn 3, A tool, please.")).click()
    expect_at(page, vn.turns(call).caller[1].start)
    expect(page.locator('.voicenb-call-row[aria-current="true"]')).to_contain_text("A tool, please.")


def test_a_click_in_the_lanes_leads_there_and_the_mark_can_be_taken_along(opened: Opened, file: Path) -> None:
    page = opened(file)
    lanes = page.get_by_role("slider", name="Position in the call")
    box = lanes.bounding_box()
    assert box
    whole = page.locator(".voicenb-call-strip").evaluate("(strip) => strip.offsetWidth")
    duration = float(lanes.get_attribute("aria-valuemax") or "nan")
    page.mouse.move(box["x"] + 300, box["y"] + 100)
    page.mouse.down()
    expect_at(page, 300 / whole * duration)
    page.mouse.move(box["x"] + 600, box["y"] + 100, steps=5)
    expect_at(page, 600 / whole * duration)
    page.mouse.up()
    page.mouse.move(box["x"] + 700, box["y"] + 100)
    expect_at(page, 600 / whole * duration)
    assert "second" in (lanes.get_attribute("aria-valuetext") or "")


def test_a_finger_puts_the_mark_somewhere(opened: Opened, file: Path) -> None:
    page = opened(file, width=390, height=800, has_touch=True)
    lanes = page.get_by_role("slider", name="Position in the call")
    box = lanes.bounding_box()
    assert box
    whole = page.locator(".voicenb-call-strip").evaluate("(strip) => strip.offsetWidth")
    duration = float(lanes.get_attribute("aria-valuemax") or "nan")
    page.touchscreen.tap(box["x"] + 200, box["y"] + 100)
    expect_at(page, 200 / whole * duration)


def test_the_keys(opened: Opened, file: Path) -> None:
    page = opened(file)
    expect(page.locator(VIEW)).to_be_visible()
    duration = float(page.get_by_role("slider").get_attribute("aria-valuemax") or "nan")
    page.keyboard.press("End")
    expect_at(page, duration)
    page.keyboard.press("Home")
    expect_at(page, 0)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect_at(page, 6)
    page.keyboard.press("ArrowLeft")
    expect_at(page, 4)
    page.keyboard.press("]")
    expect(page.locator(CURRENT)).to_contain_text("An answer.")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    # On a button, space presses that button.
    page.get_by_role("button", name="Zoom in").focus()
    before = page.locator(".voicenb-call-strip").evaluate("(strip) => strip.offsetWidth")
    page.keyboard.press("Space")
    page.wait_for_function(f"() => document.querySelector('.voicenb-call-strip').offsetWidth > {before}")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_it_plays_to_its_end_and_from_the_beginning_again(opened: Opened, file: Path) -> None:
    page = opened(file)
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("combobox", name="Speed").select_option("2")
    start(page)
    assert page.evaluate("player.playbackRate") == 2
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()  # it is over
    start(page)
    page.get_by_role("button", name="Pause", exact=True).click()
    assert seconds(page) < 10


def test_zoom_keeps_what_is_heard_in_its_place(opened: Opened, file: Path) -> None:
    page = opened(file)
    page.locator(".voicenb-call-when").nth(3).click()
    mark = page.locator(".voicenb-call-mark")
    place = mark.bounding_box()
    out, closer = page.get_by_role("button", name="Zoom out"), page.get_by_role("button", name="Zoom in")
    for _ in range(3):
        closer.click()
    after = mark.bounding_box()
    assert place
    assert after
    assert after["x"] == pytest.approx(place["x"], abs=3)
    for _ in range(20):
        page.keyboard.press("+")
    expect(closer).to_have_attribute("aria-disabled", "true")
    for _ in range(30):
        page.keyboard.press("-")
    expect(out).to_have_attribute("aria-disabled", "true")
    strip = page.locator(".voicenb-call-strip").evaluate("(strip) => strip.offsetWidth")
    assert strip == page.locator(".voicenb-call-scroller").evaluate("(scroller) => scroller.clientWidth")


def test_the_lanes_go_on_with_what_is_heard(opened: Opened, file: Path) -> None:
    page = opened(file)
    for _ in range(12):
        page.keyboard.press("+")
    scrolled = "() => document.querySelector('.voicenb-call-scroller').scrollLeft"
    assert page.evaluate(scrolled) == 0
    page.keyboard.press("End")
    page.wait_for_function(f"{scrolled} > 1000")
    page.keyboard.press("Home")
    page.wait_for_function(f"{scrolled} === 0")
    start(page)
    page.wait_for_function(f"{scrolled} > 100")  # a second and a half are as wide as the lanes


def test_light_and_dark(opened: Opened, file: Path) -> None:
    page = opened(file, color_scheme="dark")
    ground = "getComputedStyle(document.querySelector('.voicenb-call')).backgroundColor"
    assert page.evaluate(ground) == "rgb(21, 24, 29)"
    # The lanes are drawn anew in the other theme's colours.
    drawn = "document.querySelector('.voicenb-call-canvas').toDataURL()"
    page.wait_for_function(f"() => {drawn}.length > 5000")
    before = page.evaluate(drawn)
    page.emulate_media(color_scheme="light")
    page.wait_for_function(
        "(before) => document.querySelector('.voicenb-call-canvas').toDataURL() !== before", arg=before
    )
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 380])
def test_nothing_keeps_people_from_using_it(opened: Opened, file: Path, scheme: Any, width: int) -> None:
    page = opened(file, width=width, height=2200, color_scheme=scheme)
    page.locator(".voicenb-call-word").nth(3).click()
    expect(page.locator(LIT)).to_be_visible()
    told = judged(page, "body")
    assert "color-contrast" in told["passed"]
    assert told["wrong"] == []
    # Behind what is told of a wait there are two grounds, the band's and the page's: the colours are good on
    # either, see below. Of a sign it cannot say how it is read.
    unsure = ("partially obscured", "only non-text characters", "Unable to determine if the visible text")
    assert [each for each in told["open"] if not any(words in each for words in unsure)] == []


CONTRAST = """() => {
  const probe = document.createElement("i");
  document.querySelector(".voicenb-call").append(probe);
  const light = (name) => {
    probe.style.color = `var(${name})`;
    const parts = getComputedStyle(probe).color.match(/[0-9.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const grounds = { "--paper": ["--ink", "--faint", "--wrong", "--tool", "--caller", "--agent", "--wait"] };
  grounds["--band"] = ["--ink", "--faint", "--wrong", "--tool"];
  grounds["--caller-wash"] = ["--caller", "--ink", "--faint", "--wrong"];
  grounds["--agent-wash"] = ["--agent", "--ink", "--faint", "--wrong"];
  const ratios = Object.entries(grounds).flatMap(([ground, inks]) => inks.map((ink) => {
    const [one, other] = [light(ground), light(ink)];
    return [`${ink} on ${ground}`, Math.max(one, other) / Math.min(one, other)];
  }));
  return ratios.filter(([, ratio]) => ratio < 4.5);
}"""


def test_a_table_that_has_room_does_not_scroll(opened: Opened, file: Path) -> None:
    body = opened(file).locator(".voicenb-call-table tbody")
    expect(body).to_be_visible()
    assert body.evaluate("(body) => body.scrollHeight <= body.clientHeight")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_inks_can_be_read_on_every_ground(opened: Opened, file: Path, scheme: Any) -> None:
    page = opened(file, color_scheme=scheme)
    expect(page.locator(VIEW)).to_be_visible()
    # The picture of the lanes is written in them, where axe-core sees nothing.
    assert page.evaluate(CONTRAST) == []


def test_a_narrow_window_scrolls_downwards_only(opened: Opened, file: Path) -> None:
    page = opened(file, width=340)
    expect(page.locator(VIEW)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 340


def test_on_paper_everything_is_there_and_nothing_to_press(opened: Opened, file: Path) -> None:
    page = opened(file, height=500, color_scheme="dark")
    expect(page.locator(VIEW)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".voicenb-call-paper canvas")).to_have_count(2)  # 44 s, no more than 30 on a line
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_hidden()
    expect(page.locator(".voicenb-call-controls")).to_be_hidden()
    expect(page.locator(".voicenb-call-scroller")).to_be_hidden()
    for box in (".voicenb-call-transcript-box", ".voicenb-call-table tbody"):
        assert page.locator(box).evaluate("(box) => box.scrollHeight <= box.clientHeight")
    ink = page.locator(VIEW).evaluate("(view) => getComputedStyle(view).color")
    assert ink == "rgb(0, 0, 0)"
    page.emulate_media(media="screen")
    expect(page.locator(".voicenb-call-paper canvas")).to_have_count(0)


def test_it_is_printed(opened: Opened, file: Path) -> None:
    page = opened(file)
    expect(page.locator(VIEW)).to_be_visible()
    # A gradient with dots in it would make a megabyte of a bar.
    assert 20_000 < len(page.pdf(format="A4")) < 300_000


def test_without_the_voices_it_says_so_and_can_be_read(opened: Opened, mute: Path) -> None:
    page = opened(mute)
    expect(page.get_by_role("status")).to_have_text("The voices are not in this page.")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_hidden()
    page.locator(".voicenb-call-when").nth(1).click()
    expect(page.locator(CURRENT)).to_contain_text("An answer.")
    page.keyboard.press("Space")
    expect(page.locator(CURRENT)).to_contain_text("An answer.")
    assert judged(page, "body")["wrong"] == []


def test_a_browser_that_cannot_play_it_is_told_of_those_that_can(opened: Opened, file: Path) -> None:
    page = opened(file)
    page.add_init_script("HTMLMediaElement.prototype.canPlayType = () => ''")
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Safari from 18.4 on")
    expect(page.locator(".voicenb-call-line").first).to_be_visible()


def test_where_no_script_runs_the_words_are_there(opened: Opened, file: Path) -> None:
    page = opened(file, java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Known")
    expect(page.get_by_text("An answer.")).to_be_visible()
    expect(page.locator(".voicenb-share-plain").get_by_text(HOSTILE)).to_be_visible()
