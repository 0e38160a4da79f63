"""The door: what it takes, and runs that ended before their time."""

import pytest

import voicenb as vn
from voicenb.testing.runs import Runs


def test_a_recording_its_path_or_several(prompt, slow):
    assert len(vn.expect(prompt).sample.calls) == 1
    assert len(vn.expect(str(prompt.folder)).sample.calls) == 1
    assert len(vn.expect([prompt, slow.folder]).sample.calls) == 2


@pytest.mark.parametrize("wrong", [[], None, 5, [5]])
def test_what_is_none(wrong):
    with pytest.raises(vn.InvalidConfiguration, match=r"vn\.expect"):
        vn.expect(wrong)


def test_a_run_that_ended_before_its_time_failed(prompt, slow):
    runs = Runs([prompt, slow], {1: vn.WaitTimeout("The caller hung up.")})
    expected = vn.expect(runs).talk_over(at_most=0)
    assert [verdict.outcome for verdict in expected.verdicts] == ["failed", "passed"]
    assert expected.verdicts[0].turns[0].told() == "call 2: The caller hung up."
    assert expected.repeats.outcomes == ("passed", "failed")
    assert vn.expect(runs[:1]).verdicts == ()
