"""Signs of trouble in recordings that were written for it."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from voicenb.audio.pcm import to_pcm
from voicenb.audio.resample import resample
from voicenb.audio.wav import read_wav
from voicenb.doctor_call import Signs
from voicenb.recording.recorder import Recorder
from voicenb.recording.recording import Recording

CLIPS = Path(__file__).parent / "data" / "audio"
RATE = 24_000
TURNS = {"min_silence": 600, "max_silence": 2000}
VAGUE = {"type": "function", "name": "tables", "description": "All about the tables."}
STRICT = {
    "type": "function",
    "name": "find_booking",
    "description": "Find a booking by its number. Use when the caller names one.",
    "parameters": {
        "type": "object",
        "properties": {"number": {"type": "string", "description": "Number.", "pattern": r"\d{6}"}},
    },
}


class Written:
    """Writes a call, event by event."""

    def __init__(self, folder, service="hosted"):
        about = {"agent": {"name": "Lido"}, "service": service, "started": "2026-09-21T14:13:20.000+00:00"}
        self.recorder = Recorder(folder, about=about)
        self.folder = folder
        self.n = self.caller = self.agent = 0

    def put(self, t, way, kind, msg=None, **more):
        self.recorder.event({"n": self.n, "t": t, "dir": way, "type": kind, "msg": msg or {}, **more})
        self.n += 1

    def begin(self, tools=(), **settings):
        config = {"tools": list(tools), **settings}
        self.put(0.0, "out", "session.update", {"session": config})
        self.put(0.0, "in", "session.ready", {"session_id": "sess_1", "config": config})

    def sound(self, t, samples):
        """The caller's; it was sent when its last sample had been said."""
        self.recorder.caller(samples)
        count = len(samples) // 2
        self.put(t, "out", "input.audio", track="caller", start=self.caller, samples=count)
        self.caller += count

    def voice(self, t, reply, samples, heard):
        """The agent's, of which so many seconds were heard."""
        self.recorder.agent(samples)
        count = len(samples) // 2
        self.put(t, "in", "reply.audio", {"reply_id": reply}, track="agent", start=self.agent, samples=count)
        self.agent += count
        note = {"reply_id": reply, "from": 0, "to": round(heard * RATE), "t": t}
        self.put(t + heard, "local", "heard", note)

    def end(self, reason="ended", t=60.0):
        self.recorder.close({"t": t, "reason": reason})
        return Signs(Recording(self.folder))


@pytest.fixture
def write(tmp_path):
    return lambda **more: Written(tmp_path / "call", **more)


def clip(name):
    samples, rate = read_wav(CLIPS / f"{name}.wav")
    return resample(samples, rate, RATE)


def only(findings):
    (finding,) = findings
    return finding


def test_codes_are_told_with_their_words_whatever_their_case(write):
    call = write()
    call.put(0.0, "in", "session.error", {"code": "UNAUTHORIZED", "message": "Authentication failed"})
    call.put(0.1, "local", "error", {"code": "unauthorized", "message": "The service refused the key."})
    signs = call.end("error")
    found = only(signs.error("unauthorized", "forbidden"))
    assert found.broken
    assert found.what == "unauthorized came: Authentication failed"
    assert not only(signs.error("invalid_audio")).broken


@pytest.mark.parametrize(("share", "broken"), [(1.0, False), (0.66, True), (1.5, True)])
def test_sound_of_another_rate_takes_another_time(write, share, broken):
    call = write()
    call.begin()
    for n in range(100):
        call.sound(n * 0.1, bytes(2 * round(0.1 * share * RATE)))
    found = only(call.end().pace())
    assert found.broken == broken
    assert bool(found.remedy) == broken


def test_of_a_short_call_the_pace_is_not_told(write):
    call = write()
    call.begin()
    call.sound(0.1, bytes(4800))
    assert not only(call.end().pace()).seen


def test_of_a_connection_that_was_lost_the_pace_is_not_told(write):
    call = write()
    call.begin()
    for n in range(100):
        call.sound(n * 0.1, bytes(2400))
    call.put(10.0, "local", "reconnected", {"gap": 2.0})
    assert not only(call.end().pace()).seen


def test_turns_that_went_on(write):
    call = write()
    call.begin(input={"turn_detection": TURNS})
    for at, item, text in [
        (1, "a", "A table"),
        (2, "a", "A table for four."),
        (5, "b", "Thanks."),
        (9, None, "Bye."),
    ]:
        call.put(at, "in", "transcript.user", {"item_id": item, "text": text})
    found = only(call.end().cut())
    assert found.what.startswith("3 turns, 1 of them went on")
    assert "min_silence 600" in found.what
    assert "recommended" in found.remedy


@pytest.mark.parametrize(
    ("said", "noticed", "words"),
    [
        (None, 0, "Let the browser use the microphone"),
        (np.zeros(RATE), 0, "muted"),
        (0.3 * np.sin(np.arange(RATE) / 10), 0, "Wait for session.ready"),
        (0.3 * np.sin(np.arange(RATE) / 10), 2, ""),
    ],
    ids=["nothing", "silence", "unnoticed", "noticed"],
)
def test_whether_the_caller_was_heard(write, said, noticed, words):
    call = write()
    call.begin()
    if said is not None:
        call.sound(1.0, to_pcm(said.astype(np.float32)))
    for n in range(noticed):
        call.put(1.0 + n, "in", "input.speech.started")
    found = only(call.end().hearing())
    assert found.broken == bool(words)
    assert words in found.remedy


@pytest.mark.parametrize(
    ("events", "broken", "words"),
    [
        ([], True, "closed without session.end"),
        ([("out", "session.end")], False, "not answered"),
        ([("out", "session.end"), ("in", "session.ended")], False, "session.ended came"),
    ],
    ids=["none", "unanswered", "answered"],
)
def test_how_it_ended(write, events, broken, words):
    call = write()
    call.begin()
    for way, kind in events:
        call.put(5.0, way, kind)
    found = only(call.end().ending())
    assert found.broken == broken
    assert words in found.what


def test_what_never_began_did_not_end_badly(write):
    assert not only(write().end("error").ending()).broken


def called(call, t, call_id, name, **arguments):
    call.put(t, "in", "tool.call", {"call_id": call_id, "name": name, "arguments": arguments})


def test_calls_without_a_result(write):
    call = write()
    call.begin([VAGUE, STRICT])
    called(call, 1.0, "c1", "tables")
    call.put(1.1, "out", "tool.result", {"call_id": "c1", "result": "[]"})
    called(call, 2.0, "c2", "find_booking", number="1")
    called(call, 3.0, "c3", "another_s")  # of a tool that this client never offered: the service runs it
    found = only(call.end().results())
    assert found.what == "2 calls of tools of its own, 1 (find_booking) without a result"
    assert found.broken


def test_a_reply_that_is_asked_for_on_top_of_a_result(write):
    call = write()
    call.begin([VAGUE])
    call.put(0.5, "out", "reply.create")
    called(call, 1.0, "c1", "tables")
    call.put(1.1, "out", "tool.result", {"call_id": "c1", "result": "[]"})
    call.put(1.2, "out", "reply.create")
    call.put(1.5, "in", "reply.started", {"reply_id": "r"})
    call.put(2.0, "in", "reply.done", {"reply_id": "r"})
    call.put(3.0, "out", "reply.create")
    found = only(call.end().doubles())
    assert found.what == "reply.create was sent 1 time between a tool's result and its answer"
    assert found.broken


def test_the_reply_that_announced_a_call_is_no_answer_to_its_result(write):
    call = write()
    call.begin([VAGUE])
    call.put(0.9, "in", "reply.started", {"reply_id": "announces"})
    called(call, 1.0, "c1", "tables")
    call.put(1.1, "out", "tool.result", {"call_id": "c1", "result": "[]"})
    call.put(1.2, "in", "reply.done", {"reply_id": "announces"})
    call.put(1.3, "out", "reply.create")
    call.put(1.4, "in", "reply.started", {"reply_id": "answers"})
    call.put(2.0, "in", "reply.done", {"reply_id": "answers"})
    call.put(3.0, "out", "reply.create")
    found = only(call.end().doubles())
    assert found.what == "reply.create was sent 1 time between a tool's result and its answer"
    assert found.broken


def test_what_is_asked_of_a_session_that_took_the_place_of_a_lost_one_is_no_double(write):
    call = write()
    call.begin([VAGUE])
    called(call, 1.0, "c1", "tables")
    call.put(1.1, "out", "tool.result", {"call_id": "c1", "result": "[]"})
    call.put(1.5, "local", "reconnected", {"how": "restarted"})
    call.put(2.5, "out", "reply.create")
    assert not only(call.end().doubles()).broken


def test_an_error_in_its_older_shape(write):
    call = write()
    call.begin()
    call.put(0.5, "in", "session.error", {"error_code": "INVALID_AUDIO", "message": "No samples"})
    assert only(call.end().error("invalid_audio")).what == "invalid_audio came: No samples"


def test_a_long_call_is_not_held_in_memory_at_once(write):
    call = write()
    call.begin()
    minute = bytes(2 * 60 * RATE)
    for n in range(10):
        call.sound(60.0 * (n + 1), minute)
    call.sound(601.0, to_pcm((0.3 * np.sin(np.arange(RATE) / 10)).astype(np.float32)))
    signs = call.end()
    track = signs.recording.caller.nbytes
    tracemalloc.start()
    try:
        found = only(signs.hearing())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "601.0 s of sound, at its loudest -13 dBFS" in found.what
    assert peak < track, "in float64 it would be four times that"


def test_tools_that_were_never_called(write):
    call = write()
    call.begin([VAGUE, STRICT])
    called(call, 1.0, "c1", "find_booking")
    found = only(call.end().uncalled())
    assert found.what == "2 tools, 1 (tables) of them never called"
    assert "tables: It does not say when to call the tool." in found.remedy
    assert "find_booking" not in found.remedy
    assert not found.broken


def test_what_is_asked_again(write):
    call = write()
    call.begin([STRICT])
    for n in range(3):
        called(call, float(n), f"c{n}", "find_booking", number="12 34")
        call.put(n + 0.1, "out", "tool.result", {"call_id": f"c{n}", "result": "no", "is_error": True})
    found = only(call.end().again())
    assert "same arguments: 2 (find_booking)" in found.what
    assert "with an error: 3 (find_booking)" in found.what
    assert "1 pattern without room" in found.what
    assert "find_booking: " in found.remedy


@pytest.mark.parametrize("own", [True, False], ids=["its own voice", "somebody else"])
def test_an_agent_that_interrupts_itself(write, own):
    voice = clip("austen-0930")
    other = 0.5 * (voice if own else clip("cards-002"))[: 3 * RATE]
    call = write()
    call.begin()
    call.put(0.5, "in", "reply.started", {"reply_id": "r"})
    call.voice(1.0, "r", to_pcm(voice), 2.5)
    caller = np.zeros(5 * RATE, np.float32)
    caller[round(1.1 * RATE) :][: len(other)] = other[: len(caller) - round(1.1 * RATE)]
    for n in range(50):
        part = caller[n * RATE // 10 : (n + 1) * RATE // 10]
        call.sound((n + 1) / 10, to_pcm(part))
    call.put(3.4, "in", "input.speech.started")
    call.put(3.4, "in", "transcript.agent", {"reply_id": "r", "text": "One.", "interrupted": True})
    call.put(3.4, "in", "reply.done", {"reply_id": "r", "status": "interrupted"})
    call.put(4.5, "in", "input.speech.stopped")
    call.put(4.5, "in", "transcript.user", {"item_id": "a", "text": "Hello."})
    signs = call.end()
    found = only(signs.own_voice())
    assert found.what == f"1 interruption, {'1' if own else 'none'} of them by its own voice"
    assert (found.broken, bool(found.remedy)) == (own, own)
    assert only(signs.stale()).what.startswith("1 interruption, none of them heard for more than")


def test_what_a_recording_from_elsewhere_does_not_tell(write):
    call = write()
    call.begin()
    call.end()
    about = json.loads((call.folder / "session.json").read_text())
    about["absent"] = dict.fromkeys(("partials", "frames"), "It is not there.")
    about["source"] = {"host": "agents.eu.assemblyai.com"}
    (call.folder / "session.json").write_text(json.dumps(about))
    signs = Signs(Recording(call.folder))
    for findings in (signs.own_voice(), signs.stale(), signs.pace(), signs.ending()):
        found = only(findings)
        assert not found.seen
        assert "not captured" in found.what
    assert "host agents.eu.assemblyai.com" in only(signs.support()).what


def test_what_a_request_to_the_support_needs(write):
    call = write()
    call.begin()
    call.put(5.0, "local", "closed", {"code": 1011, "reason": ""})
    told = only(call.end("lost").support()).what
    assert told.startswith(
        "session sess_1; close code 1011; began 2026-09-21T14:13:20.000+00:00; service hosted"
    )
    assert "host as it was chosen" in told
