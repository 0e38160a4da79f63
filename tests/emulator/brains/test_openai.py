"""The OpenAI-compatible brain against a real server on loopback that behaves well, oddly and badly."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from voicenb.emulator.brain import Call, Line, Moment, Say
from voicenb.emulator.brains.openai import BROKEN, REFUSED, SLOW, UNREACHABLE, Limits, OpenAIBrain

LOOK = {
    "type": "function",
    "name": "look",
    "description": "Look it up.",
    "parameters": {"type": "object", "properties": {"day": {"type": "string"}}},
    "execution_mode": "interactive",
}
HELLO = Moment("user_speech", (Line("user", "hello"),), "Be kind.", [LOOK])


class Endpoint:
    """A chat-completions server whose answers the test decides."""

    def __init__(self) -> None:
        self.reply: Callable[[Request], Awaitable[Response]] = lambda request: _json_later({})
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.gone = threading.Event()
        self.models: list[str] = ["tiny"]
        app = Starlette(
            routes=[
                Route("/v1/chat/completions", self._chat, methods=["POST"]),
                Route("/v1/models", self._models),
            ]
        )
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]})
        self._thread.start()

    def close(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join()
        self._socket.close()

    async def _chat(self, request: Request) -> Response:
        self.bodies.append(await request.json())
        self.headers.append(dict(request.headers))
        return await self.reply(request)

    async def _models(self, request: Request) -> Response:
        return JSONResponse({"data": [{"id": name} for name in self.models]})

    def streams(self, *pieces: bytes, then: str = "end") -> None:
        """Answer with these bytes, one write each; ``then`` "end", "break" the connection or "hang"."""

        async def body() -> AsyncIterator[bytes]:
            try:
                for piece in pieces:
                    yield piece
                    await asyncio.sleep(0)
                if then == "break":
                    raise ConnectionError
                if then == "hang":
                    await asyncio.Event().wait()
            finally:
                self.gone.set()

        async def reply(request: Request) -> Response:
            return StreamingResponse(body(), media_type="text/event-stream")

        self.reply = reply

    def answers(self, response: Response) -> None:
        async def reply(request: Request) -> Response:
            return response

        self.reply = reply

    def hangs(self) -> None:
        async def reply(request: Request) -> Response:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            return PlainTextResponse("")

        self.reply = reply


async def _json_later(value: Any) -> Response:
    return JSONResponse(value)


@pytest.fixture(scope="module")
def server() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    yield endpoint
    endpoint.close()


@pytest.fixture
def endpoint(server: Endpoint) -> Endpoint:
    server.bodies.clear()
    server.headers.clear()
    server.gone.clear()
    server.models = ["tiny"]
    return server


def delta(content: str | None = None, *calls: dict[str, Any]) -> bytes:
    chunk = {
        "choices": [
            {"index": 0, "delta": {"content": content, **({"tool_calls": list(calls)} if calls else {})}}
        ]
    }
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()


def piece(index: int | None, identity: str | None, name: str | None, arguments: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"function": {"arguments": arguments}}
    if index is not None:
        found["index"] = index
    if identity is not None:
        found |= {"id": identity, "type": "function"}
    if name is not None:
        found["function"]["name"] = name
    return found


DONE = b"data: [DONE]\n\n"


def answered(
    endpoint: Endpoint, moment: Moment = HELLO, limits: Limits | None = None, key: str | None = None
) -> list[Say | Call]:
    brain = OpenAIBrain("tiny", base_url=endpoint.url, limits=limits, api_key=key)

    async def collect() -> list[Say | Call]:
        return [part async for part in brain.answer(moment)]

    return asyncio.run(collect())


def test_sentences_come_as_they_are_complete(endpoint: Endpoint) -> None:
    endpoint.streams(
        *(delta(text) for text in ("Good", " evening. How", " can I", " help? I am here", ".")), DONE
    )
    assert answered(endpoint) == [Say("Good evening."), Say("How can I help?"), Say("I am here.")]


def test_the_first_sentence_does_not_wait_for_the_rest(endpoint: Endpoint) -> None:
    endpoint.streams(delta("One. Two"), then="hang")

    async def first() -> Say | Call:
        async with aclosing(OpenAIBrain("tiny", base_url=endpoint.url).answer(HELLO)) as parts:
            return await anext(parts)

    assert asyncio.run(first()) == Say("One.")
    assert endpoint.gone.wait(5), "closing the answer closes the connection"


def test_a_cancelled_answer_closes_the_connection(endpoint: Endpoint) -> None:
    endpoint.streams(delta("One. Two"), then="hang")

    async def cancel() -> None:
        begun = asyncio.Event()

        async def speak() -> None:
            async for _ in OpenAIBrain("tiny", base_url=endpoint.url).answer(HELLO):
                begun.set()

        task = asyncio.create_task(speak())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert endpoint.gone.wait(5)


@pytest.mark.parametrize("size", [1, 3, 7, 50])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_awkward_chunks(endpoint: Endpoint, size: int, ending: bytes) -> None:
    stream = (
        b": a comment\n\nevent: chunk\nid: 7\n"
        + delta("Grüß Gott \u2013 ")
        + delta("schön.")
        + b": ping\n\n"
        + DONE
    )
    stream = stream.replace(b"\n", ending)
    endpoint.streams(*(stream[at : at + size] for at in range(0, len(stream), size)))
    assert answered(endpoint) == [Say("Grüß Gott \u2013 schön.")]


def test_a_stream_without_done_or_spaces_or_a_last_newline(endpoint: Endpoint) -> None:
    endpoint.streams(delta("Hello.").replace(b"data: ", b"data:").rstrip())
    assert answered(endpoint) == [Say("Hello.")]


def test_chunks_that_carry_nothing(endpoint: Endpoint) -> None:
    endpoint.streams(
        b'data: {"choices": []}\n\n',
        b'data: {"usage": {"total_tokens": 1}, "choices": null}\n\n',
        delta(None),
        delta("Hi."),
        DONE,
    )
    assert answered(endpoint) == [Say("Hi.")]


def test_an_endpoint_that_does_not_stream(endpoint: Endpoint) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "look", "arguments": '{"day": "Friday"}'}}
    endpoint.answers(
        JSONResponse({"choices": [{"message": {"content": "One moment. ", "tool_calls": [call]}}]})
    )
    assert answered(endpoint) == [Say("One moment."), Call("look", {"day": "Friday"})]


def test_several_tool_calls_in_pieces(endpoint: Endpoint) -> None:
    endpoint.streams(
        delta("Let me look"),
        delta(None, piece(0, "a", "look", "")),
        delta(None, piece(0, None, None, '{"day": ')),
        delta(None, piece(1, "b", "look", '{"day"')),
        delta(None, piece(0, None, None, '"Friday"}'), piece(1, None, None, ': "Saturday"}')),
        DONE,
    )
    assert answered(endpoint) == [
        Say("Let me look"),
        Call("look", {"day": "Friday"}),
        Call("look", {"day": "Saturday"}),
    ]


def test_several_calls_that_all_have_the_index_0(endpoint: Endpoint) -> None:
    endpoint.streams(
        delta(None, piece(0, "a", "look", '{"day": "Friday"}')),
        delta(None, piece(0, "b", "look", "")),
        delta(None, piece(0, None, None, "{}")),
        delta(None, piece(None, None, "look", {"day": "Sunday"})),
        DONE,
    )
    calls = [Call("look", {"day": "Friday"}), Call("look", {}), Call("look", {"day": "Sunday"})]
    assert answered(endpoint) == calls


def test_reasoning_and_markup_are_not_spoken(endpoint: Endpoint) -> None:
    text = "<think>Let me see. Hm.</think>\n\n**Sure.** See [the menu](http://x.y).\n- Pasta\n- `Pizza`"
    endpoint.streams(*(delta(text[at : at + 2]) for at in range(0, len(text), 2)), DONE)
    assert answered(endpoint) == [Say("Sure."), Say("See the menu."), Say("Pasta"), Say("Pizza")]


@pytest.mark.parametrize(
    ("pieces", "parts"),
    [
        ([b"data: {oops\n\n"], [Say(BROKEN)]),
        ([delta("Well. "), b"data: 42\n\n"], [Say("Well."), Say(BROKEN)]),
        ([b'data: {"error": {"message": "overloaded"}}\n\n'], [Say(BROKEN)]),
        ([delta(None, piece(0, "a", "look", '{"day": ')), DONE], [Say(BROKEN)]),
        ([delta(None, piece(0, "a", "look", "[1]")), DONE], [Say(BROKEN)]),
        ([delta(None, piece(0, "a", "invented", "{}")), DONE], [Say(BROKEN)]),
        ([DONE], [Say(BROKEN)]),
        ([], [Say(BROKEN)]),
    ],
)
def test_malformed_answers(endpoint: Endpoint, pieces: list[bytes], parts: list[Say], caplog: Any) -> None:
    endpoint.streams(*pieces)
    assert answered(endpoint) == parts
    assert "openai:tiny at http://127.0.0.1" in caplog.text


@pytest.mark.parametrize(
    ("status", "apology"),
    [(500, UNREACHABLE), (429, UNREACHABLE), (404, UNREACHABLE), (401, REFUSED), (403, REFUSED)],
)
def test_refusals(endpoint: Endpoint, status: int, apology: str, caplog: Any) -> None:
    endpoint.answers(JSONResponse({"error": {"message": "no way"}}, status_code=status))
    assert answered(endpoint, key="sk-secret") == [Say(apology)]
    assert "no way" in caplog.text
    assert "sk-secret" not in caplog.text


def test_a_connection_that_breaks(endpoint: Endpoint, caplog: Any) -> None:
    caplog.set_level("CRITICAL", logger="uvicorn.error")
    endpoint.streams(delta("Well, let me. "), then="break")
    assert answered(endpoint) == [Say("Well, let me."), Say(UNREACHABLE)]


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    brain = OpenAIBrain("tiny", base_url=f"http://127.0.0.1:{port}/v1")

    async def collect() -> list[Say | Call]:
        return [part async for part in brain.answer(HELLO)]

    assert asyncio.run(collect()) == [Say(UNREACHABLE)]


def test_nothing_comes(endpoint: Endpoint) -> None:
    endpoint.hangs()
    assert answered(endpoint, limits=Limits(first=0.1)) == [Say(SLOW)]


def test_headers_come_but_no_answer(endpoint: Endpoint) -> None:
    endpoint.streams(b": wait\n\n", then="hang")
    assert answered(endpoint, limits=Limits(first=0.2)) == [Say(SLOW)]


def test_it_stops_in_the_middle(endpoint: Endpoint) -> None:
    endpoint.streams(delta("One. "), then="hang")
    assert answered(endpoint, limits=Limits(between=0.1)) == [Say("One."), Say(SLOW)]


def test_all_in_all_too_long(endpoint: Endpoint) -> None:
    endpoint.streams(delta("One. "), then="hang")
    assert answered(endpoint, limits=Limits(whole=0.3)) == [Say("One."), Say(SLOW)]


def test_a_slow_listener_is_not_a_slow_model(endpoint: Endpoint) -> None:
    endpoint.streams(delta("One. "), delta("Two. "), delta("Three."), DONE)
    brain = OpenAIBrain("tiny", base_url=endpoint.url, limits=Limits(first=5.0, between=0.1, whole=5.0))

    async def listen() -> list[Say | Call]:
        heard = []
        async for part in brain.answer(HELLO):
            heard.append(part)
            await asyncio.sleep(0.15)
        return heard

    assert asyncio.run(listen()) == [Say("One."), Say("Two."), Say("Three.")]


def test_what_the_endpoint_is_sent(endpoint: Endpoint) -> None:
    endpoint.streams(delta("Good."), DONE)
    history = (
        Line("agent", "Lido, good evening."),
        Line("user", "A table."),
        Line("agent", "For how", interrupted=True),
        Line("tool", '["19:00"]', "call_9", "look", {"day": "Friday"}),
        Line("tool", "down", "", "look", {}, is_error=True),
        Line("system", "The kitchen closes early."),
    )
    answered(endpoint, Moment("reply_create", history, "Be kind.", [LOOK], "Say hello."), key="sk-1")
    [body] = endpoint.bodies
    assert endpoint.headers[0]["authorization"] == "Bearer sk-1"
    assert (body["model"], body["stream"]) == ("tiny", True)
    function = {key: LOOK[key] for key in ("name", "description", "parameters")}
    assert body["tools"] == [{"type": "function", "function": function}]
    system, *rest = body["messages"]
    assert system["role"] == "system"
    assert system["content"].startswith("Be kind.\n\n")
    assert [(message["role"], message["content"]) for message in rest] == [
        ("assistant", "Lido, good evening."),
        ("user", "A table."),
        ("assistant", "For how [interrupted]"),
        ("assistant", None),
        ("tool", '["19:00"]'),
        ("assistant", None),
        ("tool", "Error: down"),
        ("system", "The kitchen closes early."),
        ("system", "Say hello."),
    ]
    assert rest[3]["tool_calls"] == [
        {"id": "call_9", "type": "function", "function": {"name": "look", "arguments": '{"day": "Friday"}'}}
    ]
    assert rest[4]["tool_call_id"] == "call_9"
    assert rest[6]["tool_call_id"] == rest[5]["tool_calls"][0]["id"]


def test_without_tools_and_key(endpoint: Endpoint) -> None:
    endpoint.streams(delta("Good."), DONE)
    answered(endpoint, Moment("user_speech", (Line("user", "hi"),), "", []))
    assert "tools" not in endpoint.bodies[0]
    assert "authorization" not in endpoint.headers[0]


def test_the_key_is_not_shown() -> None:
    assert "sk-secret" not in repr(OpenAIBrain("tiny", api_key="sk-secret"))
    assert OpenAIBrain("tiny").name == "openai:tiny"


def test_no_log_has_the_key_or_a_password(endpoint: Endpoint, caplog: Any) -> None:
    said = {"error": {"message": "Incorrect API key provided: sk-secret."}}
    endpoint.answers(JSONResponse(said, status_code=401))
    assert answered(endpoint, key="sk-secret") == [Say(REFUSED)]
    assert answered(endpoint, key="sk-secret\r\nX-Other: 1") == [Say(REFUSED)]
    endpoint.answers(JSONResponse({"error": {"message": "no way"}}, status_code=401))
    brain = OpenAIBrain("tiny", base_url=endpoint.url.replace("//", "//me:sk-secret@"))

    async def collect() -> list[Say | Call]:
        return [part async for part in brain.answer(HELLO)]

    assert asyncio.run(collect()) == [Say(REFUSED)]
    assert len(caplog.records) == 3
    assert "sk-secret" not in caplog.text + repr(brain)


@pytest.mark.parametrize("as_service", [True, False])
def test_the_service_asks_for_the_usage_too(endpoint: Endpoint, as_service: bool) -> None:
    endpoint.streams(delta("Good."), b'data: {"choices": [], "usage": {"total_tokens": 9}}\n\n', DONE)
    brain = OpenAIBrain("tiny", base_url=endpoint.url, as_service=as_service)

    async def collect() -> list[Say | Call]:
        return [part async for part in brain.answer(HELLO)]

    assert asyncio.run(collect()) == [Say("Good.")]
    assert ("stream_options" in endpoint.bodies[0]) is as_service


@pytest.mark.parametrize("host", ["127.0.0.1", "localtest.example"])
def test_a_name_for_this_machine_is_not_asked_where_that_is_not_allowed(
    endpoint: Endpoint, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: here)
    brain = OpenAIBrain("tiny", base_url=endpoint.url.replace("127.0.0.1", host), local=False)

    async def collect() -> list[Say | Call]:
        return [part async for part in brain.answer(HELLO)]

    assert asyncio.run(collect()) == [Say(UNREACHABLE)]
    assert endpoint.bodies == []
