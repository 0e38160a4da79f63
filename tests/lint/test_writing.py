"""P1, P2, P3, P11."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "text",
    [
        "\n# Role\nThe host.",
        "\n### Rules",
        "\n- be brief\n- be kind",
        "\n* be brief\n* be kind",
        "\n• be brief\n• be kind",
        "\n1. Ask the day.\n2. Ask the time.",
        "\n  1) Ask.\n  2) Wait.",
        "Be **very** brief.",
        "Be __very__ brief.",
        "Be *very* brief.",
        "\n| day | time |\n|---|---|\n| Friday | eight |",
        "\n```\nhello\n```",
        "See [the menu](https://lido.example/menu).",
    ],
)
def test_markdown_is_found(of_prompt, text):
    (found,) = of_prompt("P1", text)
    assert (found.severity, found.place) == ("error", "system_prompt")
    assert found.text


@pytest.mark.parametrize(
    "text",
    [
        "We are at apartment #5, and #1 in town.",
        "Our table is 2 * 3 metres, so 2*3*4 with the chairs.",
        "We close at\n10. Then we sleep.",
        "Warm - but short - is the tone.",
        "It is\n-5 degrees outside.",
        "One line\n- with a dash - only.",
        "Use snake__case__names never.",
        "Choose chicken | fish.",
        "The code is [A] (or B).",
    ],
)
def test_what_looks_like_markdown_is_none(of_prompt, text):
    assert not of_prompt("P1", text)


def test_markdown_in_a_greeting_is_found(of_agent):
    assert [f.place for f in of_agent("P1", {"greeting": "**Lido**, good evening."})] == ["greeting"]
    assert not of_agent("P1", {"greeting": "Lido - good evening."})


@pytest.mark.parametrize("text", ["Be kind 😀.", "🎉 Party.", "Call ☎ us.", "Love ❤️ it.", "From 🇮🇹."])
def test_emoji_are_found(of_prompt, text):
    assert [f.severity for f in of_prompt("P2", text)] == ["warn"]


@pytest.mark.parametrize(
    "text", ["Lido™ costs 5 €, at 20 °C, half is ½.", "Use no emoji such as 😀.", "Grüß Gott, 你好."]
)
def test_other_signs_are_no_emoji(of_prompt, text):
    assert not of_prompt("P2", text)


@pytest.mark.parametrize("text", ["Be kind!", "Really?!", "Always be brief! Ask one thing!"])
def test_exclamation_marks_are_found(of_prompt, text):
    assert [f.severity for f in of_prompt("P3", text)] == ["warn"]


@pytest.mark.parametrize(
    "text",
    [
        'Use no exclamation marks ("!").',
        "If a != b, say so.",
        'Sag nie "Gerne!".',
        "Never say “Wow!”.",
        'Avoid:\n"Great!"\n"Wow!"',
    ],
)
def test_exclamation_marks_that_are_forbidden_are_not(of_prompt, text):
    assert not of_prompt("P3", text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Send them to https://lido.example/menu.", "https://lido.example/menu"),
        ("Our page is www.lido.example.", "www.lido.example"),
        ("Write to hello@lido.example.", "hello@lido.example"),
        ("Our page is lido.com.", "lido.com"),
        ("The status is order_status.", "order_status"),
        ("Read orderStatus to them.", "orderStatus"),
        ("Say `table`.", "`table`"),
    ],
)
def test_what_is_written_but_not_spoken_is_found(of_prompt, text, shown):
    assert [(f.severity, f.text) for f in of_prompt("P11", text)] == [("info", shown)]


@pytest.mark.parametrize(
    "text",
    [
        "Our page is lido dot com.",
        "We sell iPhone and McDonald things, YouTube too.",
        "Ask e.g. for the day.",
        "We are open Mon.-Fri. from ten.",
        "Call free_tables with the day.",
        "End it with the word and.or the like.",
    ],
)
def test_names_of_tools_and_brands_are_words(of_prompt, tool, text):
    assert not of_prompt("P11", text, tools=[tool])


def test_a_parameter_and_a_choice_are_words_too(of_prompt, tool):
    schema = {"type": "object", "properties": {"table_kind": {"enum": ["by_the_sea"]}}}
    tools = [tool | {"parameters": schema}]
    assert not of_prompt("P11", "Set table_kind to by_the_sea.", tools=tools)
    assert len(of_prompt("P11", "Set table_kinds to by_the_sea.", tools=tools)) == 1
