"""Every combination that the service would take."""

import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.tuning.whatif import whatif


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"min_silence": 3000}, "min_silence must be less than max_silence"),
        ({"min_silence": 10}, "whole milliseconds from 50 to 10000; got 10"),
        ({"min_silence": 500.5}, "whole milliseconds"),
        ({"vad_threshold": [0.5, 1.5]}, "a number from 0 to 1; got 1.5"),
        ({"min_silence": True}, "got True"),
        ({"max_silence": "long"}, "got 'long'"),
        ({"min_silence": []}, "min_silence has no value"),
        ({"interruption_delay": 100}, "decides over the agent's voice"),
        ({"patience": 1}, "is no setting of when a turn ends"),
    ],
)
def test_settings_that_cannot_be(known, given, what):
    with pytest.raises(InvalidConfiguration, match=what):
        whatif(known[0], **given)


def test_combinations_that_the_service_would_refuse_are_left_out_and_counted(known):
    sweep = whatif(known[0], min_silence=[500, 1000, 1500], max_silence=[1000, 2000])
    assert [(each.min_silence, each.max_silence) for each in sweep.grid] == [
        (500, 1000),
        (500, 2000),
        (1000, 2000),
        (1500, 2000),
    ]
    assert sweep.grid.left_out == 2
    assert "Left out: 2" in repr(sweep)
