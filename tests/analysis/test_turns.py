"""Turns of calls of which everything is known, and of calls with the emulator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import voicenb as vn
from voicenb.analysis.measure import Measure
from voicenb.analysis.turns import Turns

from .known_call import RATE, KnownCall, speech, uncertainty

PATIENT = {"min_silence": 800, "max_silence": 3000}
NEAR = 0.02
"""Seconds that a figure may be off the truth, beside what the label itself may be."""


def tone(seconds: float) -> np.ndarray:
    return (0.1 * np.sin(2 * np.pi * 300 * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), np.float32)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Turns:
    """Greeting; a plain turn with a pause in it; a tool turn; an interruption; a turn nobody answers."""
    call = KnownCall(tmp_path_factory.mktemp("known") / "call", 60.0, PATIENT)
    hello = np.concatenate([silence(0.3), speech("cards-001.wav")])
    call.reply("greeting", "Hello there.", hello, began=0.1, received=0.2, heard=0.35)

    # Turn one, from 4 s: two stretches with 0.6 s between them.
    over = call.says(4.0, speech("cards-002.wav"))
    over = call.says(over + 0.6, speech("cards-003.wav"))
    call.turn("one", "Two cards, please.", told=4.2, decided=over + 0.85, transcribed=over + 0.9)
    answer = np.concatenate([silence(0.25), speech("austen-0880.wav")])
    call.reply("r1", "An answer.", answer, began=over + 0.95, received=over + 1.1, heard=over + 1.25)

    # Turn two, from 14 s: a tool, announced, and its answer.
    over = call.says(14.0, speech("cards-004.wav"))
    call.turn("two", "A tool, please.", told=14.1, decided=over + 0.9, transcribed=over + 0.9)
    announcement = np.concatenate([silence(0.1), speech("cards-001.wav")])
    call.reply(
        "r2",
        "Let me look.",
        announcement,
        began=over + 0.95,
        received=over + 1.0,
        heard=over + 1.1,
        calls=(("c1", over + 1.02, over + 3.5),),
    )
    found = np.concatenate([silence(0.2), speech("austen-0890.wav")])

    # Turn three interrupts that: two seconds into it.
    begin = over + 3.8 + 0.2 + 2.0
    told, silent = begin + 0.55, begin + 0.62
    call.put(over + 3.7, "in", "transcript.agent.delta", reply_id="r3", delta="It is there.")
    call.reply(
        "r3", "It is there.", found, began=over + 3.6, received=over + 3.7, heard=over + 3.8, cut=silent
    )
    over = call.says(begin, speech("cards-005.wav"))
    call.turn("three", "Stop, something else.", told=told, decided=over + 0.9, transcribed=over + 1.0)
    call.reply("r4", "Yes?", answer, began=over + 1.0, received=over + 1.1, heard=over + 1.2)

    # Turn four, from 40 s: nobody answers.
    over = call.says(40.0, speech("go-forward.wav"))
    call.turn("four", "Go forward.", told=40.1, decided=over + 0.9, transcribed=over + 0.95)
    call.put(over + 1.0, "in", "reply.started", reply_id="r5")
    call.put(over + 1.1, "in", "reply.done", reply_id="r5", status="completed")
    return vn.turns(call.build())


def test_there_is_a_row_for_each_turn_of_either_side(known: Turns) -> None:
    told = [(turn.role, turn.kind, turn.text) for turn in known]
    assert told == [
        ("agent", "greeting", "Hello there."),
        ("user", "plain", "Two cards, please."),
        ("agent", "turn", "An answer."),
        ("user", "tool", "A tool, please."),
        ("agent", "turn", "Let me look."),
        ("agent", "tool", "It is"),
        ("user", "plain", "Stop, something else."),
        ("agent", "turn", "Yes?"),
        ("user", "plain", "Go forward."),
        ("agent", "turn", ""),
    ]
    assert [turn.number for turn in known] == list(range(1, 11))
    assert known.other == ()


def test_boundaries_are_where_they_were_put(known: Turns) -> None:
    one, two, _, four = known.caller
    length = {name: len(speech(f"{name}.wav")) / RATE for name in ("cards-002", "cards-003", "cards-004")}
    over = 4.0 + length["cards-002"] + 0.6 + length["cards-003"]
    for turn, start, end, first, last in (
        (one, 4.0, over, "cards-002.wav", "cards-003.wav"),
        (two, 14.0, 14.0 + length["cards-004"], "cards-004.wav", "cards-004.wav"),
        (four, 40.0, 40.0 + len(speech("go-forward.wav")) / RATE, "go-forward.wav", "go-forward.wav"),
    ):
        assert turn.start == pytest.approx(start, abs=NEAR + uncertainty(first)[0]), turn.text
        assert turn.end == pytest.approx(end, abs=NEAR + uncertainty(last)[1]), turn.text
    (pause,) = one.pauses
    assert pause.length == pytest.approx(0.6, abs=2 * NEAR)
    assert pause.start == pytest.approx(4.0 + length["cards-002"], abs=NEAR + uncertainty("cards-002.wav")[1])


def test_the_waits_of_a_plain_turn(known: Turns) -> None:
    turn = known.caller[0]
    near = NEAR + uncertainty("cards-003.wav")[1]
    assert turn.end_of_turn_delay == pytest.approx(0.85, abs=near)
    assert turn.transcription_delay == pytest.approx(0.9, abs=near)
    assert (turn.ended_by, turn.configured_silence) == ("min_silence", 0.8)
    assert turn.reply_latency == pytest.approx(0.25, abs=1e-6)
    assert turn.playback_delay == pytest.approx(0.15, abs=1e-3)
    assert turn.leading_silence == pytest.approx(0.25, abs=NEAR)
    assert turn.response_latency == pytest.approx(1.5, abs=near + NEAR)
    parts = (turn.end_of_turn_delay, turn.reply_latency, turn.playback_delay, turn.leading_silence)
    assert sum(parts) == pytest.approx(turn.response_latency, abs=1e-5)
    assert (turn.first_sound, turn.first_answer, turn.tools) == (None, None, ())
    assert turn.gap == pytest.approx(turn.response_latency)
    assert turn.talk_over == 0
    assert turn.unanswered is False


def test_a_tool_turn_has_a_first_sound_and_a_first_answer(known: Turns) -> None:
    turn = known.caller[1]
    near = 2 * NEAR + uncertainty("cards-004.wav")[1]
    assert turn.first_sound == pytest.approx(1.2, abs=near)
    assert turn.first_answer == pytest.approx(4.0, abs=near)
    (tool,) = turn.tools
    assert (tool.name, tool.is_error) == ("look_up", False)
    assert tool.round_trip == pytest.approx(2.48, abs=1e-6)
    assert tool.own_time == pytest.approx(1.24, abs=1e-6)


def test_how_the_agent_gave_way(known: Turns) -> None:
    turn = known.caller[2]
    near = NEAR + uncertainty("cards-005.wav")[0]
    assert turn.reaction == pytest.approx(0.55, abs=near)
    assert turn.flush == pytest.approx(0.07, abs=0.002)
    assert turn.yield_latency == pytest.approx(0.62, abs=near)
    assert turn.yielded is True
    assert turn.talk_over == pytest.approx(0.62, abs=near + 0.1)
    cut = next(each for each in known.agent if each.interrupted)
    assert cut.false_interruption is False
    assert cut.unheard == "there."
    assert cut.talk_over == pytest.approx(turn.talk_over, abs=1e-6)


def test_a_turn_nobody_answers_and_a_reply_without_a_sound(known: Turns) -> None:
    turn, reply = known[-2:]
    assert turn.unanswered is True
    assert turn.response_latency is None
    assert turn.gap is None
    assert (reply.silent, reply.start, reply.end) == (True, None, None)
    assert [each.silent for each in known.agent] == [False] * 5 + [True]


def test_a_table_and_a_part_of_it(known: Turns) -> None:
    frame = known.to_dataframe()
    assert list(frame["role"]) == [turn.role for turn in known]
    assert frame.loc[3, "tools"] == "look_up"
    assert frame.loc[1, "pauses"] == 1
    assert isinstance(known[1:3], Turns)
    text = repr(known)
    assert "4 of the caller's, 6 of the agent's · seconds · built" in text
    assert "look_up" in text
    assert "unanswered" in text
    assert "<table>" in known._repr_html_()


def test_a_call_that_is_over_too_soon_tells_nothing_of_the_last_turn(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 6.0)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "Hello.", told=1.1, decided=over + 0.7, transcribed=over + 0.7)
    (turn,) = vn.turns(call.build())
    assert turn.unanswered is None
    assert (turn.ended_by, turn.configured_silence) == ("adaptive", None)


def test_a_start_that_was_never_told_misses_no_turn(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 12.0)
    over = call.says(1.0, speech("cards-001.wav"))
    over = call.says(over + 0.9, speech("cards-002.wav"))
    call.turn("one", "Hello.", told=None, decided=over + 0.7, transcribed=over + 0.7)
    (turn,) = vn.turns(call.build())
    assert turn.start == pytest.approx(1.0, abs=NEAR + uncertainty("cards-001.wav")[0])
    assert len(turn.pauses) == 1


def test_an_early_agent_has_a_negative_latency(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 14.0)
    middle = call.says(1.0, speech("cards-001.wav"))
    over = call.says(middle + 0.8, speech("cards-002.wav"))
    call.turn("one", "Hello.", told=1.1, decided=over + 0.05, transcribed=over + 0.05)
    early = over - 0.3
    call.reply("r1", "Yes.", speech("cards-003.wav"), began=early - 0.1, received=early - 0.05, heard=early)
    turns = vn.turns(call.build())
    assert turns.caller[0].talk_over == pytest.approx(0.3, abs=0.1)


@pytest.mark.parametrize(
    ("text", "false"),
    [("Mm-hm.", True), ("Stop, please.", False), ("", True)],
    ids=["hum", "words", "nothing"],
)
def test_what_the_agent_stopped_for(tmp_path: Path, text: str, false: bool) -> None:
    call = KnownCall(tmp_path / "call", 14.0)
    begin = 3.0
    call.reply(
        "r1",
        "A long answer.",
        speech("austen-0890.wav"),
        began=0.9,
        received=0.95,
        heard=1.0,
        cut=begin + 0.6,
    )
    over = call.says(begin, speech("cards-003.wav"))
    call.put(begin + 0.5, "in", "input.speech.started")
    call.put(over + 0.7, "in", "input.speech.stopped")
    if text:
        call.put(over + 0.7, "in", "transcript.user", item_id="one", text=text)
    turns = vn.turns(call.build())
    (cut,) = turns.agent
    assert cut.interrupted is True
    assert cut.false_interruption is false
    assert len(turns.caller) == bool(text)
    assert len(turns.other) == (0 if text else 1)


@pytest.mark.parametrize("sound", [0.0, 0.5], ids=["no sound came", "sound came"])
def test_a_reply_that_was_taken_back_before_it_was_heard_interrupts_nobody(
    tmp_path: Path, sound: float
) -> None:
    """The caller goes on at once: a false cutoff, and nothing else."""
    call = KnownCall(tmp_path / "call", 20.0, {"min_silence": 600, "max_silence": 2000})
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "A table", told=1.1, decided=over + 0.6, transcribed=over + 0.62)
    call.put(over + 0.65, "in", "reply.started", reply_id="x", item_id="item-x")
    call.put(over + 0.66, "in", "transcript.agent.delta", reply_id="x", delta="I see.")
    if sound:
        call.agent.append(speech("cards-003.wav")[: round(sound * RATE)])
        place = {"track": "agent", "start": 0, "samples": len(call.agent[0])}
        call.put(over + 0.7, "in", "reply.audio", reply_id="x", **place)
    again = over + 0.9
    over = call.says(again, speech("cards-002.wav"))
    call.put(again + 0.2, "in", "input.speech.started")
    call.put(again + 0.2, "in", "reply.done", reply_id="x", status="interrupted")
    call.put(over + 0.6, "in", "input.speech.stopped")
    call.put(over + 0.62, "in", "transcript.user", item_id="two", text="for four people.")
    answer = speech("austen-0880.wav")
    call.reply("r1", "At seven.", answer, began=over + 0.7, received=over + 0.75, heard=over + 0.8)
    recording = call.build()
    turns = vn.turns(recording)
    taken_back = next(turn for turn in turns.agent if turn.reply_id == "x")
    assert (taken_back.interrupted, taken_back.cancelled) == (False, True)
    assert taken_back.false_interruption is None
    assert taken_back.silent is not True
    answered = next(turn for turn in turns.agent if turn.reply_id == "r1")
    assert (answered.interrupted, answered.cancelled, answered.silent) == (False, False, False)
    report = vn.report(recording)
    assert (report.interruptions, report.silent_replies, report.false_cutoffs) == (0, 0, 1)
    assert len(vn.stops(recording)) == 0
    assert "interruption" not in repr(recording)
    assert "not heard" not in repr(recording)


@pytest.mark.parametrize(
    ("service", "limit"),
    [("hosted", ("unknown", 0.5)), ("emulator · contract · rules", ("max_silence", 1.0))],
)
def test_a_slow_service_is_no_long_silence(tmp_path: Path, service: str, limit: tuple[str, float]) -> None:
    """The hosted service tells of its decision when model and voice are done: here half a second later."""
    call = KnownCall(tmp_path / "call", 10.0, {"min_silence": 500, "max_silence": 1000})
    call.service = service
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "Hello.", told=1.1, decided=over + 1.0, transcribed=over + 1.0)
    answer = speech("cards-002.wav")
    call.reply("r", "Hi there.", answer, began=over + 1.0, received=over + 1.01, heard=over + 1.05)
    recording = call.build()
    (turn,) = vn.turns(recording).caller
    assert (turn.ended_by, turn.configured_silence) == limit
    measure = Measure(recording)
    measure.refresh()
    live = measure.answer("r")
    assert live is not None
    assert (live.ended_by, live.silence) == limit


def greets(folder: Path, *, cut: float, heard: float = 0.5) -> KnownCall:
    """A call whose greeting is cut off for a turn, without a word told before its transcript."""
    call = KnownCall(folder, 15.0)
    long = np.concatenate([speech("austen-0930.wav")] * 3)
    text = "good evening this is a long"
    call.reply("g", text, long, began=0.2, received=0.3, heard=heard, cut=cut)
    over = call.says(cut - 0.8, speech("cards-001.wav"))
    call.turn("one", "hello", told=cut - 0.1, decided=over + 0.6, transcribed=over + 0.6)
    answer = speech("cards-002.wav")
    call.reply("r", "yes", answer, began=over + 0.8, received=over + 0.9, heard=over + 1.0)
    return call


def test_a_transcript_that_was_cut_to_what_was_heard_is_not_cut_again(tmp_path: Path) -> None:
    recording = greets(tmp_path / "call", cut=4.0).build()
    (greeting, _) = vn.turns(recording).agent
    assert (greeting.text, greeting.unheard) == ("good evening this is a long", "")
    (stop,) = vn.stops(recording)
    assert (stop.lost, vn.stops(recording).lost) == (None, None)
    assert vn.report(recording).to_dict()["stops"]["words_lost"] is None


def test_where_nobody_noted_what_was_heard_a_reply_ends_where_it_was_cut_off(tmp_path: Path) -> None:
    """As after a crash of the page: its sound came in a burst, and was not heard faster than it lasts."""
    call = greets(tmp_path / "call", cut=2.0)
    call.events = [event for event in call.events if event.fields["type"] != "heard"]
    recording = call.build()
    turns = vn.turns(recording)
    greeting, _ = turns.agent
    assert greeting.end is not None
    assert 1.7 < greeting.end <= 1.9
    assert (greeting.interrupted, greeting.false_interruption) == (True, False)
    (turn,) = turns.caller
    assert turn.playback_delay is None
    assert turn.reply_latency == pytest.approx(0.3, abs=0.01)
    (stop,) = vn.stops(recording)
    assert (stop.at, stop.turn, stop.false) == (pytest.approx(1.9, abs=0.01), turn.number, False)


def test_where_nobody_noted_what_was_heard_a_reply_that_came_whole_is_cut_off_too(tmp_path: Path) -> None:
    """The usual case of a service that sends ahead: the reply was done before the caller spoke."""
    call = KnownCall(tmp_path / "call", 20.0)
    long = np.concatenate([speech("austen-0930.wav")] * 3)
    call.reply("g", "Good evening, and so on.", long, began=0.2, received=0.3, heard=0.3)
    over = call.says(2.0, speech("cards-001.wav"))
    call.turn("one", "Hello.", told=2.4, decided=over + 0.6, transcribed=over + 0.6)
    answer = speech("cards-002.wav")
    call.reply("r", "Yes.", answer, began=over + 0.8, received=over + 0.9, heard=over + 1.0)
    call.events = [event for event in call.events if event.fields["type"] != "heard"]
    recording = call.build()
    greeting, reply = vn.turns(recording).agent
    assert greeting.end is not None
    assert reply.start is not None
    assert 2.1 < greeting.end <= 2.4
    assert greeting.interrupted is True
    assert reply.start == pytest.approx(over + 0.9, abs=0.04)
    assert reply.interrupted is False
    (stop,) = vn.stops(recording)
    assert (stop.at, stop.false) == (pytest.approx(2.4, abs=0.01), False)


def test_words_of_a_reply_of_which_nothing_audible_was_heard_were_not_heard(tmp_path: Path) -> None:
    """It was cut off in its leading silence."""
    call = KnownCall(tmp_path / "call", 20.0)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "A table.", told=1.1, decided=over + 0.6, transcribed=over + 0.62)
    sound = np.concatenate([silence(2.0), speech("cards-002.wav")])
    times = {"began": over + 0.65, "received": over + 0.7, "heard": over + 0.8, "cut": over + 2.6}
    call.reply("r1", "Free at seven.", sound, **times)
    until = call.says(over + 2.2, speech("cards-003.wav"))
    call.turn("two", "No, Monday.", told=over + 2.6, decided=until + 0.6, transcribed=until + 0.62)
    recording = call.build()
    (reply,) = vn.turns(recording).agent
    assert (reply.cancelled, reply.text, reply.unheard) == (True, "", "Free at seven.")


def test_the_time_of_a_tool_whose_result_never_came_is_not_known(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 20.0)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "A table.", told=1.1, decided=over + 0.6, transcribed=over + 0.62)
    answer = speech("cards-002.wav")
    call.reply("r1", "One moment.", answer, began=over + 0.65, received=over + 0.7, heard=over + 0.8)
    lost = {"call_id": "c", "name": "look_up", "arguments": {}, "timeout_seconds": 120}
    call.put(over + 0.9, "in", "tool.call", **lost)
    (turn,) = vn.turns(call.build()).caller
    assert (turn.tool_time, turn.first_answer, turn.unanswered) == (None, None, False)


def test_a_reply_that_was_heard_out_gave_way_to_nobody(tmp_path: Path) -> None:
    """The service calls it interrupted: it had told of its end only when the caller began."""
    call = KnownCall(tmp_path / "call", 20.0)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "A table.", told=1.1, decided=over + 0.6, transcribed=over + 0.62)
    answer = speech("cards-002.wav")
    heard = over + 0.8
    silent = heard + len(answer) / RATE
    times = {"began": over + 0.65, "received": over + 0.7, "heard": heard}
    call.reply("r1", "Free at seven.", answer, **times, cut=silent)
    for event in call.events:
        if event.fields["type"] in ("transcript.agent", "reply.done"):
            event.t = event.fields["t"] = round(silent + 1.1, 6)
    until = call.says(silent + 0.6, speech("cards-003.wav"))
    call.turn("two", "For four.", told=silent + 1.1, decided=until + 0.6, transcribed=until + 0.62)
    recording = call.build()
    (reply,) = vn.turns(recording).agent
    assert (reply.interrupted, reply.cancelled, reply.false_interruption) == (False, False, None)
    assert len(vn.stops(recording)) == 0
    assert vn.report(recording).interruptions == 0


def test_a_reply_that_got_lost_on_its_way_is_no_false_cutoff(tmp_path: Path) -> None:
    """The page was gone for a while: what came whole was not heard, and the caller asks again."""
    call = KnownCall(tmp_path / "call", 24.0)
    call.reply("g", "Hello.", speech("cards-003.wav"), began=0.1, received=0.2, heard=0.3)
    over = call.says(3.0, speech("cards-001.wav"))
    call.turn("one", "A table.", told=3.1, decided=over + 0.6, transcribed=over + 0.62)
    answer = speech("cards-002.wav")
    call.reply("r1", "At seven.", answer, began=over + 0.65, received=over + 0.7, heard=over + 0.8)
    call.events = [
        each
        for each in call.events
        if each.fields["type"] != "heard" or each.fields["msg"]["reply_id"] != "r1"
    ]
    again = over + 4.0
    until = call.says(again, speech("cards-003.wav"))
    call.turn("two", "Are you there?", told=again + 0.3, decided=until + 0.6, transcribed=until + 0.62)
    turns = vn.turns(call.build())
    first = turns.caller[0]
    assert (first.false_cutoffs, first.ended_by, first.unanswered) == (0, "adaptive", True)
    lost = next(turn for turn in turns.agent if turn.reply_id == "r1")
    assert (lost.cancelled, lost.interrupted) == (False, False)


def test_the_emulators_own_words_for_it(tmp_path: Path) -> None:
    """What a call with the emulator is measured to be, beside what its scripted caller knows."""
    del tmp_path
    agent = vn.Agent(name="Lido", system_prompt="Short.", greeting="Good evening.")
    script = [vn.Answer(), vn.Say("I would like", vn.Pause(0.5), "a table."), vn.Answer()]
    call = vn.run(agent, vn.Caller(script), brain="rules")
    (turn,) = vn.turns(call).caller
    truth = call.session["truth"]
    ready = next(event["t"] for event in call.events if event["type"] == "session.ready")
    # A synthetic voice begins and ends in a little silence of its own.
    assert turn.start == pytest.approx(ready + truth[0]["start"] / RATE, abs=0.15)
    assert turn.end == pytest.approx(ready + truth[-1]["stop"] / RATE, abs=0.3)
    assert turn.response_latency is not None
    assert "emulator" in vn.turns(call).service


def test_a_finished_call_is_listened_to_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    call = KnownCall(tmp_path / "call", 6.0)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "Hello.", told=1.1, decided=over + 0.7, transcribed=over + 0.7)
    recording = call.build()
    found = vn.turns(recording)
    monkeypatch.setattr("voicenb.analysis.turns.find_speech", None)
    assert vn.turns(recording) is found
    monkeypatch.undo()
    assert vn.turns(vn.load(tmp_path / "call")) is not found
    unfinished = vn.load(tmp_path / "call")
    monkeypatch.setattr(type(unfinished), "finished", False)
    assert vn.turns(unfinished) is not vn.turns(unfinished), "one that still grows is listened to anew"


@pytest.mark.parametrize(
    ("answer", "text", "cutoffs"),
    [
        ("heard later", "", 0),
        ("heard later", "Mm-hm.", 0),
        ("heard later", "And for Friday.", 1),
        ("silent", "Hello, are you there?", 0),
        ("none", "And for Friday.", 1),
    ],
)
def test_a_turn_is_cut_off_where_words_follow_and_nothing_was_answered(
    tmp_path: Path, answer: str, text: str, cutoffs: int
) -> None:
    call = KnownCall(tmp_path / "call", 20.0, PATIENT)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "A table for four, please.", told=1.1, decided=over + 0.85, transcribed=over + 0.9)
    again = over + 1.4
    if answer == "silent":
        call.reply("r1", "", silence(0.1), began=over + 0.95, received=over + 1.0, heard=over + 1.1)
    until = call.says(again, speech("cards-003.wav"))
    if text:
        call.turn("two", text, told=again + 0.1, decided=until + 0.85, transcribed=until + 0.9)
    if answer == "heard later":
        times = {"began": over + 0.95, "received": until + 0.9, "heard": until + 1.0}
        call.reply("r1", "Yes.", speech("cards-002.wav"), **times)
    turn = vn.turns(call.build()).caller[0]
    assert turn.false_cutoffs == cutoffs
    assert turn.ended_by == ("resumed" if cutoffs else "min_silence")
    assert turn.candidate_cut is None


def test_who_speaks_again_after_a_long_silence_was_not_cut_off(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 20.0, PATIENT)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "A table, please.", told=1.1, decided=over + 0.85, transcribed=over + 0.9)
    again = over + 0.85 + 5.5
    until = call.says(again, speech("cards-003.wav"))
    call.turn("two", "Hello?", told=again + 0.1, decided=until + 0.85, transcribed=until + 0.9)
    turn = vn.turns(call.build()).caller[0]
    assert (turn.false_cutoffs, turn.ended_by, turn.unanswered) == (0, "min_silence", True)


def test_what_the_agent_said_before_the_decision_answers_nothing(tmp_path: Path) -> None:
    """A reply to something typed is heard in the silence: who then goes on was cut off all the same."""
    call = KnownCall(tmp_path / "call", 20.0, PATIENT)
    over = call.says(1.0, speech("cards-001.wav"))
    call.put(1.2, "out", "conversation.message", text="By the way.")
    call.reply("r0", "Yes?", tone(0.3), began=1.3, received=over + 0.1, heard=over + 0.2)
    call.turn("one", "A table, please.", told=1.1, decided=over + 0.85, transcribed=over + 0.9)
    again = over + 1.4
    until = call.says(again, speech("cards-003.wav"))
    call.turn("two", "For four.", told=again + 0.1, decided=until + 0.85, transcribed=until + 0.9)
    answer = speech("cards-002.wav")
    call.reply("r1", "Yes.", answer, began=until + 0.95, received=until + 1.0, heard=until + 1.1)
    turn = vn.turns(call.build()).caller[0]
    assert (turn.false_cutoffs, turn.ended_by, turn.candidate_cut) == (1, "resumed", None)


def test_who_speaks_well_into_the_answer_was_not_cut_off(tmp_path: Path) -> None:
    call = KnownCall(tmp_path / "call", 20.0, PATIENT)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "A table, please.", told=1.1, decided=over + 0.85, transcribed=over + 0.9)
    answer = speech("austen-0880.wav")
    call.reply("r1", "A long answer.", answer, began=over + 0.95, received=over + 1.0, heard=over + 1.1)
    again = over + 1.1 + 1.5
    until = call.says(again, speech("cards-003.wav"))
    call.turn("two", "For four.", told=again + 0.6, decided=until + 0.85, transcribed=until + 0.9)
    turn = vn.turns(call.build()).caller[0]
    assert (turn.false_cutoffs, turn.candidate_cut) == (0, False)


@pytest.mark.parametrize(("text", "candidate"), [("", None), ("Yeah.", None), ("For four.", True)])
def test_only_words_over_the_answer_may_have_been_cut_off(
    tmp_path: Path, text: str, candidate: bool | None
) -> None:
    call = KnownCall(tmp_path / "call", 20.0, PATIENT)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "A table, please.", told=1.1, decided=over + 0.85, transcribed=over + 0.9)
    answer = speech("austen-0880.wav")
    call.reply("r1", "A long answer.", answer, began=over + 0.95, received=over + 1.0, heard=over + 1.1)
    until = call.says(over + 1.6, speech("cards-003.wav"))
    if text:
        call.turn("two", text, told=over + 2.2, decided=until + 0.85, transcribed=until + 0.9)
    turn = vn.turns(call.build()).caller[0]
    assert (turn.false_cutoffs, turn.candidate_cut) == (0, candidate)


def test_what_is_kept_is_not_changed_by_who_got_it(known: Turns) -> None:
    for spans in (known.said, known.heard, known.other, known.caller.said):
        assert isinstance(spans, tuple)
    assert not hasattr(known.said, "clear")


def test_a_damaged_note_of_what_was_heard_is_passed_over_everywhere(tmp_path: Path) -> None:
    bad = [{"from": "x", "to": 9, "t": 0.1}, {"to": 9, "t": 0.1}, {"from": 0, "to": 9, "t": None}]
    calls = []
    for name, notes in (("good", []), ("bad", bad)):
        known = KnownCall(tmp_path / name, 12.0)
        known.reply("r0", "Good evening.", speech("cards-002.wav"), began=0.1, received=0.2, heard=0.5)
        over = known.says(5.0, speech("cards-001.wav"))
        known.turn("one", "Hello.", told=5.1, decided=over + 0.7, transcribed=over + 0.7)
        for note in notes:
            known.put(0.4, "local", "heard", reply_id="r0", **note)
            known.put(0.4, "local", "unheard", reply_id="r0", **note)
        calls.append(known.build())
    good, bad_call = calls
    assert [repr(turn) for turn in vn.turns(bad_call)] == [repr(turn) for turn in vn.turns(good)]
    assert bad_call.heard_pieces() == good.heard_pieces()
    assert bad_call.played() == good.played()
    np.testing.assert_array_equal(bad_call.stereo(), good.stereo())
    frame = bad_call.to_dataframe()
    damaged = (frame["type"] == "heard") & frame["heard"].isna()
    assert damaged.sum() == len(bad)
    assert len(vn.report(bad_call[0:8]).caller_turns) == 1


def test_who_goes_on_before_the_decision_is_told_was_cut_off_too(tmp_path: Path) -> None:
    """The hosted service tells late: model and voice are in its delay."""
    call = KnownCall(tmp_path / "call", 20.0, PATIENT)
    call.service = "hosted"
    over = call.says(1.0, speech("cards-001.wav"))
    again = over + 0.85
    call.turn("one", "A table", told=1.1, decided=over + 1.0, transcribed=over + 1.0)
    call.put(over + 1.0, "in", "reply.started", reply_id="x", item_id="item-x")
    call.put(over + 1.1, "in", "reply.done", reply_id="x", status="interrupted")
    until = call.says(again, speech("cards-002.wav"))
    call.turn("two", "for four people.", told=over + 1.1, decided=until + 1.0, transcribed=until + 1.0)
    answer = speech("cards-003.wav")
    call.reply("r", "At seven.", answer, began=until + 1.0, received=until + 1.05, heard=until + 1.1)
    turn = vn.turns(call.build()).caller[0]
    assert (turn.false_cutoffs, turn.ended_by) == (1, "resumed")


@pytest.mark.parametrize("later", [3.0, 4.0, 8.0])
def test_a_sound_that_stopped_the_agent_without_words_is_no_part_of_a_later_turn(
    tmp_path: Path, later: float
) -> None:
    call = KnownCall(tmp_path / "call", 24.0, PATIENT)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "A table for four, please.", told=1.1, decided=over + 0.85, transcribed=over + 0.9)
    long = np.concatenate([speech("austen-0930.wav")] * 2)
    times = {"began": over + 0.95, "received": over + 1.0, "heard": over + 1.1, "cut": over + 2.5}
    call.reply("r1", "Seven is free, and so on.", long, **times)
    coughed = call.says(over + 2.0, speech("cards-003.wav")[: RATE // 2])
    call.put(over + 2.5, "in", "input.speech.started")
    call.put(coughed + 1.2, "in", "input.speech.stopped")  # no words
    again = coughed + later
    until = call.says(again, speech("cards-002.wav"))
    call.turn("two", "Are you there?", told=again + 0.1, decided=until + 0.85, transcribed=until + 0.9)
    answer = speech("cards-003.wav")
    call.reply("r2", "Yes.", answer, began=until + 0.95, received=until + 1.0, heard=until + 1.1)
    recording = call.build()
    turns = vn.turns(recording)
    one, two = turns.caller
    assert two.start == pytest.approx(again, abs=0.04)
    assert (one.false_cutoffs, one.candidate_cut, two.false_cutoffs, two.yielded) == (0, False, 0, None)
    assert turns.agent[0].false_interruption is True
    (stop,) = vn.stops(recording)
    assert (stop.false, stop.turn) == (True, None)


def test_the_answer_with_a_tools_result_is_the_tool_turns_also_where_the_caller_asked_meanwhile(
    tmp_path: Path,
) -> None:
    call = KnownCall(tmp_path / "call", 16.0)
    over = call.says(1.0, speech("cards-001.wav"))
    call.turn("one", "A table.", told=1.1, decided=over + 0.6, transcribed=over + 0.62)
    times = {"began": over + 0.65, "received": over + 0.7, "heard": over + 0.8}
    call.reply("r0", "One moment.", speech("cards-003.wav"), **times, calls=(("c", over + 0.9, over + 8.0),))
    asked = call.says(over + 3.0, speech("cards-002.wav"))
    call.turn("two", "Are you there?", told=over + 3.1, decided=asked + 0.6, transcribed=asked + 0.62)
    times = {"began": over + 8.1, "received": over + 8.2, "heard": over + 8.3}
    call.reply("r1", "Seven is free.", speech("austen-0880.wav"), **times)
    recording = call.build()
    one, two = vn.turns(recording).caller
    assert one.first_answer == pytest.approx(over + 8.3 - one.end, abs=0.04)
    assert (two.kind, two.unanswered) == ("tool", False)
    assert two.first_sound == pytest.approx(over + 8.3 - asked, abs=0.04)
    assert two.first_answer is None, "it is one answer, of the turn that called the tool"
    assert vn.report(recording).latency.n == 0
