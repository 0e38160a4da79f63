"""Prices and their currencies."""

from __future__ import annotations

from typing import Any

import pytest

from voicenb.emulator.brains.prices import with_currency


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({"price": 4.5, "currency": "euros"}, {"price": "4.5 euros"}),
        ({"currency": "dollars", "balance": 120}, {"balance": "120 dollars"}),
        ({"price": 4.5}, {"price": 4.5}),
        ({"price": "free", "currency": "euros"}, {"price": "free", "currency": "euros"}),
        ({"currency": 978, "fee": 3}, {"currency": 978, "fee": 3}),
    ],
)
def test_a_price_and_its_currency_are_one_fact(record: dict[str, Any], told: dict[str, Any]) -> None:
    assert with_currency(record) == told
