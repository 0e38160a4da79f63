"""Stories of who has the floor, told in probabilities; those with real speech are in test_floor_real.py."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicenb.turn_taking.completeness import Utterance
from voicenb.turn_taking.decide import Ending, Pauses, decide
from voicenb.turn_taking.decisions import (
    BeginFinal,
    CheckComplete,
    Interrupt,
    LoneStop,
    Overlap,
    Passed,
    Reopened,
    Resumed,
    SpeechStarted,
    TurnEnded,
)
from voicenb.turn_taking.floor import TurnTaker
from voicenb.turn_taking.segmenter import stretches
from voicenb.turn_taking.settings import Settings

from .conftest import Played, play

F = 0.032

Story = Mapping[float, Callable[[TurnTaker], object]]


def loud(*parts: float) -> list[float]:
    """Seconds of silence and speech in turn, beginning with silence."""
    return [value for i, part in enumerate(parts) for value in [0.95 * (i % 2)] * round(part / F)]


def hear(text: str):  # type: ignore[no-untyped-def]
    """Ears that are never behind."""
    return lambda taker: taker.partial(text, float("inf"))


def agent(audible: bool):  # type: ignore[no-untyped-def]
    return lambda taker: taker.agent_audible(audible)


FIXED = Settings(min_silence=1000, max_silence=3000)


# --- a turn -------------------------------------------------------------------------------------------------


def test_a_plain_turn() -> None:
    played = play(TurnTaker(FIXED), loud(0.96, 1.6, 2.0), {2.0: hear("A table for four on Friday.")})
    assert played.names() == ["SpeechStarted", "BeginFinal", "TurnEnded"]
    started, final, ended = played.decisions
    assert (started.onset, started.at) == (pytest.approx(0.96), pytest.approx(0.96 + 2 * F))
    assert final.speech_end == ended.speech_end == pytest.approx(2.56)
    assert final.at == pytest.approx(2.56 + 0.224)
    assert ended.by == "min_silence"
    assert ended.silence == pytest.approx(1.024)
    assert ended.onset == started.onset
    assert ended.text == "A table for four on Friday."


def test_words_that_cannot_be_all_wait_for_max_silence() -> None:
    played = play(TurnTaker(FIXED), loud(0.96, 1.6, 4.0), {2.0: hear("A table for four on")})
    (ended,) = played.only(TurnEnded)
    assert ended.by == "max_silence"
    assert ended.silence == pytest.approx(3.008)


def test_a_partial_in_the_silence_is_judged_at_once() -> None:
    story = {2.0: hear("A table for four on"), 2.56 + 1.5: hear("A table for four on Friday")}
    (ended,) = play(TurnTaker(FIXED), loud(0.96, 1.6, 4.0), story).only(TurnEnded)
    assert ended.by == "min_silence"
    assert ended.silence == pytest.approx(1.5, abs=F)


def test_ears_that_are_behind_mean_not_yet() -> None:
    taker = TurnTaker(FIXED)
    # Complete in itself, but heard up to 2 s only: there is speech after it, of which nothing is known yet.
    story = {
        2.3: lambda taker: taker.partial("A table for four.", 2.0),
        2.56 + 1.7: lambda taker: taker.partial("A table for four on Friday.", 2.56),
    }
    (ended,) = play(taker, loud(0.96, 1.6, 4.0), story).only(TurnEnded)
    assert ended.silence == pytest.approx(1.7, abs=F)
    assert ended.text == "A table for four on Friday."


def test_words_that_looked_complete_before_a_pause_are_asked_again_after_it() -> None:
    story = {1.5: hear("A table for four."), 3.4: hear("A table for four. And")}
    played = play(TurnTaker(FIXED), loud(0.96, 0.96, 0.8, 0.96, 4.0), story)
    assert played.names("BeginFinal") == ["SpeechStarted", "Resumed", "TurnEnded"]
    assert played.only(Resumed)[0].pause == pytest.approx(0.8, abs=F)
    assert played.only(TurnEnded)[0].by == "max_silence"
    assert len(played.only(BeginFinal)) == 2


def test_no_words_by_max_silence_is_a_lone_stop() -> None:
    played = play(TurnTaker(FIXED), loud(0.96, 0.64, 4.0, 0.64, 1.5), {6.3: hear("Hello?")})
    assert played.names() == [
        "SpeechStarted",
        "BeginFinal",
        "LoneStop",
        "SpeechStarted",
        "BeginFinal",
        "TurnEnded",
    ]
    (stop,) = played.only(LoneStop)
    assert stop.at - stop.speech_end == pytest.approx(3.008)


def work(taker: TurnTaker) -> None:
    taker.recognizing = True


@pytest.mark.parametrize(("shortest", "longest"), [(50, 60), (50, 100), (1000, 3000)])
def test_max_silence_ends_the_turn_although_the_ears_are_at_work(shortest: int, longest: int) -> None:
    limits = Settings(min_silence=shortest, max_silence=longest)
    played = play(TurnTaker(limits), loud(0.96, 0.64, 4.0), {1.0: work})
    assert played.names() == ["SpeechStarted", "BeginFinal", "TurnEnded"]
    (ended,) = played.only(TurnEnded)
    assert (ended.by, ended.text) == ("max_silence", "")
    assert longest / 1000 <= ended.silence < longest / 1000 + F


def test_words_that_come_while_the_ears_are_at_work_are_judged() -> None:
    story = {1.0: work, 1.6 + 2.0: hear("Yes.")}
    (ended,) = play(TurnTaker(FIXED), loud(0.96, 0.64, 4.0), story).only(TurnEnded)
    assert (ended.by, ended.text) == ("min_silence", "Yes.")
    assert ended.silence == pytest.approx(2.0, abs=F)


def test_a_turn_whose_words_were_still_to_come_is_reopened_as_any_other() -> None:
    played = play(
        TurnTaker(Settings(min_silence=50, max_silence=100)), loud(0.96, 0.64, 0.32, 0.64), {1.0: work}
    )
    assert played.names("BeginFinal") == ["SpeechStarted", "TurnEnded", "Reopened"]


@pytest.mark.parametrize(("min_silence", "after"), [(2000, 0.224), (1000, 0.224), (400, 0.128), (50, 0.064)])
def test_the_final_is_begun_while_the_silence_runs(min_silence: int, after: float) -> None:
    played = play(TurnTaker(Settings(min_silence=min_silence)), loud(0.96, 0.96, 3.5), {1.2: hear("Yes and")})
    (final,) = played.only(BeginFinal)
    assert final.at - final.speech_end == pytest.approx(after)


class Listener:
    """A judge of the sound: here the story answers for it."""

    cost = 0.05

    def looks_complete(self, utterance: Utterance) -> bool:
        raise AssertionError("it is not asked on the loop")


def answer(yes: bool) -> Callable[[TurnTaker], None]:
    """What a judge of the sound says of the silence at hand."""

    def say(taker: TurnTaker) -> None:
        end = taker.speech_end
        assert end is not None
        taker.complete(CheckComplete(taker.now, 0.0, end), yes)

    return say


def test_a_judge_of_the_sound_is_asked_once_in_a_silence_and_its_answer_waits_for_min_silence() -> None:
    story = {1.5: hear("A table"), 1.92 + 0.3: answer(True), 1.92 + 0.5: hear("A table for")}
    played = play(TurnTaker(FIXED, Listener()), loud(0.96, 0.96, 4.0), story)
    assert played.names() == ["SpeechStarted", "BeginFinal", "CheckComplete", "TurnEnded"]
    (check,) = played.only(CheckComplete)
    assert check.at == pytest.approx(1.92 + 0.224)
    assert (check.onset, check.speech_end) == (pytest.approx(0.96), pytest.approx(1.92))
    assert check.said == ((pytest.approx(1.5 - 1.92, abs=F), "A table"),)
    (ended,) = played.only(TurnEnded)
    assert (ended.by, ended.silence) == ("min_silence", pytest.approx(1.024))


def test_an_answer_that_is_late_ends_the_turn_when_it_comes() -> None:
    story = {1.5: hear("A table"), 1.92 + 1.2: answer(True)}
    (ended,) = play(TurnTaker(FIXED, Listener()), loud(0.96, 0.96, 4.0), story).only(TurnEnded)
    assert (ended.by, ended.silence) == ("min_silence", pytest.approx(1.2, abs=F))


@pytest.mark.parametrize("story", [{}, {2.5: answer(False)}], ids=["silent", "no"])
def test_without_a_yes_to_the_sound_the_silence_lasts_to_the_end(story: Story) -> None:
    played = play(TurnTaker(FIXED, Listener()), loud(0.96, 0.96, 4.0), {1.5: hear("A table."), **story})
    (ended,) = played.only(TurnEnded)
    assert (ended.by, ended.silence) == ("max_silence", pytest.approx(3.0, abs=F))


def test_an_answer_about_the_silence_before_is_none_about_this_one() -> None:
    def stale(taker: TurnTaker) -> None:
        taker.complete(CheckComplete(1.5, 0.96, 1.92), True)

    story = {1.5: hear("A table"), 1.92 + 0.8 + 0.64 + 0.3: stale}
    played = play(TurnTaker(FIXED, Listener()), loud(0.96, 0.96, 0.8, 0.64, 4.0), story)
    assert len(played.only(CheckComplete)) == 2
    assert played.only(TurnEnded)[0].by == "max_silence"


def test_a_sound_without_words_that_looks_complete_is_no_turn() -> None:
    played = play(TurnTaker(FIXED, Listener()), loud(0.96, 0.96, 4.0), {1.92 + 0.3: answer(True)})
    assert played.names("BeginFinal", "CheckComplete") == ["SpeechStarted", "LoneStop"]
    (stop,) = played.only(LoneStop)
    assert stop.at - stop.speech_end == pytest.approx(3.0, abs=F)


def test_words_that_are_still_to_come_are_waited_for_where_the_sound_is_complete() -> None:
    played = play(TurnTaker(FIXED, Listener()), loud(0.96, 0.96, 4.0), {1.0: work, 1.92 + 0.3: answer(True)})
    (ended,) = played.only(TurnEnded)
    assert (ended.by, ended.text, ended.silence) == ("min_silence", "", pytest.approx(1.024))


# --- after the decision -------------------------------------------------------------------------------------


def turn_then(*more: float, **settings_: object) -> list[float]:
    return loud(0.96, 0.96, *more)


def test_speech_before_the_answer_is_audible_reopens_the_item() -> None:
    story = {1.5: hear("A table for four."), 3.9: hear("A table for four. On Friday.")}
    played = play(TurnTaker(FIXED), turn_then(1.28, 0.96, 1.5), story)
    assert played.names("BeginFinal") == ["SpeechStarted", "TurnEnded", "Reopened", "TurnEnded"]
    (again,) = played.only(Reopened)
    assert again.pause == pytest.approx(1.28)
    assert again.began == pytest.approx(0.96)
    last = played.only(TurnEnded)[1]
    assert last.onset == pytest.approx(0.96)
    assert last.text == "A table for four. On Friday."


def test_after_the_first_audible_sample_it_is_speech_over_the_agent() -> None:
    story = {1.5: hear("A table for four."), 3.0: agent(True), 3.9: hear("On Friday")}
    played = play(TurnTaker(FIXED), turn_then(1.28, 0.96, 1.5), story)
    assert played.names("BeginFinal") == ["SpeechStarted", "TurnEnded", "Overlap", "Interrupt", "TurnEnded"]


def test_after_an_answer_that_was_never_audible_speech_is_a_new_item() -> None:
    story = {1.5: hear("A table for four."), 3.0: TurnTaker.answered}
    played = play(TurnTaker(FIXED), turn_then(1.28, 0.96, 0.5), story)
    assert played.names("BeginFinal") == ["SpeechStarted", "TurnEnded", "SpeechStarted"]


def test_what_is_dropped_is_forgotten() -> None:
    played = play(TurnTaker(FIXED), loud(0.96, 0.96, 4.0), {1.92: TurnTaker.drop})
    assert played.names() == ["SpeechStarted"]


# --- over the agent -----------------------------------------------------------------------------------------


def over(speech: float, words: str, *, silence: float = 2.0, settings_: Settings = FIXED) -> Played:
    """The agent is audible all the time; speech from 0.96 s on, its words 0.3 s later."""
    taker = TurnTaker(settings_)
    taker.agent_audible(True)
    return play(taker, loud(0.96, speech, silence), {1.26: hear(words)} if words else {})


def test_an_interruption_is_told_with_its_decision_and_never_before() -> None:
    played = over(1.6, "No, wait")
    assert played.names() == ["Overlap", "Interrupt", "BeginFinal", "TurnEnded"]
    (interrupt,) = played.only(Interrupt)
    assert interrupt.onset == pytest.approx(0.96)
    assert interrupt.at == pytest.approx(0.96 + 2 * F + 0.5, abs=F)
    assert not interrupt.in_turn
    assert played.only(TurnEnded)[0].onset == pytest.approx(0.96)


def test_a_backchannel_passes_without_a_word_on_the_wire() -> None:
    played = over(0.8, "Mm-hmm.")
    assert played.names() == ["Overlap", "Passed"]
    (passed,) = played.only(Passed)
    assert passed.text == "Mm-hmm."
    assert passed.speech_end == pytest.approx(1.76)


def test_words_over_the_agent_with_a_pause_in_them_are_not_lost() -> None:
    taker = TurnTaker(FIXED)
    taker.agent_audible(True)
    # As "Half past … eight, please" was heard: neither half lasts for the delay.
    played = play(taker, loud(0.96, 0.48, 0.32, 0.42, 2.0), {1.26: hear("Half past")})
    assert played.names() == ["Overlap", "Interrupt", "BeginFinal", "TurnEnded"]
    assert played.only(TurnEnded)[0].onset == pytest.approx(0.96)


def test_speech_too_short_passes_too() -> None:
    assert over(0.32, "No").names() == ["Overlap", "Passed"]


def test_the_words_of_what_passed_do_not_count_for_what_follows() -> None:
    taker = TurnTaker(FIXED)
    taker.agent_audible(True)
    story = {1.2: hear("No"), 3.2: hear("Yeah.")}
    played = play(taker, loud(0.96, 0.32, 1.6, 0.8, 2.0), story)
    assert played.names() == ["Overlap", "Passed", "Overlap", "Passed"]


def test_switched_off_the_words_are_a_turn_and_the_agent_goes_on() -> None:
    off = Settings(interrupt_response=False)
    played = over(1.6, "No, wait", settings_=off)
    assert played.names("BeginFinal") == ["Overlap", "SpeechStarted", "TurnEnded"]
    assert played.only(SpeechStarted)[0].over_agent
    assert over(0.8, "Mm-hmm.", settings_=off).names() == ["Overlap", "Passed"]


def test_speech_that_outlasts_the_agent_is_a_plain_turn() -> None:
    taker = TurnTaker(FIXED)
    taker.agent_audible(True)
    played = play(taker, loud(0.96, 0.8, 1.5), {1.1: hear("Yeah."), 1.2: agent(False)})
    assert played.names("BeginFinal") == ["Overlap", "SpeechStarted", "TurnEnded"]
    assert played.only(SpeechStarted)[0].onset == pytest.approx(0.96)


def test_an_answer_in_the_agents_last_words_is_not_lost() -> None:
    taker = TurnTaker(FIXED)
    taker.agent_audible(True)
    played = play(taker, loud(0.96, 0.32, 1.5), {1.2: hear("Four."), 1.6: agent(False)})
    assert played.names("BeginFinal") == ["Overlap", "SpeechStarted", "TurnEnded"]
    assert played.only(TurnEnded)[0].silence == pytest.approx(1.024)


def test_an_agent_that_comes_in_over_a_turn_can_be_interrupted() -> None:
    story = {1.2: hear("I would like"), 1.6: agent(True)}
    played = play(TurnTaker(FIXED), loud(0.96, 2.0, 4.0), story)
    assert played.names("BeginFinal", "CheckComplete") == ["SpeechStarted", "Interrupt", "TurnEnded"]
    (interrupt,) = played.only(Interrupt)
    assert interrupt.in_turn
    assert interrupt.at == pytest.approx(1.6 + 0.5, abs=2 * F)


def test_after_an_interruption_the_voice_counts_as_silent() -> None:
    taker = TurnTaker(FIXED)
    taker.agent_audible(True)
    played = play(taker, loud(0.96, 1.6, 1.5, 0.96, 0.96), {1.26: hear("No, wait")})
    assert played.names("BeginFinal") == ["Overlap", "Interrupt", "TurnEnded", "Reopened"]


# --- settings -----------------------------------------------------------------------------------------------


def test_settings_change_in_the_middle_of_a_silence() -> None:
    def patient(taker: TurnTaker) -> None:
        taker.settings = Settings(min_silence=2000, max_silence=4000)

    (ended,) = play(TurnTaker(FIXED), turn_then(3.0), {1.5: hear("Yes."), 2.5: patient}).only(TurnEnded)
    assert ended.silence == pytest.approx(2.016)


def test_the_threshold_changes_for_the_next_frame() -> None:
    taker = TurnTaker(Settings(vad_threshold=0.99))
    assert play(taker, loud(0.32, 0.64)).decisions == []
    taker.settings = Settings(vad_threshold=0.5)
    assert [type(d) for d in taker.frame(0.95) + taker.frame(0.95)] == [SpeechStarted]


def test_the_stand_in_learns_from_pauses_that_were_not_cut() -> None:
    taker = TurnTaker()
    assert (taker.min_silence, taker.max_silence) == (700, 3000)
    play(taker, loud(0.96, 0.96, 0.48, 0.96, 0.48, 0.96, 0.48, 0.96), {})
    assert taker.min_silence == pytest.approx(480 + 200, abs=1)
    taker.settings = FIXED
    assert taker.min_silence == 1000


def test_the_stand_in_learns_from_a_cut_that_was_soon_resumed() -> None:
    taker = TurnTaker()
    story = {1.2: hear("Soup."), 3.2: hear("Soup. Bread."), 5.2: hear("Soup. Bread. Wine.")}
    played = play(taker, loud(0.96, 0.96, 0.96, 0.96, 0.96, 0.96, 0.96, 0.96), story)
    assert len(played.only(Reopened)) == 3
    assert taker.stand_in.pauses == 3
    assert taker.min_silence == pytest.approx(960 + 200, abs=1)


def test_the_end_of_a_turn_teaches_nothing() -> None:
    taker = TurnTaker()
    play(taker, loud(0.96, 0.96, 2.5, 0.96, 2.5, 0.96), {1.2: hear("One."), 5.0: hear("Two.")})
    assert taker.stand_in.pauses == 0


# --- clocks and live against offline ------------------------------------------------------------------------


def test_any_clock_will_do() -> None:
    by_count, by_clock = TurnTaker(FIXED), TurnTaker(FIXED)
    for index, value in enumerate(turn_then(1.5)):
        if index == 62:
            by_count.partial("Yes.")
            by_clock.partial("Yes.", 100 + 62 * F)
        counted = by_count.frame(value)
        stamped = by_clock.frame(value, 100 + (index + 1) * F)
        assert [type(d) for d in counted] == [type(d) for d in stamped]
        assert [d.at + 100 for d in counted] == pytest.approx([d.at for d in stamped])


@settings(max_examples=80)
@given(
    st.lists(st.tuples(st.integers(2, 20), st.integers(1, 60)), min_size=1, max_size=6),
    st.integers(50, 1500),
    st.integers(20, 1500),
    st.sampled_from(["complete", "incomplete", "not known"]),
)
def test_live_and_offline_end_the_turn_at_the_same_place(
    shape: list[tuple[int, int]], shortest: int, more: int, words: str
) -> None:
    complete = words == "complete"
    values = [value for spoken, silent in shape for value in [0.9] * spoken + [0.0] * silent]
    policy = Settings(min_silence=shortest, max_silence=shortest + more)
    taker = TurnTaker(policy)
    live = None
    taker.recognizing = words == "not known"
    for value in values:
        taker.partial({"complete": "Yes.", "incomplete": "Yes and"}.get(words, ""))
        if ends := [d for d in taker.frame(value) if isinstance(d, TurnEnded)]:
            live = ends[0]
            break

    found = stretches(values)
    offline = None
    for index, stretch in enumerate(found):
        resumed = index + 1 < len(found)
        until = found[index + 1].start if resumed else len(values) * F
        pause = Pauses(until - stretch.end, 0.0 if complete else float("inf"), resumed)
        decision = decide(pause, policy)
        if decision.by != Ending.NONE:
            offline = (stretch.end + float(decision.at), Ending(int(decision.by)).setting)
            break

    assert (live is None) == (offline is None)
    if live is not None and offline is not None:
        assert (live.at, live.by) == (pytest.approx(offline[0]), offline[1])


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from(["", "t", "w", "b", "on", "off", "a", "d", "r", "q"])),
        max_size=300,
    )
)
def test_whatever_happens_the_decisions_make_sense(steps: list[tuple[float, str]]) -> None:
    taker = TurnTaker(Settings(min_silence=64, max_silence=160, interruption_delay=64))
    open_, over_agent, ended = False, False, False
    for probability, what in steps:
        match what:
            case "t":
                taker.partial("And the")
            case "w":
                taker.partial("Wait.")
            case "b":
                taker.partial("Mm-hmm")
            case "on" | "off":
                taker.agent_audible(what == "on")
                ended = ended and what == "off"
            case "r" | "q":
                taker.recognizing = what == "r"
            case "a":
                taker.answered()
                ended = False
            case "d":
                taker.drop()
                open_ = over_agent = ended = False
        for decision in taker.frame(probability):
            match decision:
                case SpeechStarted():
                    assert not open_
                    open_, over_agent, ended = True, False, False
                case Overlap():
                    assert not open_
                    assert not over_agent
                    over_agent, ended = True, False
                case Passed():
                    assert over_agent
                    over_agent = False
                case Interrupt(in_turn=in_turn):
                    assert over_agent is not in_turn
                    assert open_ is in_turn
                    open_, over_agent = True, False
                case Reopened():
                    assert ended
                    open_, ended = True, False
                case Resumed() | BeginFinal():
                    assert open_
                case TurnEnded(text=text, by=by):
                    assert open_
                    assert text or (taker.recognizing and by == "max_silence")
                    open_, ended = False, True
                case LoneStop():
                    assert open_
                    open_ = False
                case CheckComplete():
                    raise AssertionError("was given a judge")
            assert decision.at == pytest.approx(taker.now)
        assert taker.in_turn == open_
        assert taker.listening == (open_ or over_agent)
