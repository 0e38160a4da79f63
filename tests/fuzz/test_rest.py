"""Any request to the emulator's REST side: answered as the contract has it, never with a fault."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import complaints
import pytest
from brief_mouth import BriefMouth
from frames import damaged, inputs, outputs, text, tools, values
from hypothesis import strategies as st
from share import Share, runs

from voicenb.audio.processor import InPlaceProcessor
from voicenb.emulator.emulator import Emulator
from voicenb.emulator.resources import Deaf
from voicenb.testing.virtual_clock import run_virtually

words = st.text(min_size=1, max_size=8)
BARE = {
    "name": words,
    "system_prompt": words,
    "voice": st.sampled_from([{"voice_id": "ivy"}] * 6 + [{"voice_id": "nobody"}, "ivy", {}]),
}
URLS = ["https://example.com/x"] * 8 + ["http://127.0.0.1", "https://10.0.0.1", "https://", "x"]
HTTP = st.fixed_dictionaries(
    {"url": st.sampled_from(URLS)},
    optional={
        "http_method": st.sampled_from(["GET", "POST", "HEAD"]),
        "headers": st.dictionaries(text, text, max_size=2)
        | st.lists(st.fixed_dictionaries({"name": text}, optional={"value": text, "remove": st.booleans()}))
        | values,
    },
)
CALLED = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from(["look", "book"]), "http": HTTP}), max_size=2
)
LLM = st.lists(
    st.fixed_dictionaries({"base_url": st.just("https://example.com/v1"), "model": text}), max_size=2
)
AGENTS = st.fixed_dictionaries(BARE, optional={"tools": CALLED, "greeting": text | st.none(), "llm": LLM}) | (
    st.fixed_dictionaries(
        BARE,
        optional={
            "tools": tools | CALLED,
            "input": inputs | st.none(),
            "output": outputs | st.none(),
            "pre_connect_requests": st.just([]) | values,
            "caller_id": text | st.none(),
        },
    )
)
EVENTS = ["session.started", "session.completed", "call.failed"]
HOOKS = st.fixed_dictionaries(
    {
        "url": st.sampled_from(
            ["https://example.com/hook"] * 6 + ["http://example.com", "https://[", "x" * 3000]
        ),
        "events": st.lists(st.sampled_from(EVENTS), min_size=1, unique=True)
        | st.lists(st.sampled_from(EVENTS)),
        "secret": st.sampled_from(["s" * 32] * 6 + ["s" * 31, "s" * 257, "ä" * 40, " " * 40]),
    },
    optional={"agent_id": st.none() | text, "enabled": st.booleans()},
)


def spoilt(good: st.SearchStrategy[Any]) -> st.SearchStrategy[bytes]:
    """Bodies: as they are, with another value in a field, without one, damaged, or anything at all."""
    fields = good.filter(bool).flatmap(
        lambda body: st.tuples(st.just(body), st.sampled_from(sorted(body)), values)
    )
    others = st.one_of(
        fields.map(lambda change: dumped({**change[0], change[1]: change[2]})),
        fields.map(
            lambda change: dumped({key: value for key, value in change[0].items() if key != change[1]})
        ),
        damaged(good).map(lambda body: body if isinstance(body, bytes) else body.encode()),
        values.map(dumped),
        st.binary(max_size=20),
    )
    whole = good.map(dumped)
    return st.integers(0, 9).flatmap(lambda number: whole if number < 5 else others)


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


NOUNS = {"agents": spoilt(AGENTS), "webhook-subscriptions": spoilt(HOOKS)}
queries = st.dictionaries(
    st.sampled_from(
        ["limit", "cursor", "status", "agent_id", "expires_in_seconds", "max_session_duration_seconds"]
    ),
    st.integers(-2, 12_000).map(str) | text,
    max_size=3,
)
headers = st.sampled_from(
    [b"any", b"Bearer any", b"bearer  any ", b"", b"Bearer", b"Basic eDp5", b"\xff\xfe"]
)
reads = st.tuples(
    st.sampled_from(["GET", "DELETE", "POST", "PUT", "HEAD", "OPTIONS", "QUERY"]),
    st.sampled_from(
        [
            *(
                "/v1/agents",
                "/v1/sessions",
                "/v1/webhook-subscriptions",
                "/v1/token",
                "/v1/voices",
                "/",
                "/v1/ws",
            ),
            *(
                "/v1/sessions/%00",
                "/v1/agents/..",
                "/v1/sessions/x/webhook-deliveries",
                "/v1/agents/agent_1/x",
            ),
            *(
                "/v1/sessions/x/webhook-deliveries/latest",
                "/v1/artifacts/a/b/c/audio",
                "/v1/artifacts/a/1/c/d",
            ),
        ]
    )
    | text.map(lambda name: f"/v1/agents/{name}"),
    queries,
    headers,
    st.binary(max_size=8),
)


async def ask(
    app: Any, method: str, path: str, query: dict[str, str], authorization: bytes, body: bytes
) -> tuple[int, bytes, dict[bytes, bytes]]:
    """One request in memory; an exception of the app comes out here."""
    from urllib.parse import quote, unquote, urlencode

    answer: dict[str, Any] = {"body": b""}
    sent = [{"type": "http.request", "body": body, "more_body": False}, {"type": "http.disconnect"}]

    async def receive() -> dict[str, Any]:
        return sent.pop(0) if len(sent) > 1 else sent[0]

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.update(status=message["status"], headers=dict(message["headers"]))
        else:
            answer["body"] += message.get("body", b"")

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": quote(path).encode(),
        "root_path": "",
        "query_string": urlencode(query).encode(),
        "headers": [(b"host", b"127.0.0.1"), (b"authorization", authorization)],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
        "extensions": {},
        "state": {},
    }
    await app(scope, receive, send)
    return answer["status"], answer["body"], answer["headers"]


@pytest.fixture
def valid(contract: Any) -> Any:
    made: dict[str, Any] = {}

    def is_valid(name: str, value: Any) -> bool:
        if name not in made:
            made[name] = contract(name)
        return bool(made[name].is_valid(value))

    return is_valid


def without_nulls(value: Any) -> Any:
    match value:
        case dict():
            return {key: without_nulls(entry) for key, entry in value.items() if entry is not None}
        case list():
            return [without_nulls(entry) for entry in value]
        case _:
            return value


def is_json(body: bytes) -> tuple[bool, Any]:
    try:
        return True, json.loads(body)
    except (ValueError, RecursionError):
        return False, None


@runs
def test_what_is_written_and_asked_for(campaign: bool, valid: Any) -> None:
    written = st.sampled_from(sorted(NOUNS)).flatmap(
        lambda noun: st.tuples(st.just(noun), st.sampled_from(["POST", "PUT", "PATCH"]), NOUNS[noun])
    )
    said: dict[str, tuple[str, str, str]] = {
        "agents": ("AgentCreate", "AgentUpdate", "Agent"),
        "webhook-subscriptions": (
            "WebhookSubscriptionWrite",
            "WebhookSubscriptionPatch",
            "WebhookSubscription",
        ),
    }

    async def write(app: Any, ids: dict[str, str], noun: str, method: str, body: bytes) -> None:
        path = f"/v1/{noun}" if method == "POST" else f"/v1/{noun}/{ids.get(noun, 'gone')}"
        status, told, _ = await ask(app, method, path, {}, b"any", body)
        answer = json.loads(told)
        assert status in (200, 201, 404, 405, 409, 422), (status, told)
        create, update, read = said[noun]
        if status >= 400:
            assert valid("RestError", answer), answer
        else:
            assert valid(read, answer), answer
            ids[noun] = answer["id"]
        fine, wire = is_json(body)
        if (not fine or not isinstance(wire, dict)) and status not in (404, 405):
            assert status == 422, (status, body)
        if status < 300:
            wire = without_nulls(wire)  # which are as good as nothing
            if isinstance(wire.get("voice"), str):  # as one older example has it
                wire["voice"] = {"voice_id": wire["voice"]}
            assert valid(create if method == "POST" else update, wire), (method, wire)

    async def look(app: Any, asked: tuple[Any, ...]) -> None:
        status, told, heads = await ask(app, *asked)
        assert 200 <= status < 500, (asked, status)
        if status >= 400 and told and heads[b"content-type"] == b"application/json":
            answer = json.loads(told)
            assert any(valid(name, answer) for name in ("RestError", "TokenError", "DetailError")), answer
        elif status >= 400:
            assert asked[0] in ("HEAD", "OPTIONS", "QUERY"), (asked, status, told)

    def check(batch: list[tuple[Any, ...]]) -> int:
        emulator = Emulator(
            brain="rules", mouth=BriefMouth(), recognizer=Deaf(), processor=InPlaceProcessor()
        )

        async def main() -> int:
            listening.listen()
            ids: dict[str, str] = {}
            for asked in batch:
                if len(asked) == 3:
                    await write(emulator.app, ids, *asked)
                else:
                    await look(emulator.app, asked)
            status, told, _ = await ask(emulator.app, "GET", "/v1/agents", {}, b"any", b"")
            assert status == 200
            assert valid("AgentList", json.loads(told))
            return len(batch)

        with complaints.none() as listening:
            return run_virtually(main, limit=60)

    some = st.integers(0, 3).flatmap(lambda number: written if number else reads)
    Share("bodies to the emulator", campaign).run(st.lists(some, min_size=8, max_size=16), check)


def test_an_app_that_fails_is_noticed() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(ask(app, "GET", "/", {}, b"", b""))
