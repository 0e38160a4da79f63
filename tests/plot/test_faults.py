"""What went wrong in a call, and where it is marked."""

from __future__ import annotations

from dataclasses import replace

from voicenb.analysis.turn import Turn
from voicenb.plot.faults import Fault, faults

CALLER = Turn(number=1, role="user", kind="plain", start=5.0, end=6.0, text="So", decided=7.0)
AGENT = Turn(number=2, role="agent", kind="turn", start=7.5, end=9.0, text="Yes", interrupted=True)


def test_a_cut_is_marked_where_the_service_decided() -> None:
    assert faults([replace(CALLER, ended_by="resumed", false_cutoffs=2, taken_back=(5.5,))]) == [
        Fault("cut", 5.5, ("cut off",)),
        Fault("cut", 7.0, ("cut off",)),
    ]
    assert faults([replace(CALLER, candidate_cut=True)]) == [Fault("cut", 7.0, ("cut off?",), sure=False)]
    assert faults([CALLER]) == []


def test_what_was_resumed_is_not_asked_again() -> None:
    (fault,) = faults([replace(CALLER, ended_by="resumed", candidate_cut=True)])
    assert fault.sure


def test_an_interruption_is_marked_where_the_agent_fell_silent() -> None:
    found = faults([AGENT, replace(CALLER, candidate_cut=True)])
    assert [(fault.kind, fault.at) for fault in found] == [("cut", 7.0), ("interruption", 9.0)]
    (nothing,) = faults([replace(AGENT, false_interruption=True)])
    assert nothing.texts == ("stopped for no words", "no words")
    assert faults([replace(AGENT, interrupted=False)]) == []
