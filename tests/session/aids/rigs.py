"""The ways in which a session is held, behind one face: the same stories are played on all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_page import ORIGIN, FakePage
from scripted_service import Script, ScriptedService
from websockets.exceptions import ConnectionClosed

from voicenb.errors import VoicenbError
from voicenb.session import relayed
from voicenb.session.asgi import connector
from voicenb.session.engine import Engine
from voicenb.session.helper_host import HelperHost
from voicenb.session.holding import hold
from voicenb.session.host import Plan
from voicenb.session.limits import Limits
from voicenb.session.microphones import Spoken
from voicenb.session.session import Session
from voicenb.session.speakers import Captured
from voicenb.session.thread_host import ThreadHost
from voicenb.session.transport import Connect
from voicenb.testing.virtual_clock import run_virtually

QUICK = Limits(ready=0.5, update=0.5, goodbye=0.5)


@dataclass
class Outcome:
    """What came of a story."""

    events: list[dict[str, Any]]
    service: list[dict[str, Any]]
    folder: Path
    errors: list[VoicenbError] = field(default_factory=list)

    def types(self, direction: str) -> list[str]:
        kinds = [event["type"] for event in self.events if event["dir"] == direction]
        return [kind for place, kind in enumerate(kinds) if place == 0 or kinds[place - 1] != kind]

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event["msg"] for event in self.events if event["type"] == kind]

    @property
    def states(self) -> list[str]:
        return [record["state"] for record in self.of("state")]

    @property
    def sent(self) -> list[str]:
        kinds = [message["type"] for message in self.service]
        return [kind for place, kind in enumerate(kinds) if place == 0 or kinds[place - 1] != kind]


@dataclass(frozen=True)
class Wait:
    """Wait for an event of that type (behind those waited for before), of which ``where`` holds."""

    kind: str
    where: Callable[[dict[str, Any]], bool] = lambda record: True


@dataclass(frozen=True)
class Do:
    """Give a command and wait for it; an error is kept in the outcome."""

    command: dict[str, Any]


Step = Wait | Do
END = Do({"do": "end"})
OVER = Wait("state", lambda record: record["state"] in ("ended", "lost"))


def plan(service: ScriptedService, folder: Path, session: dict[str, Any], **more: Any) -> Plan:
    return Plan(service.address(), session, folder=folder, about={}, limits=QUICK, **more)


class Rig:
    """Plays stories."""

    name = ""

    def play(
        self,
        script: Script,
        steps: list[Step],
        folder: Path,
        *,
        session: dict[str, Any] | None = None,
        speech: bytes = b"",
    ) -> Outcome:
        raise NotImplementedError


class LiveRig(Rig):
    """What the two hosts of the process have in common."""

    def play(
        self,
        script: Script,
        steps: list[Step],
        folder: Path,
        *,
        session: dict[str, Any] | None = None,
        speech: bytes = b"",
    ) -> Outcome:
        with ScriptedService(script) as service, self.hold(service, folder, session or {}, speech) as held:
            outcome = Outcome(held.events, service.received, folder)
            for step in steps:
                try:
                    if isinstance(step, Do):
                        held.call.request(step.command).result(5)
                    else:
                        held.wait(step)
                except VoicenbError as error:
                    outcome.errors.append(error)
            held.call.request({"do": "end"}).exception(5)
            held.call.done.result(5)
            service.closed.result(5)
            return outcome

    @contextmanager
    def hold(self, service: ScriptedService, folder: Path, session: dict[str, Any], speech: bytes) -> Any:
        raise NotImplementedError


class Held:
    """A call and its events."""

    def __init__(self) -> None:
        import threading

        self.events: list[dict[str, Any]] = []
        self.call: Any = None
        self._changed = threading.Condition()
        self._next = 0

    def publish(self, event: dict[str, Any]) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def wait(self, step: Wait) -> None:
        def found() -> bool:
            while self._next < len(self.events):
                event = self.events[self._next]
                self._next += 1
                if event["type"] == step.kind and step.where(event["msg"]):
                    return True
            return False

        with self._changed:
            assert self._changed.wait_for(found, 5), f"no {step} in {[e['type'] for e in self.events][-20:]}"


class ThreadRig(LiveRig):
    """A thread of this process, over loopback."""

    name = "thread"
    connect: Connect | None = None

    @contextmanager
    def hold(self, service: ScriptedService, folder: Path, session: dict[str, Any], speech: bytes) -> Any:
        held = Held()
        microphone = Spoken(speech, "speech")
        call = plan(service, folder, session, microphone=microphone, speaker=Captured(), connect=self.connect)
        held.call = ThreadHost().hold(call, held.publish)
        yield held


class RelayedRig(ThreadRig):
    """A thread of this process, with its socket in the helper process."""

    name = "relayed"
    connect = staticmethod(relayed.connect)


class HelperRig(LiveRig):
    """The helper process, over loopback, with a page."""

    name = "helper"

    @contextmanager
    def hold(self, service: ScriptedService, folder: Path, session: dict[str, Any], speech: bytes) -> Any:
        held = Held()
        page = FakePage(speech)
        held.call = HelperHost().hold(plan(service, folder, session), held.publish)
        ticket = held.call.request({"do": "page_ticket", "origin": ORIGIN}).result(20)
        with suppress(ConnectionClosed):  # a call that is over by now lets no page in
            page.open(ticket)
        try:
            yield held
        finally:
            page.close()


class MemoryRig(Rig):
    """One virtual loop with the service in it."""

    name = "memory"

    def play(
        self,
        script: Script,
        steps: list[Step],
        folder: Path,
        *,
        session: dict[str, Any] | None = None,
        speech: bytes = b"",
    ) -> Outcome:
        service = ScriptedService(script)
        outcome = Outcome([], service.received, folder)
        engines: list[Engine] = []

        async def wait(step: Wait, place: int) -> int:
            async with asyncio.timeout(5):
                while True:
                    while place < len(outcome.events):
                        event = outcome.events[place]
                        place += 1
                        if event["type"] == step.kind and step.where(event["msg"]):
                            return place
                    await engines[0].changed()

        async def main() -> None:
            async with AsyncExitStack() as stack:
                call = plan(
                    service,
                    folder,
                    session or {},
                    microphone=Spoken(speech, "speech"),
                    speaker=Captured(),
                    connect=connector(service.app),
                )
                group = await stack.enter_async_context(asyncio.TaskGroup())
                holding = group.create_task(hold(call, outcome.events.append, engines.append))
                await asyncio.sleep(0)
                place = 0
                for step in steps:
                    try:
                        if isinstance(step, Do):
                            await engines[0].command(step.command)
                        else:
                            place = await wait(step, place)
                    except VoicenbError as error:
                        outcome.errors.append(error)
                await engines[0].end()
                await holding

        run_virtually(main, limit=120)
        service.closed.result(1)
        return outcome


RIGS = {rig.name: rig for rig in (ThreadRig(), RelayedRig(), HelperRig(), MemoryRig())}

__all__ = ["END", "OVER", "RIGS", "Do", "Outcome", "Rig", "Session", "Step", "Wait"]
