"""P4, P7, P17."""

from __future__ import annotations

import pytest

REST = "Two sentences at most."


@pytest.mark.parametrize(
    "text",
    [
        "Be brief and kind to the caller.",
        "Always answer the caller in two sentences.",
        "",
        "  \n",
        "You must be brief with the caller.",
        "You are not allowed to book.",
    ],
)
def test_a_prompt_without_identity_is_found(of_agent, text):
    assert [f.severity for f in of_agent("P4", {"system_prompt": text})] == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        "You are the host of Lido. Be brief.",
        "You're Ada, who answers the phone at Lido.",
        "Hello. You are the host of Lido.",
        "You take bookings for Lido. Short and warm.",
        "You repeat what you heard.",
        "Act as the host of Lido.",
        "Your name is Ada and you work at Lido.",
        "Role: host of the Lido restaurant.",
        "As the host of Lido, take the bookings of the callers.",
        "A friendly host named Ada answers the phone of the Lido.",
        "I want you to be the host of Lido.",
        "Du bist der Gastgeber im Lido. Sei kurz und freundlich.",
        "Eres el anfitrión del Lido. Sé breve.",
        "短く答えてください。",
    ],
)
def test_an_identity_is_seen_in_many_words(of_agent, text):
    assert not of_agent("P4", {"system_prompt": text})


def test_a_prompt_that_is_not_told_is_not_judged(of_agent):
    assert not of_agent("P4", {"type": "session.update", "session": {"input": {"keyterms": ["Lido"]}}})


@pytest.mark.parametrize(
    "text",
    [
        "You are the host of Lido. Be casual.",
        "You are the host of Lido. Keep replies short and natural.",
        "You are an assistant. Talk in a conversational tone.",
        "You are the host of Lido. Be casual. Avoid special characters.",
    ],
)
def test_a_manner_without_phrases_to_avoid_is_found(of_agent, text):
    assert [f.severity for f in of_agent("P7", {"system_prompt": text})] == ["info"]


@pytest.mark.parametrize(
    "text",
    [
        'You are the host of Lido. Be casual. Never say "Great question".',
        "You are the host of Lido. Be natural. Phrases to avoid: great question, happy to help.",
        "You are the host of Lido, which sells natural wine.",
        "You are the host of Lido. Don't be casual.",
    ],
)
def test_a_manner_with_phrases_and_other_natural_things_are_not(of_agent, text):
    assert not of_agent("P7", {"system_prompt": text})


def test_permissions(of_agent, prompt):
    assert [f.severity for f in of_agent("P17", {"system_prompt": "You are the host of Lido."})] == ["info"]
    assert not of_agent("P17", {"system_prompt": prompt})
    assert not of_agent("P17", {"system_prompt": "You are the host of Lido. Have opinions."})
