"""A service that goes wrong on purpose, and what the user of a session gets of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brief_mouth import BriefMouth

import voicenb as vn
from voicenb.audio.processor import InPlaceProcessor
from voicenb.emulator.faults import FRAMES
from voicenb.emulator.resources import Deaf

AGENT = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Good evening, this is Lido.")
QUIET = vn.Agent(name="Lido", system_prompt="You take bookings.")


# --- whole calls, on the virtual clock ---


def call(*faults: vn.Fault | str, seconds: float = 5.0, **options: Any) -> tuple[vn.Recording, vn.Emulator]:
    emulator = vn.Emulator(
        brain="rules",
        processor=InPlaceProcessor(),
        mouth=BriefMouth(),
        recognizer=Deaf(),
        faults=faults,
        **options,
    )
    return vn.run(AGENT, [vn.Pause(seconds)], emulator), emulator


def of(recording: vn.Recording, kind: str) -> list[dict[str, Any]]:
    return [event["msg"] for event in recording.events if event["type"] == kind]


def test_a_drop_is_a_gap_in_one_recording() -> None:
    recording, emulator = call(vn.Fault.drop(after=1.5))
    (gap,) = of(recording, "reconnected")
    assert gap["how"] == "resumed"
    assert 0 < gap["gap"] < 1
    assert recording.ended is not None
    assert recording.ended["reason"] == "ended"
    assert of(recording, "error") == []
    assert len(recording.caller) == 5 * 24_000
    (served,) = emulator.sessions
    assert served.received_audio == pytest.approx(5.0, abs=0.05), "the gap's audio has been sent"


def test_drops_again_and_again() -> None:
    recording, emulator = call("drop@1s,times=4", seconds=8)
    assert [gap["how"] for gap in of(recording, "reconnected")] == ["resumed"] * 4
    assert emulator.sessions[0].received_audio == pytest.approx(8.0, abs=0.05)


def test_a_drop_while_a_reply_is_spoken_keeps_what_was_heard() -> None:
    recording, _ = call(vn.Fault.drop(on="reply.audio", skip=20))
    (line,) = recording.transcript
    assert line.text.startswith("Good")
    assert of(recording, "reconnected")[0]["how"] == "resumed"


def test_a_drop_that_the_service_does_not_resume_ends_the_session_and_says_why() -> None:
    with pytest.raises(
        vn.ServiceUnreachable, match="Session not found or grace window has expired"
    ) as caught:
        call("drop@1.5s", profile="live")
    recording = vn.load(caught.value.facts["recording"])
    assert recording.ended is not None
    assert recording.ended["reason"] == "lost"
    assert len(recording.caller) >= 1.5 * 24_000


def test_a_token_that_has_expired_when_the_session_would_resume() -> None:
    with pytest.raises(vn.ServiceUnreachable, match="Authentication failed"):
        call("drop@1s", "expired-token,skip=1")


def test_no_room_when_another_session_would_take_the_place_of_a_lost_one() -> None:
    """The live profile refuses to resume; at the third attempt another session has room."""
    emulator = vn.Emulator(
        brain="rules",
        processor=InPlaceProcessor(),
        mouth=BriefMouth(),
        recognizer=Deaf(),
        profile="live",
        faults=["drop@1s", "capacity,skip=1,times=2"],
    )
    from voicenb.session.asgi import connector
    from voicenb.session.holding import hold
    from voicenb.session.host import Plan
    from voicenb.session.microphones import Spoken
    from voicenb.testing.virtual_clock import run_virtually

    events: list[dict[str, Any]] = []

    async def main() -> None:
        import asyncio

        engines: list[Any] = []
        plan = Plan(
            emulator.address(),
            QUIET.to_session(),
            microphone=Spoken(b"", "silence"),
            connect=connector(emulator.app),
            on_lost="restart",
        )
        holding = asyncio.create_task(hold(plan, events.append, engines.append))
        await asyncio.sleep(20)
        await engines[0].end()
        await holding

    run_virtually(main, limit=60)
    (again,) = [event["msg"] for event in events if event["type"] == "reconnected"]
    assert again["how"] == "restarted"
    assert [fault.kind for fault in emulator.faults.happened] == ["drop", "capacity", "capacity"]


@pytest.mark.parametrize("code", ["at_capacity", "concurrency_exceeded"])
def test_a_service_that_has_no_room_at_first(code: str) -> None:
    """The session begins at the third attempt, by itself."""
    recording, emulator = call(vn.Fault.capacity(code, times=2))
    assert [record["code"] for record in of(recording, "error")] == [code, code]
    assert not any(record["fatal"] for record in of(recording, "error"))
    (first, second, third) = of(recording, "session.update")
    assert first == second == third
    assert len(of(recording, "session.ready")) == 1
    assert of(recording, "reconnected") == []
    (line,) = recording.transcript
    assert (line.text, line.unheard) == (AGENT.greeting, "")
    assert len(recording.caller) == 5 * 24_000
    (served,) = [session for session in emulator.sessions if session.received_audio]
    assert served.received_audio == pytest.approx(5.0, abs=0.05)
    assert recording.ended is not None
    assert recording.ended["reason"] == "ended"


def test_a_service_that_has_no_room_for_long() -> None:
    """After five attempts, within four seconds, it is told."""
    with pytest.raises(vn.ServiceError, match="at capacity") as caught:
        call(vn.Fault.capacity(times=None))
    assert caught.value.code == "at_capacity"
    recording = vn.load(caught.value.facts["recording"])
    assert [record["fatal"] for record in of(recording, "error")] == [False] * 4 + [True]
    assert recording.events[-1]["t"] < 4.5
    assert recording.ended is not None
    assert recording.ended["reason"] == "error"


def test_who_gives_up_while_the_service_has_no_room_leaves_no_session_behind() -> None:
    """Between two attempts nobody is there to say goodbye to, and none is made any more."""
    from voicenb.session.asgi import connector
    from voicenb.session.holding import hold
    from voicenb.session.host import Plan
    from voicenb.session.microphones import Spoken
    from voicenb.testing.virtual_clock import run_virtually

    emulator = vn.Emulator(
        brain="rules",
        processor=InPlaceProcessor(),
        mouth=BriefMouth(),
        recognizer=Deaf(),
        faults=[vn.Fault.capacity(times=1)],
    )
    events: list[dict[str, Any]] = []

    async def main() -> None:
        import asyncio

        engines: list[Any] = []
        refused = asyncio.Event()

        def take(event: dict[str, Any]) -> None:
            events.append(event)
            if event["type"] == "session.error":
                refused.set()

        plan = Plan(
            emulator.address(),
            QUIET.to_session(),
            microphone=Spoken(b"", "silence"),
            connect=connector(emulator.app),
        )
        holding = asyncio.create_task(hold(plan, take, engines.append))
        await refused.wait()
        await asyncio.sleep(0.02)  # into the pause before the next attempt
        await engines[0].end()
        await holding

    run_virtually(main, limit=60)
    assert [event["type"] for event in events if event["dir"] == "out"] == ["session.update"]
    assert not any(event["type"] == "session.ready" for event in events)


def test_where_the_service_has_gone_by_the_next_attempt_the_first_refusal_is_told() -> None:
    from voicenb.service.address import Address
    from voicenb.session.asgi import connector
    from voicenb.session.holding import hold
    from voicenb.session.host import Plan
    from voicenb.session.microphones import Spoken
    from voicenb.session.transport import Transport
    from voicenb.testing.virtual_clock import run_virtually

    emulator = vn.Emulator(
        brain="rules",
        processor=InPlaceProcessor(),
        mouth=BriefMouth(),
        recognizer=Deaf(),
        faults=[vn.Fault.capacity(times=1)],
    )
    there = connector(emulator.app)
    asked: list[Address] = []

    async def connect(address: Address) -> Transport:
        asked.append(address)
        if len(asked) > 1:
            raise vn.ServiceUnreachable("Nobody is there any more.")
        return await there(address)

    async def main() -> BaseException | None:
        engines: list[Any] = []
        plan = Plan(
            emulator.address(),
            QUIET.to_session(),
            microphone=Spoken(b"", "silence"),
            connect=connect,
        )
        await hold(plan, lambda event: None, engines.append)
        error: BaseException | None = engines[0].error
        return error

    error = run_virtually(main, limit=60)
    assert isinstance(error, vn.ServiceError)
    assert error.code == "at_capacity"
    assert len(asked) == 5


def test_what_another_attempt_does_not_help_ends_it_at_once() -> None:
    with pytest.raises(vn.Unauthorized):
        call(vn.Fault.capacity(), "expired-token,skip=1")
    with pytest.raises(vn.ServiceError, match="not ready in time"):
        call("never-ready=3s")


def test_messages_that_come_late_are_a_call_like_any_other_only_later() -> None:
    prompt, _ = call()
    late, _ = call(vn.Fault.delay(1.0))

    def at(recording: vn.Recording, kind: str) -> float:
        return next(float(event["t"]) for event in recording.events if event["type"] == kind)

    for kind in ("session.ready", "reply.started", "reply.done"):
        assert at(late, kind) - at(prompt, kind) == pytest.approx(1.0, abs=0.05), kind
    assert [line.text for line in late.transcript] == [line.text for line in prompt.transcript]
    assert late.ended is not None
    assert late.ended["reason"] == "ended"


@pytest.mark.off_the_contract
@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_that_is_none_of_the_contract_s_is_told_and_the_call_goes_on(name: str) -> None:
    recording, _ = call(vn.Fault.malformed(name, on="reply.started"))
    logs = [record["text"] for record in of(recording, "log")]
    match name:
        case "untyped" | "error":  # errors, which the session survives
            (error,) = [record for record in of(recording, "error") if "kind" in record]
            assert error["message"] == "The model did not answer."
            assert (error["code"], error["fatal"]) == ("upstream_error", False)
        case "unknown":  # stays in the recording as it is
            (kept,) = of(recording, "session.metrics")
            assert kept == {"type": "session.metrics", "latency_ms": 412, "turns": [{"id": 1}]}
        case _:
            (text,) = logs
            assert text.startswith("The service sent a frame that was left out.")
    assert [line.text for line in recording.transcript] == [AGENT.greeting]
    assert recording.ended is not None
    assert recording.ended["reason"] == "ended"


def test_a_slow_reply_is_a_wait_in_the_figures() -> None:
    def answered(*faults: vn.Fault) -> float:
        emulator = vn.Emulator(
            brain="rules",
            processor=InPlaceProcessor(),
            mouth=BriefMouth(),
            recognizer=Hears(),
            leading_silence=0,
            faults=faults,
        )
        words = Path(__file__).parents[1] / "data" / "audio" / "austen-0870.wav"
        recording = vn.run(QUIET, [vn.WavFile(words), vn.Answer(timeout=20)], emulator)
        begun = next(event["t"] for event in recording.events if event["type"] == "transcript.user")
        return float(next(event["t"] for event in recording.events if event["type"] == "reply.audio") - begun)

    assert answered(vn.Fault.slow_reply(6)) - answered() == pytest.approx(6, abs=0.3)


class Hears:
    """Hears one sentence, always the same."""

    name = "fixed"
    cost = 0.0

    def transcribe(self, samples: Any, keyterms: Any = (), expected: Any = ()) -> str:
        del samples, keyterms, expected
        return "Good evening to you."


def test_a_service_that_never_becomes_ready() -> None:
    with pytest.raises(vn.WaitTimeout, match="The service never became ready"):
        call("never-ready")
    with pytest.raises(vn.ServiceError, match="The agent was not ready in time") as caught:
        call("never-ready=3s")
    assert caught.value.code == "agent_timeout"


# --- sessions over loopback, in real time ---


@pytest.fixture
def emulator() -> Iterator[vn.Emulator]:
    with vn.Emulator(brain="rules", mouth=BriefMouth(), recognizer=Deaf(), key="sesame") as emulator:
        yield emulator


def session(emulator: vn.Emulator, **options: Any) -> vn.Session:
    return vn.Session(QUIET, emulator, recording=False, **options)


@pytest.mark.parametrize(
    ("fault", "error", "code", "message"),
    [
        ("capacity,times=5", vn.ServiceError, "at_capacity", "Try again in a moment"),
        (
            "capacity=concurrency_exceeded,times=5",
            vn.ServiceError,
            "concurrency_exceeded",
            "End another session",
        ),
        ("expired-token", vn.Unauthorized, "unauthorized", "Mint a temporary token right before"),
        ("never-ready=0.1s", vn.ServiceError, "agent_timeout", "not ready in time"),
    ],
)
def test_a_session_that_cannot_begin_and_one_that_then_can(
    emulator: vn.Emulator, fault: str, error: type[vn.ServiceError], code: str, message: str
) -> None:
    emulator.faults.add(fault)
    with pytest.raises(error, match=message) as caught:
        session(emulator).start()
    assert caught.value.code == code
    with session(emulator) as good:
        assert good.state == "listening"
    assert len(emulator.faults) == 0


def test_a_connection_that_is_dropped_now_over_a_real_socket(emulator: vn.Emulator) -> None:
    with session(emulator) as running:
        before = running.session_id
        emulator.faults.add(vn.Fault.drop())
        running.wait_for("reconnected", timeout=20)
        assert running.session_id == before
    assert emulator.sessions[0].ended_by == "session.end"


def test_a_connection_that_is_dropped_and_not_had_back(emulator: vn.Emulator) -> None:
    running = session(emulator).start()
    emulator.faults.add(vn.Fault.expired_token(times=None))
    emulator.faults.add(vn.Fault.drop())
    with pytest.raises(vn.ServiceUnreachable, match="Authentication failed"):
        running.wait_for("reconnected", timeout=20)
    running.end()


def test_messages_that_come_late_over_a_real_socket(emulator: vn.Emulator) -> None:
    with session(emulator) as running:
        emulator.faults.add(vn.Fault.delay(0.4))
        began = time.monotonic()
        running.update(system_prompt="Be brief.")
        assert time.monotonic() - began >= 0.4
        emulator.faults.clear()


@pytest.mark.off_the_contract
def test_a_frame_that_is_cut_off_over_a_real_socket(emulator: vn.Emulator) -> None:
    with session(emulator) as running:
        for name in ("cut", "bytes"):
            emulator.faults.add(vn.Fault.malformed(name))
            running.wait_for("log", timeout=10)
        running.update(system_prompt="Be brief.")
    assert [fault.frame for fault in emulator.faults.happened] == ["cut", "bytes"]
