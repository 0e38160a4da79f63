"""The page connects to the service by itself: a spoken call with an interruption and a tool."""

import base64
import json
from contextlib import ExitStack

import comm
import numpy as np
import pytest
from harness import site
from lab import chromium
from stage import MICROPHONES, PageComm, Stage
from talking import until

import voicenb as vn
from voicenb.analysis.measure import Measure
from voicenb.audio.speech import synthesise
from voicenb.audio.wav import write_wav

STORY = (
    "I will tell you a long story about a man who lived in a small house by the sea, and who went out every "
    "morning to look at the boats, and who knew all of them by their names."
)
WORDS = "A table for four on Friday, please."
RATE = 24_000

AGENT = f'''
import voicenb as vn
agent = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="""{STORY}""")

@agent.tool
def free_tables(day: str, people: int) -> list[str]:
    """Get the free times on a day. Use when the caller wants to book a table.

    Args:
        day: weekday, e.g. "Friday".
        people: size of the party, e.g. 4.
    """
    return ["19:00", "20:30"]
'''


class HearingEmulator(vn.Emulator):
    """Keeps what its clients say to it.

    Attributes:
        heard: by connection, message by message.
        logins: the query and the headers with which each came.
    """

    def __init__(self, **options):
        self.heard = []
        self.logins = []
        super().__init__(**options)

    @property
    def app(self):
        inner = super().app

        async def app(scope, receive, send):
            if scope["type"] != "websocket":
                await inner(scope, receive, send)
                return
            said = []
            self.heard.append(said)
            self.logins.append((scope["query_string"].decode(), dict(scope["headers"])))

            async def hearing():
                message = await receive()
                if message.get("text"):
                    said.append(json.loads(message["text"]))
                return message

            await inner(scope, hearing, send)

        return app

    def sound(self, connection=-1):
        """The caller's sound on a connection, PCM16."""
        said = self.heard[connection]
        return b"".join(base64.b64decode(m["audio"]) for m in said if m["type"] == "input.audio")


@pytest.fixture
def emulator(moonshine):
    options = {"brain": "rules", "mouth": "espeak", "recognizer": moonshine, "key": "a-secret-key-of-ours"}
    with HearingEmulator(**options) as running:
        running.warm_up()
        yield running


def wav(path, *parts):
    """A WAV of silences, in seconds, and of sentences."""
    sound = [
        np.zeros(round(part * RATE), np.float32)
        if isinstance(part, float)
        else np.frombuffer(synthesise(part), "<i2").astype(np.float32) / 32768
        for part in parts
    ]
    write_wav(path, np.concatenate(sound), RATE)
    return path


def check(call, emulator):
    """The recording is what the service had, sample for sample; and all that was said and done is in it."""
    assert call.finished
    assert call.ended["reason"] == "ended"
    assert call.session["transport"] == "browser"
    assert call.caller.tobytes() == emulator.sound()
    assert abs(call.caller).max() > 1000
    (tool,) = call.tool_calls
    assert (tool.arguments, tool.result) == ({"day": "Friday", "people": 4}, '["19:00", "20:30"]')
    greeting, *rest = call.transcript
    assert greeting.interrupted
    assert "by their names" not in greeting.heard
    assert rest[0].role == "user"
    assert abs(call.heard()).max() > 1000
    kinds = [message["type"] for message in emulator.heard[-1]]
    assert kinds[0] == "session.update"
    assert kinds[-1] == "session.end"
    assert kinds.count("session.end") == 1
    query, headers = emulator.logins[-1]
    assert query.startswith("token=")
    assert b"authorization" not in headers
    assert emulator.address().key not in query
    written = b"".join(path.read_bytes() for path in call.folder.iterdir())
    assert query.removeprefix("token=").encode() not in written
    measure = Measure(call)
    measure.refresh()
    answers = [measure.answer(reply) for reply in call.conversation.replies]
    latencies = [answer.response_latency for answer in answers if answer is not None]
    assert latencies
    assert min(latencies) > 0.5, "the silence that the service waits for is in it"


@pytest.fixture
def stage(playwright, emulator, tmp_path, monkeypatch):
    """A panel in a Chromium that hears nothing, and its Talk in this process."""
    monkeypatch.setattr(comm, "create_comm", PageComm)
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path / "library"))
    names = {}
    exec(AGENT, names)
    with ExitStack() as stack:
        talk = vn.Talk(names["agent"], emulator, audio="direct", transport="browser")
        stack.callback(talk.end)
        address = stack.enter_context(site())
        browser = stack.enter_context(chromium(playwright, wav(tmp_path / "silence.wav", 60.0)))
        context = browser.new_context()
        context.add_init_script(MICROPHONES)
        page = context.new_page()
        page.goto(address)
        yield Stage(talk, page)


def test_a_call_straight_from_the_browser(stage, emulator):
    talk = stage.talk
    stage.press("Start")
    stage.until(lambda: any(line.heard for line in talk.lines))
    talk.say(WORDS)  # in the microphone's place, over the agent's voice
    stage.until(lambda: any(line.interrupted for line in talk.lines))
    stage.until(lambda: talk.recording.tool_calls and talk.recording.tool_calls[0].result)
    talk.wait_until_answered(20)
    assert "straight from the browser" in stage.page.locator(".voicenb-badge").text_content()
    stage.end()
    assert emulator.sessions[-1].ended_by == "session.end"
    check(talk.recording, emulator)


@pytest.mark.campaign
def test_a_connection_that_is_lost_is_had_back_with_another_token(stage, emulator):
    talk = stage.talk
    stage.press("Start")
    stage.until(lambda: any(line.heard for line in talk.lines))
    talk.say(WORDS)
    stage.page.wait_for_timeout(500)
    emulator.faults.add(vn.Fault.drop())
    stage.until(lambda: [e for e in talk.recording.events if e["type"] == "reconnected"])
    stage.until(lambda: talk.recording.tool_calls and talk.recording.tool_calls[0].result)
    talk.wait_until_answered(20)
    stage.end()
    call = talk.recording
    (again,) = [event["msg"] for event in call.events if event["type"] == "reconnected"]
    assert (again["how"], again["left_out"]) == ("resumed", 0)
    assert 0 < again["held"] < 5
    assert len({query for query, _ in emulator.logins}) == 2, "each connection has a token of its own"
    track, (before, after) = call.caller.tobytes(), map(emulator.sound, (0, 1))
    # What was on its way when the connection broke was sent, and never came.
    assert track.startswith(before)
    assert track.endswith(after)
    assert len(track) - len(before) - len(after) < 24_000
    starts = [event["start"] for event in call.events if event["type"] == "input.audio"]
    assert starts == sorted(set(starts))
    assert len(emulator.sessions) == 1


@pytest.mark.campaign
def test_a_call_in_jupyterlab_recorded_through_the_kernel(playwright, lab, emulator, tmp_path):
    from lab import open_page
    from talking import captions, start, stop, talk_cell

    lab.write(
        "talk.ipynb",
        [
            AGENT,
            talk_cell(emulator, ', audio="kernel", transport="browser"'),
            "talk.wait_until_answered(30)",
            "talk.recording.save('call')",
        ],
    )
    with chromium(playwright, wav(tmp_path / "caller.wav", 5.0, WORDS, 60.0)) as browser:
        page = open_page(browser)
        notebook = lab.open(page, "talk.ipynb")
        notebook.run(0)
        notebook.run(1)
        start(page)
        until(page, lambda: "interrupted" in captions(page).inner_text(), 40)
        until(page, lambda: "free_tables" in captions(page).inner_text(), 20)
        notebook.run(2)
        foot = page.locator(".voicenb-way").inner_text()
        assert foot.startswith("audio straight to the service · recorded through the kernel")
        assert "· 0 lost" in foot
        stop(page)
        until(page, lambda: emulator.sessions[-1].ended_by == "session.end")
        notebook.run(3)
        notebook.save()
        saved = (lab.folder / "talk.ipynb").read_text()
    check(vn.load(lab.folder / "call"), emulator)
    assert "token=" not in saved
    assert emulator.address().key not in saved.replace(repr(emulator.address().key), "")


@pytest.mark.campaign
def test_a_page_that_is_loaded_anew_ends_its_session_and_goes_on_in_another(
    playwright, lab, emulator, tmp_path
):
    from lab import open_page
    from playwright.sync_api import expect
    from talking import captions, start, stop, talk_cell

    short = AGENT.replace(STORY, "Good evening.")
    lab.write(
        "talk.ipynb", [short, talk_cell(emulator, ', transport="browser"'), "talk.recording.save('call')"]
    )
    with chromium(playwright, wav(tmp_path / "silence.wav", 60.0)) as browser:
        page = open_page(browser)
        notebook = lab.open(page, "talk.ipynb")
        notebook.run(0)
        notebook.run(1)
        start(page)
        expect(captions(page)).to_contain_text("Good evening.", timeout=20_000)
        expect(page.locator(".voicenb-state")).to_have_text("listening · go ahead", timeout=20_000)
        notebook.save()
        page.reload()
        until(page, lambda: emulator.heard[0][-1]["type"] == "session.end")
        expect(page.locator(".voicenb-state")).to_have_text("listening · go ahead", timeout=30_000)
        until(page, lambda: len(emulator.sound()) > 48_000)
        stop(page)
        notebook.run(2)
    began = [said[0] for said in emulator.heard]
    assert [message["type"] for message in began] == ["session.update", "session.resume", "session.update"]
    assert "You: Good evening." in began[-1]["session"]["system_prompt"]
    assert len({query for query, _ in emulator.logins}) == 3, "each connection has a token of its own"
    call = vn.load(lab.folder / "call")
    assert call.ended["reason"] == "ended"
    track = call.caller.tobytes()
    assert track.endswith(emulator.sound())
    before = track[: -len(emulator.sound())]
    assert emulator.sound(0).startswith(before), "the last of it may have gone with the page"
    assert len(before) > 0.5 * len(emulator.sound(0))
