"""What stands out."""

from __future__ import annotations

from dataclasses import replace

from voicenb.analysis.figure import Figure
from voicenb.analysis.findings import findings
from voicenb.analysis.report import CallFacts, Report
from voicenb.analysis.stop import Stop
from voicenb.analysis.stops import Stops
from voicenb.analysis.turn import ToolUse, Turn
from voicenb.analysis.turns import Turns
from voicenb.analysis.voice_gap import VoiceGap
from voicenb.analysis.wait import Wait

PLAIN = replace(
    Turn(1, "user", "plain", 1.0, 2.0, "Hello.", ended_by="min_silence", configured_silence=1.4),
    response_latency=1.9,
    end_of_turn_delay=1.45,
    reply_latency=0.2,
    unanswered=False,
)
AGENT = Turn(1, "agent", "turn", 4.0, 5.0, "Yes.", interrupted=False, silent=False)


def report(*turns: Turn, talk_over: float = 0.0, lost: int = 0, playback: tuple[float, ...] = ()) -> Report:
    facts = CallFacts("call", "emulator", Turns(turns), 100.0, talk_over, 10.0, 0, lost, 0.0)
    return Report((facts,), playback_delay=Figure(playback))


def test_nothing_is_said_of_little() -> None:
    assert findings(report(PLAIN, PLAIN, AGENT)) == [], "two turns are no habit"
    assert findings(report()) == []


def test_where_most_of_the_wait_was_configured() -> None:
    quick = replace(PLAIN, response_latency=4.0)
    assert findings(report(PLAIN, PLAIN, PLAIN, quick)) == [
        "In 3 of 4 turns most of the wait was the silence that min_silence demands (medians: 1.40 of 1.90 s)."
    ]
    assert findings(report(PLAIN, PLAIN, quick, quick)) == [], "two of four are not most"


def test_where_the_adaptive_default_or_the_service_took_it() -> None:
    adaptive = replace(PLAIN, ended_by="adaptive", configured_silence=None)
    assert findings(report(*[adaptive] * 3)) == [
        "In 3 of 3 turns most of the wait was the wait for the end of the turn, which the adaptive default "
        "decides (medians: 1.45 of 1.90 s)."
    ]
    unknown = replace(adaptive, ended_by="unknown")
    assert findings(report(*[unknown] * 3)) == [], "nobody tells that it was the adaptive default"
    slow = replace(PLAIN, response_latency=5.0, reply_latency=3.0)
    assert findings(report(*[slow] * 3)) == [
        "In 3 of 3 turns most of the wait was the wait for the reply's first sound (medians: 3.00 of 5.00 s)."
    ]
    tools = (ToolUse("c", "x", 4.0, 3.0, is_error=False), ToolUse("d", "x", 3.0, 3.0, is_error=False))
    tool = replace(PLAIN, kind="tool", first_answer=5.0, tools=tools, waits=(Wait("tool", 12.0, 16.0),))
    assert findings(report(*[tool] * 3)) == [
        "In 3 of 3 tool turns most of the wait was the tools' round trip (medians: 4.00 of 5.00 s)."
    ]


def test_of_a_service_that_tells_late_model_and_voice_are_in_the_wait() -> None:
    adaptive = replace(PLAIN, ended_by="adaptive", configured_silence=None)
    facts = CallFacts("call", "hosted", Turns([adaptive] * 3), 100.0, 0.0, 10.0, 0, 0, 0.0)
    assert findings(Report((facts,))) == [
        "In 3 of 3 turns most of the wait was the wait until the service told of the end of the turn: "
        "silence, model and voice, not separable (medians: 1.45 of 1.90 s)."
    ]


def test_a_tool_turn_without_its_answer_is_told() -> None:
    tools = (ToolUse("c", "x", None, None, is_error=None),)
    lacking = replace(PLAIN, kind="tool", first_sound=1.0, tools=tools)
    answered = replace(lacking, first_answer=2.0)
    waited = replace(PLAIN, kind="tool", first_sound=1.0)  # for another turn's tool
    assert findings(report(lacking, answered, waited)) == [
        "In 1 of 2 tool turns no answer was heard behind the tool's result: only what was said before it."
    ]


def test_nothing_is_said_of_the_wait_of_turns_that_nobody_answered() -> None:
    assert findings(report(*[replace(PLAIN, unanswered=True)] * 3))[1:] == []


def test_what_went_wrong_comes_first_and_with_its_share() -> None:
    bad = replace(PLAIN, unanswered=True, false_cutoffs=2, candidate_cut=True, response_latency=None)
    cut = replace(AGENT, interrupted=True, false_interruption=True)
    mute = replace(AGENT, silent=True)
    found = findings(
        report(bad, PLAIN, PLAIN, PLAIN, cut, mute, talk_over=12.0, lost=7, playback=(0.5, 0.7, 0.6))
    )
    assert found == [
        "1 of 4 turns of the caller's got no audible answer before the caller spoke again, or within 10 s.",
        "In 1 of 4 turns the service took the caller for done inside a pause: the caller went on before "
        "anyone spoke.",
        "After 1 of 4 turns the caller went on over the first second of the answer: cut off, or a quick "
        "interruption; only listening tells.",
        '1 of 1 interruption stopped the agent for no words, or for a mere "mm-hm".',
        "1 of 2 replies had no audible sound.",
        "Both talked at once for 12% of the time.",
        "In 3 of 3 turns most of the wait was the silence that min_silence demands (medians: 1.40 of "
        "1.90 s).",
        "Between the arrival of a reply's sound and its being heard lie 0.60 s (median of 3, plain turns).",
        "7 frames of the microphone's were lost on their way.",
    ]


def test_a_share_of_cut_turns_is_of_the_calls_that_tell_of_decisions() -> None:
    own = CallFacts("a", "emulator", Turns([replace(PLAIN, false_cutoffs=1)]), 60.0, 0.0, 0.0, 0, 0, 0.0)
    plain = replace(PLAIN, false_cutoffs=None, ended_by="unknown")
    imported = replace(own, name="b", turns=Turns([plain] * 3), absent=frozenset({"decisions"}))
    found = findings(Report((own, imported)))
    assert found[0].startswith("In 1 of 1 turn the service took the caller for done")


def test_how_late_sound_was_heard_is_told_of_each_kind() -> None:
    late = Report(report().calls, playback_delay=Figure((0.2,)), tool_playback_delay=Figure((0.5, 0.7)))
    assert findings(late) == [
        "Between the arrival of a reply's sound and its being heard lie 0.60 s (median of 2, tool turns)."
    ]


def test_a_voice_that_broke_off_and_went_on() -> None:
    (facts,) = report(AGENT, AGENT, replace(AGENT, start=None)).calls
    one = replace(facts, voice_gaps=(VoiceGap("r1", 4.2, 6.0),))
    assert findings(Report((one,))) == [
        "In 1 of 2 replies the agent's voice broke off in the middle and went on later: 1.80 s of silence "
        "that was not in it."
    ]
    two = replace(facts, voice_gaps=(VoiceGap("r1", 4.2, 6.0), VoiceGap("r1", 7.0, 7.5)))
    unknown = replace(facts, voice_gaps=None)
    assert findings(Report((one, two, unknown))) == [
        "In 2 of 4 replies the agent's voice broke off in the middle and went on later: 4.10 s of silence, "
        "the longest 1.80 s, that was not in it."
    ]
    assert findings(Report((unknown,))) == findings(Report((facts,))) == []


def test_a_voice_that_gave_way_to_itself_or_to_nobody() -> None:
    stop = Stop(1, 1, "r", "duck", "duck", "silent", 5.0, likeness=0.1)
    echo, nobody = replace(stop, likeness=0.9), replace(stop, outcome="back")
    calls = [replace(report().calls[0], stops=Stops(stops, ["call"])) for stops in ([stop, echo], [nobody])]
    assert findings(Report(tuple(calls))) == [
        "1 of 3 times the agent's voice gave way to itself: the caller's microphone heard it. Headphones "
        "help, or a lower loudspeaker.",
        "1 of 3 times the voice was made quieter, the service heard nobody, and it came back.",
    ]
    assert findings(Report((replace(calls[0], stops=Stops([stop], ["call"])),))) == []
