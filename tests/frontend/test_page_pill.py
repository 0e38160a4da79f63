"""The pill: a call in progress is never out of sight."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from harness import TRACKS, Helper, kernel, live, sent
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PILL = ".voicenb-pill"


def scroll_away(page: Page) -> None:
    page.evaluate("document.body.style.paddingBottom = '4000px'; window.scrollTo(0, 3000)")


def test_it_stands_there_while_no_panel_is_in_view(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x", cost_rate=4.5)
    pill = page.locator(PILL)
    expect(pill).to_have_count(0)
    scroll_away(page)
    expect(pill).to_be_visible()
    expect(pill).to_contain_text("Lido")
    expect(pill.locator(".voicenb-cost")).to_have_text(
        page.locator(".voicenb-counts .voicenb-cost").inner_text()
    )
    pill.get_by_role("button", name="Mute").click()
    expect(pill.get_by_role("button", name="Unmute")).to_be_visible()
    assert sent(page, "mute") == [{"type": "mute", "muted": True}]
    pill.get_by_role("button", name="Show").click()
    expect(pill).to_have_count(0)
    expect(page.locator(".voicenb-talk")).to_be_in_viewport()


SIDEBAR = "document.documentElement.style.setProperty('--jp-private-sidebar-tab-width', '32px')"


@pytest.mark.parametrize("width", [420, 1280])
def test_it_is_clear_of_the_notebooks_scrollbar(page: Page, helper: Helper, width: int) -> None:
    live(page, helper)
    scroll_away(page)
    page.set_viewport_size({"width": width, "height": 900})
    # As JupyterLab has it: beside the scrollbar are the tabs of its right sidebar.
    page.evaluate(SIDEBAR)
    box = page.locator(PILL).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width - 32 - 15


# Of each part: how far it sticks out of the pill, and how much of its words is cut off.
PARTS = """(pill) => {
  const { left, right, top, bottom } = pill.getBoundingClientRect();
  const shown = (part) => part.textContent && part.getClientRects().length;
  return [...pill.querySelectorAll("div:not(:has(*)), span, button")].filter(shown).map((part) => {
    const box = part.getBoundingClientRect();
    const out = Math.max(left - box.left, box.right - right, top - box.top, box.bottom - bottom);
    return { words: part.textContent, out, cut: part.scrollWidth - part.clientWidth, width: box.width };
  });
}"""


@pytest.mark.parametrize("agent", ["Lido", "The Grand Hotel and Restaurant"])
def test_all_of_it_is_inside_at_every_width(page: Page, helper: Helper, agent: str) -> None:
    began = time.time() - 754
    live(page, helper)
    scroll_away(page)
    page.evaluate(SIDEBAR)
    pill = page.locator(PILL)
    word = pill.get_by_role("status")

    def assert_all_inside() -> None:
        for width in (300, 360, 420, 600, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            parts = pill.evaluate(PARTS)
            assert [part for part in parts if part["out"] > 0] == [], width
            assert [part for part in parts if part["words"] != agent and part["cut"] > 1] == [], width
            name = next(part for part in parts if part["words"] == agent)
            assert name["width"] > 25, "it can be told from another"

    kernel(page, agent=agent, state="listening", started=began, call="x", cost_rate=4.5)
    assert_all_inside()
    pill.get_by_role("button", name="Mute").click()
    expect(pill.get_by_role("button", name="Unmute")).to_be_visible()
    assert_all_inside()
    kernel(page, agent=agent, state="reconnecting", started=began, call="x", cost_rate=4.5, muted=True)
    expect(word).to_have_text("reconnecting")
    assert_all_inside()
    page.evaluate("streams.at(-1).getAudioTracks()[0].dispatchEvent(new Event('mute'))")
    expect(word).to_have_text("you are not heard")
    assert_all_inside()


# As when several notebooks are open: each has a model of its own, with its own kernel behind it.
OTHERS = """async (count) => {
  const { default: make } = await import("/bundle.js");
  window.others = [];
  for (let n = 0; n < count; n += 1) {
    const handlers = new Map();
    const fire = (event, ...values) => (handlers.get(event) ?? []).forEach((handler) => handler(...values));
    const other = { state: { _state: {}, _lines: [] }, sent: [], fire };
    const model = {
      get: (name) => other.state[name],
      on: (event, handler) => handlers.set(event, [...(handlers.get(event) ?? []), handler]),
      off: () => {},
      send: (content) => other.sent.push(content),
    };
    others.push(other);
    const life = new AbortController();
    const widget = make();
    widget.initialize({ model, signal: life.signal });
    const el = document.body.insertBefore(document.createElement("div"), document.body.lastChild);
    widget.render({ model, el, signal: life.signal });
    fire("msg:custom", { type: "lines", lines: [], now: Date.now() / 1000 }, []);
    other.state._state = { state: "idle", agent: `Agent ${n}` };
    fire("change:_state");
  }
}"""

BOXES = "(pills) => pills.map((pill) => pill.getBoundingClientRect().toJSON())"


def test_calls_of_several_notebooks_stand_above_each_other(page: Page, helper: Helper) -> None:
    live(page, helper)
    page.evaluate(OTHERS, 2)
    with Helper() as second, Helper() as third:
        for n, each in enumerate((second, third)):
            panel = page.locator(".voicenb-talk").nth(n + 1)
            panel.get_by_role("button", name="Start", exact=True).click()
            page.wait_for_function("n => others[n].sent.some(({ type }) => type === 'start')", arg=n)
            page.evaluate(
                """([n, ways]) => {
                  const { ask } = others[n].sent.findLast(({ type }) => type === "start");
                  others[n].fire("msg:custom", { type: "connect", ask, ways, insist: null }, []);
                }""",
                [n, [each.way]],
            )
            page.wait_for_function("n => others[n].sent.some(({ type }) => type === 'chosen')", arg=n)
        scroll_away(page)
        pills = page.locator(PILL)
        expect(pills).to_have_count(3)
        boxes = sorted(pills.evaluate_all(BOXES), key=lambda box: box["top"])
        for above, below in pairwise(boxes):
            assert above["bottom"] < below["top"]
        assert len({round(box["right"]) for box in boxes}) == 1
        # The first can be reached as well as the others: its microphone was taken by a later call.
        first = pills.filter(has_text="Lido")
        first.get_by_role("button", name="Unmute").click()
        expect(first.get_by_role("button", name="Mute", exact=True)).to_be_visible()
        first.get_by_role("button", name="Stop", exact=True).click()
        expect(pills).to_have_count(2)
        for left in (1, 0):
            pills.last.get_by_role("button", name="Stop", exact=True).click()
            expect(pills).to_have_count(left)
    assert page.locator(".voicenb-pills").count() == 0, "nothing is left in the page"


def test_it_ends_the_call(page: Page, helper: Helper) -> None:
    live(page, helper)
    scroll_away(page)
    page.locator(PILL).get_by_role("button", name="Stop", exact=True).click()
    assert sent(page, "stop") == [{"type": "stop"}]
    assert page.evaluate(TRACKS) == ["ended"]
    expect(page.locator(PILL)).to_have_count(0)


def test_a_cleared_output_leaves_the_call_in_sight(page: Page, helper: Helper) -> None:
    live(page, helper)
    page.evaluate("clear()")
    expect(page.locator(PILL)).to_be_visible()
    expect(page.locator(PILL).get_by_role("button", name="Show")).to_be_hidden()
    page.evaluate("view(document.querySelector('#panel'))")
    expect(page.locator(PILL)).to_have_count(0)
    page.evaluate("clear()")
    page.evaluate("dispose()")
    expect(page.locator(PILL)).to_have_count(0)


def test_without_a_call_of_this_page_there_is_none(page: Page) -> None:
    scroll_away(page)
    kernel(page, state="listening", started=1.0, call="x")
    expect(page.locator(".voicenb-state")).to_contain_text("the microphone is on another page")
    expect(page.locator(PILL)).to_have_count(0)


# As JupyterLab has it: documents in a dock panel, of which one is in front, with a tab each.
DOCUMENTS = """() => {
  document.body.insertAdjacentHTML("beforeend", `
    <ul><li id="tab-1" class="lm-TabBar-tab"><div class="lm-TabBar-tabLabel">talk.ipynb</div></li></ul>
    <div id="talk" role="tabpanel" aria-labelledby="tab-1"></div>`);
  document.querySelector("#talk").append(document.querySelector("#panel"));
  document.querySelector("#tab-1").addEventListener("pointerdown", ({ clientX, clientY, button }) => {
    const { left, right, top, bottom } = document.querySelector("#tab-1").getBoundingClientRect();
    if (button || clientX < left || clientX >= right || clientY < top || clientY >= bottom) return;
    document.querySelector("#talk").style.display = "block";
  });
  clear();
  view(document.querySelector("#panel"));
}"""


def test_show_brings_the_notebook_to_the_front(page: Page, helper: Helper) -> None:
    page.evaluate(DOCUMENTS)
    live(page, helper)
    page.evaluate("document.querySelector('#talk').style.display = 'none'")
    page.locator(PILL).get_by_role("button", name="Show").click()
    expect(page.locator(".voicenb-talk")).to_be_in_viewport()
    expect(page.locator(PILL)).to_have_count(0)


def test_where_show_can_do_nothing_it_is_not_offered(page: Page, helper: Helper) -> None:
    page.evaluate(DOCUMENTS)
    live(page, helper)
    # As where JupyterLab shows one document and no tabs.
    page.evaluate("document.querySelector('ul').style.display = 'none'")
    page.evaluate("document.querySelector('#talk').style.display = 'none'")
    pill = page.locator(PILL)
    expect(pill).to_contain_text("in talk.ipynb")
    expect(pill.get_by_role("button", name="Show")).to_be_hidden()


def test_show_finds_what_was_taken_out_of_the_page_when_it_was_scrolled_away(
    page: Page, helper: Helper
) -> None:
    page.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend", `<div id="pane" style="height: 400px; overflow: auto">
            <div style="height: 2000px"></div><div id="cell"></div><div style="height: 3000px"></div></div>`);
          const pane = document.querySelector("#pane"), cell = document.querySelector("#cell");
          cell.append(document.querySelector("#panel"));
          const top = cell.offsetTop - pane.offsetTop;
          pane.addEventListener("scroll", () => {
            const near = Math.abs(pane.scrollTop - top) < 400;
            if (near !== cell.isConnected) near ? pane.children[0].after(cell) : cell.remove();
          });
          clear();
          pane.scrollTo(0, top);
          view(document.querySelector("#panel"));
        }"""
    )
    live(page, helper)
    page.evaluate("pane.scrollTo(0, 4000)")
    page.wait_for_function("!document.querySelector('.voicenb-talk')")
    page.locator(PILL).get_by_role("button", name="Show").click()
    expect(page.locator(".voicenb-talk")).to_be_in_viewport()
    expect(page.locator(PILL)).to_have_count(0)


EDGE = "(pill) => getComputedStyle(pill).borderTopColor"


def test_it_says_that_nothing_is_heard(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="listening", started=1.0, call="x")
    scroll_away(page)
    pill = page.locator(PILL)
    expect(pill.get_by_role("status")).to_have_text("")
    calm = pill.evaluate(EDGE)
    page.evaluate("streams.at(-1).getAudioTracks()[0].dispatchEvent(new Event('mute'))")
    expect(pill.get_by_role("status")).to_have_text("you are not heard")
    assert pill.evaluate(EDGE) == pill.get_by_role("status").evaluate(
        "(word) => getComputedStyle(word).color"
    )
    page.evaluate("streams.at(-1).getAudioTracks()[0].dispatchEvent(new Event('unmute'))")
    expect(pill.get_by_role("status")).to_have_text("")
    assert pill.evaluate(EDGE) == calm


def test_it_says_that_the_sound_is_held_back(page: Page, helper: Helper) -> None:
    page.evaluate(
        """() => {
          const Context = AudioContext;
          window.AudioContext = class extends Context {
            constructor(...options) { super(...options); window.context = this; }
          };
        }"""
    )
    live(page, helper)
    scroll_away(page)
    page.evaluate(
        """() => {
          const resume = context.resume.bind(context);
          context.resume = async () => (window.event?.type === "pointerdown" ? resume() : undefined);
          return context.suspend();
        }"""
    )
    word = page.locator(PILL).get_by_role("status")
    expect(word).to_have_text("no sound: click here")
    word.click()
    expect(word).to_have_text("")


def test_it_says_that_the_service_is_being_called_again(page: Page, helper: Helper) -> None:
    live(page, helper)
    kernel(page, state="reconnecting", started=1.0, call="x")
    scroll_away(page)
    pill = page.locator(PILL)
    expect(pill.get_by_role("status")).to_have_text("reconnecting")
    expect(pill.locator(".voicenb-busy")).to_have_count(1)
