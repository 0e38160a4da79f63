"""Scripts: in order, by condition, from files, and their errors."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from brief_mouth import BriefMouth

import voicenb as vn
from voicenb.emulator.brain import BrainMismatch, Call, Line, Moment, Say
from voicenb.emulator.brains.scripted import OVER, Scripted
from voicenb.emulator.resources import Deaf
from voicenb.errors import InvalidConfiguration

DAY = {"type": "object", "properties": {"day": {"type": "string"}}, "required": ["day"]}
TOOLS = [{"name": "look", "parameters": {}}, {"name": "free_tables", "parameters": DAY}]


def asked(
    brain: Scripted, *lines: Line, trigger: Any = None, instructions: str | None = None
) -> list[Say | Call]:
    if trigger is None:
        trigger = "tool_result" if lines and lines[-1].role == "tool" else "user_speech"

    async def collect() -> list[Say | Call]:
        return [part async for part in brain.answer(Moment(trigger, lines, "", TOOLS, instructions))]

    return asyncio.run(collect())


def user(text: str) -> Line:
    return Line("user", text)


def result(name: str, text: str) -> Line:
    return Line("tool", text, "call_1", name, {})


def test_lines_are_said_in_order_and_the_end_is_owned_up_to() -> None:
    brain = Scripted(
        ["One.", ["Two.", {"call": "look", "arguments": {"day": "Friday"}}], {"say": "Three: {result}."}]
    )
    history = [user("a")]
    assert asked(brain, *history) == [Say("One.")]
    history.append(user("b"))
    assert asked(brain, *history) == [Say("Two."), Call("look", {"day": "Friday"})]
    history.append(result("look", "seven"))
    assert asked(brain, *history) == [Say("Three: seven.")]
    history.append(user("c"))
    assert asked(brain, *history) == [Say(OVER)]


def test_a_reopened_turn_gets_the_same_line_again() -> None:
    brain = Scripted(["One.", "Two."])
    assert asked(brain, user("a table")) == [Say("One.")]
    assert asked(brain, user("a table for four")) == [Say("One.")]
    assert asked(brain, user("a table for four"), user("thanks")) == [Say("Two.")]


def test_a_line_of_the_history_that_nobody_asked_about_uses_up_nothing() -> None:
    brain = Scripted(["One.", "Two."])
    asked(brain, user("a"))
    assert asked(brain, user("a"), user("a conversation.message"), user("b")) == [Say("Two.")]


def test_conditions_come_before_the_order_and_are_not_used_up() -> None:
    brain = Scripted(
        [
            "First.",
            {"on": "fri(day)?", "call": "look"},
            {"after": "look", "say": "Result: {result}"},
            {"on": "hi", "say": "Hello", "once": True},
        ]
    )
    history = [user("Hi there.")]
    assert asked(brain, *history) == [Say("Hello")]
    history.append(user("Friday"))
    assert asked(brain, *history) == [Call("look", {})]
    history.append(result("look", "ok"))
    assert asked(brain, *history) == [Say("Result: ok")]
    history.append(user("Friday!"))
    assert asked(brain, *history) == [Call("look", {})]
    history.append(user("Hi again"))
    assert asked(brain, *history) == [Say("First.")]


def test_a_mapping_of_patterns() -> None:
    brain = Scripted({"hello": "Good evening.", "table": {"call": "look", "arguments": {}}})
    assert asked(brain, user("A TABLE")) == [Call("look", {})]
    assert asked(brain, user("oh hello")) == [Say("Good evening.")]


def test_requested_replies() -> None:
    brain = Scripted(["One.", {"on": "weather", "say": "Sunny."}])
    assert asked(brain, trigger="reply_create", instructions="Say 'hello'") == [Say("hello")]
    assert asked(brain, trigger="reply_create", instructions="the weather") == [Say("Sunny.")]
    assert asked(brain, trigger="reply_create") == [Say(OVER)]
    assert asked(brain, user("a")) == [Say("One.")], "requested replies use up nothing"


def test_each_session_starts_at_the_beginning() -> None:
    brain = Scripted(["One.", "Two."])
    asked(brain, user("a"))
    assert asked(brain.fresh(), user("x"), user("y")) == [Say("One.")]


def test_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "lido.script.jsonl"
    file.write_text(
        '# the greeting is the agent\'s\n"Hello."\n\n// then\n{"say": ["A.", "B."], "call": "look"}\n',
        "utf-8",
    )
    brain = Scripted.from_file(file)
    assert asked(brain, user("a")) == [Say("Hello.")]
    assert asked(brain, user("a"), user("b")) == [Say("A."), Say("B."), Call("look", {})]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{not json", "no JSON value"),
        ("42", "neither a text nor an object"),
        ('{"sya": "Hello"}', "unknown key 'sya'"),
        ('{"on": "("  , "say": "x"}', "no regular expression"),
        ('{"on": "hello"}', "nothing to say or call"),
        ('{"call": 3}', "not the name of a tool"),
        ('{"call": "x", "arguments": [1]}', '"arguments" is not an object'),
        ('{"say": "x", "arguments": {}}', '"arguments" without "call"'),
        ('{"say": 1}', '"say" is not a text'),
        ('{"on": "a", "after": "b", "say": "c"}', "exclude each other"),
        ('{"on": 1, "say": "c"}', "are texts"),
        ('["a", {"on": "b", "say": "c"}]', "a condition inside a list"),
    ],
)
def test_errors_name_the_line(tmp_path: Path, line: str, what: str) -> None:
    file = tmp_path / "script.jsonl"
    file.write_text(f'"Hello."\n\n{line}\n', "utf-8")
    with pytest.raises(InvalidConfiguration, match=r"script\.jsonl, line 3: ") as caught:
        Scripted.from_file(file)
    assert what in caught.value.message
    assert caught.value.facts["line"] == 3
    assert caught.value.remedy


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="cannot be read"):
        Scripted.from_file(tmp_path / "nothing.jsonl")


def test_a_list_with_an_error_names_its_place() -> None:
    with pytest.raises(InvalidConfiguration, match="line 2"):
        Scripted(["a", {"oops": 1}])
    with pytest.raises(InvalidConfiguration, match="maps patterns"):
        Scripted({"a": 3})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("line", "what", "remedy"),
    [
        ({"call": "nope"}, "line 2 of the script calls 'nope'", "The agent has look, free_tables."),
        ({"call": "free_table"}, "calls 'free_table'", "Did you mean 'free_tables'?"),
        ({"call": "free_tables", "arguments": {"day": 3}}, "'day' must be of type string, not 3", "ask for"),
        (["Well.", {"call": "free_tables"}], "line 2 of the script .* 'day' is missing", "ask for"),
        ({"call": "look", "arguments": {"day": object()}}, "They are no JSON", "ask for"),
    ],
)
def test_a_call_that_the_agent_cannot_take_names_the_line(line: Any, what: str, remedy: str) -> None:
    brain = Scripted(["Hello.", line])
    assert asked(brain, user("a")) == [Say("Hello.")]
    with pytest.raises(BrainMismatch, match=what) as caught:
        asked(brain, user("a"), user("b"))
    assert remedy in caught.value.remedy


def test_a_call_of_a_file_is_told_with_the_file_and_where_there_are_no_tools(tmp_path: Path) -> None:
    file = tmp_path / "lido.jsonl"
    file.write_text('\n{"call": "look"}\n', "utf-8")

    async def ask() -> None:
        async for _ in Scripted.from_file(file).answer(Moment("user_speech", [user("a")], "", [])):
            pass

    with pytest.raises(BrainMismatch, match=r"lido\.jsonl, line 2 of the script calls 'look'.* has no tools"):
        asyncio.run(ask())


def test_who_holds_the_session_is_told_of_it() -> None:
    agent = vn.Agent(name="Lido", system_prompt="You take bookings.")
    with vn.Emulator(brain=[{"call": "nope"}], mouth=BriefMouth(), recognizer=Deaf()) as emulator:
        session = vn.Session(agent, emulator, recording=False).start()
        session.message("A table for four.")
        with pytest.raises(vn.ServiceError, match="line 1 of the script calls 'nope'") as caught:
            session.wait_for("transcript.agent", timeout=10)
    assert caught.value.code == "agent_init_failed"
