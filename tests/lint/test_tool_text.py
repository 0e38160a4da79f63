"""T1, T2, T3."""

from __future__ import annotations

import pytest

WELL = "Get the free times. Use when the caller wants to book. Returns a list."


def test_a_good_description(of_tool):
    assert not [rule for rule in ("T1", "T2", "T3") if of_tool(rule, description=WELL)]


@pytest.mark.parametrize("description", [None, "", "  "])
def test_none_is_found(of_tool, description):
    (found,) = of_tool("T1", description=description)
    assert (found.severity, found.place, found.text) == ("warn", "tools[0].description", "free_tables")


@pytest.mark.parametrize(
    "description",
    [
        "The free times. Use when the caller wants to book.",
        "This tool gets the free times. Use when the caller wants to book.",
        "Information on free times. Use when the caller wants to book.",
        "Booking of tables. Use when the caller wants to book.",
    ],
)
def test_one_without_a_verb_is_found(of_tool, description):
    (found,) = of_tool("T1", description=description)
    assert "verb" in found.reason


@pytest.mark.parametrize(
    "description",
    [
        "Gets the free times. Use when the caller wants to book.",
        "Fetches the menu once it is asked for.",
        "Verifies a card. Call this before a payment.",
        "Frobnicate the table if the caller asks for it.",
        "Order wine. Use to place an order.",
        "Use this when the caller wants to book.",
        "“Look up” a guest whenever a name is told.",
    ],
)
def test_verbs_and_triggers_are_seen(of_tool, description):
    assert not of_tool("T1", description=description)


@pytest.mark.parametrize("description", ["Get the weather.", "Books a table for the party of the caller."])
def test_one_without_a_trigger_is_found(of_tool, description):
    (found,) = of_tool("T1", description=description)
    assert "when" in found.reason


def test_another_language_is_not_judged(of_tool):
    text = "Trova i tavoli liberi in un giorno. Ne trova uno. Ne trova due. Ne trova tre."
    assert not [rule for rule in ("T1", "T2", "T3") if of_tool(rule, description=text)]


def test_many_sentences(of_tool):
    (found,) = of_tool("T2", description=f"{WELL} It is quick.")
    assert found.severity == "warn"
    assert not of_tool(
        "T2", description="Get the times, e.g. at 7.30 p.m. on Friday. Use when asked. Returns text."
    )


@pytest.mark.parametrize(
    "description", ["Get the weather. Use when asked.", "Book a table once the day is known."]
)
def test_no_result(of_tool, description):
    assert [f.severity for f in of_tool("T3", description=description)] == ["info"]


@pytest.mark.parametrize(
    "description",
    [
        "Get the price in euros when asked.",
        "Find a guest when named; the result is a name.",
        "Get the menu when asked, as JSON.",
    ],
)
def test_a_result_in_many_words(of_tool, description):
    assert not of_tool("T3", description=description)


def test_a_description_that_is_no_text(of_tool):
    assert [f.place for f in of_tool("S1", description=["x"])] == ["tools[0].description"]


def test_a_tool_of_the_service_needs_no_words(of_agent):
    for rule in ("T1", "T3"):
        assert not of_agent(rule, {"name": "Lido", "tools": [{"name": "aai_credit_card_luhn_check"}]})
