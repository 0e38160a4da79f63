"""The same conversation with the real emulator, over every host and transport, and on the virtual clock."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from brief_mouth import BriefMouth
from fake_page import ORIGIN, FakePage

import voicenb as vn
from voicenb.audio.processor import InPlaceProcessor
from voicenb.audio.speech import synthesise
from voicenb.emulator.ears.moonshine import Moonshine
from voicenb.session.asgi import connector
from voicenb.session.engine import Engine
from voicenb.session.helper_host import HelperHost
from voicenb.session.holding import hold
from voicenb.session.host import Plan
from voicenb.session.microphones import Says
from voicenb.session.mirror import Mirror
from voicenb.session.session import Session
from voicenb.session.speakers import Captured
from voicenb.session.tool_runner import ToolRunner
from voicenb.testing.virtual_clock import run_virtually

WORDS = "A table for four on Friday, please."


def lido() -> vn.Agent:
    agent = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Good evening.")

    @agent.tool
    def free_tables(day: str, people: int) -> list[str]:
        """Get the free times on a day. Use when the caller wants to book a table.

        Args:
            day: weekday, e.g. "Friday".
            people: size of the party, e.g. 4.
        """
        return ["19:00", "20:30"]

    return agent


def check(recording: vn.Recording) -> None:
    (call,) = recording.tool_calls
    assert call.arguments == {"day": "Friday", "people": 4}
    assert call.result == '["19:00", "20:30"]'
    roles = [line.role for line in recording.transcript]
    assert roles[:2] == ["agent", "user"]
    assert roles[-1] == "agent"
    assert recording.transcript[0].text == "Good evening."
    assert recording.transcript[-1].unheard == ""
    assert recording.ended is not None
    assert recording.ended["reason"] == "ended"
    assert recording.events[-1]["type"] != "error"


def converse(session: Session) -> vn.Recording:
    with session:
        session.wait_for("tool.call", timeout=20)
        session.wait_until_answered(timeout=20)
    assert session.recording is not None
    return session.recording


def test_on_a_thread(moonshine: Moonshine) -> None:
    with vn.Emulator(brain="rules", mouth=BriefMouth(), recognizer=moonshine) as emulator:
        check(converse(Session(lido(), emulator, microphone=Says(WORDS, before=0.8))))


def test_in_the_helper(moonshine: Moonshine) -> None:
    page = FakePage(bytes(38_400) + synthesise(WORDS))
    with vn.Emulator(brain="rules", mouth=BriefMouth(), recognizer=moonshine) as emulator:
        session = Session(lido(), emulator, host=HelperHost()).start()
        page.open(session.page_ticket(ORIGIN))
        check(converse(session))
    page.close()


def virtually(folder: Path) -> list[dict[str, Any]]:
    agent = lido()
    events: list[dict[str, Any]] = []

    async def main() -> None:
        emulator = vn.Emulator(brain="rules", processor=InPlaceProcessor())
        plan = Plan(
            emulator.address(),
            agent.to_session(),
            folder=folder,
            about={"agent": {"name": "Lido"}, "started": "2026-01-01T00:00:00Z"},
            microphone=Says(WORDS, before=1.5),
            speaker=Captured(),
            connect=connector(emulator.app),
        )
        engines: list[Engine] = []
        async with asyncio.TaskGroup() as group:

            def give(command: dict[str, Any]) -> object:
                return group.create_task(engines[0].command(command))

            tools = ToolRunner({tool.name: tool for tool in agent.tools}, give, InPlaceProcessor())  # type: ignore[misc]
            mirror = Mirror(lambda call: group.create_task(tools.run(call)))

            def publish(event: dict[str, Any]) -> None:
                events.append(event)
                mirror.take(event)

            holding = group.create_task(hold(plan, publish, engines.append))
            await asyncio.sleep(0)
            async with asyncio.timeout(60):
                while not (mirror.conversation.calls and mirror.conversation.answered):
                    await engines[0].changed()
            await engines[0].end()
            await holding

    run_virtually(main)
    return events


def test_on_the_virtual_clock_the_same_bytes_every_time(tmp_path: Path) -> None:
    virtually(tmp_path / "one")
    check(vn.load(tmp_path / "one"))
    virtually(tmp_path / "two")
    for name in ("caller.wav", "agent.wav", "events.jsonl", "session.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_the_mirror_agrees_with_the_recording(tmp_path: Path) -> None:
    events = virtually(tmp_path / "call")
    assert [event["n"] for event in events] == [event["n"] for event in vn.load(tmp_path / "call").events]


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICENB_BRAIN", "rules")


def test_without_a_service_an_emulator_is_started(tmp_path: Path) -> None:
    from voicenb.session.emulator_child import emulator_child

    with Session(lido(), recording=tmp_path / "call") as session:
        session.wait_for("reply.done", timeout=20)
        assert session.address is not None
        assert session.address.label == "emulator · contract · rules"
        first = emulator_child().address()
        assert emulator_child().address() == first
    emulator_child().stop()
    assert not emulator_child().running


def test_words_can_be_put_into_a_callers_mouth(moonshine: Moonshine) -> None:
    with (
        vn.Emulator(mouth=BriefMouth(), recognizer=moonshine) as emulator,
        vn.Session(lido(), service=emulator) as session,
    ):
        session.say(WORDS)
        assert session.wait_for("tool.call", timeout=20).arguments == {"day": "Friday", "people": 4}
        with pytest.raises(vn.UnspeakableText):
            session.say("…")
