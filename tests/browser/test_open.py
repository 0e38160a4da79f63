"""The panel in a tab of its own: from plain Python, from a file, and beside the notebook's."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import numpy as np
import pytest
from lab import chromium, open_page
from playwright.sync_api import expect
from relay import Relay
from talking import LEVEL, captions, start, stop, until

import voicenb as vn
from voicenb.audio.speech import synthesise
from voicenb.audio.wav import write_wav

SCRIPT = '''
import voicenb as vn

agent = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Good evening.")

@agent.tool
def free_tables(day: str, people: int) -> list[str]:
    """Get the free times on a day. Use when the caller wants to book a table.

    Args:
        day: weekday, e.g. "Friday".
        people: size of the party, e.g. 4.
    """
    return ["19:00", "20:30"]

talk = vn.Talk(agent, service=vn.Address({url!r}, key="any", kind="emulator"))
print(talk.open(browser=False), flush=True)
talk.wait()
print(talk.recording.folder)
'''

AGENT = {
    "name": "Lido",
    "system_prompt": "You take bookings.",
    "greeting": "Good evening.",
    "voice": {"voice_id": "ivy"},
    "tools": [
        {
            "name": "free_tables",
            "description": "Get the free times on a day. Use when the caller wants to book a table.",
            "parameters": {
                "type": "object",
                "properties": {
                    "day": {"type": "string", "description": 'weekday, e.g. "Friday".'},
                    "people": {"type": "integer", "description": "size of the party, e.g. 4."},
                },
                "required": ["day", "people"],
            },
        }
    ],
}


@pytest.fixture
def emulator():
    with vn.Emulator(brain="rules") as running:
        running.warm_up()
        yield running


@pytest.fixture
def caller(tmp_path):
    """A WAV: the greeting is heard out, then one sentence."""
    said = np.frombuffer(synthesise("I would like a table on Friday for four people."), np.int16)
    sound = np.concatenate([np.zeros(5 * 12_000), said / 2**15, np.zeros(40 * 24_000)])
    write_wav(tmp_path / "caller.wav", sound.astype(np.float32), 24_000)
    return tmp_path / "caller.wav"


@contextmanager
def program(tmp_path, *command):
    """A program of Python's, with no terminal and no Jupyter; its address is the first one that it prints."""
    environment = {**os.environ, "VOICENB_RECORDINGS": str(tmp_path / "recordings")}
    for name in ("ASSEMBLYAI_API_KEY", "SSH_CONNECTION"):
        environment.pop(name, None)
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, text=True, env=environment, cwd=tmp_path
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def address_of(process):
    """What it has printed up to its address, and that."""
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/talk/#\S+", line):
            return "".join(said), found[0]
    raise AssertionError("".join(said))


@pytest.fixture
def errors():
    """What pages complain of; nothing is forbidden to the panel by the page's own policy."""
    told = []
    yield told
    assert told == []


def watched(page, errors):
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    return page


def until_audible(page):
    # The page's policy forbids what Playwright's own wait needs.
    until(page, lambda: page.evaluate("window.__output.at(-1)?.[1] ?? 0") > LEVEL, timeout=20)


def last_sentence(page):
    return page.locator(".voicenb-agent .voicenb-words").last


def test_a_plain_python_program_holds_the_same_conversation(playwright, emulator, caller, tmp_path, errors):
    (tmp_path / "talk.py").write_text(SCRIPT.format(url=emulator.address().url))
    with program(tmp_path, "talk.py") as process, chromium(playwright, caller) as browser:
        _, address = address_of(process)
        page = watched(open_page(browser), errors)
        page.goto(address)
        expect(page).to_have_title("Lido · voicenb")
        assert "#" not in page.url, "it is not left in the history"
        start(page)
        until_audible(page)
        expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
        expect(captions(page)).to_contain_text(re.compile("table on Friday", re.IGNORECASE), timeout=20_000)
        expect(captions(page)).to_contain_text(
            'free_tables(day="Friday", people=4) → ["19:00", "20:30"]', timeout=20_000
        )
        expect(last_sentence(page)).to_contain_text(re.compile("half past eight"), timeout=20_000)
        expect(captions(page)).to_contain_text(re.compile(r"answered in \d\.\d\d s — .* tool round trip"))
        expect(page.locator(".voicenb-way")).to_contain_text("audio direct")

        page.reload()
        expect(page.locator(".voicenb-state")).to_contain_text("listening", timeout=20_000)
        expect(captions(page)).to_contain_text("Good evening.")
        # The microphone too: the WAV begins again.
        tools = page.locator(".voicenb-tool")
        expect(tools).to_have_count(2, timeout=30_000)
        until_audible(page)

        stop(page)
        until(page, lambda: emulator.sessions[-1].ended_by)
        assert [session.ended_by for session in emulator.sessions] == ["session.end"]
        after = page.locator(".voicenb-after")
        expect(after).to_contain_text("2 turns")
        after.get_by_role("button", name="Hear it").click()
        player = "document.querySelector('.voicenb-after audio')?.duration > 10"
        until(page, lambda: page.evaluate(player))
        page.close()
        folder = process.stdout.read().strip()
        assert process.wait(30) == 0, "a tab that is closed ends the wait"
    call = vn.load(folder)
    assert call.finished
    assert [tool.name for tool in call.tool_calls] == ["free_tables", "free_tables"]


@pytest.mark.parametrize(
    ("transport", "ending"),
    [
        ("kernel", "A call ends 20 seconds after its tab is closed; a reload comes back into it."),
        ("browser", "closed or loaded anew, it ends its session there at once. A reload goes on in another"),
    ],
)
def test_the_foot_says_what_becomes_of_a_call_whose_tab_goes(
    playwright, emulator, tmp_path, transport, ending
):
    write_wav(tmp_path / "silence.wav", np.zeros(24_000, np.float32), 24_000)
    talk = vn.Talk(vn.Agent(name="Lido"), emulator, transport=transport)
    try:
        with chromium(playwright, tmp_path / "silence.wav") as browser:
            page = browser.new_page()
            page.goto(talk.open(browser=False))
            expect(page.get_by_role("button", name="Start")).to_be_visible()
            expect(page.locator("footer")).to_contain_text(ending)
    finally:
        talk.close()


def test_an_address_opens_no_second_tab(playwright, emulator, tmp_path, errors):
    (tmp_path / "talk.py").write_text(SCRIPT.format(url=emulator.address().url))
    with program(tmp_path, "talk.py") as process, chromium(playwright) as browser:
        _, address = address_of(process)
        page = watched(open_page(browser), errors)
        page.goto(address)
        expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
        other = watched(open_page(browser), errors)
        other.goto(address)
        expect(other.get_by_role("status")).to_have_text(
            "This address was used before. Each one opens one tab. "
            "Another comes from talk.open(), or from running voicenb talk again."
        )
        expect(other.locator(".voicenb-talk")).to_have_count(0)
        other.goto(address.partition("#")[0])
        expect(other.get_by_role("status")).to_contain_text("This address alone opens nothing.")
        # And the program's end is told.
        process.kill()
        expect(page.get_by_role("status")).to_contain_text("has ended", timeout=10_000)
        expect(page.locator(".voicenb-state")).to_contain_text("not connected")


def test_through_a_tunnel_and_after_it_was_cut(playwright, emulator, tmp_path):
    (tmp_path / "talk.py").write_text(SCRIPT.format(url=emulator.address().url))
    with program(tmp_path, "talk.py") as process, chromium(playwright) as browser:
        _, address = address_of(process)
        parts = urlsplit(address)
        with Relay(parts.port) as tunnel:
            page = open_page(browser)
            page.goto(f"http://localhost:{tunnel.port}/talk/#{parts.fragment}")
            start(page)
            expect(page.locator(".voicenb-way")).to_contain_text("audio direct", timeout=20_000)
            expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
            tunnel.cut()
            expect(page.locator(".voicenb-state")).to_contain_text("listening · go ahead", timeout=20_000)
            expect(page.get_by_role("status").first).to_be_hidden()
            stop(page)
            until(page, lambda: emulator.sessions[-1].ended_by)
    assert [session.ended_by for session in emulator.sessions] == ["session.end"]


@pytest.mark.campaign
def test_an_agent_of_a_file_talks_without_jupyter(playwright, emulator, caller, tmp_path, errors):
    (tmp_path / "lido.json").write_text(json.dumps(AGENT))
    command = ("-m", "voicenb", "talk", "lido.json", "--no-browser", "--service", emulator.address().url)
    with program(tmp_path, *command) as process, chromium(playwright, caller) as browser:
        said, address = address_of(process)
        assert said.startswith("Lido: an emulator on this machine answers (contract profile, brain: rules).")
        assert "Nothing runs its tools here (free_tables)" in said
        page = watched(open_page(browser), errors)
        page.goto(address)
        start(page)
        until_audible(page)
        expect(captions(page)).to_contain_text(re.compile("table on Friday", re.IGNORECASE), timeout=30_000)
        expect(captions(page)).to_contain_text("there is no function behind it", timeout=20_000)
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
        assert process.wait(30) == 0
        expect(page.locator("#notice")).to_contain_text("has ended")
    assert [session.ended_by for session in emulator.sessions] == ["session.end"]
    call = vn.load(re.search(r"Recording: (.*)", said)[1])
    assert call.finished
    assert call.agent_name == "Lido"


@pytest.mark.campaign
def test_a_notebook_and_a_tab_mirror_each_other(conversation, emulator, errors):
    talk = conversation(emulator, "print(talk.open(browser=False))", says=(30.0,))
    talk.expect("Good evening.")
    address = talk.run()
    tab = watched(talk.page.context.new_page(), errors)
    tab.goto(address.strip())
    expect(captions(tab)).to_contain_text("Good evening.")
    expect(tab.locator(".voicenb-state")).to_contain_text("the microphone is on another page")
    expect(tab.get_by_role("button", name="Stop", exact=True)).to_be_visible()

    tab.get_by_role("button", name="Talk here").click()
    expect(tab.locator(".voicenb-state")).to_contain_text("listening · go ahead", timeout=10_000)
    state = talk.page.locator(".voicenb-state")
    expect(state).to_contain_text("the microphone is on another page", timeout=10_000)
    assert len(emulator.sessions) == 1

    stop(tab)
    expect(state).to_contain_text("ended")
    expect(captions(talk.page)).to_contain_text("Good evening.")
    assert emulator.sessions[-1].ended_by == "session.end"
