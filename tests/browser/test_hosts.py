"""One call in JupyterLab and in Notebook 7, put through what happens to people there.

By keyboard alone, in a dark theme: the microphone is refused, one types instead, then it is allowed; the cell
gets narrow, goes out of sight and comes back; a second view; a reload; the microphone goes and comes back.
"""

import json
import re

import pytest
from lab import DARK, FLAGS, LAB, NOTEBOOK_7, find_chromium
from playwright.sync_api import expect
from talking import AGENT, captions, talk_cell, until

import voicenb as vn

ANSWER = "I see, and it is done."
FILLING = "\n".join(f"# {line}" for line in range(40))


@pytest.fixture(scope="module")
def emulator():
    with vn.Emulator(brain=lambda text: ANSWER, mouth="espeak") as running:
        running.warm_up()
        yield running


@pytest.fixture
def server(lab):
    """A Jupyter server with both faces, in the dark."""
    lab.use_theme(DARK)
    return lab


@pytest.fixture
def page(playwright, microphone):
    """A page that may not use the microphone, until somebody allows it."""
    flags = [flag for flag in FLAGS if flag != "--use-fake-ui-for-media-stream"]
    says = f"--use-file-for-fake-audio-capture={microphone(1.5, 'austen-0880', 60.0)}%noloop"
    browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*flags, says], headless=True)
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark")
    context.add_init_script(MICROPHONES)
    yield context.new_page()
    browser.close()


# Keeps the microphones that the page was given. This browser's cannot be unplugged: it says as others do.
MICROPHONES = """
  window.streams = [];
  const { mediaDevices } = navigator;
  const opens = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wish) => {
    const stream = await opens(wish);
    streams.push(stream);
    return stream;
  };
  window.unplug = () => {
    const { getUserMedia, enumerateDevices } = mediaDevices;
    mediaDevices.enumerateDevices = async () => [];
    mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotFoundError"); };
    window.plugIn = () => {
      Object.assign(mediaDevices, { getUserMedia, enumerateDevices });
      mediaDevices.dispatchEvent(new Event("devicechange"));
    };
    streams.at(-1).getTracks()[0].dispatchEvent(new Event("ended"));
  };
"""


# --- what a person does and sees ----------------------------------------------------------------------------


def state(page):
    return page.locator(".voicenb-talk .voicenb-state").first


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def tab_to(page, name, presses=12):
    """Press Tab until that button has the keyboard."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        if button(page, name).first.evaluate("(it) => it === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {name}.")


def scroll(page, to):
    pane = page.locator(".jp-WindowedPanel-outer")
    pane.evaluate("(pane, to) => pane.scrollTo(0, to === 'end' ? pane.scrollHeight : 0)", to)


def is_dark(page):
    return page.locator(".voicenb-talk").first.evaluate(
        """(panel) => {
          const shade = (color) => Math.max(...color.match(/\\d+/g).slice(0, 3).map(Number));
          const { backgroundColor, color, colorScheme } = getComputedStyle(panel);
          return shade(backgroundColor) < 60 && shade(color) > 200 && colorScheme === "dark";
        }"""
    )


def cut_off(page):
    """What is wider than its place in the panel, or reaches beyond it."""
    return page.locator(".voicenb-talk").first.evaluate(
        """(panel) => {
          const { left, right } = panel.getBoundingClientRect();
          // The dot before a piece lies in its padding, and is not seen where a line begins with it.
          return [...panel.querySelectorAll("*")].filter((each) => {
            const box = each.getBoundingClientRect();
            const style = getComputedStyle(each);
            if (box.width <= 1 || style.clipPath !== "none" || each.matches(".voicenb-dot")) return false;
            const from = box.left + (each.matches(".voicenb-piece") ? parseFloat(style.paddingLeft) : 0);
            const block = style.display !== "inline" && each.clientWidth > 1;
            const over = block && each.scrollWidth > each.clientWidth + 1;
            return over || from < left - 1 || box.right > right + 1;
          }).map((each) => each.className.baseVal ?? each.className);
        }"""
    )


# --- the call ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "face",
    [
        pytest.param(LAB, id="lab"),
        pytest.param(NOTEBOOK_7, id="notebook", marks=pytest.mark.campaign),
    ],
)
def test_a_call_is_put_through_everything(page, server, emulator, face):
    name = f"{face.partition('/')[0]}.ipynb"
    server.write(name, [AGENT, talk_cell(emulator), "talk", *[FILLING] * 3])
    begun = len(emulator.sessions)
    notebook = server.open(page, name, face=face)
    if face == LAB:
        page.keyboard.press("Control+b")  # the list of files would have most of a narrow page
    notebook.run(0)
    notebook.run(1)
    expect(state(page)).to_have_text("ready · press Start and talk")
    assert is_dark(page)

    # The keyboard leads to Start; the microphone is refused.
    page.keyboard.press("Escape")
    tab_to(page, "Start")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The browser did not allow the microphone.")
    expect(alert).to_contain_text("Allow it for this site")

    # One can type instead.
    tab_to(page, "Type instead")
    page.keyboard.press("Enter")
    line = page.get_by_role("textbox", name="What the caller says")
    expect(line).to_be_focused(timeout=20_000)
    expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
    page.keyboard.type("I would like a table.")
    page.keyboard.press("Enter")
    expect(page.locator(".voicenb-user")).to_contain_text(re.compile("table", re.IGNORECASE), timeout=20_000)
    expect(page.locator(".voicenb-agent").last).to_contain_text("I see", timeout=20_000)
    button(page, "Stop").focus()
    page.keyboard.press("Space")
    expect(page.locator(".voicenb-after")).to_contain_text("1 turn", timeout=10_000)

    # Once it is allowed, one talks.
    page.context.grant_permissions(["microphone"])
    page.wait_for_timeout(500)  # a key that is pressed sooner is taken for the second half of a double press
    button(page, "Start").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".voicenb-user")).to_contain_text(
        re.compile("young man", re.IGNORECASE), timeout=30_000
    )

    # Narrow: nothing is cut off.
    page.set_viewport_size({"width": 560, "height": 900})
    until(page, lambda: cut_off(page) == [])
    page.set_viewport_size({"width": 1280, "height": 900})

    # Out of sight, and back.
    scroll(page, "end")
    pill = page.locator(".voicenb-pill")
    expect(pill).to_be_visible()
    expect(pill.locator(".voicenb-time")).to_have_text(re.compile(r"0:\d\d"))
    pill.get_by_role("button", name="Mute").focus()
    page.keyboard.press("Enter")
    session = emulator.sessions[-1]
    assert not session.ended_by
    pill.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    expect(pill).to_have_count(0)
    expect(page.locator(".voicenb-talk")).to_be_in_viewport()
    expect(state(page)).to_contain_text("muted: the agent hears silence")
    button(page, "Unmute").focus()
    page.keyboard.press("Enter")
    expect(captions(page)).to_contain_text("I see", timeout=20_000)

    # Another view of it is the same call.
    notebook.run(2)
    expect(page.locator(".voicenb-talk")).to_have_count(2)
    expect(captions(page).last).to_contain_text(re.compile("young man", re.IGNORECASE))
    expect(button(page, "Stop")).to_have_count(2)

    # The page is loaded again, when the answer has been heard to its end: it would be cut off.
    expect(state(page)).to_have_text("listening · go ahead", timeout=20_000)
    notebook.save()
    page.reload()
    expect(state(page)).to_have_text("listening · go ahead", timeout=30_000)
    expect(captions(page).first).to_contain_text(re.compile("young man", re.IGNORECASE))
    assert emulator.sessions[-1] is session

    # The microphone goes, and comes back.
    page.wait_for_function("streams.length > 0")
    page.evaluate("unplug()")
    expect(alert.first).to_contain_text("The microphone is gone; the agent hears silence.")
    page.evaluate("plugIn()")
    expect(alert.first).to_be_hidden()
    assert not session.ended_by

    button(page, "Stop").first.focus()
    page.keyboard.press("Enter")
    until(page, lambda: session.ended_by)
    expect(page.locator(".voicenb-after").first).to_contain_text("1 turn", timeout=10_000)
    # The transcript of this call takes the place of the first one's.
    expect(page.locator("[class^=voicenb-static]").first).to_contain_text("young man", timeout=10_000)
    notebook.save()
    for cell in json.loads((server.folder / name).read_text("utf-8"))["cells"][1:3]:
        _, kept = cell["outputs"]
        said = "".join(kept["data"]["text/plain"])
        assert "young man" in said
        assert f"Lido: {ANSWER}" in said
    assert [each.ended_by for each in emulator.sessions[begun:]] == ["session.end"] * 2
