"""Prices in a tool's answer, and what they are in."""

from __future__ import annotations

from typing import Any

_PRICES = ("price", "total", "amount", "cost", "total_price", "balance", "fee", "sum")


def with_currency(record: dict[str, Any]) -> dict[str, Any]:
    """A price and its currency as one fact."""
    price = next((key for key in _PRICES if isinstance(record.get(key), int | float)), None)
    if price is None or not isinstance(record.get("currency"), str):
        return record
    return {
        key: f"{value:g} {record['currency']}" if key == price else value
        for key, value in record.items()
        if key != "currency"
    }
