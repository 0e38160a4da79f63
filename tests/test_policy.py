"""What changes settings by itself."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration
from voicenb.policy import check_policy

BASE = vn.TurnDetection(vad_threshold=0.5, min_silence=900, max_silence=3000)
RECOMMENDED = vn.TurnDetection.recommended()


def event(direction: str, kind: str, **message: Any) -> dict[str, Any]:
    return {"n": 0, "t": 0.0, "dir": direction, "type": kind, "msg": message}


def agent(text: str, interrupted: bool = False) -> dict[str, Any]:
    return event("in", "transcript.agent", text=text, interrupted=interrupted)


def user(text: str) -> dict[str, Any]:
    return event("in", "transcript.user", text=text, item_id="u")


def sent(settings: vn.TurnDetection) -> dict[str, Any]:
    return event("out", "session.update", session={"input": {"turn_detection": settings.to_wire()}})


def longer(base: vn.TurnDetection) -> vn.TurnDetection:
    return base.replace(min_silence=2200, max_silence=6000)


def wishes(policy: vn.AfterQuestion, *events: dict[str, Any]) -> list[vn.TurnDetection | None]:
    """What it asks for; and what it asks for goes out, as in a session."""
    asked: list[vn.TurnDetection | None] = []
    for each in events:
        changes = policy.decide(each)
        asked.append(None if changes is None else changes["turn_detection"])
        if changes is not None:
            policy.decide(sent(changes["turn_detection"]))
    return asked


def test_more_time_after_a_question_and_no_longer_after_the_answer() -> None:
    policy = vn.AfterQuestion(base=BASE)
    asked = wishes(
        policy, agent("Hello."), agent("For how many?"), user("Four."), user("Please."), agent("Thank you.")
    )
    assert asked == [None, longer(BASE), BASE, None, None]


@pytest.mark.parametrize("text", ['He asked: "When?"', "When?  ", "(When?)", "When?\u201d"])
def test_what_is_a_question(text: str) -> None:
    assert wishes(vn.AfterQuestion(), agent(text)) == [longer(RECOMMENDED)]


@pytest.mark.parametrize("text", ["When? At eight.", "Yes.", "", "What? Never!"])
def test_what_is_none(text: str) -> None:
    assert wishes(vn.AfterQuestion(), agent(text)) == [None]


def test_a_question_that_was_cut_off_is_answered_already() -> None:
    assert wishes(vn.AfterQuestion(), agent("When?", interrupted=True)) == [None]


def test_two_questions_in_a_row_are_one_change() -> None:
    policy = vn.AfterQuestion()
    assert wishes(policy, agent("When?"), agent("Are you there?"), user("")) == [
        longer(RECOMMENDED),
        None,
        None,
    ]


def test_the_settings_before_it_come_back_whoever_made_them() -> None:
    policy = vn.AfterQuestion()
    other = BASE.replace(min_silence=1000)
    asked = wishes(
        policy, sent(BASE), agent("When?"), user("At eight."), agent("Where?"), sent(other), user("Here.")
    )
    assert asked == [None, longer(BASE), BASE, longer(BASE), None, other]


def test_those_that_the_service_tells_of() -> None:
    told = {"input": {"turn_detection": {**BASE.to_wire(), "interrupt_response": None}}}
    policy = vn.AfterQuestion()
    assert wishes(policy, event("in", "session.ready", session_id="s", config=told), agent("When?")) == [
        None,
        longer(BASE),
    ]


def test_after_a_resume_its_own_settings_do_not_pass_for_others() -> None:
    policy = vn.AfterQuestion()
    own = {"input": {"turn_detection": longer(BASE).to_wire()}}
    resumed = event("in", "session.ready", session_id="s", config=own)
    assert wishes(policy, sent(BASE), agent("When?"), resumed, user("At eight."))[-1] == BASE


@pytest.mark.parametrize("mode", ["min_latency", "balanced"])
def test_what_goes_out_whole_is_known_again(mode: str) -> None:
    def whole(settings: vn.TurnDetection, mode: str) -> dict[str, Any]:
        inside = {"turn_detection": settings.whole(mode).to_wire(), "transcription_mode": mode}
        return event("out", "session.update", session={"input": inside})

    policy = vn.AfterQuestion()
    policy.decide(whole(BASE, mode))
    for turn in range(3):
        change = policy.decide(agent("When?"))
        assert change is not None
        assert change["turn_detection"].whole(mode) == longer(BASE).whole(mode), turn
        policy.decide(whole(change["turn_detection"], mode))
        mode = "max_accuracy"  # somebody changes the mode, and its delay goes along
        policy.decide(whole(change["turn_detection"], mode))
        change = policy.decide(user("At eight."))
        assert change is not None
        assert change["turn_detection"].whole(mode) == BASE.whole(mode), turn
        policy.decide(whole(change["turn_detection"], mode))


def test_without_any_the_recommended_ones() -> None:
    nothing = {"input": {"turn_detection": None}}
    asked = wishes(
        vn.AfterQuestion(),
        event("in", "session.ready", session_id="s", config=nothing),
        agent("When?"),
        user("At eight."),
    )
    assert asked == [None, longer(RECOMMENDED), RECOMMENDED]


@pytest.mark.parametrize("silences", [{"min_silence": 7000}, {"min_silence": 10}, {"max_silence": 20_000}])
def test_silences_that_cannot_work(silences: dict[str, int]) -> None:
    with pytest.raises(InvalidConfiguration):
        vn.AfterQuestion(**silences)


# --- by state ---------------------------------------------------------------------------------------------

QUESTION = vn.TurnDetection(min_silence=1800)
TOOL = vn.TurnDetection(min_silence=1100, max_silence=3500)
DIGITS = vn.TurnDetection(min_silence=2500, max_silence=7000)


def by_state(**more: Any) -> vn.ByState:
    given: dict[str, Any] = {"question": QUESTION, "tool": TOOL, "digits": DIGITS, "other": BASE}
    return vn.ByState(**{**given, **more})


def over(base: vn.TurnDetection, setting: vn.TurnDetection) -> vn.TurnDetection:
    return base.replace(**setting.to_wire())


def partial(text: str) -> dict[str, Any]:
    return event("in", "transcript.user.delta", text=text, item_id="u")


RESULT = event("out", "tool.result", call_id="c", result="{}")


def told(policy: Any, *events: dict[str, Any]) -> list[vn.TurnDetection | None]:
    return [each and each.whole() for each in wishes(policy, sent(BASE), *events)[1:]]


def among(setting: vn.TurnDetection) -> vn.TurnDetection:
    """What goes out where a setting is laid over the others."""
    return over(BASE, setting).whole()


def test_each_state_has_its_settings_and_the_others_come_back() -> None:
    assert told(
        by_state(),
        agent("For how many?"),
        user("Four."),
        RESULT,
        agent("There is a table."),
        user("Good."),
        partial("My number"),
        partial("My number is four one"),
        partial("My number is four one five"),
        user("My number is four one five."),
    ) == [
        among(QUESTION),
        BASE.whole(),
        among(TOOL),
        None,
        BASE.whole(),
        None,
        among(DIGITS),
        None,
        BASE.whole(),
    ]


def test_digits_go_before_the_question_and_the_question_before_the_result() -> None:
    asked = told(by_state(), RESULT, agent("At eight?"), partial("five five"), partial("five five please"))
    assert asked == [among(TOOL), among(QUESTION), among(DIGITS), among(QUESTION)]


def test_a_state_without_settings_has_the_others() -> None:
    policy = by_state(question=None, digits=None)
    assert told(policy, agent("When?"), partial("five five"), user("Five five."), RESULT) == [
        None,
        None,
        None,
        among(TOOL),
    ]


def test_states_with_the_same_settings_are_one_change() -> None:
    policy = by_state(tool=QUESTION)
    assert told(policy, RESULT, agent("When?"), user("Now.")) == [among(QUESTION), None, BASE.whole()]


def test_what_is_left_out_is_as_it_was() -> None:
    base = BASE.replace(interrupt_response=False)
    policy = vn.ByState(question=QUESTION)
    assert wishes(policy, sent(base), agent("When?"), user("Now.")) == [None, over(base, QUESTION), base]


def test_the_adaptive_default_stays_until_a_state_has_settings() -> None:
    nothing = event("in", "session.ready", session_id="s", config={"input": {"turn_detection": None}})
    policy = vn.ByState(digits=DIGITS)
    asked = wishes(policy, nothing, agent("When?"), user("Now."), partial("four one five"), user("That."))
    assert asked == [None, None, None, over(RECOMMENDED, DIGITS), RECOMMENDED]


def test_the_others_are_set_when_a_session_begins_with_something_else() -> None:
    ready = event("in", "session.ready", session_id="s", config={"input": {"turn_detection": BASE.to_wire()}})
    assert wishes(by_state(), ready) == [None]
    other = BASE.replace(min_silence=700)
    assert wishes(by_state(other=other), ready) == [other]


def test_a_copy_begins_anew() -> None:
    policy = by_state()
    told(policy, agent("When?"))
    assert told(copy.copy(policy), agent("When?")) == [among(QUESTION)]
    assert copy.copy(policy) == policy


def test_what_somebody_sets_meanwhile_is_what_comes_back() -> None:
    other = BASE.replace(min_silence=1000)
    policy = vn.ByState(question=QUESTION)
    asked = wishes(policy, sent(BASE), agent("When?"), sent(other), user("Now."))
    assert asked == [None, over(BASE, QUESTION), None, None]  # it is in force already
    assert wishes(policy, agent("When?"), user("Now.")) == [over(other, QUESTION), other]


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({}, "has no settings"),
        ({"question": 1800}, "question takes a TurnDetection, not 1800"),
        ({"digits": vn.TurnDetection(min_silence=2900), "other": BASE.replace(max_silence=2000)}, "less"),
    ],
)
def test_states_that_cannot_work(given: dict[str, Any], what: str) -> None:
    with pytest.raises(InvalidConfiguration, match=what):
        vn.ByState(**given)


def test_a_session_runs_it() -> None:
    """On the emulator: what it asks for goes out and is confirmed."""
    agent = vn.Agent(name="Lido", greeting="For how many?", turn_detection=BASE)
    call = vn.run(agent, [vn.Answer(), "Four.", vn.Answer()], policy=vn.ByState(question=QUESTION))
    confirmed = call.events.select("session.updated", direction="in")
    settings = [each["msg"]["config"]["input"]["turn_detection"]["min_silence"] for each in confirmed]
    assert settings[:2] == [1800, 900]


@pytest.mark.parametrize("policy", [5, "after", vn.AfterQuestion, object()])
def test_what_is_no_policy(policy: Any) -> None:
    with pytest.raises(InvalidConfiguration, match="is no policy"):
        check_policy(policy)


def test_what_is_one() -> None:
    class Mine:
        def decide(self, event: Any) -> None:
            return None

    for policy in (None, Mine(), vn.AfterQuestion(), by_state()):
        check_policy(policy)
