"""P18."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "text",
    [
        "Stay silent until somebody says your name.",
        "Remain completely quiet.",
        "Only listen, and take notes.",
        "You are in listen-only mode.",
        "Do not respond unless you are asked.",
        "Never speak.",
        "Don't say anything until they are done.",
        "Say nothing.",
    ],
)
def test_an_order_to_keep_silent_is_found(of_prompt, text):
    assert [f.severity for f in of_prompt("P18", text)] == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        "Do not respond with lists.",
        "Never answer questions on politics.",
        "When callers stay silent, ask whether they are there.",
        "Never remain silent for long.",
        "Stay quiet about prices.",
        "Keep quiet hours in mind.",
        "Listen to the caller first.",
        "Do not speak faster than they do.",
        "We have a silent room. They may be quiet.",
        "Don't just listen, help.",
        "Never say anything that you do not know.",
        "Say nothing about prices.",
    ],
)
def test_other_silence_is_not(of_prompt, text):
    assert not of_prompt("P18", text)
