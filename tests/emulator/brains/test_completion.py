"""One streamed chat completion: pieces in, sentences and tool calls out; and the request for it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from voicenb.emulator.brain import Call, Line, Moment
from voicenb.emulator.brains.completion import SPOKEN, Completion, messages, request
from voicenb.errors import ServiceError


def text(content: str | None) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": content}}]}


def part(
    arguments: Any, name: str | None = None, identity: str | None = None, index: Any = 0
) -> dict[str, Any]:
    call: dict[str, Any] = {
        "index": index,
        "id": identity,
        "function": {"name": name, "arguments": arguments},
    }
    return {"choices": [{"delta": {"tool_calls": [call]}}]}


def done(*chunks: object, known: Iterable[str] = ("look", "book")) -> tuple[list[str], list[Call]]:
    completion = Completion()
    said = [sentence for chunk in chunks for sentence in completion.push(chunk)]
    rest = completion.rest()
    return [*said, *([rest] if rest else [])], list(completion.calls(set(known)))


def test_sentences_and_the_rest() -> None:
    assert done(text("Good eve"), text("ning. How"), text(" are you"))[0] == ["Good evening.", "How are you"]


@pytest.mark.parametrize("chunk", [{}, {"choices": []}, {"choices": None}, {"choices": [{}]}, text(None)])
def test_chunks_that_carry_nothing(chunk: object) -> None:
    assert done(chunk) == ([], [])


def test_a_whole_message_is_a_chunk_too() -> None:
    assert done({"choices": [{"message": {"content": "Hello."}}]}) == (["Hello."], [])


@pytest.mark.parametrize("chunk", [[], "text", None, 3])
def test_what_is_no_chunk(chunk: object) -> None:
    with pytest.raises(ServiceError) as caught:
        done(chunk)
    assert caught.value.facts["code"] == "bad_chunk"


@pytest.mark.parametrize("error", [{"message": "overloaded"}, "overloaded"])
def test_an_error_in_the_stream(error: object) -> None:
    with pytest.raises(ServiceError, match="overloaded"):
        done({"error": error})


def test_arguments_in_pieces() -> None:
    calls = done(part('{"day":', "look", "a"), part(' "Friday"}'))[1]
    assert calls == [Call("look", {"day": "Friday"})]


def test_several_calls_by_their_index() -> None:
    calls = done(
        part("", "look", "a", 0),
        part("", "book", "b", 1),
        part('{"n": 2}', index=1),
        part('{"n": 1}', index=0),
    )[1]
    assert calls == [Call("look", {"n": 1}), Call("book", {"n": 2})]


def test_servers_that_number_all_calls_with_zero_or_not_at_all() -> None:
    by_id = done(part('{"n": 1}', "look", "a"), part('{"n": 2}', "look", "b"))[1]
    by_name = done(part('{"n": 1}', "look"), part('{"n": 2}', "look"))[1]
    unnumbered = done(part('{"n": 1}', "look", "a", None), part('{"n": 2}', "look", "b", None))[1]
    assert by_id == by_name == unnumbered == [Call("look", {"n": 1}), Call("look", {"n": 2})]


def test_arguments_that_are_an_object_already_or_none_at_all() -> None:
    assert done(part({"day": "Friday"}, "look", "a"))[1] == [Call("look", {"day": "Friday"})]
    assert done(part(None, "look", "a"))[1] == [Call("look", {})]


@pytest.mark.parametrize("arguments", ['{"day"', "[1]", '"text"', "nonsense"])
def test_arguments_that_are_no_object(arguments: str) -> None:
    with pytest.raises(ServiceError) as caught:
        done(part(arguments, "look", "a"))
    assert caught.value.facts["code"] == "bad_tool_call"


def test_a_tool_that_nobody_has() -> None:
    with pytest.raises(ServiceError, match="nobody"):
        done(part("{}", "nobody", "a"))


TOOL = {
    "name": "look",
    "description": None,
    "parameters": None,
    "execution_mode": "hold",
    "http": None,
}


def test_the_request() -> None:
    body = request("tiny", Moment("user_speech", (Line("user", "hello"),), "Be kind.", [TOOL]))
    assert (body["model"], body["stream"]) == ("tiny", True)
    assert body["tools"] == [
        {
            "type": "function",
            "function": {
                "name": "look",
                "description": "",
                "parameters": {"type": "object", "properties": {}},
            },
        }
    ]
    assert "tools" not in request("tiny", Moment("user_speech", (), "", []))


def test_a_moment_as_messages() -> None:
    history = (
        Line("agent", "Good evening."),
        Line("user", "A table."),
        Line("system", "It is late."),
        Line("tool", "[]", "call_7", "look", {"day": "Größe"}),
        Line("tool", "no", "", "look", {}, is_error=True),
        Line("agent", "I am", interrupted=True),
        Line("agent", ""),
    )
    found = messages(Moment("reply_create", history, "Be kind.", [], "Say hello."))
    assert found[0] == {"role": "system", "content": f"Be kind.\n\n{SPOKEN}"}
    assert [message["role"] for message in found[1:]] == [
        "assistant",
        "user",
        "system",
        "assistant",
        "tool",
        "assistant",
        "tool",
        "assistant",
        "system",
    ]
    call, result = found[4:6]
    assert call["tool_calls"][0]["id"] == result["tool_call_id"] == "call_7"
    assert json.loads(call["tool_calls"][0]["function"]["arguments"]) == {"day": "Größe"}
    assert "Größe" in call["tool_calls"][0]["function"]["arguments"]
    assert found[6]["tool_calls"][0]["id"] == found[7]["tool_call_id"] != "call_7"
    assert found[7]["content"] == "Error: no"
    assert found[8]["content"] == "I am [interrupted]"
    assert found[9]["content"] == "Say hello."


def test_without_a_prompt_only_the_manners_are_told() -> None:
    assert messages(Moment("user_speech", (), "", []))[0]["content"] == SPOKEN
