"""P15."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "text",
    [
        "Greet the user warmly.",
        "Greet them, and ask how you can help.",
        "Welcome the caller to Lido and offer help.",
        "Ask the customer for their name.",
        "Say hello to the caller.",
        'Say "Lido, good evening."',
        "Introduce yourself as Ada.",
        "Start by asking for the day.",
        "Please thank the caller for calling.",
        "Begin with a warm greeting.",
        "Use a friendly greeting.",
        "Hello. Then ask the caller for the day.",
    ],
)
def test_orders_are_found(of_agent, text):
    assert [(f.severity, f.place) for f in of_agent("P15", {"greeting": text})] == [("error", "greeting")]


@pytest.mark.parametrize(
    "text",
    [
        "Lido, good evening.",
        "Hey there, what can I help with?",
        "Welcome to Lido. How can I help?",
        "Thank you for calling Lido.",
        "Thanks for calling the customer line.",
        "Greetings, traveller.",
        "Ask me anything about wine.",
        "Tell me what you would like to eat.",
        "Say yes to the sea. Lido, good evening.",
        "Welcome the weekend with Lido.",
        "Let me know how I can help.",
        "Give me a second. Lido, good evening.",
        "Guten Abend, Lido.",
        "",
    ],
)
def test_words_to_say_are_not(of_agent, text):
    assert not of_agent("P15", {"greeting": text})
