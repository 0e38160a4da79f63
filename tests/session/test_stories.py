"""What the contract asks of a client, told as stories and played on each host and transport."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest
from rigs import END, OVER, Do, Rig, Wait
from scripted_service import Peer, polite

from voicenb.errors import (
    ImmutableField,
    ServiceError,
    ServiceUnreachable,
    SessionNotOpen,
    Unauthorized,
    WaitTimeout,
)
from voicenb.recording.library import load
from voicenb.session.failure import from_wire

SECOND = bytes(48_000)
TONE = (b"\x00\x10" * 24 + b"\x00\xf0" * 24) * 500  # one second of 500 Hz


def test_a_call_from_ready_to_goodbye(rig: Rig, tmp_path: Path) -> None:
    outcome = rig.play(
        polite,
        [Wait("session.ready"), Wait("input.audio"), END],
        tmp_path / "call",
        session={"greeting": "Hi."},
    )
    assert outcome.sent == ["session.update", "input.audio", "session.end"]
    assert outcome.service[0]["session"] == {"greeting": "Hi."}
    assert outcome.states == ["connecting", "listening", "ended"]
    assert [event["n"] for event in outcome.events] == list(range(len(outcome.events)))
    times = [event["t"] for event in outcome.events]
    assert times == sorted(times)
    recording = load(tmp_path / "call")
    assert recording.finished
    assert recording.ended is not None
    assert recording.ended["reason"] == "ended"


def test_exactly_what_was_sent_is_recorded(rig: Rig, tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def listens(peer: Peer) -> None:
        await peer.ready()
        while (message := await peer.get())["type"] == "input.audio":
            heard.append(base64.b64decode(message["audio"]))
        await peer.say("session.ended")
        await peer.close(1000, "")

    rig.play(
        listens, [Wait("session.ready"), *[Wait("input.audio")] * 20, END], tmp_path / "call", speech=TONE
    )
    sent = b"".join(heard)
    assert load(tmp_path / "call").caller.tobytes() == sent
    assert sent.startswith(TONE[:9600])


def test_nothing_but_the_update_goes_out_before_ready(rig: Rig, tmp_path: Path) -> None:
    async def slow(peer: Peer) -> None:
        update = await peer.expect("session.update")
        await peer.say("session.updated", config=update["session"])
        await asyncio.sleep(0.2)
        await peer.say("session.ready", session_id="sess_1")
        await peer.goodbye()

    outcome = rig.play(slow, [Wait("session.ready"), Wait("input.audio"), END], tmp_path / "call")
    ready = next(event["t"] for event in outcome.events if event["type"] == "session.ready")
    assert all(event["t"] >= ready for event in outcome.events if event["type"] == "input.audio")


def test_a_reply_is_heard_to_its_end(rig: Rig, tmp_path: Path) -> None:
    async def greets(peer: Peer) -> None:
        await peer.ready()
        await peer.reply("r1", "Good evening.", TONE[:24_000], chunk=480)
        await peer.goodbye()

    heard_out = Wait("heard", lambda record: record["to"] == 12_000)
    outcome = rig.play(greets, [heard_out, END], tmp_path / "call")
    assert outcome.states == ["connecting", "listening", "thinking", "speaking", "listening", "ended"]
    notes = outcome.of("heard")
    assert [note["from"] for note in notes] == [0, *[note["to"] for note in notes[:-1]]]
    assert all(note["uncertainty"] <= 0.05 for note in notes)
    recording = load(tmp_path / "call")
    assert recording.agent.tobytes() == TONE[:24_000]
    (line,) = recording.transcript
    assert (line.text, line.heard, line.unheard) == ("Good evening.", "Good evening.", "")


def test_the_caller_interrupts(rig: Rig, tmp_path: Path) -> None:
    async def long_winded(peer: Peer) -> None:
        await peer.ready()
        await peer.reply("r1", "", 10 * SECOND, status=None)
        await asyncio.sleep(0.3)
        await peer.say("input.speech.started")
        await peer.say("transcript.agent", reply_id="r1", item_id="i1", text="One two", interrupted=True)
        await peer.say("reply.done", reply_id="r1", status="interrupted")
        await peer.goodbye()

    outcome = rig.play(long_winded, [Wait("reply.done"), END], tmp_path / "call")
    assert "speaking" in outcome.states
    spoken = [record["state"] for record in outcome.of("state")]
    assert spoken[spoken.index("speaking") + 1] == "listening"
    (line,) = load(tmp_path / "call").transcript
    assert line.interrupted


def test_an_update_is_done_when_the_service_says_so(rig: Rig, tmp_path: Path) -> None:
    async def updates(peer: Peer) -> None:
        await peer.ready()
        update = await peer.expect("session.update")
        await peer.say("session.updated", config=update["session"])
        await peer.goodbye()

    # Turn detection goes out whole: what the service makes of fields that are not sent is not documented.
    given = {
        "vad_threshold": 0.5,
        "min_silence": 700,
        "max_silence": 3000,
        "interrupt_response": True,
        "interruption_delay": 500,
    }
    change = {"input": {"turn_detection": given}}
    less = Do({"do": "update", "session": {"input": {"turn_detection": {"min_silence": 700}}}})
    outcome = rig.play(updates, [Wait("session.ready"), less, END], tmp_path / "call")
    assert outcome.errors == []
    assert [m["session"] for m in outcome.service if m["type"] == "session.update"][1] == change
    assert load(tmp_path / "call").conversation.config["input"] == change["input"]


def test_a_refused_update_raises_and_the_session_lives(rig: Rig, tmp_path: Path) -> None:
    async def refuses(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("session.update")
        await peer.say("session.error", code="INVALID_VALUE", message="Not that one.", param="input.keyterms")
        await peer.goodbye()

    change = {"do": "update", "session": {"input": {"keyterms": ["x"]}}}
    outcome = rig.play(refuses, [Wait("session.ready"), Do(change), END], tmp_path / "call")
    (error,) = outcome.errors
    assert type(error) is ServiceError
    assert (error.code, error.param) == ("invalid_value", "input.keyterms")
    assert outcome.of("error") == []
    assert outcome.sent[-1] == "session.end"


def test_an_update_without_an_answer_times_out(rig: Rig, tmp_path: Path) -> None:
    async def deaf(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("session.update")
        await peer.goodbye()

    change = {"do": "update", "session": {"system_prompt": "Other."}}
    outcome = rig.play(deaf, [Wait("session.ready"), Do(change), END], tmp_path / "call")
    assert [type(error) for error in outcome.errors] == [WaitTimeout]


def test_frozen_settings_never_reach_the_wire(rig: Rig, tmp_path: Path) -> None:
    change = {"do": "update", "session": {"greeting": "Other."}}
    outcome = rig.play(polite, [Wait("session.ready"), Do(change), END], tmp_path / "call")
    assert [type(error) for error in outcome.errors] == [ImmutableField]
    assert sum(message["type"] == "session.update" for message in outcome.service) == 1


def test_a_refused_login(rig: Rig, tmp_path: Path) -> None:
    async def refuses(peer: Peer) -> None:
        await peer.say("session.error", code="UNAUTHORIZED", message="Authentication failed", session_id=None)
        await peer.close(1008, "")

    outcome = rig.play(refuses, [OVER], tmp_path / "call")
    (record,) = outcome.of("error")
    assert record["fatal"]
    error = from_wire(record)
    assert isinstance(error, Unauthorized)
    assert "ASSEMBLYAI_API_KEY" in error.remedy
    assert load(tmp_path / "call").finished


def test_a_service_that_never_becomes_ready(rig: Rig, tmp_path: Path) -> None:
    async def never(peer: Peer) -> None:
        update = await peer.expect("session.update")
        await peer.say("session.updated", config=update["session"])
        await peer.expect("session.end")
        await peer.close(1000, "")

    outcome = rig.play(never, [OVER], tmp_path / "call")
    error = from_wire(outcome.of("error")[0])
    assert isinstance(error, WaitTimeout)
    assert "Received: session.updated" in str(error)
    assert outcome.sent[-1] == "session.end"


@pytest.mark.parametrize("code", [1006, 1011, 1001])
def test_a_connection_that_is_lost(rig: Rig, tmp_path: Path, code: int) -> None:
    async def drops(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("input.audio")
        await peer.close(code, "")

    outcome = rig.play(drops, [OVER], tmp_path / "call")
    assert outcome.states[-1] == "lost"
    error = from_wire(outcome.of("error")[0])
    assert isinstance(error, ServiceUnreachable)
    assert "recording" in error.remedy
    assert outcome.of("closed")[0]["code"] == code
    recording = load(tmp_path / "call")
    assert recording.finished
    assert recording.ended is not None
    assert recording.ended["reason"] == "lost"


def test_the_service_ends_the_session(rig: Rig, tmp_path: Path) -> None:
    async def ends(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("input.audio")
        await peer.say("session.ended", session_duration_seconds=60.0)
        await peer.close(1000, "")

    outcome = rig.play(ends, [OVER], tmp_path / "call")
    assert outcome.states[-1] == "ended"
    assert outcome.of("error") == []


def test_an_end_that_is_not_answered(rig: Rig, tmp_path: Path) -> None:
    async def silent(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("session.end")
        await peer.get()  # until the client gives up

    outcome = rig.play(silent, [Wait("input.audio"), END], tmp_path / "call")
    assert outcome.sent[-1] == "session.end"
    assert load(tmp_path / "call").finished


def test_a_tool_result_is_sent_once(rig: Rig, tmp_path: Path) -> None:
    tool = {"type": "function", "name": "look", "parameters": {}}

    async def calls(peer: Peer) -> None:
        await peer.ready()
        await peer.say("reply.started", reply_id="r1", item_id="i1")
        await peer.say("tool.call", call_id="c1", name="look", arguments={"at": "x"})
        await peer.expect("tool.result")
        await peer.goodbye()

    answer = {"do": "tool_result", "call_id": "c1", "result": "[1]", "is_error": False, "own_time": 0.25}
    steps = [Wait("tool.call"), Do(answer), Do(answer), END]
    outcome = rig.play(calls, steps, tmp_path / "call", session={"tools": [tool]})
    (result,) = [message for message in outcome.service if message["type"] == "tool.result"]
    assert result == {"type": "tool.result", "call_id": "c1", "result": "[1]"}
    assert len(outcome.errors) == 1
    assert outcome.of("tool") == [{"call_id": "c1", "own_time": 0.25}]


def test_reply_and_audio_by_hand(rig: Rig, tmp_path: Path) -> None:
    audio: list[bytes] = []

    async def listens(peer: Peer) -> None:
        await peer.ready()
        while (message := await peer.get())["type"] != "session.end":
            if message["type"] == "input.audio":
                audio.append(base64.b64decode(message["audio"]))
        await peer.say("session.ended")
        await peer.close(1000, "")

    steps = [
        Wait("session.ready"),
        Do({"do": "reply", "instructions": "Say hello."}),
        Do({"do": "send_audio", "pcm": TONE[:9_600]}),
        *[Wait("input.audio")] * 20,
        END,
    ]
    outcome = rig.play(listens, steps, tmp_path / "call")
    assert {"type": "reply.create", "instructions": "Say hello."} in outcome.service
    assert TONE[:9_600] in b"".join(audio)


def test_mute_sends_silence(rig: Rig, tmp_path: Path) -> None:
    audio: list[bytes] = []

    async def listens(peer: Peer) -> None:
        await peer.ready()
        while (message := await peer.get())["type"] == "input.audio":
            audio.append(base64.b64decode(message["audio"]))
        await peer.say("session.ended")
        await peer.close(1000, "")

    steps = [Do({"do": "mute", "muted": True}), Wait("session.ready"), *[Wait("input.audio")] * 5, END]
    outcome = rig.play(listens, steps, tmp_path / "call", speech=TONE)
    assert not any(b"".join(audio[:5]))
    assert outcome.of("muted") == [{"muted": True}]


def test_a_frame_that_cannot_be_read_is_logged(rig: Rig, tmp_path: Path) -> None:
    async def babbles(peer: Peer) -> None:
        await peer.ready()
        await peer.say("transcript.user.delta")
        await peer.say("something.new", field=1)
        await peer.goodbye()

    outcome = rig.play(babbles, [Wait("something.new"), END], tmp_path / "call")
    (record,) = (each for each in outcome.of("log") if each["text"] != "page")  # that one came
    assert "left out" in record["text"]
    assert outcome.of("something.new")[0]["field"] == 1


def test_commands_after_the_end(rig: Rig, tmp_path: Path) -> None:
    outcome = rig.play(polite, [Wait("session.ready"), END, Do({"do": "reply"}), END], tmp_path / "call")
    assert SessionNotOpen in [type(error) for error in outcome.errors]


def test_the_key_is_in_no_file(rig: Rig, tmp_path: Path) -> None:
    async def echoes(peer: Peer) -> None:
        assert peer.headers["authorization"] == "Bearer a-secret-key"
        await peer.ready()
        await peer.say("session.error", code="oops", message=f"Your key is {peer.headers['authorization']}")
        await peer.goodbye()

    rig.play(echoes, [Wait("session.error"), END], tmp_path / "call")
    for path in (tmp_path / "call").iterdir():
        assert b"a-secret-key" not in path.read_bytes()
