"""A policy at work in a session, live and on the virtual clock."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from brief_mouth import BriefMouth
from scripted_service import Peer, ScriptedService

import voicenb as vn
from voicenb.audio.processor import InPlaceProcessor
from voicenb.errors import InvalidConfiguration
from voicenb.protocol.settings import at_path

PLACE = "input.turn_detection.min_silence"
AGENT = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Good evening.")


def changes(events: list[Any]) -> list[tuple[str, Any]]:
    """What was noted of policies, what was sent and what was confirmed, in order."""
    told = []
    for event in events:
        message = event["msg"]
        match event["type"]:
            case "policy":
                told.append((message["name"], at_path(message["session"], PLACE)))
            case "session.update" if at_path(message, f"session.{PLACE}"):
                told.append(("sent", at_path(message, f"session.{PLACE}")))
            case "session.updated":
                told.append(("confirmed", at_path(message, f"config.{PLACE}")))
            case _:
                pass
    return told


STORY = [
    ("AfterQuestion", 2200),
    ("sent", 2200),
    ("confirmed", 2200),
    ("AfterQuestion", 1400),
    ("sent", 1400),
    ("confirmed", 1400),
]


def test_on_the_virtual_clock(tmp_path: Path) -> None:
    def brain(text: str) -> str:
        return "For how many people?" if "table" in text else "Thank you."

    caller = vn.Caller([vn.Answer(), "A table, please.", vn.Answer(), "For four.", vn.Answer()])
    call = vn.run(AGENT, caller, brain=brain, policy=vn.AfterQuestion(), recording=tmp_path / "call")
    assert changes(call.events) == STORY


def test_live() -> None:
    async def asks(peer: Peer) -> None:
        config = await peer.ready()
        for text, kind in (("When?", "transcript.agent"), ("At eight.", "transcript.user")):
            await peer.say(kind, text=text, item_id="i", reply_id="r", interrupted=False)
            update = await peer.expect("session.update")
            await peer.say("session.updated", config={**config, **update["session"]})
        await peer.goodbye()

    with ScriptedService(asks) as service:
        with vn.Session(AGENT, service.address(), policy=vn.AfterQuestion(), recording=False) as session:
            for _ in range(2):
                session.wait_for("session.updated", timeout=10)
        assert changes(session.events) == STORY


class Faulty:
    """Wants what cannot be, fails, and wants what the service refuses."""

    def decide(self, event: Mapping[str, Any]) -> Mapping[str, Any] | None:
        if event["type"] == "transcript.user":
            match event["msg"]["text"]:
                case "one":
                    return {"min_silence": 5}
                case "two":
                    raise RuntimeError("lost the thread")
                case "three":
                    return {"system_prompt": "Refuse me."}
        return None


def test_what_goes_wrong_in_it_is_told_and_harms_nobody() -> None:
    async def script(peer: Peer) -> None:
        await peer.ready()
        for text in ("one", "two", "three"):
            await peer.say("transcript.user", text=text, item_id=text)
        await peer.expect("session.update")
        await peer.say("session.error", code="invalid_value", message="No.", param="system_prompt")
        await peer.goodbye()

    with ScriptedService(script) as service:
        with vn.Session(AGENT, service.address(), policy=Faulty(), recording=False) as session:
            told = [session.wait_for("log", timeout=10)["msg"]["text"] for _ in range(3)]
        assert session.failure is None
    assert all(text.startswith("Faulty could not change the settings: ") for text in told)
    assert "min_silence" in told[0]
    assert "lost the thread" in told[1]
    assert "No (system_prompt)." in told[2]


def test_each_session_has_a_copy_of_it() -> None:
    policy = vn.AfterQuestion()
    emulator = vn.Emulator(brain=lambda text: "When?", mouth=BriefMouth(), processor=InPlaceProcessor())
    vn.run(AGENT, vn.Caller([vn.Answer(), "Hello.", vn.Answer()]), emulator, policy=policy)
    assert not policy._waits


def test_what_is_no_policy_is_refused() -> None:
    with pytest.raises(InvalidConfiguration, match="is no policy"):
        vn.Session(AGENT, policy=vn.AfterQuestion)  # type: ignore[arg-type]
    with pytest.raises(InvalidConfiguration, match="is no policy"):
        vn.run(AGENT, ["Hello."], policy=5)  # type: ignore[arg-type]
