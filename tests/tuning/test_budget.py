"""Budgets: a hard cap, whoever runs beside whom."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.errors import InvalidConfiguration
from voicenb.tuning.budget import PARTING, Budget, budget_of

SECONDS = st.floats(1, 600)


def test_what_costs_nothing_has_no_cap():
    budget = budget_of(None, None, "emulator", 100.0)
    assert budget.allot(1e6) == math.inf
    budget.settle(math.inf, 1e6)
    assert budget.spent == 0.0
    assert budget.cost(60.0) == 0.0


def test_the_estimate_is_told_before_anything_is_paid():
    with pytest.raises(InvalidConfiguration, match=r"about \$4\.50 \(60 min at \$4\.50 an hour\)") as asked:
        budget_of(None, None, "hosted", 3600.0)
    assert asked.value.facts["estimate"] == 4.5
    assert "budget=5.63" in str(asked.value)
    with pytest.raises(InvalidConfiguration, match=r"30 s at \$2\.00"):
        budget_of(None, 2.0, "address", 30.0)


def test_a_price_that_nobody_knows():
    assert budget_of(None, None, "address", 60.0).cost(60.0) is None
    with pytest.raises(InvalidConfiguration, match="Nobody knows"):
        budget_of(1.0, None, "address", 60.0)
    assert budget_of(1.0, 9.0, "address", 60.0).rate == 9.0


def test_no_cap_may_be_said():
    assert budget_of(math.inf, None, "hosted", 60.0).allot(1e6) == math.inf


@pytest.mark.parametrize("given", [-1, "1", True, math.nan])
def test_what_is_no_sum(given):
    with pytest.raises(InvalidConfiguration, match="is no sum"):
        budget_of(given, None, "hosted", 60.0)
    with pytest.raises(InvalidConfiguration, match="is no sum"):
        budget_of(1.0, given, "hosted", 60.0)


def test_alone_it_may_take_all_that_is_left():
    budget = Budget(10.0, 3600.0)  # a dollar a second
    assert budget.allot(3.0) == 10.0 - PARTING
    assert budget.allot(0.1) is None
    beside = Budget(20.0, 3600.0)
    assert beside.allot(3.0, alone=False) == 2 * (3.0 + PARTING) - PARTING
    assert beside.allot(5.0, alone=False) == 12.0 - PARTING
    assert beside.allot(5.0, alone=False) is None


def test_what_was_allotted_and_not_needed_is_there_again():
    budget = Budget(10.0, 3600.0)
    longest = budget.allot(5.0)
    assert longest == 9.0
    assert budget.allot(5.0) is None
    budget.settle(longest, 4.0)
    assert (budget.spent, budget.allotted) == (4.0, 0.0)
    assert budget.allot(5.0) == 5.0


@given(st.floats(0.01, 2.0), st.lists(st.tuples(SECONDS, st.floats(0, 3)), max_size=12), st.integers(1, 4))
def test_the_cap_is_never_passed(dollars, calls, at_once):
    """Calls take up to three times what was thought, several at once; none stays longer than it may."""
    budget = Budget(dollars, 4.5)
    running = []
    for seconds, longer in calls:
        if len(running) >= at_once:
            budget.settle(*running.pop(0))
        longest = budget.allot(seconds, alone=at_once == 1)
        if longest is not None:
            assert longest >= seconds - 1e-6
            # The service bills the farewell as well.
            running.append((longest, min(seconds * longer, longest) + PARTING))
        assert budget.spent + budget.allotted <= dollars + 1e-9
    for each in running:
        budget.settle(*each)
    assert budget.spent <= dollars + 1e-9
    assert budget.allotted == pytest.approx(0.0, abs=1e-9)
