"""A verdict, in values and in words."""

import json

from voicenb.analysis.turn import Turn
from voicenb.testing.expectations.verdict import Concern, Verdict, worst

TURN = Turn(
    5, "user", "plain", 83.14, 85.0, "A table for four on Friday evening, please, if there is one left."
)


def test_a_concern_says_which_call_and_turn():
    concern = Concern(2, "lido", "after 3.21 s", TURN)
    assert concern.told() == (
        'call 2, turn 5, caller at 1:23.1, "A table for four on Friday evening, please, if there is one…": '
        "after 3.21 s"
    )
    assert concern.place(alone=True).startswith("turn 5, caller at 1:23.1")
    assert Concern(2, "lido", "not ended").told() == "call 2: not ended"
    assert Concern(1, "lido", "not ended").told(alone=True) == "not ended"


def test_a_verdict_in_plain_values():
    verdict = Verdict(
        "x", "failed", "1 of 2", 2, 0.5, 0.1, (0.1, 0.9), (Concern(1, "a", "late", TURN),), "why"
    )
    told = json.loads(json.dumps(verdict.to_dict()))
    assert (told["outcome"], told["n"], told["interval"]) == ("failed", 2, [0.1, 0.9])
    assert told["turns"][0]["turn"] == 5
    assert told["turns"][0]["start"] == 83.14
    assert Concern(1, "a").to_dict()["turn"] is None


def test_what_several_amount_to():
    assert worst(["passed", "inconclusive", "failed"]) == "failed"
    assert worst(["passed", "inconclusive"]) == "inconclusive"
    assert worst(["passed", "passed"]) == "passed"
    assert worst([]) == "inconclusive"
