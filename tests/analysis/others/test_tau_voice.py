"""τ-voice's counts, of turns that lie on its ticks."""

from __future__ import annotations

import pytest

from voicenb.analysis.boundaries import Speech
from voicenb.analysis.others.tau_voice import TauVoice, tau_voice
from voicenb.analysis.turn import Turn
from voicenb.analysis.turns import Turns


def call(
    caller: list[tuple[float, float, str]],
    agent: list[tuple[float, float]],
    other: list[tuple[float, float]] = (),  # type: ignore[assignment]
) -> TauVoice:
    turns = [Turn(0, "user", "plain", start, end, text) for start, end, text in caller]
    turns += [Turn(0, "agent", "turn", start, end, "Yes.") for start, end in agent]
    return tau_voice(Turns(turns, other=[Speech(*each) for each in other]))


def near(*values: float) -> tuple[object, ...]:
    return tuple(pytest.approx(value) for value in values)


def test_a_response_and_none() -> None:
    told = call([(1.0, 2.0, "One."), (6.0, 7.0, "Two."), (9.0, 10.0, "Three.")], [(3.2, 5.0), (11.0, 12.0)])
    assert told.responses == near(1.2, 1.0)
    assert (told.no_response, told.response_total) == (1, 3)
    assert told.response_rate == pytest.approx(2 / 3)
    assert told.response_latency_mean == pytest.approx(1.1)


def test_the_last_turn_without_a_response_is_not_counted() -> None:
    assert call([(1.0, 2.0, "One.")], []).response_total == 0


def test_an_agent_that_yields_within_two_seconds_and_one_that_does_not() -> None:
    told = call([(2.0, 5.0, "Stop it."), (12.0, 15.0, "Stop it.")], [(1.0, 3.0), (6.0, 6.6), (10.0, 14.4)])
    assert told.yields == near(1.0)
    assert (told.no_yield, told.yield_rate) == (1, 0.5)
    assert told.yield_latency_mean == pytest.approx(1.0)


def test_an_agent_that_begins_while_the_caller_speaks() -> None:
    told = call([(1.0, 5.0, "One."), (9.0, 10.0, "Two.")], [(2.0, 3.0), (6.0, 7.0)])
    assert told.over_caller == 1
    assert told.responses == near(1.0)
    assert told.agent_interruption_rate == pytest.approx(1.0)


def test_back_channels_are_talked_through_or_not() -> None:
    """By their words, or because no turn was made of them; silent within one second is an error."""
    through = call([(2.0, 2.4, "Mm-hm.")], [(1.0, 5.0)], other=[(3.0, 3.2), (3.4, 3.6)])
    assert (through.through, through.stopped, through.yield_total) == (2, 0, 0)
    stopped = call([(2.0, 2.4, "Mm-hm.")], [(1.0, 2.8)])
    assert (stopped.through, stopped.stopped) == (0, 1)
    assert stopped.selectivity_backchannel == 0.0
    assert stopped.response_total == 0, "nobody must respond to one"


def test_what_never_happened_has_no_rate() -> None:
    told = call([], [])
    assert told == TauVoice()
    assert (told.response_rate, told.yield_rate, told.selectivity_backchannel) == (None, None, None)
    assert told.agent_interruption_rate is None


def test_calls_are_counted_together() -> None:
    one = call([(1.0, 2.0, "One.")], [(3.0, 5.0)])
    assert (one + one).responses == near(1.0, 1.0)
