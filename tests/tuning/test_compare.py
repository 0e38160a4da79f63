"""The same callers, and agents side by side."""

import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration
from voicenb.tuning.compare import compare

BRAIN = [{"on": ".", "say": "I see. Please go on."}]
QUICK = vn.TurnDetection(min_silence=400, max_silence=2000)


def agent(**changes) -> vn.Agent:
    settings = {"greeting": "Hello.", "voice": "ivy", "turn_detection": QUICK, **changes}
    return vn.Agent(name="Lido", system_prompt="You take bookings.", **settings)


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """Two callers, each with a pause of 0.6 s; words that end in "for" do not look complete."""
    home = tmp_path_factory.mktemp("callers")
    found = []
    for name, (one, other, *then) in {
        "anna": ("A table for", "four on Friday.", "Thank you very much.", vn.Answer()),
        "bert": ("I would like", "two tickets, please."),
    }.items():
        pause = vn.Say(one, vn.Pause(0.6), other)
        script = [vn.Answer(), vn.Pause(0.3), pause, vn.Answer(), *then]
        patient = agent(turn_detection=QUICK.replace(min_silence=900))
        found.append(vn.run(patient, vn.Caller(script), brain=BRAIN, recording=home / name))
    return found


@pytest.fixture(scope="module")
def comparison(calls):
    agents = {"patient": agent(turn_detection=QUICK.replace(min_silence=900)), "hasty": agent()}
    return compare(calls, agents, brain=BRAIN, progress=False)


def test_the_delays_differ_by_what_the_settings_say(comparison):
    cells = comparison["end-of-turn delay"].cells
    assert cells["hasty"].difference == pytest.approx(-0.5, abs=0.04)
    assert cells["patient"].difference is None
    assert comparison["end-of-turn delay"].basis == "medians of 3 turns of 2 calls"
    # Three pairs are too few to say so.
    assert cells["hasty"].verdict == "inconclusive"
    assert cells["hasty"].interval is None


def test_who_waits_less_cuts_callers_off(comparison):
    cells = comparison["cut off before the end"].cells
    assert cells["patient"].counts == (0, 3)
    assert cells["hasty"].counts == (1, 3)
    assert cells["hasty"].interval[0] < 0 < cells["hasty"].interval[1]


def test_arms_say_who_answered_and_whose_settings(comparison):
    patient, hasty = comparison.arms
    assert (patient.answered_by, hasty.answered_by) == ("emulated", "emulated")
    assert patient.turn_detection == "its own, 900 to 2000 ms"
    assert hasty.differs == ("turn_detection.min_silence: 900 → 400",)
    assert [arm.calls for arm in comparison.arms] == [2, 2]
    assert set(comparison.recordings) == {"patient", "hasty"}
    assert comparison.replays["hasty"].complete
    assert len(vn.report(comparison.recordings["hasty"]).calls) == 2


def test_the_same_agent_as_recorded_differs_by_nothing(calls, comparison):
    same = compare({"recorded": calls, "replayed": comparison.recordings["patient"]})
    assert same.replays == {}
    for row in same.rows:
        assert row.cells["replayed"].difference == pytest.approx(0.0, abs=1e-6)
        assert row.cells["replayed"].verdict == "inconclusive"


def test_a_budget_is_spent_caller_by_caller(calls):
    """Enough for one caller: both agents are called by him, and none by the other."""
    seconds = sum(call.duration for call in calls) / 2
    found = compare(
        calls,
        {"one": agent(turn_detection=QUICK.replace(min_silence=900)), "other": agent(voice="james")},
        brain=BRAIN,
        budget=2.6,
        cost_rate=3600 / seconds,
        progress=False,
    )
    assert [row.ended for row in found.replays["one"].rows] == ["hung up", "not begun"]
    assert [row.ended for row in found.replays["other"].rows] == ["hung up", "not begun"]
    assert [arm.calls for arm in found.arms] == [1, 1]
    assert [arm.left_out for arm in found.arms] == [1, 1]
    assert any(note.startswith("Left out") for note in found.notes)


@pytest.mark.parametrize(
    ("agents", "options", "what"),
    [
        (None, {}, "nothing to compare with"),
        ({"one": agent()}, {}, "two agents at least"),
        ([agent(), agent()], {}, "agents by name"),
        ({"one": agent(), "two": agent()}, {"by": "words"}, "by='words'"),
    ],
)
def test_what_cannot_be_compared(calls, agents, options, what):
    with pytest.raises(InvalidConfiguration, match=what):
        compare(calls, agents, **options)


def test_recordings_by_name_are_not_called_again(calls):
    with pytest.raises(InvalidConfiguration, match="no agent is called"):
        compare({"a": calls, "b": calls}, {"one": agent(), "two": agent()})
    with pytest.raises(InvalidConfiguration, match="budget= is for calls that are to be held"):
        compare({"a": calls, "b": calls}, budget=1.0)
