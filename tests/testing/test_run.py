"""Whole calls with the emulator's real ears and mouth, on the virtual clock."""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from voicenb.audio.processor import InPlaceProcessor
from voicenb.errors import InvalidConfiguration, RecordingError, ServiceError, WaitTimeout
from voicenb.testing.run import run

DATA = Path(__file__).parents[1] / "data" / "audio"
KEY = "aai-canary-91d4c7"


def lido(**settings) -> vn.Agent:
    settings = {"greeting": "Lido, good evening.", "voice": "ivy", "keyterms": ["Lido"], **settings}
    agent = vn.Agent(name="Lido", system_prompt="You take bookings for Lido.", **settings)

    @agent.tool
    def free_tables(day: str, people: int) -> list[str]:
        """Get the free times on a day. Use when the caller wants to book.

        Args:
            day: weekday, e.g. "Friday".
            people: size of the party, e.g. 4.
        """
        print("looking it up")
        return [f"{people} on {day} at 19:00"]

    return agent


BRAIN = [
    {"on": "table", "say": "One moment.", "call": "free_tables", "arguments": {"day": "Friday", "people": 4}},
    {"after": "free_tables", "say": "Seven in the evening is free."},
    {"on": ".", "say": "Fine. Good night."},
]


def booking(folder=None, **options) -> vn.Recording:
    """Greeting, a tool, an answer, a goodbye."""
    script = [
        "I would like a table for four on Friday, please.",
        vn.Answer(),
        vn.Say("Thank you, bye."),
        vn.Answer(),
    ]
    return run(lido(), vn.Caller(script), brain=BRAIN, recording=folder, **options)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def spoken(call: vn.Recording) -> list[tuple[str, str]]:
    return [(line.role, line.text) for line in call.transcript]


@pytest.fixture(scope="module")
def booked(tmp_path_factory):
    return booking(tmp_path_factory.mktemp("run") / "call")


def test_a_call_from_greeting_to_goodbye(booked):
    assert spoken(booked) == [
        ("agent", "Lido, good evening."),
        ("user", "I would like a table for four on Friday, please."),
        ("agent", "One moment."),
        ("agent", "Seven in the evening is free."),
        ("user", "Thank you. Bye."),
        ("agent", "Fine. Good night."),
    ]
    assert not any(line.unheard or line.interrupted for line in booked.transcript)
    [call] = booked.tool_calls
    assert (call.name, call.arguments, call.is_error) == (
        "free_tables",
        {"day": "Friday", "people": 4},
        False,
    )
    assert call.result == '["4 on Friday at 19:00"]'
    assert booked.ended["reason"] == "ended"
    assert [e["msg"]["state"] for e in booked.events if e["type"] == "state"][-1] == "ended"


def test_what_the_recording_says_of_it(booked):
    session = booked.session
    assert session["agent"]["name"] == "Lido"
    assert session["agent"]["tools"][0]["name"] == "free_tables"
    assert session["service"].startswith("emulator")
    assert session["microphone"] == "scripted caller"
    assert session["clock"] == "virtual"
    assert session["started"] == "2026-09-21T14:13:20.000+00:00"
    assert [said["text"] for said in session["truth"]] == [
        "I would like a table for four on Friday, please.",
        "Thank you, bye.",
    ]
    assert any(e["type"] == "log" and "looking it up" in e["msg"]["text"] for e in booked.events)


def test_the_truth_is_in_the_track(booked):
    loud = np.abs(booked.caller.astype(int)) > 300
    for said in booked.session["truth"]:
        assert loud[said["start"] : said["stop"]].any()
        loud[said["start"] : said["stop"]] = False
    assert not loud.any()


def test_both_sides_lie_right_in_the_stereo_track(booked):
    """The agent is heard after each turn of the caller's, and nobody talks over anybody."""
    stereo = np.abs(booked.stereo().astype(int)) > 300
    window = 2400
    frames = stereo[: len(stereo) // window * window].reshape(-1, window, 2).any(axis=1)
    assert not (frames[:, 0] & frames[:, 1]).any()
    ready = next(e["t"] for e in booked.events if e["type"] == "session.ready")
    first = booked.session["truth"][0]["start"] / 24_000 + ready
    assert np.flatnonzero(stereo[:, 0])[0] / 24_000 == pytest.approx(first, abs=0.03)
    assert np.flatnonzero(frames[:, 0])[0] > np.flatnonzero(frames[:, 1])[0]  # the greeting came first


def first_agent() -> vn.Agent:
    """The agent of the first notebook, as its cell makes it."""
    notebook = Path(__file__).parents[2] / "notebooks" / "01-talk.ipynb"
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    names = {}
    exec("".join(next(cell for cell in cells if cell["cell_type"] == "code")["source"]), names)
    return names["agent"]


def test_a_table_is_booked_by_voice():
    """The whole way in a person's words, through ears, rules and mouth."""
    said = [
        "Good evening. I was hoping you could fit in four of us this Friday.",
        "Half past eight would be lovely.",
        "My name is Anna.",
        "Yes, that's right.",
        "That's all. Thanks a lot, bye!",
    ]
    script = [vn.Answer(), *(move for words in said for move in (words, vn.Answer()))]
    call = run(first_agent(), vn.Caller(script), brain="rules")
    assert [(tool.name, tool.is_error) for tool in call.tool_calls] == [
        ("free_tables", False),
        ("book_table", False),
    ]
    assert call.tool_calls[1].arguments == {"day": "Friday", "people": 4, "time": "20:30", "name": "Anna"}
    *_, told, bye, goodbye = call.transcript
    assert "booked" in told.text
    assert "bye" in bye.text.lower()
    assert (goodbye.role, goodbye.unheard) == ("agent", "")
    assert "goodbye" in goodbye.text.lower()


def test_a_forgotten_greeting_is_no_pass():
    with pytest.raises(WaitTimeout, match="said nothing of its own accord within 10 s"):
        run(vn.Agent(name="Silent"), vn.Caller([vn.Answer()]))


def test_the_first_short_word_of_a_later_turn_is_heard():
    """The detector's memory of many turns must not make it slow to hear the next."""
    said = [
        "Hello, I would like to ask something.",
        "Yes, please.",
        "A table for four on Friday.",
        "Half past eight.",
        "Wait, please, I have another question.",
    ]
    script = [vn.Answer(), *(move for words in said for move in (words, vn.Answer(), vn.Pause(2)))]
    agent = vn.Agent(name="Lido", greeting="Lido, good evening.")
    call = run(agent, vn.Caller(script), brain=["Fine, thank you. What else can I do for you?"] * len(said))
    assert [line.text for line in call.transcript if line.role == "user"] == said


AGAIN = """
import sys
sys.path.insert(0, sys.argv[2])
import test_run
test_run.booking(test_run.Path(sys.argv[1]))
"""


def test_the_same_bytes_on_every_run(booked, tmp_path):
    booking(tmp_path / "here")
    assert digests(tmp_path / "here") == digests(booked.folder)
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    command = [sys.executable, "-c", AGAIN, str(tmp_path / "elsewhere"), str(Path(__file__).parent)]
    subprocess.run(command, check=True, env=environment, timeout=120)
    assert digests(tmp_path / "elsewhere") == digests(booked.folder)


def test_an_interruption():
    agent = lido(
        greeting="Good evening, this is the Lido, the nicest place at the lake, what can I do for you?"
    )
    call = run(agent, [vn.BargeIn("Stop, please. A table for four.", after=1.5), vn.Answer()], brain=BRAIN)
    greeting = call.transcript[0]
    assert greeting.interrupted
    assert greeting.unheard
    assert greeting.heard.startswith("Good evening")
    [truth] = call.session["truth"]
    assert truth["over_agent"]
    heard = np.flatnonzero(call.heard())
    ready = next(e["t"] for e in call.events if e["type"] == "session.ready")
    stop = next(e["t"] for e in call.events if e["type"] == "input.speech.started")
    greeted = heard[heard < (stop + 0.05) * 24_000]
    assert truth["start"] / 24_000 + ready < greeted[-1] / 24_000 <= stop


def test_the_answer_behind_a_tool_is_what_is_interrupted():
    brain = [
        BRAIN[0],
        {
            "after": "free_tables",
            "say": "There is a table at seven in the evening, and one at half past eight.",
        },
        BRAIN[2],
    ]
    script = ["A table for four on Friday.", vn.BargeIn("Seven is fine, thank you.", after=1.0), vn.Answer()]
    call = run(lido(), script, brain=brain)
    announced, answer = [line for line in call.transcript if line.role == "agent"][1:3]
    assert (announced.text, announced.interrupted) == ("One moment.", False)
    assert answer.interrupted
    assert answer.heard.startswith("There is a table")
    [first] = [e for e in call.events if e["type"] == "heard" and e["msg"]["reply_id"] == answer.reply_id][:1]
    ready = next(e["t"] for e in call.events if e["type"] == "session.ready")
    began = call.session["truth"][1]["start"] / 24_000 + ready
    assert began - first["msg"]["t"] == pytest.approx(1.0, abs=0.3), "a second into it; words begin softly"


def test_a_wav_file_is_played_and_answered():
    call = run(vn.Agent(name="Echo"), vn.WavFile(DATA / "austen-0870.wav"), brain=["I see."])
    [user, agent] = call.transcript
    assert user.text.startswith("And Mr. John Dashwood")
    assert (agent.text, agent.unheard) == ("I see.", "")
    assert call.session["microphone"] == "austen-0870.wav"


def test_an_async_tool_takes_its_virtual_time():
    agent = vn.Agent(name="Slow")

    @agent.tool
    async def free_tables(day: str, people: int) -> str:
        """Get the free times on a day."""
        await asyncio.sleep(4)
        return "late"

    call = run(agent, ["A table, please.", vn.Answer()], brain=BRAIN)
    [tool] = call.tool_calls
    assert tool.result == '"late"'
    assert tool.result_at - tool.at == pytest.approx(4.0)
    assert call.transcript[-1].text == "Seven in the evening is free."


def test_an_unkept_recording_goes_with_its_object():
    call = run(vn.Agent(name="Echo"), ["Hello there."], brain=["Hello."])
    folder = call.folder
    copy = folder.parent.parent
    assert folder.exists()
    del call
    assert not folder.exists()
    assert copy.exists()


def test_no_key_reaches_the_recording(monkeypatch, tmp_path):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", KEY)
    emulator = vn.Emulator(brain=[f"Yes. {KEY}"], key=KEY, processor=InPlaceProcessor())
    run(vn.Agent(name="Echo"), ["Hello there.", vn.Answer()], emulator, recording=tmp_path / "call")
    for path in (tmp_path / "call").iterdir():
        assert KEY.encode() not in path.read_bytes()


# --- what goes wrong -----------------------------------------------------------


def recorded(error: BaseException) -> vn.Recording:
    """What was recorded until then; the error tells where."""
    assert any("recorded until then" in note for note in error.__notes__)
    recording = vn.load(error.facts["recording"])
    assert recording.finished
    return recording


def test_an_agent_that_never_answers():
    with pytest.raises(WaitTimeout, match=r"did not answer 'Hello there\.' within 3 s") as caught:
        run(vn.Agent(name="Mute"), ["Hello there.", vn.Answer(timeout=3)], brain=lambda text: None)
    call = recorded(caught.value)
    assert spoken(call) == [("user", "Hello there.")]
    assert call.ended["reason"] == "error"


def test_an_answer_that_was_lost_with_its_connection_is_told_so():
    emulator = vn.Emulator(processor=InPlaceProcessor(), faults=[vn.Fault.drop(after=1.0, times=2)])
    with pytest.raises(WaitTimeout, match=r"was lost 2 times until then, at 1\.0, ") as raised:
        run(vn.Agent(name="Deaf"), [vn.Answer(timeout=4)], emulator)
    assert len(raised.value.facts["lost_at"]) == 2


def lossy():
    """An emulator that lets the connection go in the greeting, and resumes nothing."""
    drop = vn.Fault.drop(after=1.0)
    return vn.Emulator(brain=["I see."], profile="live", processor=InPlaceProcessor(), faults=[drop])


def test_a_recording_that_is_no_path_leaves_no_emulator_behind():
    before = set(threading.enumerate())
    with pytest.raises(InvalidConfiguration, match="recording= takes a path"):
        run(lido(), ["Hello."], brain=["I see."], clock="real", recording=5)
    assert "voicenb-emulator" not in [thread.name for thread in threading.enumerate() if thread not in before]


def test_a_lost_connection_ends_a_call_unless_it_is_told_otherwise():
    with pytest.raises(vn.VoicenbError) as raised:
        run(lido(), ["A table for four on Friday.", vn.Answer()], lossy())
    assert recorded(raised.value).ended["reason"] == "lost"


def test_a_call_goes_on_in_another_session_where_that_is_wanted():
    call = run(lido(), ["A table for four on Friday.", vn.Answer()], lossy(), on_lost="restart")
    (back,) = [event["msg"] for event in call.events if event["type"] == "reconnected"]
    assert back["how"] == "restarted"
    assert [role for role, _ in spoken(call)] == ["agent", "user", "agent"]


def test_who_waits_for_a_greeting_speaks_when_a_lost_connection_has_cut_it_short():
    drop = vn.Fault.drop(after=1.0)
    emulator = vn.Emulator(brain=["I see."], processor=InPlaceProcessor(), faults=[drop])
    call = run(lido(), ["A table for four on Friday.", vn.Answer()], emulator)
    assert [role for role, _ in spoken(call)] == ["agent", "user", "agent"]


def test_a_greeting_that_was_cut_short_so_is_no_answer():
    emulator = vn.Emulator(processor=InPlaceProcessor(), faults=[vn.Fault.drop(after=1.0)])
    with pytest.raises(WaitTimeout, match=r"did not greet.* was lost once"):
        run(lido(), [vn.Answer(timeout=3)], emulator)


def test_a_way_to_go_on_that_there_is_not():
    with pytest.raises(InvalidConfiguration, match="is no way to go on"):
        run(lido(), ["Hello."], on_lost="resume")


def test_what_is_told_of_a_call_is_told_where_it_was_made():
    with pytest.raises(WaitTimeout) as raised:
        run(vn.Agent(name="Deaf"), [vn.Answer(timeout=1)])
    assert len(raised.traceback) == 2, "this line, and the one that raises"


def test_a_brain_that_raises():
    def brain(text):
        raise LookupError("no wits")

    with pytest.raises(ServiceError, match="LookupError: no wits") as caught:
        run(vn.Agent(name="Lost"), ["Hello there.", vn.Answer()], brain=brain)
    assert isinstance(caught.value.__cause__, LookupError)
    assert spoken(recorded(caught.value))[0] == ("user", "Hello there.")


def test_a_script_that_calls_a_tool_which_the_agent_does_not_have():
    with pytest.raises(ServiceError, match=r"line 1 of the script calls 'nope'.* has no tools\.") as caught:
        run(vn.Agent(name="Lido"), ["Hello there.", vn.Answer()], brain=[{"call": "nope"}])
    assert isinstance(caught.value.__cause__, vn.InvalidConfiguration)
    recorded(caught.value)


class BrokenEars:
    name, cost = "broken", 0.0

    def transcribe(self, samples, keyterms=(), expected=()):
        raise OSError("no ears")


def test_a_recogniser_that_raises():
    emulator = vn.Emulator(brain=BRAIN, recognizer=BrokenEars(), processor=InPlaceProcessor())
    with pytest.raises(ServiceError, match="OSError: no ears") as caught:
        run(vn.Agent(name="Deaf"), ["Hello there.", vn.Answer()], emulator)
    assert isinstance(caught.value.__cause__, OSError)
    recorded(caught.value)


def test_a_tool_that_raises_is_told_to_the_agent():
    agent = vn.Agent(name="Lido")

    @agent.tool
    def free_tables(day: str, people: int) -> str:
        """Get the free times on a day."""
        raise error

    for error in (RuntimeError("the book is lost"), SystemExit(1)):
        call = run(agent, ["A table, please.", vn.Answer()], brain=BRAIN)
        [tool] = call.tool_calls
        assert tool.is_error
        assert str(error) in tool.result or "SystemExit" in tool.result


def test_a_tool_may_have_a_loop_of_its_own():
    agent = vn.Agent(name="Lido")

    @agent.tool
    def free_tables(day: str, people: int) -> str:
        """Get the free times on a day."""
        return asyncio.run(asyncio.sleep(0, "seven"))

    call = run(agent, ["A table, please.", vn.Answer()], brain=BRAIN)
    assert call.tool_calls[0].result == '"seven"'


def test_the_limit():
    with pytest.raises(WaitTimeout, match="limit of 5 virtual seconds") as caught:
        run(vn.Agent(name="Idle"), ["Hello there.", vn.Pause(100)], brain=["Hello."], limit=5)
    call = recorded(caught.value)
    assert 5 <= call.duration < 10
    assert spoken(call)[0] == ("user", "Hello there.")


def test_a_folder_that_is_taken(tmp_path):
    (tmp_path / "mine").write_text("")
    with pytest.raises(RecordingError, match="not empty"):
        run(vn.Agent(name="Echo"), ["Hello."], brain=["Hello."], recording=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_an_earlier_recording_is_not_taken_for_this_one(booked):
    with pytest.raises(RecordingError, match="not empty") as caught:
        run(vn.Agent(name="Echo"), ["Hello."], brain=["Hello."], recording=booked.folder)
    assert "recording" not in caught.value.facts


def test_what_cannot_be_run():
    agent = vn.Agent(name="Echo")
    for caller in (vn.Caller(["Hello."]), vn.Says("Hello."), ["Hello."]):
        with pytest.raises(InvalidConfiguration, match=r"The agent comes first: vn\.run\(agent, caller\)"):
            run(caller, agent)
    with pytest.raises(InvalidConfiguration, match="An agent is no caller"):
        run(agent, agent)
    with pytest.raises(InvalidConfiguration, match="5 is no caller"):
        run(agent, 5)
    with pytest.raises(InvalidConfiguration, match="The class Silence is no microphone"):
        run(agent, vn.Silence)
    with pytest.raises(InvalidConfiguration, match="'loud' is no speaker"):
        run(agent, ["Hello."], speaker="loud")
    with pytest.raises(InvalidConfiguration, match="recording= takes a path, not 5"):
        run(agent, ["Hello."], recording=5)
    with pytest.raises(InvalidConfiguration, match="No clock is called 'slow'"):
        run(agent, ["Hello."], clock="slow")
    with pytest.raises(InvalidConfiguration, match="there is a service= already"):
        run(agent, ["Hello."], "wss://example.com/v1/ws", brain=["Hello."])
    with pytest.raises(InvalidConfiguration, match="virtual clock cannot reach"):
        run(agent, ["Hello."], "wss://example.com/v1/ws")
    with (
        vn.Emulator(brain=["Hello."]) as listening,
        pytest.raises(InvalidConfiguration, match="cannot reach"),
    ):
        run(agent, ["Hello."], listening)


def test_a_name_in_an_agents_place_is_the_id_of_one_that_nobody_has_stored():
    with pytest.raises(
        ServiceError, match=r"id of a stored one; an agent of your own is vn\.Agent\(name="
    ) as caught:
        run("Lido", ["Hello."])
    assert caught.value.code == "agent_not_found"
    recorded(caught.value)


def test_a_name_alone_is_heard_though_no_full_stop_was_written():
    call = run(
        vn.Agent(name="Lido", greeting="Hello, who is calling?"),
        [vn.Answer(), "Anna", vn.Answer()],
        brain=["Yes."],
    )
    assert ("user", "Anna.") in spoken(call)


def test_the_word_for_an_emulator_means_one_of_its_own():
    call = run(vn.Agent(name="Echo", greeting="Hello."), [vn.Answer()], "emulator")
    assert spoken(call) == [("agent", "Hello.")]


def test_on_the_real_clock():
    call = run(vn.Agent(name="Echo"), ["Hello there.", vn.Answer()], brain=["Hi."], clock="real", limit=60)
    assert spoken(call) == [("user", "Hello there."), ("agent", "Hi.")]
    assert "clock" not in call.session
    stereo = call.stereo()
    assert len(stereo) == pytest.approx(call.duration * 24_000, rel=0.1)
    ready = next(e["t"] for e in call.events if e["type"] == "session.ready")
    onset = call.session["truth"][0]["start"] / 24_000 + ready
    assert np.flatnonzero(np.abs(stereo[:, 0]) > 300)[0] / 24_000 == pytest.approx(onset, abs=0.1)
