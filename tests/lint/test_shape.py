"""P5, P6, P9, P16."""

from __future__ import annotations

import pytest

from voicenb.lint.shape import LONG


@pytest.mark.parametrize(
    "text",
    [
        "Ask the day → ask the time → book.",
        "If they book -> ask the day.",
        "Step 1: ask the day. Step 2: ask the time.",
        "If they want to book, then ask the day, else say goodbye.",
        "If it is Friday, ask; else if it is Monday, say no.",
        "If they book, ask the day. If they cancel, ask the name. Otherwise say goodbye.",
        "If they book, ask. If they cancel, ask the name. If they ask for prices, tell them.",
        "If it is late and if we are full, say so, otherwise book.",
    ],
)
def test_decision_trees_are_found(of_prompt, text):
    assert [f.severity for f in of_prompt("P5", text)] == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        "If they ask for wine, recommend the house red; otherwise keep to food.",
        "If we are full, say so. If they are sad, comfort them.",
        "Tell them that step one is to call back.",
        "If they want something else, or someone else, then help with whatever else they like.",
        "Ask for the day. Then ask for the time.",
        "Say so if we are closed. Ask if they want another day. Check if they need a chair.",
    ],
)
def test_ordinary_conditions_are_no_tree(of_prompt, text):
    assert not of_prompt("P5", text)


def test_a_long_prompt_is_told_of(of_prompt):
    assert [f.severity for f in of_prompt("P6", "word " * LONG)] == ["info"]
    assert not of_prompt("P6", "word " * (LONG - 100))


def test_a_rule_on_length(of_agent, prompt):
    for text in (
        "You are the host of Lido and talk of the sea.",
        "You are a host with the longest sentence.",
    ):
        assert [f.severity for f in of_agent("P9", {"system_prompt": text})] == ["info"]
    for rule in ("Be brief.", "At most 15 words.", "One sentence each.", "Keep it short.", "Be concise."):
        assert not of_agent("P9", {"system_prompt": f"You are the host of Lido. {rule}"})
    assert not of_agent("P9", {"system_prompt": "Du bist der Gastgeber im Lido."})


def test_what_counts_most_and_comes_late_is_found(of_prompt, of_agent, prompt):
    late = "We have fish and meat and bread, all of it fresh. " * 8
    assert [f.severity for f in of_prompt("P16", f"{late} IMPORTANT: book nothing on Mondays.")] == ["info"]
    assert of_prompt("P16", f"{late} Most importantly, book nothing on Mondays.")
    early = f"You are the host. Most importantly, book nothing on Mondays. {late}"
    assert not of_agent("P16", {"system_prompt": early})
    assert not of_prompt("P16", f"{late} It is an important restaurant.")
    assert not of_agent("P16", {"system_prompt": "You are the host. IMPORTANT: be brief."})
