import asyncio
import json
import resource
import signal
import subprocess
import sys
import textwrap
import wave
from pathlib import Path

import pytest

from voicenb.errors import RecordingError
from voicenb.recording.recorder import PATIENCE, Recorder, replace
from voicenb.recording.recording import Recording
from voicenb.testing.virtual_clock import run_virtually

ABOUT = {"agent": {"name": "Lido"}, "started": "2026-09-21T14:13:20+00:00", "versions": {"voicenb": "0"}}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_layout_of_format_1(finished):
    assert sorted(path.name for path in finished.iterdir()) == [
        "agent.wav",
        "caller.wav",
        "events.jsonl",
        "session.json",
    ]
    session = json.loads((finished / "session.json").read_text())
    assert session["format"] == 1
    assert session["agent"]["name"] == "Lido"
    assert session["ended"] == {"t": 3.0, "reason": "ended", "events": 74}
    with wave.open(str(finished / "caller.wav")) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (24_000, 2, 1)
        assert file.getnframes() == 50 * 480
    events = [json.loads(line) for line in (finished / "events.jsonl").read_text().splitlines()]
    assert [event["n"] for event in events] == list(range(len(events)))
    sound = next(event for event in events if event["type"] == "reply.audio")
    assert sound == {
        "n": sound["n"],
        "t": 2.3,
        "dir": "in",
        "type": "reply.audio",
        "msg": {"type": "reply.audio", "reply_id": "r1"},
        "track": "agent",
        "start": 0,
        "samples": 240,
    }


def test_started_and_versions_are_filled_in(tmp_path):
    Recorder(tmp_path / "call", about={}).close({"reason": "ended"})
    session = json.loads((tmp_path / "call" / "session.json").read_text())
    assert session["started"].startswith("20")
    assert session["versions"]["voicenb"]


def test_the_same_call_is_the_same_bytes(tmp_path, begin):
    for name in ("one", "two"):
        call = begin(tmp_path / name)
        call.whole()
        call.recorder.close({"t": 3.0, "reason": "ended"})
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_ended_is_null_while_the_call_runs(call):
    session = json.loads((call.recorder.folder / "session.json").read_text())
    assert session["ended"] is None
    call.recorder.close({"t": 0.0, "reason": "ended"})


def test_every_event_reaches_the_system_at_once_and_its_sound_before_it(call):
    call.opens()
    call.says(0.2, bytes(960))  # no loop here that would come back to it: at once, too
    call.put(0.3, "in", "input.speech.started")
    lines = (call.recorder.folder / "events.jsonl").read_bytes().splitlines()
    assert json.loads(lines[-1])["type"] == "input.speech.started"
    assert (call.recorder.folder / "caller.wav").stat().st_size == 44 + 960
    with wave.open(str(call.recorder.folder / "caller.wav")) as file:
        assert file.getnframes() == 480
    call.recorder.close({"t": 0.3})


def test_on_a_loop_sound_waits_half_a_second_at_most(tmp_path):
    async def main():
        recorder = Recorder(tmp_path / "call", about=ABOUT)
        track = tmp_path / "call" / "agent.wav"
        sizes = []
        for _ in range(60):
            recorder.agent(bytes(480))
            sizes.append(track.stat().st_size - 44)
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)
        rest = track.stat().st_size - 44
        recorder.close({"t": 1.0})
        return sizes, rest

    sizes, rest = run_virtually(main)
    assert sizes[5] == 0  # not every chunk by itself
    assert sizes[50] == 50 * 480
    assert rest == 60 * 480


def test_no_event_is_on_disk_before_its_sound(tmp_path):
    async def main():
        recorder = Recorder(tmp_path / "call", about=ABOUT)
        events, track = tmp_path / "call" / "events.jsonl", tmp_path / "call" / "caller.wav"
        for n in range(300):
            start = recorder.caller(bytes(20))
            about = {"track": "caller", "start": start, "samples": 10}
            recorder.event({"n": n, "t": 0.0, "dir": "out", "type": "input.audio", "msg": {}, **about})
            whole = events.read_bytes().count(b"\n")
            assert (track.stat().st_size - 44) // 20 >= whole
        recorder.close({"t": 1.0})
        assert events.read_bytes().count(b"\n") == 300

    run_virtually(main)


def test_positions_count_on(recorder):
    assert recorder.caller(bytes(960)) == 0
    assert recorder.caller(bytes(2)) == 480
    assert recorder.caller(bytes(3)) == 481  # half a sample is not one
    assert recorder.caller(b"") == 482
    assert recorder.agent(bytes(960)) == 0
    recorder.close({})


def test_close_is_for_once_and_nothing_is_written_behind_it(call):
    call.opens()
    call.recorder.close({"t": 1.0, "reason": "ended"})
    before = contents(call.recorder.folder)
    call.recorder.close({"t": 9.0, "reason": "again"})
    call.put(2.0, "in", "input.speech.started")
    call.recorder.caller(bytes(960))
    call.recorder.update(clocks={})
    assert contents(call.recorder.folder) == before
    assert call.recorder.closed


def test_update_replaces_the_session_file_whole(recorder):
    recorder.update(clocks={"page": [[0.0, 1.5]]})
    assert json.loads((recorder.folder / "session.json").read_text())["clocks"] == {"page": [[0.0, 1.5]]}
    assert not list(recorder.folder.glob("*.part"))
    recorder.close({})


# --- errors -----------------------------------------------------------------


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(RecordingError, match=r"not empty \(there is notes.txt\)"):
        Recorder(tmp_path, about=ABOUT)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_will_do_and_parents_are_made(tmp_path):
    Recorder(tmp_path / "a" / "b", about=ABOUT).close({})
    (tmp_path / "empty").mkdir()
    Recorder(tmp_path / "empty", about=ABOUT).close({})


def test_a_file_in_the_way(tmp_path):
    (tmp_path / "calls").write_text("")
    with pytest.raises(RecordingError, match=r"No recording can be written to .*calls/one") as caught:
        Recorder(tmp_path / "calls" / "one", about=ABOUT)
    assert caught.value.facts["errno"]


def test_a_folder_that_may_not_be_written_to():
    with pytest.raises(RecordingError, match="No recording can be written to /proc/voicenb/call: "):
        Recorder("/proc/voicenb/call", about=ABOUT)  # refuses everybody, on any system


def test_a_disk_that_fills_during_the_call_is_told_once_and_the_call_goes_on(tmp_path, begin):
    """The kernel's own limit on the size of files stands in for the full disk."""
    told = []
    call = begin(tmp_path / "call")
    call.recorder._on_error = told.append
    call.opens()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        for second in range(4):
            call.says(second, bytes(9_600))
            call.put(second, "in", "input.speech.started")
        assert call.recorder.caller(bytes(2)) == 4 * 4800  # places go on
        call.recorder.close({"t": 4.0, "reason": "ended"})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert len(told) == 1
    assert "stopped: File too large. The call goes on." in told[0].message
    recording = Recording(call.recorder.folder)
    assert "File too large" in recording.ended["recording_error"]
    assert len(recording.caller) >= 2 * 4800
    assert recording.conversation.session_id == "sess_1"


CRASHING = """
import os, sys
from voicenb.recording.recorder import Recorder
recorder = Recorder(sys.argv[1], about={"agent": {"name": "Lido"}})
n = 0
while True:
    start = recorder.caller(bytes(range(256)) * 4)
    recorder.event({"n": n, "t": n * 0.02, "dir": "out", "type": "input.audio", "msg": {},
                    "track": "caller", "start": start, "samples": 512})
    n += 1
    if n == 100:
        recorder.event({"n": n, "t": 2.0, "dir": "local", "type": "state", "msg": {"state": "listening"}})
        recorder._events.write(b'{"n": 101, "t": 2.0, "dir": "lo')
        recorder._events.flush()
        recorder._tracks["caller"]._file.write(b"odd")
        recorder._tracks["caller"]._file.flush()
        os.kill(os.getpid(), 9)
"""


def test_a_crash_leaves_a_recording_that_loads(tmp_path):
    folder = tmp_path / "call"
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(CRASHING), str(folder)], check=False)
    assert killed.returncode == -signal.SIGKILL
    recording = Recording(folder)
    assert not recording.finished
    assert recording.ended is None
    assert [event["n"] for event in recording.events] == list(range(101))
    assert len(recording.caller) == 51_201
    assert recording.caller[:512].tobytes() == bytes(range(256)) * 4
    copy = recording.save(tmp_path / "copy")
    assert len(copy.events) == 101


# --- secrets ----------------------------------------------------------------

CANARY = "aai-canary-5f0c2d7b9e"


def test_no_secret_is_ever_written(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "env-" + CANARY)
    secret = {"Authorization": f"Bearer {CANARY}-1"}
    tool = {
        "name": "look_up",
        "http": {
            "url": f"https://example.com/x?token={CANARY}-2&day=1",
            "headers": {"X-Api-Key": f"{CANARY}-3"},
        },
    }
    listed = {"name": "two", "http": {"headers": [{"name": "X-Key", "value": f"{CANARY}-4"}]}}
    echo = {"tools": [{"http": {"headers_ciphertext": f"{CANARY}-5"}}], "llm": [{"api_key": f"{CANARY}-6"}]}
    recorder = Recorder(
        tmp_path / "call",
        about={
            "agent": {"name": "Lido", "tools": [tool, listed]},
            "service": f'emulator with quote"{CANARY}',
        },
        secrets=[f'quote"{CANARY}', ""],
    )
    puts = [
        ("out", "session.update", {"session": {"tools": [tool, listed], "webhook": {"secret": CANARY}}}),
        ("in", "session.ready", {"session_id": "s", "resume_token": CANARY, "config": echo}),
        (
            "local",
            "log",
            {"text": f"GET wss://x/v1/ws?api_key={CANARY} with Bearer {CANARY}", "headers": secret},
        ),
        ("local", "error", {"message": f"401 for env-{CANARY}"}),
        ("in", "reply.audio", {"reply_id": "r", "data": f'quote"{CANARY}'}),
        ("local", "log", {"pcm": CANARY.encode()}),
    ]
    for n, (dir_, kind, msg) in enumerate(puts):
        recorder.event({"n": n, "t": 0.0, "dir": dir_, "type": kind, "msg": {"type": kind, **msg}})
    recorder.close({"reason": f"closed: resume_token={CANARY}"})
    written = contents(tmp_path / "call")
    assert not [name for name, text in written.items() if CANARY.encode() in text]
    session = json.loads(written["session.json"])
    assert session["agent"]["tools"][0]["http"]["url"] == "https://example.com/x?token=[redacted]&day=1"
    assert session["agent"]["tools"][1]["http"]["headers"] == [{"name": "X-Key", "value": "[redacted]"}]
    Recording(tmp_path / "call")


def write(recorder, dir_, kind, **msg):
    recorder.event({"n": 0, "t": 0.0, "dir": dir_, "type": kind, "msg": msg})


def test_a_short_key_is_masked_where_nobody_speaks(tmp_path):
    recorder = Recorder(tmp_path / "call", about={"service": "http://x/secret"}, secrets=["secret"])
    write(recorder, "local", "log", text="GET /?q=secret Bearer bonds")
    write(recorder, "in", "session.error", message="no access with secret", code="unauthorized")
    recorder.close({})
    recording = Recording(tmp_path / "call")
    assert recording.session["service"] == "http://x/[redacted]"
    assert recording.events[0]["msg"]["text"] == "GET /?q=[redacted] Bearer [redacted]"
    assert recording.events[1]["msg"]["message"] == "no access with [redacted]"


class Read(type(Path())):
    """A draft that may not take the target's place while somebody reads that, as on Windows."""

    readers = 0

    def replace(self, target):
        Read.readers -= 1
        if Read.readers >= 0:
            raise PermissionError(13, "in use")
        return super().replace(target)


@pytest.mark.parametrize("readers", range(len(PATIENCE) + 1))
def test_a_file_that_somebody_reads_is_replaced_when_they_are_done(tmp_path, readers):
    draft, target = tmp_path / "session.json.part", tmp_path / "session.json"
    draft.write_text("new")
    target.write_text("old")
    Read.readers = readers
    replace(Read(draft), target)
    assert target.read_text() == "new"


def test_a_file_that_stays_in_use_is_an_error(tmp_path):
    draft = tmp_path / "session.json.part"
    draft.write_text("new")
    Read.readers = len(PATIENCE) + 1
    with pytest.raises(PermissionError):
        replace(Read(draft), tmp_path / "session.json")


def test_what_cannot_be_written_is_written_as_well_as_can_be(tmp_path):
    folder = tmp_path / "call"
    recorder = Recorder(folder, about={"agent": {"name": "caf\udce9"}})
    odd = {"text": "caf\udce9", "set": {3}, "sound": b"\0", "n": 2}
    recorder.event({"n": 0, "t": 0.0, "dir": "out", "type": "reply.create", "msg": odd})
    recorder.event({"n": 1, "t": 0.0, "dir": "local", "type": "log", "msg": {"text": "token=a secret"}})
    recorder.update(clocks={"caf\udce9": [object]})
    recorder.close({"t": 0.0, "reason": "caf\udce9"})
    assert recorder.failure is None
    first, second = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    assert first["msg"] == {"text": "caf?", "set": "{3}", "sound": "[redacted]", "n": 2}
    assert (first["n"], second["n"]) == (0, 1)
    session = json.loads((folder / "session.json").read_text())
    assert session["agent"]["name"] == session["ended"]["reason"] == "caf?"
    assert session["clocks"] == {"caf?": ["<class 'object'>"]}
