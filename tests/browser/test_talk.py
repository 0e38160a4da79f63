"""A person talks in a real JupyterLab: Start, words, an audible reply, a barge-in, busy cells, Stop."""

import re
import time

import pytest
from lab import chromium, open_page
from playwright.sync_api import expect
from talking import AGENT, captions, start, stop, talk_cell

import voicenb as vn

STORY = (
    "I will tell you a long story about a man who lived in a small house by the sea, and who went out every "
    "morning to look at the boats, and who knew all of them by their names, and who never once went to sea."
)


@pytest.fixture
def emulator():
    """An emulator that answers everything with a long story, and that the test can look into."""
    with vn.Emulator(brain=lambda text: STORY) as running:
        running.warm_up()
        yield running


def audible(page, since=0.0, level=0.005):
    """Epoch seconds at which the page's output was not silent."""
    return [at / 1e3 for at, rms in page.evaluate("window.__output") if rms > level and at / 1e3 >= since]


def until_silent(page, seconds):
    """Wait until the page's output has been silent for that long."""
    page.wait_for_function(
        """([seconds, level]) => {
            const now = performance.timeOrigin + performance.now();
            const recent = window.__output.filter(([at]) => at > now - seconds * 1000);
            return recent.length > 0 && recent.every(([, rms]) => rms <= level);
        }""",
        arg=[seconds, 0.005],
        timeout=30_000,
    )


def test_a_spoken_conversation(playwright, lab, emulator, microphone):
    lab.write("talk.ipynb", [AGENT, talk_cell(emulator), "talk.recording.save('call')"])
    # The greeting is heard out, a sentence, a pause in which the story begins, and a second sentence over it.
    wav = microphone(4.0, "austen-0880", 6.0, "austen-0930", 30.0)
    with chromium(playwright, wav) as browser:
        page = open_page(browser)
        notebook = lab.open(page, "talk.ipynb")
        notebook.run(0)
        notebook.run(1)
        start(page)

        expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
        page.wait_for_function("window.__output.some(([, rms]) => rms > 0.005)")  # the greeting is heard
        # The words of the WAV, understood.
        expect(captions(page)).to_contain_text(re.compile("young man", re.IGNORECASE), timeout=30_000)
        # An audible reply, interrupted by the second sentence, falls silent long before its end.
        expect(captions(page)).to_contain_text("interrupted", timeout=40_000)
        until_silent(page, 0.5)
        expect(captions(page)).to_contain_text(re.compile("amiable", re.IGNORECASE), timeout=30_000)
        stop(page)
        notebook.run(2)
        foot = page.locator(".voicenb-foot").inner_text()

    assert emulator.sessions[-1].ended_by == "session.end"
    call = vn.load(lab.folder / "call")
    assert call.finished
    story = [line for line in call.transcript if line.role == "agent" and line.interrupted]
    assert story
    assert "went to sea" not in story[0].heard
    assert "audio direct" in foot
    assert "0 lost" in foot
    heard = call.heard()
    assert abs(heard).max() > 1000, "what was heard is in the recording"


BUSY = {
    "sleeping": "import time; time.sleep(10)",
    "pure Python": "import time\nuntil = time.time() + 10\nwhile time.time() < until: sum(range(1000))",
    "lock held in C": (
        "import random, time\nnumbers = [random.random() for _ in range(3_000_000)]\nbegun = time.time()\n"
        "while time.time() < begun + 10: sorted(numbers)"
    ),
}


def through_a_busy_cell(page, notebook, emulator, index, name):
    """Run a cell; meanwhile the service hears the microphone and the page hears the agent."""
    begun = time.time()
    arrived = emulator.sessions[-1].received_audio
    notebook.run(index, timeout=60_000)
    ended = time.time()
    sent = emulator.sessions[-1].received_audio - arrived
    assert sent > 0.9 * (ended - begun), f"{name}: the microphone stood still"
    assert [at for at in audible(page, since=begun) if at < ended], f"{name}: the agent fell silent"


# Somebody speaks all the time, and is answered all the time.
TALKATIVE = ["austen-0880", 3.0, "austen-0930", 3.0, "austen-0890", 3.0]


def test_busy_cells_do_not_stop_the_conversation(playwright, lab, emulator, microphone):
    cells = [AGENT, talk_cell(emulator), *BUSY.values()]
    lab.write("busy.ipynb", cells)
    with chromium(playwright, microphone(3.0, *TALKATIVE, *TALKATIVE, *TALKATIVE, 10.0)) as browser:
        page = open_page(browser)
        notebook = lab.open(page, "busy.ipynb")
        notebook.run(0)
        notebook.run(1)
        start(page)
        expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
        for number, name in enumerate(BUSY):
            through_a_busy_cell(page, notebook, emulator, 2 + number, name)
        stop(page)
        foot = page.locator(".voicenb-foot").inner_text()
    assert "audio direct" in foot
    assert "0 lost" in foot
    assert emulator.sessions[-1].ended_by == "session.end"


def test_through_the_kernel_a_busy_cell_does_not_stop_it_either(playwright, lab, emulator, microphone):
    cells = [AGENT, talk_cell(emulator, ", audio='kernel'"), BUSY["pure Python"]]
    lab.write("busy.ipynb", cells)
    with chromium(playwright, microphone(3.0, *TALKATIVE, *TALKATIVE, 10.0)) as browser:
        page = open_page(browser)
        notebook = lab.open(page, "busy.ipynb")
        notebook.run(0)
        notebook.run(1)
        start(page)
        expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
        through_a_busy_cell(page, notebook, emulator, 2, "pure Python")
        expect(captions(page)).to_contain_text(re.compile("young man", re.IGNORECASE), timeout=30_000)
        stop(page)
        foot = page.locator(".voicenb-foot").inner_text()
    assert "audio through the kernel" in foot
    assert "0 lost" in foot
    assert emulator.sessions[-1].ended_by == "session.end"


COMPUTES = """
import time

@agent.tool
def compute(words: str) -> str:
    \"\"\"Compute for five seconds.

    Args:
        words: what to compute.
    \"\"\"
    until = time.time() + 5
    while time.time() < until:
        sum(range(1000))
    return "forty-two"
"""


async def calls_a_tool(moment):
    """A brain that calls the tool once, and tells its story when it has the result."""
    from voicenb.emulator.brain import Call, Say

    if moment.trigger == "user_speech" and not any(line.role == "tool" for line in moment.history):
        yield Say("Let me compute that for you.")
        yield Call("compute", {"words": moment.history[-1].text})
    else:
        yield Say(f"It is {moment.history[-1].text}. {STORY}")


def test_a_tool_that_computes_does_not_stop_the_microphone(playwright, lab, microphone):
    with vn.Emulator(brain=calls_a_tool) as emulator:
        emulator.warm_up()
        lab.write("tool.ipynb", [AGENT + COMPUTES, talk_cell(emulator)])
        with chromium(playwright, microphone(4.0, "austen-0880", 30.0)) as browser:
            page = open_page(browser)
            notebook = lab.open(page, "tool.ipynb")
            notebook.run(0)
            notebook.run(1)
            start(page)
            expect(captions(page)).to_contain_text("compute(", timeout=30_000)
            begun, arrived = time.time(), emulator.sessions[-1].received_audio
            expect(captions(page)).to_contain_text("forty-two", timeout=30_000)
            sent = emulator.sessions[-1].received_audio - arrived
            assert sent > 0.9 * (time.time() - begun), "the microphone stood still"
            expect(captions(page)).to_contain_text("long story", timeout=30_000)
            stop(page)
            assert "0 lost" in page.locator(".voicenb-foot").inner_text()
