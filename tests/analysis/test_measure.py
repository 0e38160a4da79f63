"""What is measured from a recording, against what the emulator knows and what was set by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import voicenb as vn
from voicenb.analysis.measure import Measure
from voicenb.audio.processor import InPlaceProcessor

from .conftest import CLIPS, LABELS
from .known_call import RATE, KnownCall, speech

TURNS = vn.TurnDetection(min_silence=800, max_silence=3000)


@pytest.fixture(scope="module")
def call() -> tuple[Measure, vn.Emulator]:
    """A call with a plain turn, a tool turn and an interruption."""
    agent = vn.Agent(name="Lido", system_prompt="Short.", greeting="Good evening.", turn_detection=TURNS)

    @agent.tool
    def free_tables(day: str) -> list[str]:
        """Get the free times on a day. Use when the caller wants to book a table.

        Args:
            day: weekday, e.g. "Friday".
        """
        return ["19:00", "20:30"]

    emulator = vn.Emulator(processor=InPlaceProcessor())  # the same call on every run
    script = [
        vn.Answer(),
        vn.WavFile(CLIPS / "cards-002.wav"),
        vn.Answer(),
        "A table on Friday, please.",
        vn.BargeIn("No wait, what about Saturday?", after=1.5),
        vn.Answer(),
    ]
    measure = Measure(vn.run(agent, vn.Caller(script), emulator))
    measure.refresh()
    return measure, emulator


def test_an_answers_parts_are_what_the_emulator_knows(call: tuple[Measure, vn.Emulator]) -> None:
    measure, emulator = call
    records = {record.reply_id: record for record in emulator.sessions[-1].timeline}
    answers = [
        answer
        for exchange in measure.exchanges.all
        for reply in exchange.replies
        if (answer := measure.answer(reply)) is not None
    ]
    assert len(answers) >= 3
    plain = answers[0]
    known = records[plain.reply_id]
    assert known.decided_at is not None
    assert known.speech_ended_at is not None
    assert known.audible_at is not None
    # The emulator counts from the end of its detector's last frame, up to 0.07 s behind speech; the
    # measured end is known to 0.08 s.
    assert plain.end_of_turn_delay == pytest.approx(known.decided_at - known.speech_ended_at, abs=0.15)
    assert plain.rest == pytest.approx(known.audible_at - known.decided_at, abs=0.1)
    assert (plain.ended_by, plain.silence, plain.tools) == ("min_silence", 0.8, None)


def test_the_callers_speech_ends_where_it_was_set_by_hand(call: tuple[Measure, vn.Emulator]) -> None:
    measure, _ = call
    first, *_ = measure.exchanges.all
    answer = measure.answer(first.replies[0])
    assert answer is not None
    said = measure.recording.said()
    began = next(at for at, sample in enumerate(said) if sample) / measure.recording.rate
    # The clip's first sample that is not silence is its first; the caller says nothing before it.
    assert answer.speech_end - began == pytest.approx(LABELS["cards-002.wav"].offset, abs=0.08)


def test_a_tool_turn_has_its_round_trip_apart(call: tuple[Measure, vn.Emulator]) -> None:
    measure, _ = call
    turn = next(exchange for exchange in measure.exchanges.all if exchange.calls)
    answer = measure.answer(turn.replies[-1])
    assert answer is not None
    assert answer.tools == pytest.approx(0.0, abs=0.01), "tools take no time on the virtual clock"


def test_what_announces_a_tool_is_a_part_of_its_own(call: tuple[Measure, vn.Emulator]) -> None:
    measure, _ = call
    turn = next(exchange for exchange in measure.exchanges.all if len(exchange.replies) > 1)
    announcing, *_, reply = turn.replies
    answer = measure.answer(reply)
    assert answer is not None
    notes = [event["msg"] for event in measure.recording.events if event["type"] == "heard"]
    heard = [note for note in notes if note["reply_id"] == announcing]
    said = sum(note["to"] - note["from"] for note in heard) / measure.recording.rate
    row = next(each for each in vn.turns(measure.recording).caller if reply in each.replies)
    assert 0.5 < answer.announcement < said, "its audible part"
    assert answer.announcement == pytest.approx(row.announcement, abs=0.001)
    assert answer.rest > 0
    first = measure.answer(announcing)
    assert first is not None
    assert first.announcement == 0, "that is the first sound, which nothing was said before"


def test_the_greeting_is_no_answer(call: tuple[Measure, vn.Emulator]) -> None:
    measure, _ = call
    greeting = next(iter(measure.recording.conversation.replies))
    assert measure.answer(greeting) is None


def test_an_interruption(call: tuple[Measure, vn.Emulator]) -> None:
    measure, _ = call
    told = [measure.interruption(exchange) for exchange in measure.exchanges.all]
    (one,) = [each for each in told if each is not None]
    cut = next(line for line in measure.recording.transcript if line.interrupted)
    assert one.reply_id == cut.reply_id
    assert one.unheard == len(cut.unheard.split()) > 0
    assert 0.4 < one.reaction < 1.2, "interruption_delay is 0.5 s beyond the second frame"
    assert one.flush < 0.1


def test_what_a_recording_from_elsewhere_does_not_tell_is_not_guessed(
    call: tuple[Measure, vn.Emulator], tmp_path: Path
) -> None:
    measure, _ = call
    folder = tmp_path / "elsewhere"
    shutil.copytree(measure.recording.folder, folder)
    about = json.loads((folder / "session.json").read_text("utf-8"))
    about["absent"] = {"decisions": "When a turn was decided to be over.", "partials": "Its beginning."}
    (folder / "session.json").write_text(json.dumps(about), "utf-8")
    elsewhere = Measure(vn.Recording(folder))
    elsewhere.refresh()
    replies = [reply for exchange in measure.exchanges.all for reply in exchange.replies]
    known = [(each, there) for each in replies if (there := measure.answer(each)) is not None]
    assert known
    for reply, here in known:
        answer = elsewhere.answer(reply)
        assert answer is not None
        assert (answer.response_latency, answer.tools) == (here.response_latency, here.tools)
        assert (answer.decided, answer.end_of_turn_delay, answer.rest) == (None, None, None)
        assert (answer.ended_by, answer.silence) == ("unknown", None)
    assert [elsewhere.interruption(exchange) for exchange in elsewhere.exchanges.all] == [None] * 3


def test_a_recording_that_grows_is_read_on(tmp_path: Path) -> None:
    agent = vn.Agent(name="Lido", system_prompt="Short.", greeting="Good evening.")
    recording = vn.run(
        agent, vn.Caller([vn.Answer(), "Hello there.", vn.Answer()]), recording=tmp_path / "call"
    )
    whole = (tmp_path / "call" / "events.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    words = next(at for at, line in enumerate(lines) if b'"transcript.user"' in line)
    (tmp_path / "call" / "events.jsonl").write_bytes(b"".join(lines[:words]))
    measure = Measure(vn.Recording(recording.folder))
    measure.refresh()
    before = len(measure.exchanges.all)
    (tmp_path / "call" / "events.jsonl").write_bytes(whole)
    measure.refresh()
    assert before == 0
    (one,) = measure.exchanges.all
    assert measure.answer(one.replies[0]) is not None


@pytest.mark.parametrize("pause", [0.0, 0.3])
def test_where_nothing_was_audible_there_is_no_interruption(pause: float) -> None:
    """The caller begins before the greeting does, or in its leading silence."""
    agent = vn.Agent(name="Lido", greeting="Lido, good evening, what can I do for you?")
    emulator = vn.Emulator(processor=InPlaceProcessor(), brain=["Fine."], leading_silence=0.25)
    script = [vn.Pause(pause), "Take half past eight, please.", vn.Answer()]
    measure = Measure(vn.run(agent, vn.Caller(script), emulator))
    measure.refresh()
    assert any(line.interrupted for line in measure.recording.transcript)
    assert [measure.interruption(exchange) for exchange in measure.exchanges.all] == [None]


def test_what_is_measured_while_the_call_runs_is_what_is_measured_afterwards(tmp_path: Path) -> None:
    """A look at the last seconds hears what a look at the whole call hears, nearly always to the sample."""
    clips = sorted(LABELS)
    known = KnownCall(tmp_path / "call", 13.0 * len(clips) + 3.0, {"min_silence": 800, "max_silence": 3000})
    for number, clip in enumerate(clips):
        over = known.says(2.0 + 13.0 * number, speech(clip))
        decided = over + 0.8 + 0.0137 * number
        known.turn(f"i{number}", f"Word {number}.", told=over, decided=decided, transcribed=decided)
        answer = speech("cards-001.wav")
        times = {"began": decided, "received": decided + 0.1, "heard": decided + 0.2}
        known.reply(f"r{number}", "Yes.", answer, **times)
    recording = known.build()
    live = Measure(recording)
    live.refresh()
    apart = [abs(live.answer(turn.replies[0]).speech_end - turn.end) for turn in vn.turns(recording).caller]
    assert max(apart) <= 0.01 + 1e-6, "one step of 10 ms"
    assert sum(off < 1e-6 for off in apart) >= len(clips) - 3


@pytest.mark.parametrize("barge_in", ["flush", "duck"])
def test_a_voice_that_was_quieter_before_it_fell_silent(barge_in: Any) -> None:
    agent = vn.Agent(greeting="Good evening, this is Lido, and thank you very much for calling us tonight.")
    caller = vn.Caller([vn.BargeIn(vn.WavFile(CLIPS / "cards-001.wav"), after=1.0), vn.Answer()])
    measure = Measure(vn.run(agent, caller, brain=["I see."], barge_in=barge_in))
    measure.refresh()
    (one,) = [each for each in map(measure.interruption, measure.exchanges.all) if each is not None]
    assert (one.quieter is not None) == (barge_in == "duck")
    assert one.quieter is None or 0 <= one.quieter < one.reaction


def test_a_stretch_that_was_heard_from_second_0_on_is_known(tmp_path: Path) -> None:
    known = KnownCall(tmp_path / "call", 12.0)
    known.reply("greeting", "Good evening.", speech("austen-0880.wav"), began=0.1, received=0.2, heard=0.5)
    call = known.build()
    part = Measure(call[1.0:12.0])  # it begins inside the greeting
    part.refresh()
    first, _, at = part.heard["greeting"][0]
    assert (first, at) == (12_000, 0.0)
    assert vn.turns(call[1.0:12.0])[0].start == pytest.approx(0.0, abs=0.1)


def test_a_note_that_says_nothing_is_passed_over(tmp_path: Path) -> None:
    known = KnownCall(tmp_path / "call", 12.0)
    known.reply("greeting", "Good evening.", speech("austen-0880.wav"), began=0.1, received=0.2, heard=0.5)
    whole = len(speech("austen-0880.wav"))
    for bad in ({"from": "x", "to": 9, "t": 0.1}, {"to": 9, "t": 0.1}, {"from": 0, "to": 9, "t": None}):
        known.put(0.4, "local", "heard", reply_id="greeting", **bad)
    found = Measure(known.build())
    found.refresh()
    assert found.heard["greeting"][0] == (0, 896, 0.5)
    assert found.heard["greeting"][-1][1] == whole


@pytest.mark.parametrize(("ahead", "over"), [(0.3, True), (1.2, False)])
def test_the_agent_gives_way_from_when_it_is_heard_on(tmp_path: Path, ahead: float, over: bool) -> None:
    """The caller goes on before the answer is audible: it can yield to him only from then on."""
    known = KnownCall(tmp_path / "call", 20.0)
    sound = np.concatenate([np.zeros(2400, np.float32), speech("austen-0880.wav")])  # silent for 0.1 s
    audible, told = 5.1, 5.6
    known.reply("r1", "A long answer.", sound, began=4.8, received=4.9, heard=5.0, cut=5.7)
    begin = audible - ahead
    until = known.says(begin, speech("cards-003.wav")[:24_000])
    known.turn("two", "And for four.", told=told, decided=max(until, told) + 0.7, transcribed=until + 1.8)
    call = known.build()
    measure = Measure(call)
    measure.refresh()
    one = measure.interruption(measure.exchanges.all[0])
    (turn,) = vn.turns(call).caller
    (stop,) = vn.stops(call)
    if not over:
        assert until < audible
        assert (one, turn.reaction, turn.yield_latency, stop.onset) == (None, None, None, None)
        return
    assert one is not None
    assert one.onset == pytest.approx(audible, abs=0.011)
    assert one.latency == pytest.approx(0.6, abs=0.011)
    assert (turn.reaction, turn.yield_latency) == pytest.approx((one.reaction, one.latency), abs=1e-5)
    assert (stop.reaction, stop.yield_latency) == pytest.approx((one.reaction, one.latency), abs=0.011)


def test_a_reply_that_begins_with_a_long_silence_is_answered_in_the_live_panel_as_in_the_table(
    tmp_path: Path,
) -> None:
    known = KnownCall(tmp_path / "call", 20.0)
    over = known.says(1.0, speech("cards-001.wav"))
    known.turn("one", "A table.", told=1.1, decided=over + 0.6, transcribed=over + 0.62)
    late = np.concatenate([np.zeros(6 * RATE, np.float32), speech("cards-002.wav")])
    known.reply("r", "Yes.", late, began=over + 0.65, received=over + 0.7, heard=over + 0.8)
    measure = Measure(known.build())
    measure.refresh()
    answer = measure.answer("r")
    assert answer is not None
    (turn,) = vn.turns(measure.recording).caller
    assert answer.response_latency == pytest.approx(6.8, abs=0.05)
    assert answer.response_latency == pytest.approx(turn.response_latency, abs=0.01)
