"""A call of some ten seconds that shows what a service does otherwise than the contract says."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from voicenb.agent import Agent
from voicenb.audio.level import first_audible
from voicenb.errors import MissingExtra, VoicenbError
from voicenb.protocol.codec import decode_server
from voicenb.protocol.differences import Difference, differences
from voicenb.protocol.pace import Spoken
from voicenb.recording.layout import is_recording
from voicenb.recording.recording import Recording
from voicenb.service.address import Address
from voicenb.session.events import Event
from voicenb.session.host import Plan
from voicenb.session.opening import ServiceLike, about, locate, tools_of
from voicenb.session.speakers import Muted
from voicenb.session.tool_runner import DaemonThreads, Workers
from voicenb.session.transport import Connect, ConnectionClosed, Transport
from voicenb.testing.call import Call
from voicenb.testing.caller import Caller, Utterance
from voicenb.testing.elsewhere import run_really
from voicenb.testing.moves import Answer, BargeIn, Greeting, Move, Pause, Say

LIMIT = 60.0
"""Seconds that the call may take."""

PATIENCE = 8.0
"""Seconds without a sound of the agent after which the caller gives up."""

GREETING = (
    "Hello. This is a short check of the connection. It takes some ten seconds. "
    "You may interrupt me whenever you like."
)

CHANGE = {"vad_threshold": 0.5, "min_silence": 800, "max_silence": 2500, "interrupt_response": True}
"""The turn detection that the session is given in the middle of the call."""

Stage = Callable[[Callable[[], Coroutine[Any, Any, None]], float], None]
"""Runs the call to its end: a coroutine function, and how many seconds it may take."""


def really(main: Callable[[], Coroutine[Any, Any, None]], limit: float) -> None:
    """Run the call on the real clock."""
    run_really(main, limit=limit)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What came of it.

    Attributes:
        differences: what was otherwise than the contract says, as far as the call came.
        seconds: how long the call took.
        silent: whether the caller had no voice, so that nothing was said to the agent.
        failure: what ended the call before its time; None where it came to its end.
        begun: whether the service said that the session was ready.
    """

    differences: list[Difference]
    seconds: float
    silent: bool = False
    failure: VoicenbError | None = None
    begun: bool = True


def inspect(service: ServiceLike, *, stage: Stage = really, workers: Workers | None = None) -> Inspection:
    """Hold the call and return what was otherwise.

    First somebody without a key is refused, which costs nothing. In the call the caller interrupts the
    greeting, asks for something that needs the agent's tool, and says goodbye into the silence; in between
    the turn detection is changed. Where no voice is installed the caller is silent.

    Args:
        service: hosted service, emulator, or an address.
        stage: the clock that the call runs on.
        workers: where the agent's tool runs.

    Raises:
        VoicenbError: why the call could not begin.
    """
    caller = _caller()
    address, connect = locate(service)
    refusal: list[Event] = []
    failure = None
    with tempfile.TemporaryDirectory(prefix="voicenb-") as folder:
        where = Path(folder) / "call"
        plan = _plan(address, connect, caller, where)

        async def hold() -> None:
            refusal.extend(await _refusal(address, connect))
            await _InspectedCall(plan, tools_of(_agent()), workers or DaemonThreads()).run()

        try:
            stage(hold, LIMIT)
        except VoicenbError as error:
            if not _answered(where):
                raise
            failure = error
        call = Recording(where)
        found = differences(call.events, spoken=_spoken(call, caller.truth), leads=_leads(call))
        silent = not any(isinstance(move, Say) for move in caller.script)
        begun = any((event["dir"], event["type"]) == ("in", "session.ready") for event in call.events)
        return Inspection([*differences(refusal), *found], call.duration, silent, failure, begun)


def _answered(folder: Path) -> bool:
    """Whether the service said anything at all."""
    return is_recording(folder) and any(event["dir"] == "in" for event in Recording(folder).events)


async def _refusal(address: Address, connect: Connect | None) -> list[Event]:
    """What somebody hears who comes without a key; nothing where the handshake was refused already."""
    from voicenb.session import web

    try:
        transport = await (connect or web.connect)(replace(address, key=""))
    except VoicenbError:
        return []
    try:
        async with asyncio.timeout(PATIENCE):
            return await _until_closed(transport)
    except TimeoutError:
        return []  # it lets anybody in, or waits for a first message
    finally:
        await transport.close()


async def _until_closed(transport: Transport) -> list[Event]:
    events: list[Event] = []
    while True:
        try:
            message, record = decode_server(await transport.receive())
        except ConnectionClosed:
            return events
        events.append({"t": 0.0, "dir": "in", "type": message.type, "msg": record})


def _caller() -> Caller:
    script: list[Move] = [
        BargeIn("A table for four on Friday, please.", after=1.6, timeout=PATIENCE),
        Answer(PATIENCE),
        Pause(0.3),
        Say("Goodbye."),
        Pause(1.6),
    ]
    caller = Caller(script, label="inspection")
    try:
        caller.prepare()
    except MissingExtra:
        return Caller([Greeting(PATIENCE), Pause(2.0)], label="inspection, silent")
    return caller


def _agent() -> Agent:
    agent = Agent(
        name="Inspection", system_prompt="You take bookings for Lido. Short and warm.", greeting=GREETING
    )

    @agent.tool
    def free_tables(day: str, people: int) -> list[str]:
        """Get the free times on a day. Use when the caller wants to book a table.

        Args:
            day: weekday, e.g. "Friday".
            people: size of the party, e.g. 4.
        """
        del day, people
        return ["19:00"]

    return agent


def _plan(address: Address, connect: Connect | None, caller: Caller, folder: Path) -> Plan:
    agent, speaker = _agent(), Muted()
    settings = agent.to_session()
    return Plan(
        address,
        settings,
        folder=folder,
        about=about(agent, settings, address, caller.label, speaker.label),
        microphone=caller,
        speaker=speaker,
        connect=connect,
    )


class _InspectedCall(Call):
    """The call; it changes the turn detection when the first reply is over."""

    _changed = False

    def _take(self, event: Event) -> None:
        super()._take(event)
        if not self._changed and (event["dir"], event["type"]) == ("in", "reply.done"):
            self._changed = True
            # The conversation takes the message behind this event.
            change = {"do": "update", "session": {"input": {"turn_detection": CHANGE}}}
            asyncio.get_running_loop().call_soon(self._command, change)


def _spoken(call: Recording, truth: list[Utterance]) -> list[Spoken]:
    """What the caller said, on the engine's clock."""
    pieces = call.said_pieces()

    def at(sample: int) -> float:
        shift = next((to - start for start, count, to in reversed(pieces) if start <= sample), 0)
        return (sample + shift) / call.rate

    return [Spoken(at(said.start), at(said.stop)) for said in truth]


def _leads(call: Recording) -> dict[str, float]:
    """Seconds of silence that each reply begins with; those without a sound are left out."""
    leads = {}
    for reply in call.conversation.replies:
        runs = [call.agent[start : start + count] for _, start, count in call.sound(reply)]
        if runs and (first := first_audible(np.concatenate(runs) / 32768, call.rate)) is not None:
            leads[reply] = first / call.rate
    return leads
