"""The same call held several times."""

import pytest

import voicenb as vn
from voicenb.testing.runs import Runs

AGENT = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Lido.")
SCRIPT = ["What is free?", vn.Answer()]


class Moody:
    """A brain that answers otherwise, or not at all, from call to call."""

    name = "moody"

    def __init__(self, *answers):
        self.answers = list(answers)

    async def answer(self, moment):
        from voicenb.emulator.brain import Say

        said = self.answers.pop(0)
        if said:
            yield Say(said)


def test_as_many_as_are_asked_for(tmp_path):
    brain = Moody("Seven is free.", "Sorry, none.", "Seven is free.")
    runs = vn.repeat(AGENT, vn.Caller(SCRIPT), runs=3, brain=brain, recording=tmp_path)
    assert [run.folder for run in runs] == [tmp_path / str(number) for number in (1, 2, 3)]
    assert (len(runs), runs.errors, repr(runs)) == (3, {}, "<3 runs>")
    expected = vn.expect(runs).says("seven is free").answers_within(3.0)
    assert expected.repeats.outcomes == ("passed", "failed", "passed")
    assert [expected.repeats.pass_k(k) for k in (1, 2, 3)] == pytest.approx([2 / 3, 1 / 3, 0])
    assert len(vn.report(runs).calls) == 3


def test_on_the_virtual_clock_rules_make_the_same_call():
    runs = vn.repeat(AGENT, vn.Caller(SCRIPT), runs=2, brain=[{"on": ".", "say": "Seven."}])
    assert vn.expect(runs).answers_within(3.0).repeats.distinct == 1


def test_a_run_that_ends_before_its_time_is_one_of_them():
    caller = vn.Caller(["What is free?", vn.Answer(timeout=5)])
    runs = vn.repeat(AGENT, caller, runs=2, brain=Moody("Seven is free.", ""))
    assert list(runs.errors) == [1]
    assert isinstance(runs.errors[1], vn.WaitTimeout)
    assert runs[1].folder.is_dir()
    assert repr(runs) == "<2 runs, 1 ended before their time>"
    expected = vn.expect(runs).answers_within(3.0)
    assert expected.verdicts[0].figure == "1 of 2 calls ended before their time"
    assert expected.repeats.outcomes == ("passed", "failed")


def test_some_of_them_keep_their_errors(tmp_path):
    run = vn.run(AGENT, vn.Caller(SCRIPT), brain=["Yes."], recording=tmp_path / "run")
    error = vn.WaitTimeout("x")
    runs = Runs([run] * 4, {2: error})
    assert runs[1:].errors == {1: error}
    assert runs[::-1].errors == {1: error}
    assert runs[:2].errors == {}


@pytest.mark.parametrize("count", [0, -1, True, 2.0, "5", 10_000])
def test_counts_that_are_none(count):
    with pytest.raises(vn.InvalidConfiguration, match="no count"):
        vn.repeat(AGENT, vn.Caller(SCRIPT), runs=count)


def test_what_a_run_refuses_is_refused_at_once():
    with pytest.raises(vn.InvalidConfiguration, match="No clock"):
        vn.repeat(AGENT, vn.Caller(SCRIPT), runs=2, clock="sundial")
