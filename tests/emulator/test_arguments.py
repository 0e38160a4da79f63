import pytest

from voicenb.emulator.emulator import Emulator
from voicenb.errors import InvalidConfiguration


@pytest.mark.parametrize(
    ("options", "message", "remedy"),
    [
        ({"mouth": "x"}, "No mouth is called 'x'", "'piper' or 'espeak'"),
        ({"mouth": 3}, "3 is no mouth", "say"),
        ({"recognizer": "moonshine"}, "'moonshine' is no recognizer", "transcribe"),
        ({"leading_silence": -1}, "leading_silence=-1", "seconds"),
        ({"leading_silence": float("nan")}, "leading_silence=nan", "seconds"),
        ({"leading_silence": "0.5"}, "leading_silence='0.5'", "seconds"),
        ({"key": ""}, "lets nobody in", "Give a key, or None"),
        ({"key": " "}, "lets nobody in", "Give a key, or None"),
        ({"key": "", "host": "0.0.0.0"}, "lets nobody in", "Give a key"),
        ({"script": "lido.script.jsonl"}, "brain= and script=", "Leave one of them out"),
        ({"port": "x"}, "no port 'x'", "0 takes a free one"),
        ({"port": 80.5}, "no port 80.5", "whole numbers"),
        ({"profile": 7}, "No profile is called 7", "contract"),
        ({"store": ""}, "store='' is no path", "in memory"),
        ({"store": 7}, "store=7 is no path", "in memory"),
    ],
)
def test_arguments_that_cannot_be_are_refused_when_it_is_made(options, message, remedy):
    with pytest.raises(InvalidConfiguration) as caught:
        Emulator(**{"brain": "rules", **options})
    assert message in caught.value.message
    assert remedy in caught.value.remedy
