from __future__ import annotations

import json
import math
from typing import Any

import pytest

import voicenb as vn
from voicenb.protocol.calls import ToolCallState
from voicenb.protocol.conversation import Conversation
from voicenb.protocol.lines import Line
from voicenb.session.lost import lost
from voicenb.widgets.shown import (
    call_shown,
    ends_shown,
    error_shown,
    line_shown,
    lines_shown,
    place,
    priced,
    rate_of,
    service_state,
    turn_detection_state,
)


def shown(**facts: Any) -> dict[str, Any]:
    line = line_shown(Line(id="x", started=1.0, **facts))
    return {key: line[key] for key in ("text", "tail", "unheard")}


def test_the_callers_words_are_partial_until_they_are_final() -> None:
    assert shown(role="user", text="A table") == {"text": "", "tail": "A table", "unheard": ""}
    assert shown(role="user", text="A table.", final=True)["text"] == "A table."


def test_the_agents_words_come_as_they_are_heard() -> None:
    assert shown(role="agent", text="Good evening to you.", heard="Good evening", final=True) == {
        "text": "Good evening",
        "tail": "to you.",
        "unheard": "",
    }
    assert shown(role="agent", text="Good.", heard="Good.", final=True)["tail"] == ""


def test_what_was_never_heard_is_told_apart() -> None:
    cut = shown(
        role="agent", text="One two three", heard="One two", unheard="three", interrupted=True, final=True
    )
    assert cut == {"text": "One two", "tail": "", "unheard": "three"}


def test_a_tool_call() -> None:
    call = ToolCallState("c", "free", {"day": "Friday", "n": 4, "who": None}, 2.0, 30.0)
    running = call_shown(call)
    assert running["tool"]["arguments"] == 'day="Friday", n=4, who=null'
    assert running["partial"]
    call.result, call.result_at = "x" * 1000, 2.0384
    ended = call_shown(call)["tool"]
    assert ended["ms"] == 38
    assert len(ended["result"]) == 300


def test_a_call_that_the_service_runs_itself_is_not_left_running() -> None:
    call = ToolCallState("c", "book", {}, 2.0, 30.0, known=False)
    assert call_shown(call)["tool"]["result"] == "run by the service"


@pytest.mark.parametrize(
    ("settings", "running", "name", "detail"),
    [
        (None, False, "adaptive", "· the service's default"),
        (vn.TurnDetection.recommended().to_wire(), False, "recommended", "0.5 · 1400 · 4000"),
        (
            vn.TurnDetection.recommended().to_wire(),
            True,
            "recommended",
            "0.5 · 1400 · 4000 · adaptive off until restart",
        ),
        (vn.TurnDetection.no_interruption().to_wire(), False, "no interruption", "0.5 · 1400 · 4000"),
        ({"min_silence": 600}, False, "custom", "default · 600 · default"),
        ({"interrupt_response": False}, False, "custom", "default · default · default · no interruption"),
        ({}, True, "custom", "default · default · default · adaptive off until restart"),
    ],
)
def test_turn_detection(settings: Any, running: bool, name: str, detail: str) -> None:
    assert turn_detection_state(settings, running=running) == {"name": name, "detail": detail}


@pytest.mark.parametrize(
    ("delay", "mode", "name"),
    [
        (500, None, "patient"),
        (500, "balanced", "patient"),
        (500, "min_latency", "custom"),
        (0, "min_latency", "patient"),
        (300, "balanced", "custom"),
    ],
)
def test_a_preset_with_the_delay_that_its_mode_brings_is_that_preset(
    delay: int, mode: str | None, name: str
) -> None:
    settings = vn.TurnDetection.patient().replace(interruption_delay=delay).to_wire()
    assert turn_detection_state(settings, mode, running=False)["name"] == name


def test_a_service_is_named_without_its_address_or_key() -> None:
    address = vn.Address("wss://agents.example/v1/ws", key="sk-secret", kind="hosted")
    state = service_state(address)
    assert state["service"] == "hosted"
    assert state["cost_rate"] == 4.5
    assert "secret" not in json.dumps(state)
    assert "example" not in json.dumps(state)
    assert service_state(vn.Address("ws://x", kind="address"))["cost_rate"] is None


@pytest.mark.parametrize(("kind", "rate"), [("hosted", 4.5), ("emulator", 0.0), ("address", None)])
def test_a_rate_of_ones_own_takes_the_place_of_the_usual_one(kind: Any, rate: float | None) -> None:
    address = vn.Address("ws://x", kind=kind)
    assert service_state(address)["cost_rate"] == rate
    assert priced(service_state(address), None)["cost_rate"] == rate
    assert priced(service_state(address), 7.0)["cost_rate"] == 7.0
    assert priced(service_state(address), 0.0)["cost_rate"] == 0.0


@pytest.mark.parametrize("rate", [0, 4.5, 3, None])
def test_rates_are_dollars_per_hour(rate: float | None) -> None:
    assert rate_of(rate) == rate


@pytest.mark.parametrize("rate", [-1, math.nan, math.inf, "4.50", True])
def test_what_is_no_rate_is_refused(rate: Any) -> None:
    with pytest.raises(vn.InvalidConfiguration, match=r"cost_rate=.* is no price"):
        rate_of(rate)


def test_the_reply_that_announces_a_call_stands_above_it() -> None:
    call = {"type": "tool.call", "call_id": "c", "name": "free", "arguments": {}}
    started = {"type": "reply.started", "reply_id": "r"}
    words = {"type": "transcript.agent.delta", "reply_id": "r", "delta": "Let me look."}
    conversation = Conversation.replay(
        {"n": n, "t": t, "dir": "in", "type": message["type"], "msg": message}
        for n, (t, message) in enumerate([(2.0001, started), (2.0002, call), (2.1, words)])
    )
    assert [line["role"] for line in lines_shown(conversation)] == ["agent", "tool"]


def test_what_an_answer_cost_stands_above_it() -> None:
    roles = ["tool", "agent", "cost", "yield"]
    lines = sorted(({"role": role, "at": 2.0} for role in roles), key=place)
    assert [line["role"] for line in lines] == ["yield", "cost", "agent", "tool"]


def test_of_an_emulator_that_has_gone_the_panel_names_its_own_button() -> None:
    address = vn.Address("ws://127.0.0.1:4711/v1/ws", kind="emulator", child=True)
    shown = error_shown(lost("closed with 1006", after=5.0, again="", gone=address))
    assert shown["message"] == "The emulator has gone, and the call with it."
    assert shown["remedy"].startswith("Press Start: another one is started.")


@pytest.mark.parametrize(
    ("longest", "idle", "words"),
    [
        (3600.0, 300.0, "The call ends by itself after 60 minutes, or after 5 minutes without a word: "),
        (None, 45.0, "The call ends by itself after 45 s without a word: "),
        (600.0, None, "The call ends by itself after 10 minutes: "),
    ],
)
def test_when_a_call_ends_by_itself(longest: float | None, idle: float | None, words: str) -> None:
    assert ends_shown(longest, idle) == words + "an open session is billed."


def test_a_call_that_goes_on_for_ever() -> None:
    assert ends_shown(None, None) == ""


def test_what_a_service_says_without_a_stop_does_not_run_into_the_remedy() -> None:
    shown = error_shown(vn.ServiceError("The service is at capacity", remedy="Try again in a moment."))
    assert shown == {"message": "The service is at capacity.", "remedy": "Try again in a moment."}
    assert error_shown(vn.ServiceError("No"))["message"] == "No"
