import json
import os
import shutil
import wave
from pathlib import Path

import numpy as np
import pytest

from voicenb.errors import RecordingError
from voicenb.recording.recording import Recording


def test_what_a_finished_call_says(finished):
    recording = Recording(finished)
    assert recording.agent_name == "Lido"
    assert recording.finished
    assert recording.ended == {"t": 3.0, "reason": "ended", "events": 74}
    assert recording.duration == 3.0
    assert recording.session["service"] == "emulator · contract · rules"
    assert [(line.role, line.text) for line in recording.transcript] == [
        ("user", "A table for <four>."),
        ("agent", "Nothing is free."),
    ]
    agent = recording.transcript[1]
    assert (agent.heard, agent.unheard, agent.interrupted) == ("Nothing", "is free.", True)
    [call] = recording.tool_calls
    assert (call.name, call.arguments, call.result) == ("free", {"people": 4}, "[]")
    assert recording.conversation.state == "listening"


def test_tracks_are_the_samples(finished):
    recording = Recording(finished)
    assert isinstance(recording.caller, np.memmap)
    np.testing.assert_array_equal(recording.caller, 0 + np.arange(50 * 480))
    np.testing.assert_array_equal(recording.agent, 10_000 + np.arange(2400))
    assert recording.caller.dtype == np.int16
    with pytest.raises(ValueError, match="read-only"):
        recording.caller[0] = 1


def test_both_sides_on_the_engines_clock(finished):
    recording = Recording(finished)
    stereo = recording.stereo()
    assert stereo.shape == (3 * 24_000, 2)
    assert stereo.dtype == np.int16
    left, right = stereo[:, 0], stereo[:, 1]
    # The first frame went out at 0.12 s, when its last sample had been said: it began at 0.1 s.
    begin = round(0.1 * 24_000)
    np.testing.assert_array_equal(left[begin : begin + 50 * 480], recording.caller)
    assert not left[:begin].any()
    assert not left[begin + 50 * 480 :].any()
    # Of 2400 samples 1200 were heard, from 2.5 s on.
    begin = round(2.5 * 24_000)
    np.testing.assert_array_equal(right[begin : begin + 1200], recording.agent[:1200])
    assert not right[:begin].any()
    assert not right[begin + 1200 :].any()
    np.testing.assert_array_equal(recording.heard(), right[: begin + 1200])


def test_a_recording_from_elsewhere_says_what_it_has_not(finished):
    assert Recording(finished).absent == {}
    about = json.loads((finished / "session.json").read_text())
    about["absent"] = {"ear": "When the caller heard the agent."}
    (finished / "session.json").write_text(json.dumps(about))
    assert Recording(finished).absent == about["absent"]


def test_export_as_a_stereo_file(finished, tmp_path):
    recording = Recording(finished)
    path = recording.export_wav(tmp_path / "new" / "call.wav")
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 24_000)
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    np.testing.assert_array_equal(sound, recording.stereo())
    with pytest.raises(RecordingError) as caught:
        recording.export_wav(tmp_path)
    assert str(caught.value) == f"{tmp_path} cannot be written: Is a directory. Choose another path."


def test_it_grows_while_the_call_runs(call):
    recording = Recording(call.recorder.folder)
    assert recording.events == []
    assert recording.transcript == []
    assert len(recording.caller) == 0
    assert recording.stereo().shape == (0, 2)
    assert "not finished" in repr(recording)
    call.whole()
    assert len(recording.transcript) == 2
    assert len(recording.caller) == 50 * 480
    assert not recording.finished
    assert recording.duration == 2.6
    call.recorder.close({"t": 3.0, "reason": "ended"})
    assert recording.finished
    assert recording.duration == 3.0


def test_a_torn_last_line_waits_and_a_damaged_one_is_left_out(finished):
    events = finished / "events.jsonl"
    whole = events.read_bytes()
    lines = whole.splitlines(keepends=True)
    events.write_bytes(b"".join(lines[:3]) + b"\x00\x00\x00\n" + b'{"n": 1}\n' + lines[3] + lines[4][:20])
    recording = Recording(finished)
    assert [event["n"] for event in recording.events] == [0, 1, 2, 3]
    with events.open("ab") as file:
        file.write(lines[4][20:])
    assert [event["n"] for event in recording.events] == [0, 1, 2, 3, 4]


def test_an_event_that_makes_no_sense_does_not_spoil_the_rest(call):
    call.opens()
    call.put(1.0, "in", "tool.call", {"name": "no id"})
    call.local(1.0, "heard", {"reply_id": "r1"})
    call.put(1.1, "in", "transcript.user", {"item_id": "i", "text": "Hello."})
    call.recorder.close({"t": 2.0})
    assert [line.text for line in Recording(call.recorder.folder).transcript] == ["Hello."]


def test_without_notes_what_came_counts_as_heard(call):
    call.opens()
    call.put(1.0, "in", "reply.started", {"reply_id": "r"})
    call.answers(1.1, "r", bytes(4800))
    call.put(1.2, "in", "transcript.agent", {"reply_id": "r", "text": "Good evening."})
    call.put(1.2, "in", "reply.done", {"reply_id": "r"})
    recording = Recording(call.recorder.folder)
    assert recording.transcript[0].heard == ""  # the notes may still come
    call.recorder.close({"t": 2.0})
    assert recording.transcript[0].heard == "Good evening."


# --- save -------------------------------------------------------------------


def test_save_copies_and_never_overwrites(finished, tmp_path):
    recording = Recording(finished)
    copy = recording.save(tmp_path / "calls" / "lido")
    assert copy.folder == tmp_path / "calls" / "lido"
    for path in finished.iterdir():
        assert (copy.folder / path.name).read_bytes() == path.read_bytes()
    with pytest.raises(RecordingError, match=r"something at .* already; nothing was saved"):
        recording.save(tmp_path / "calls" / "lido")
    assert sorted(path.name for path in (tmp_path / "calls").iterdir()) == ["lido"]


def test_save_over_a_recording_when_told_to(finished, tmp_path):
    recording = Recording(finished)
    old = recording.save(tmp_path / "lido").folder
    (old / "events.jsonl").write_text("")
    (old / "session.json.part").write_text("left by a crash")
    copy = recording.save(tmp_path / "lido", overwrite=True)
    assert sorted(p.name for p in copy.folder.iterdir()) == sorted(p.name for p in finished.iterdir())
    assert len(copy.events) == len(recording.events) > 0


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_no_recording_never_gives_way(finished, tmp_path, overwrite):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("...")
    with pytest.raises(RecordingError, match="nothing was saved"):
        Recording(finished).save(tmp_path / "thesis", overwrite=overwrite)
    assert (tmp_path / "thesis" / "chapter.tex").read_text() == "..."


OTHERS = '{"format": "notebook", "kernel": "python3"}'


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"session.json": OTHERS, "thesis.txt": "..."}, "thesis.txt"),
        ({"session.json": OTHERS}, "session.json"),
        ({"session.json": '{"format": 1}'}, "session.json"),
        ({"session.json": OTHERS, "events.jsonl": ""}, "session.json"),
        ({"session.json": "{", "events.jsonl": ""}, "session.json"),
        ({"session.json": '{"format": 1}', "events.jsonl": "", "notes.txt": "of mine"}, "notes.txt"),
        ({"session.json": '{"format": 1}', "events.jsonl": "", "kept/take.wav": "of mine"}, "kept"),
    ],
    ids=[
        "foreign",
        "foreign alone",
        "without events",
        "foreign with events",
        "damaged",
        "one file beside it",
        "a folder beside it",
    ],
)
def test_what_only_looks_like_a_recording_does_not_give_way(finished, tmp_path, files, named):
    for name, text in files.items():
        path = tmp_path / "there" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    with pytest.raises(RecordingError, match=rf"something at .* already \({named}\); nothing was saved"):
        Recording(finished).save(tmp_path / "there", overwrite=True)
    assert {name: (tmp_path / "there" / name).read_text() for name in files} == files


def test_a_recording_of_a_newer_version_gives_way(finished, tmp_path):
    (tmp_path / "lido").mkdir()
    (tmp_path / "lido" / "session.json").write_text('{"format": 7}')
    (tmp_path / "lido" / "events.jsonl").write_text("")
    assert Recording(finished).save(tmp_path / "lido", overwrite=True).finished


def test_a_recording_does_not_give_way_to_itself(finished):
    with pytest.raises(RecordingError, match="nothing was saved"):
        Recording(finished).save(finished, overwrite=True)
    assert Recording(finished).finished


def test_save_while_the_call_runs(call, tmp_path):
    call.whole()
    copy = Recording(call.recorder.folder).save(tmp_path / "copy")
    call.recorder.close({"t": 3.0})
    assert not copy.finished
    assert len(copy.caller) == 50 * 480


def without_sound(recording):
    """Events that speak of samples which are not there."""
    tracks = {"caller": len(recording.caller), "agent": len(recording.agent)}
    sounds = [event for event in recording.events if "track" in event]
    return [event for event in sounds if event["start"] + event["samples"] > tracks[event["track"]]]


def test_no_event_of_a_copy_speaks_of_sound_that_it_lacks(call, tmp_path, monkeypatch):
    call.whole()
    copying = shutil.copyfile

    def while_it_goes_on(source, target, **options):
        call.says(3.0, bytes(9600))
        call.answers(3.0, "r1", bytes(9600))
        call.put(3.0, "in", "input.speech.started")
        return copying(source, target, **options)

    monkeypatch.setattr(shutil, "copyfile", while_it_goes_on)
    copy = Recording(call.recorder.folder).save(tmp_path / "copy")
    assert len(copy.caller) > 50 * 480
    assert copy.events[-1]["type"] == "input.speech.started"
    assert without_sound(copy) == []
    call.recorder.close({"t": 4.0})


def test_a_copy_that_says_how_the_call_ended_has_its_end(call, tmp_path, monkeypatch):
    call.whole()
    copying = shutil.copyfile
    left = iter(range(2))

    def while_it_ends(source, target, **options):
        if next(left, None) is None:
            call.put(3.0, "in", "session.ended")
            call.recorder.close({"t": 3.0})
        return copying(source, target, **options)

    monkeypatch.setattr(shutil, "copyfile", while_it_ends)
    copy = Recording(call.recorder.folder).save(tmp_path / "copy")
    assert not copy.finished or copy.events[-1]["type"] == "session.ended"
    assert Recording(call.recorder.folder).finished


def test_what_lies_beside_a_recording_is_copied_as_well(finished, tmp_path):
    (finished / "notes.txt").write_text("of mine")
    (finished / "takes").mkdir()
    (finished / "takes" / "session.json").write_text("of mine")
    copy = Recording(finished).save(tmp_path / "copy")
    assert (copy.folder / "notes.txt").read_text() == "of mine"
    assert (copy.folder / "takes" / "session.json").read_text() == "of mine"


def test_save_where_nothing_can_be_written(finished):
    with pytest.raises(RecordingError, match="cannot be written"):
        Recording(finished).save("/proc/voicenb/lido")


# --- what is no recording ----------------------------------------------------


def test_nothing_there(tmp_path):
    with pytest.raises(RecordingError, match=r"There is nothing at .*lido"):
        Recording(tmp_path / "lido")


def test_a_file(tmp_path):
    (tmp_path / "call.wav").write_bytes(b"RIFF")
    with pytest.raises(RecordingError, match="is a file; a recording is a folder"):
        Recording(tmp_path / "call.wav")


def test_some_other_folder(tmp_path):
    with pytest.raises(RecordingError, match=r"not a recording: it has no session\.json"):
        Recording(tmp_path)


def test_a_folder_of_recordings_says_which_there_are(finished, tmp_path):
    home = tmp_path / "calls"
    Recording(finished).save(home / "b")
    with pytest.raises(RecordingError, match="calls is not a recording, it holds a recording") as caught:
        Recording(home)
    assert str(home / "b") in caught.value.remedy
    Recording(finished).save(home / "a")
    os.utime(home / "b" / "session.json", (1, 1))
    with pytest.raises(RecordingError, match="it holds 2 recordings") as caught:
        Recording(home)
    assert f"the newest is vn.load({str(home / 'a')!r})" in caught.value.remedy


def test_a_path_may_begin_with_a_tilde(finished, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    recording = Recording(f"~/{finished.relative_to(tmp_path)}")
    assert recording.folder == finished
    assert recording.export_wav("~/call.wav") == tmp_path / "call.wav"
    assert (tmp_path / "call.wav").exists()
    with pytest.raises(RecordingError, match="There is nothing at"):
        Recording("~nobody-of-that-name/call")


def test_a_newer_format(finished):
    session = json.loads((finished / "session.json").read_text())
    (finished / "session.json").write_text(json.dumps({**session, "format": 2}))
    with pytest.raises(RecordingError, match="format 2; this voicenb reads up to format 1") as caught:
        Recording(finished)
    assert caught.value.facts["format"] == 2
    assert "upgrade" in caught.value.remedy


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": "one"}', '{"format": 0}', "\x00\x00"])
def test_a_session_file_that_cannot_be_read(finished, text):
    (finished / "session.json").write_text(text)
    with pytest.raises(RecordingError, match=r"cannot be read|no known format"):
        Recording(finished)


def test_repr_tells_the_call_in_five_lines(finished, call):
    assert repr(Recording(finished)).splitlines()[1:] == [
        " emulator · contract · rules",
        " 1 caller's turn · 1 reply · 1 interruption · 1 tool call (free) · ended",
        " about 2 words not heard",
        f" no notes · in {finished}>",
    ]
    assert repr(Recording(finished)).startswith("<Recording: Lido · 2026-09-21 ")


def test_repr_of_a_call_that_lost_much(call):
    call.opens()
    call.local(0.5, "frames", {"late": 3, "lost": 1})
    call.local(0.6, "reconnected", {"gap": 2.5, "left_out": 0.0})
    running = Recording(call.recorder.folder)
    lines = repr(running).splitlines()
    assert lines[2:4] == [
        " 0 caller's turns · 0 replies · not finished: it runs still",
        " 1 frame lost · 3 frames late · connection lost 1 time, 2.5 s",
    ]
    call.recorder._lock.close()  # as when it is killed
    running.note("torn", at=0.5)
    running.tags = ["a", "b"]
    lines = repr(running).splitlines()
    assert lines[2].endswith("not finished: its end was not recorded")
    assert lines[4].startswith(" 1 note · tags: a, b · in ")
    call.recorder.close({"t": 1.0})


def test_what_cannot_be_replaced_stays(finished, tmp_path, monkeypatch):
    recording = Recording(finished)
    old = recording.save(tmp_path / "lido").folder
    (old / "events.jsonl").write_text("")
    rename = Path.rename

    def refuse(path, target):
        if path.suffix == ".part":
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(RecordingError, match="lido"):
        recording.save(tmp_path / "lido", overwrite=True)
    assert (old / "events.jsonl").read_text() == ""
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".lido")] == []
