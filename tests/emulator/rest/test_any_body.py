"""Whatever is sent, the answer is the contract's and never a fault."""

from __future__ import annotations

import asyncio
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

AGENT = {
    "name": "Lido",
    "system_prompt": "You take bookings.",
    "voice": {"voice_id": "ivy"},
    "greeting": "Hello.",
    "tools": [{"name": "look", "parameters": {"type": "object"}}],
    "input": {"turn_detection": {"min_silence": 700}, "keyterms": ["Lido"]},
    "output": {"volume": 50},
    "llm": [],
}
HOOK = {
    "url": "https://example.com/hook",
    "events": ["session.started", "session.completed"],
    "secret": "s" * 32,
    "agent_id": None,
    "enabled": True,
}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def bodies(good):
    """Any value; often a good body of which one field is another one."""
    changed = st.tuples(st.sampled_from(sorted(good)), values).map(
        lambda change: {**good, change[0]: change[1]}
    )
    parts = st.sets(st.sampled_from(sorted(good))).map(lambda keys: {key: good[key] for key in keys})
    return changed | parts | values


BODIES = {"agents": bodies(AGENT), "webhook-subscriptions": bodies(HOOK)}
requests = st.sampled_from(sorted(BODIES)).flatmap(
    lambda noun: st.tuples(
        st.just(noun), st.sampled_from(["POST", "PUT", "PATCH", "GET", "DELETE"]), BODIES[noun]
    )
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked=requests)
def test_any_body(plain_emulator, rest, valid, asked):
    noun, method, body = asked
    emulator = plain_emulator()
    content = json.dumps(body).encode()

    async def main():
        path = f"/v1/{noun}"
        if method != "POST":
            good = AGENT if noun == "agents" else HOOK
            created = await rest(emulator.app, "POST", path, good)
            path = f"{path}/{created.json()['id']}"
        answer = await rest(emulator.app, method, path, content=content)
        if method in ("POST", "PUT", "PATCH") and answer.status_code < 300:
            again = await rest(emulator.app, "GET", f"/v1/{noun}/{answer.json()['id']}")
            assert again.json() == answer.json()
        return answer

    answer = asyncio.run(main())
    assert answer.status_code in (200, 201, 204, 404, 405, 409, 422)
    if answer.status_code >= 400:
        valid("RestError", answer.json())
    elif answer.status_code != 204:
        valid("Agent" if noun == "agents" else "WebhookSubscription", answer.json())


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    noun=st.sampled_from(["agents", "sessions", "webhook-subscriptions"]),
    query=st.dictionaries(
        st.sampled_from(["limit", "cursor", "status", "agent_id", "more"]),
        st.text(max_size=12) | st.integers(-5, 300).map(str),
        max_size=4,
    ),
)
def test_any_question(plain_emulator, rest, valid, noun, query):
    answer = asyncio.run(rest(plain_emulator().app, "GET", f"/v1/{noun}", params=query))
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        valid("RestError", answer.json())
