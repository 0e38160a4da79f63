"""Two-channel files as recordings: what is heard in them is measured, and nothing else is told."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr
from terminal import in_a_terminal, told

import voicenb as vn

sys.path.insert(0, str(Path(__file__).parents[1]))
from analysis.known_call import speech

RATE = 24_000
SECONDS = 32.0
SAMPLE = Path(__file__).parents[2] / "notebooks" / "sample-call"


class Truth:
    """A greeting, two turns with answers, and a back-channel over the second answer."""

    def __init__(self) -> None:
        self.caller = np.zeros(round(SECONDS * RATE), np.float32)
        self.agent = self.caller.copy()
        self.turns = [("agent", *self.put(self.agent, 0.5, "cards-002.wav"))]
        said = self.put(self.caller, 4.0, "austen-0880.wav")
        answer = self.put(self.agent, said[1] + 1.5, "cards-005.wav")
        again = self.put(self.caller, answer[1] + 1.0, "austen-0930.wav")
        last = self.put(self.agent, again[1] + 0.8, "austen-0870.wav")
        self.over = self.put(self.caller, last[0] + 3.0, "cards-001.wav")
        self.turns += [("user", *said), ("agent", *answer), ("user", *again), ("agent", *last)]
        self.latencies = [1.5, 0.8]

    def put(self, track: npt.NDArray[np.float32], at: float, name: str) -> tuple[float, float]:
        sound = speech(name)
        track[round(at * RATE) : round(at * RATE) + len(sound)] += sound
        return at, at + len(sound) / RATE

    def write(self, path: Path, rate: int = RATE, *, swapped: bool = False, **how: Any) -> Path:
        both = np.stack([self.agent, self.caller] if swapped else [self.caller, self.agent], axis=1)
        both += np.random.default_rng(1).normal(0, 3e-4, both.shape)
        soundfile.write(path, soxr.resample(both, RATE, rate), rate, **how)
        return path

    def lines(self) -> list[dict[str, Any]]:
        words = ["Good evening.", "One.", "First.", "Two.", "Second."]
        return [
            {"role": role, "text": text, "start": start + 0.1, "end": end - 0.1}
            for (role, start, end), text in zip(self.turns, words, strict=True)
        ]


@pytest.fixture(scope="module")
def truth() -> Truth:
    return Truth()


@pytest.fixture(autouse=True)
def _library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path / "library"))


FORMATS = [
    (8_000, {"format": "WAV", "subtype": "ULAW"}),
    (16_000, {"format": "WAV", "subtype": "PCM_16"}),
    (44_100, {"format": "WAV", "subtype": "PCM_24"}),
    (48_000, {"format": "WAV", "subtype": "FLOAT"}),
    (24_000, {"format": "FLAC", "subtype": "PCM_16"}),
]


@pytest.mark.parametrize(("rate", "how"), FORMATS)
def test_turns_come_from_the_sound_alone(truth: Truth, tmp_path: Path, rate: int, how: Any) -> None:
    call = vn.import_wav(truth.write(tmp_path / "a call", rate, **how))
    rows = vn.turns(call)
    assert [row.role for row in rows] == [role for role, _, _ in truth.turns]
    for row, (_, start, end) in zip(rows, truth.turns, strict=True):
        assert (row.start, row.end) == pytest.approx((start, end), abs=0.05)
    assert [row.response_latency for row in rows.caller] == pytest.approx(truth.latencies, abs=0.05)
    assert [row.unanswered for row in rows.caller] == [False, False]
    assert len(call.caller) == pytest.approx(SECONDS * RATE, abs=0.01 * RATE)
    assert call.finished


def test_what_a_file_cannot_tell_is_none(truth: Truth, tmp_path: Path) -> None:
    call = vn.import_wav(truth.write(tmp_path / "call.wav"))
    assert {"decisions", "words", "ear", "tools", "settings", "interruptions"} <= set(call.absent)
    figures = ("decided", "ended_by", "end_of_turn_delay", "transcription_delay", "reply_latency")
    figures += ("playback_delay", "leading_silence", "reaction", "flush", "yielded", "false_cutoffs")
    figures += ("interrupted", "configured_silence", "false_interruption")
    for row in vn.turns(call):
        known = dataclasses.asdict(row)
        assert {name: known[name] for name in figures} == dict.fromkeys(figures)
        assert row.text == ""
    assert call.transcript == []
    assert " 2 caller's turns · 3 replies · ended" in repr(call)
    assert "Not captured: " in call._repr_html_()
    assert call.session["started"] is None


def test_a_word_in_between_takes_no_turn(truth: Truth, tmp_path: Path) -> None:
    rows = vn.turns(vn.import_wav(truth.write(tmp_path / "call.wav")))
    assert len(rows.caller) == 2
    (other,) = rows.other
    assert (other.start, other.end) == pytest.approx(truth.over, abs=0.05)


@pytest.mark.parametrize("end", [None, 0.6])
@pytest.mark.parametrize(("text", "unanswered"), [("Mm-hm.", None), ("No, wait.", True)])
def test_a_line_for_a_word_in_between(
    truth: Truth, tmp_path: Path, end: float | None, text: str, unanswered: bool | None
) -> None:
    begin = truth.over[0]
    line = {"role": "user", "text": text, "start": begin, "end": None if end is None else begin + end}
    found = vn.turns(vn.import_wav(truth.write(tmp_path / "a.wav"), transcript=[*truth.lines(), line]))
    assert [turn.role for turn in found] == ["agent", "user", "agent", "user", "agent", "user"]
    assert (found[5].start, found[5].end) == pytest.approx(truth.over, abs=0.05)
    assert (found[5].text, found[5].unanswered, found[5].response_latency) == (text, unanswered, None)
    assert not found.other


def test_a_line_without_sound_stands_at_its_time(truth: Truth, tmp_path: Path) -> None:
    line = {"role": "user", "text": "Hm?", "start": truth.turns[1][1] - 1.5, "end": truth.turns[1][1] - 1.2}
    found = vn.turns(vn.import_wav(truth.write(tmp_path / "a.wav"), transcript=[line, *truth.lines()]))
    assert [turn.text for turn in found][:3] == ["Good evening.", "Hm?", "One."]
    assert (found[1].start, found[1].unanswered) == (None, None)


def test_with_a_transcript_the_words_stand_at_their_turns(truth: Truth, tmp_path: Path) -> None:
    call = vn.import_wav(truth.write(tmp_path / "call.wav"), transcript=truth.lines())
    assert [row.text for row in vn.turns(call)] == ["Good evening.", "One.", "First.", "Two.", "Second."]
    assert [line.role for line in call.transcript] == [role for role, _, _ in truth.turns]
    assert "words" not in call.absent
    assert [row.response_latency for row in vn.turns(call).caller] == pytest.approx(truth.latencies, abs=0.05)


def test_lines_begin_with_their_sound(truth: Truth, tmp_path: Path) -> None:
    """As the detector hears it: a soft onset 0.15 s late."""
    call = vn.import_wav(truth.write(tmp_path / "call.wav"), transcript=truth.lines())
    begun = [start for _, start, _ in truth.turns]
    assert [line.started for line in call.transcript] == pytest.approx(begun, abs=0.16)
    part = call[3.0:12.0].transcript
    assert [line.started for line in part] == pytest.approx([at - 3.0 for at in begun[1:3]], abs=0.16)
    cut = call[begun[1] + 1.0 : 12.0]  # it had begun before
    assert cut.transcript[0].started == 0.0
    assert "0:00.0" in cut._repr_html_()
    lone = [{"role": "user", "text": "Hm.", "start": 31.5}]
    (only,) = vn.import_wav(tmp_path / "call.wav", transcript=lone).transcript
    assert (only.text, only.started) == ("Hm.", 31.5)


def test_a_word_of_the_agent_s_that_cuts_the_caller_off_is_a_turn(tmp_path: Path) -> None:
    """The sample call, whose truth is known: there the agent answers a pause, and falls silent again."""
    known = vn.load(SAMPLE)
    known.export_wav(tmp_path / "call.wav")
    call = vn.import_wav(tmp_path / "call.wav")
    there, here = list(vn.turns(known)), list(vn.turns(call))
    (announced,) = (n for n, row in enumerate(there) if row.text == "Oh, there is more. One moment.")
    del there[announced + 1]  # its tool's answer follows at once: nothing in the sound tells them apart
    assert [row.role for row in here] == [row.role for row in there]
    for row, before in zip(here, there, strict=True):
        assert row.start == pytest.approx(before.start, abs=0.05)
        assert row.unanswered == before.unanswered
        assert row.talk_over == pytest.approx(before.talk_over, abs=0.12)
    plain = [(row, before) for row, before in zip(here, there, strict=True) if before.kind == "plain"]
    for row, before in plain:
        assert row.response_latency == pytest.approx(before.response_latency, abs=0.05)
    assert vn.report(call).unanswered == vn.report(known).unanswered == 1
    assert len(call.heard_pieces()) == 8


def test_a_word_of_the_agent_s_during_which_the_caller_goes_on_is_told_beside(
    truth: Truth, tmp_path: Path
) -> None:
    begin, end = truth.turns[1][1:]
    word = speech("cards-001.wav")[: round(0.6 * RATE)]
    at = (begin + end) / 2
    agent = truth.agent.copy()
    agent[round(at * RATE) : round(at * RATE) + len(word)] += word
    both = np.stack([truth.caller, agent], axis=1) + np.random.default_rng(1).normal(0, 3e-4, (len(agent), 2))
    soundfile.write(tmp_path / "call.wav", both, RATE)
    call = vn.import_wav(tmp_path / "call.wav")
    rows = vn.turns(call)
    assert [row.role for row in rows] == ["agent", "user", "agent", "agent", "user", "agent"]
    said, beside = rows[1], rows[2]
    assert (said.start, said.end) == pytest.approx((begin, end), abs=0.05)
    assert beside.start == pytest.approx(at, abs=0.15)
    assert beside.talk_over == pytest.approx(beside.length, abs=0.05)
    assert beside.reply_id not in [each for row in rows.caller for each in row.replies]
    assert [row.response_latency for row in rows.caller] == pytest.approx(truth.latencies, abs=0.05)
    part = vn.turns(call[begin - 0.5 : end + 3.0])
    assert [row.role for row in part] == ["user", "agent", "agent"]
    assert part[0].length == pytest.approx(said.length, abs=0.05)


@pytest.mark.parametrize("kind", ["vtt", "srt"])
def test_what_was_exported_comes_back(truth: Truth, tmp_path: Path, kind: str) -> None:
    call = vn.import_wav(truth.write(tmp_path / "call.wav"), transcript=truth.lines())
    vn.export(call, tmp_path / f"call.{kind}")
    call.export_wav(tmp_path / "again.wav")
    again = vn.import_wav(tmp_path / "again.wav", transcript=tmp_path / f"call.{kind}")
    assert [(row.role, row.text) for row in vn.turns(again)] == [
        (row.role, row.text) for row in vn.turns(call)
    ]
    for row, before in zip(vn.turns(again), vn.turns(call), strict=True):
        assert row.start == pytest.approx(before.start, abs=0.02)


def test_the_caller_may_be_on_the_right(truth: Truth, tmp_path: Path) -> None:
    path = truth.write(tmp_path / "call.wav", swapped=True)
    assert [row.role for row in vn.turns(vn.import_wav(path, caller="right"))] == [
        r for r, _, _ in truth.turns
    ]
    with pytest.raises(vn.InvalidConfiguration, match="caller='both' is no channel"):
        vn.import_wav(path, caller="both")  # type: ignore[arg-type]


def test_the_same_file_is_imported_once(truth: Truth, tmp_path: Path) -> None:
    path = truth.write(tmp_path / "Call 1.wav")
    call = vn.import_wav(path)
    assert call.folder.parent == tmp_path / "library" / "elsewhere" / "files"
    assert call.folder.name.startswith("call-1-")
    stamp = (call.folder / "events.jsonl").stat().st_mtime_ns
    assert vn.import_wav(path).folder == call.folder
    assert (call.folder / "events.jsonl").stat().st_mtime_ns == stamp
    assert vn.import_wav(path, agent="Lido").folder != call.folder
    assert vn.import_wav(path, agent="Lido").agent_name == "Lido"


def test_a_folder_of_one_s_own(truth: Truth, tmp_path: Path) -> None:
    path = truth.write(tmp_path / "call.wav")
    call = vn.import_wav(path, folder=tmp_path / "calls" / "one")
    assert vn.load(tmp_path / "calls" / "one").folder == call.folder
    with pytest.raises(vn.RecordingError, match="already; nothing was imported"):
        vn.import_wav(path, folder=tmp_path / "calls" / "one")
    (tmp_path / "file").write_text("")
    with pytest.raises(vn.RecordingError):
        vn.import_wav(path, folder=tmp_path / "file" / "call")


def test_what_is_no_call(tmp_path: Path) -> None:
    with pytest.raises(vn.RecordingError, match="There is no file"):
        vn.import_wav(tmp_path / "nothing.wav")
    (tmp_path / "text.wav").write_text("RIFF no")
    with pytest.raises(vn.RecordingError, match="cannot be read"):
        vn.import_wav(tmp_path / "text.wav")
    for channels in (1, 3):
        soundfile.write(tmp_path / "call.wav", np.zeros((2400, channels)), RATE)
        with pytest.raises(vn.RecordingError, match=f"{channels} channels?, not one for each side"):
            vn.import_wav(tmp_path / "call.wav")
    with pytest.raises(vn.InvalidConfiguration, match="takes a path"):
        vn.import_wav(5)  # type: ignore[arg-type]
    library = tmp_path / "library" / "elsewhere" / "files"
    assert not library.exists() or list(library.iterdir()) == []


def resized(path: Path, size: int) -> Path:
    """A file whose header says that it has so many bytes of sound."""
    content = bytearray(path.read_bytes())
    at = content.index(b"data") + 4
    content[4:8] = content[at : at + 4] = size.to_bytes(4, "little")
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 1000])
def test_a_header_that_does_not_know_how_long_it_is(truth: Truth, tmp_path: Path, size: int) -> None:
    """As a program leaves it that writes to a pipe."""
    call = vn.import_wav(resized(truth.write(tmp_path / "call.wav", subtype="PCM_16"), size))
    assert call.duration == pytest.approx(SECONDS, abs=0.05)
    assert [row.role for row in vn.turns(call)] == [role for role, _, _ in truth.turns]


def test_a_file_that_is_cut_off(truth: Truth, tmp_path: Path) -> None:
    path = truth.write(tmp_path / "call.wav", subtype="PCM_16")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(vn.RecordingError, match=r"header says 32\.00 s, and 16\.00 s are there") as caught:
        vn.import_wav(path)
    assert "partial=True" in caught.value.remedy
    assert vn.import_wav(path, partial=True).duration == pytest.approx(16.0, abs=0.05)
    with pytest.raises(vn.RecordingError, match="is cut off"):
        vn.import_wav(path)


@pytest.mark.parametrize("samples", [0, 7])
def test_a_file_without_sound(tmp_path: Path, samples: int) -> None:
    soundfile.write(tmp_path / "call.wav", np.zeros((samples, 2)), RATE)
    with pytest.raises(vn.RecordingError, match=f"holds {samples} samples of sound"):
        vn.import_wav(tmp_path / "call.wav")


def test_a_transcript_of_another_call(truth: Truth, tmp_path: Path) -> None:
    path = truth.write(tmp_path / "call.wav")
    late = {"role": "user", "text": "Late.", "start": 100.0, "end": 101.0}
    with pytest.raises(vn.InvalidConfiguration, match=r"a line at 100\.0 s, 'Late\.', .* ends at 32\.0 s"):
        vn.import_wav(path, transcript=[*truth.lines(), late])
    last = {**late, "start": 31.9, "end": 40.0}
    call = vn.import_wav(path, transcript=[*truth.lines(), last])
    assert call.duration == pytest.approx(SECONDS, abs=0.05)
    assert vn.report(call).connected == pytest.approx(SECONDS, abs=0.05)
    with pytest.raises(vn.InvalidConfiguration, match="ends before it begins"):
        vn.import_wav(path, transcript=[{**late, "start": 2.0, "end": 1.0}])


@pytest.mark.parametrize(("behind", "taken"), [(0.8, True), (2.0, False)])
def test_a_line_may_be_a_second_off_the_end(tmp_path: Path, behind: float, taken: bool) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((3 * 8_000, 2)), 8_000)
    lines = [{"role": "user", "text": "Bye.", "start": 3.0 + behind}]
    if taken:
        assert [turn.text for turn in vn.turns(vn.import_wav(tmp_path / "a.wav", transcript=lines))] == [
            "Bye."
        ]
    else:
        with pytest.raises(vn.InvalidConfiguration, match=r"a line at 5\.0 s"):
            vn.import_wav(tmp_path / "a.wav", transcript=lines)


def test_what_a_file_does_not_tell_is_no_zero_in_the_report(truth: Truth, tmp_path: Path) -> None:
    call = vn.import_wav(truth.write(tmp_path / "call.wav"))
    report = vn.report(call)
    told = report.to_dict()
    names = ("interruptions", "false_interruptions", "false_cutoffs", "candidate_cuts", "silent_replies")
    for name in (*names, "lost_frames", "late_frames", "cost"):
        assert getattr(report, name) is None, name
        assert told[name] is None, name
    assert told["stops"] is None
    assert "0 stops" not in repr(vn.stops(call))
    assert "not captured" in repr(vn.stops(call))


def test_turns_are_counted_as_vn_turns_does(truth: Truth, tmp_path: Path) -> None:
    """Also where only the first of them have words."""
    call = vn.import_wav(truth.write(tmp_path / "call.wav"), transcript=truth.lines()[:2])
    assert " 2 caller's turns · 3 replies · ended" in repr(call)
    assert len(vn.turns(call).caller) == 2
    assert len(vn.turns(call).agent) == 3


def test_a_file_in_which_nobody_speaks(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "call.wav", np.zeros((3 * RATE, 2)), RATE)
    call = vn.import_wav(tmp_path / "call.wav")
    assert len(vn.turns(call)) == 0
    assert call.duration == pytest.approx(3.0, abs=0.05)


def test_of_a_long_file_it_is_told_how_far_it_is(
    truth: Truth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = in_a_terminal(monkeypatch)
    path = truth.write(tmp_path / "a call.wav")
    vn.import_wav(path, folder=tmp_path / "one")
    assert terminal.getvalue() == ""
    monkeypatch.setattr("voicenb.progress.LONG", SECONDS)
    vn.import_wav(path, folder=tmp_path / "other")
    assert (told(terminal)[0], told(terminal)[-1]) == ("Importing 0/1 min", "Importing 1/1 min")
