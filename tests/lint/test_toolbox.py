"""P12, T11, T12."""

from __future__ import annotations

import pytest

from voicenb.lint.toolbox import MOST

LOOK_UP = {"type": "object", "properties": {"name": {"type": "string", "description": "e.g. 'Anna'"}}}


def test_a_tool_that_nothing_says_when_to_use(of_agent, prompt, tool):
    tools = [tool | {"description": "Get the free times on a day."}]
    (found,) = of_agent("P12", {"system_prompt": prompt, "tools": tools})
    assert found.severity == "warn"


def test_only_the_description_says_when(of_agent, prompt, tool):
    (found,) = of_agent("P12", {"system_prompt": prompt, "tools": [tool]})
    assert found.severity == "info"


@pytest.mark.parametrize(
    "added",
    [
        "Before you offer a time, call free_tables.",
        "Look up the free tables first.",
        "Use your tools before you answer.",
        "Tell them of a table only when it is free.",
    ],
)
def test_a_prompt_that_speaks_of_its_tools(of_prompt, tool, added):
    assert not of_prompt("P12", added, tools=[tool])


def test_no_tools_and_other_languages_are_not_judged(of_agent, of_prompt, tool):
    assert not of_prompt("P12", "", tools=[])
    assert not of_agent("P12", {"system_prompt": "Du bist der Gastgeber im Lido.", "tools": [tool]})


@pytest.mark.parametrize(
    "added", ["Call free_table first.", "Use the `free_table` tool.", "Then invoke freeTables now."]
)
def test_a_tool_that_does_not_exist(of_prompt, tool, added):
    found = [f for f in of_prompt("P12", added, tools=[tool]) if f.severity == "warn"]
    assert [f.remedy for f in found] == ["Did you mean 'free_tables'?"]


def test_a_verb_makes_it_a_tool(of_prompt, tool):
    found = [
        f
        for f in of_prompt("P12", "Use find_table first, or run getMenu.", tools=[tool])
        if f.severity == "warn"
    ]
    assert [f.text for f in found] == ["find_table", "getMenu"]


def test_a_tool_where_there_is_none(of_prompt):
    (found,) = of_prompt("P12", "Call free_tables first.", tools=[])
    assert (found.text, found.remedy) == ("free_tables", "It has none.")
    assert not of_prompt("P12", "Call free_tables first.")  # an update leaves out what stays


@pytest.mark.parametrize(
    "added",
    [
        "Call free_tables with the day.",
        "Call the caller by name.",
        "Use first_name when it is known.",
        "Use macOS, or call macOS people.",
        "Use last_name too.",
    ],
)
def test_names_that_are_no_strangers(of_prompt, tool, added):
    parameters = {"properties": {"first_name": {"type": "string"}}}
    found = of_prompt("P12", f"Use your tools. {added}", tools=[tool | {"parameters": parameters}])
    assert not found


def test_many_tools(of_agent, tool):
    many = [tool | {"name": f"free_tables_{n}"} for n in range(MOST + 1)]
    assert [f.severity for f in of_agent("T11", {"tools": many})] == ["info"]
    assert not of_agent("T11", {"tools": many[:MOST]})


@pytest.mark.parametrize(
    "name", ["find_guest", "lookup_company", "look_up_drug", "searchSongs", "get_weather"]
)
def test_a_look_up_without_keyterms(of_agent, tool, name):
    wire = {"tools": [tool | {"name": name, "parameters": LOOK_UP}]}
    assert [(f.severity, f.place) for f in of_agent("T12", wire)] == [("info", "input.keyterms")]
    assert not of_agent("T12", wire | {"input": {"keyterms": ["Anna"]}})


@pytest.mark.parametrize("name", ["book_table", "getaway", "finder", "free_tables"])
def test_other_tools_need_none(of_agent, tool, name):
    assert not of_agent("T12", {"tools": [tool | {"name": name, "parameters": LOOK_UP}]})


def test_a_look_up_by_number_needs_none(of_agent, tool):
    parameters = {"properties": {"table": {"type": "integer"}, "day": {"type": "string", "format": "date"}}}
    assert not of_agent("T12", {"tools": [tool | {"name": "find_table", "parameters": parameters}]})
