"""What an open session costs."""

from voicenb.service.prices import COST_RATES


def test_the_emulator_costs_nothing() -> None:
    assert COST_RATES["emulator"] == 0
    assert COST_RATES["hosted"] > 0
