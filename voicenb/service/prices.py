"""What an open session costs."""

from __future__ import annotations

COST_RATES = {"hosted": 4.5, "emulator": 0.0}
"""Dollars per hour of an open session, by kind of service; of another address nothing is known."""
