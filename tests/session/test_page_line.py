"""The page's own socket as the engine's transport: the same session as from the kernel, however far it is."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from brief_mouth import BriefMouth
from line_page import LinePage
from scripted_service import Peer, Script, ScriptedService

import voicenb as vn
from voicenb.analysis.measure import Measure
from voicenb.audio.pcm import to_pcm
from voicenb.audio.processor import InPlaceProcessor
from voicenb.audio.speech import synthesise
from voicenb.audio.wav import load_wav
from voicenb.recording.library import load
from voicenb.service.address import Address
from voicenb.service.place import Place
from voicenb.session import page_line
from voicenb.session.asgi import connector
from voicenb.session.commands import perform
from voicenb.session.engine import Engine
from voicenb.session.giving_way import GAIN
from voicenb.session.holding import hold
from voicenb.session.host import Plan
from voicenb.session.limits import Limits
from voicenb.session.microphones import Spoken
from voicenb.session.page import Page
from voicenb.session.page_clock import PageClock
from voicenb.session.page_line import PageLine
from voicenb.session.page_mirror import Came, Over
from voicenb.session.page_outbox import Outbox
from voicenb.session.speakers import Captured
from voicenb.session.transport import SILENT, Connect, ConnectionClosed
from voicenb.testing.virtual_clock import run_virtually

CLIPS = Path(__file__).parents[1] / "data" / "audio"
TOKEN = "a-token/of+one=session&only"
MINTED = page_line.minted


@pytest.fixture(autouse=True)
def _tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service is in memory: its tokens are not asked for over the web, and pass as keys do."""

    async def minted(address: Address) -> str:
        assert address.key
        return address.key if address.kind == "emulator" else TOKEN

    monkeypatch.setattr(page_line, "minted", minted)


class Held:
    """A session whose page holds the socket, on the virtual clock."""

    def __init__(self, connect: Connect, speech: bytes, travel: float) -> None:
        self.events: list[dict[str, Any]] = []
        self.page = Page(lambda muted: None, holds_line=True)
        self.line_page = LinePage(self.page, connect, speech, travel)
        self.engines: list[Engine] = []
        self._connect, self._speech, self._travel = connect, speech, travel

    @property
    def engine(self) -> Engine:
        return self.engines[0]

    def another(self) -> LinePage:
        return LinePage(self.page, self._connect, self._speech, self._travel)

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [event["msg"] for event in self.events if event["type"] == kind]

    async def until(self, found: Callable[[], Any]) -> None:
        async with asyncio.timeout(60):
            while not found():
                await self.engine.changed()


async def straight(
    address: Address,
    connect: Connect,
    tell: Callable[[Held], Awaitable[None]],
    folder: Path,
    *,
    session: dict[str, Any] | None = None,
    speech: bytes = b"",
    travel: float = 0.15,
    on_lost: str = "end",
    barge_in: str = "flush",
) -> Held:
    held = Held(connect, speech, travel)
    line = held.page.line
    assert line is not None
    plan = Plan(
        address,
        session or {},
        folder=folder,
        microphone=held.page.microphone,
        speaker=held.page.speaker,
        connect=line.connect,
        limits=Limits(goodbye=1.0),
        on_lost=on_lost,  # type: ignore[arg-type]
        barge_in=barge_in,  # type: ignore[arg-type]
        processor=InPlaceProcessor(),
    )
    holding = asyncio.create_task(hold(plan, held.events.append, held.engines.append))
    await asyncio.sleep(0)
    await held.line_page.come()
    await tell(held)
    await held.engine.end()
    await holding
    await held.page.close()
    await held.line_page.close()
    return held


def scripted(
    tell: Callable[[Held], Awaitable[None]], folder: Path, *scripts: Script, **more: Any
) -> tuple[Held, ScriptedService]:
    service = ScriptedService(*scripts)

    async def main() -> Held:
        return await straight(service.address(), connector(service.app), tell, folder, **more)

    return run_virtually(main, limit=120), service


TONE = b"".join(n.to_bytes(2, "little") for n in range(1, 24_001))
"""A second in which each sample has a value of its own."""


def caller(folder: Path) -> bytes:
    return (folder / "caller.wav").read_bytes()[44:]


async def listening(held: Held) -> None:
    await held.until(lambda: {"state": "listening"} in held.told("state"))


# --- while the caller speaks over the agent ---------------------------------------------------------------


def test_an_ear_on_the_kernel_s_side_makes_the_page_quieter(tmp_path: Path) -> None:
    clip = load_wav(CLIPS / "cards-001.wav").samples
    speech = to_pcm(np.concatenate([np.zeros(48_000, np.float32), clip, np.zeros(48_000, np.float32)]))

    async def hums(peer: Peer) -> None:
        await peer.ready()
        await peer.reply("r1", "Hum.", TONE * 8)
        await asyncio.sleep(4.0)
        await peer.say("input.speech.started")
        await peer.goodbye()

    async def confirmed(held: Held) -> None:
        held.line_page.paced = True
        await held.until(lambda: len(held.told("ducked")) == 2)

    travel = 0.15
    held, _ = scripted(confirmed, tmp_path, hums, speech=speech, travel=travel, barge_in="duck")
    (quieter, _), (back, _) = held.line_page.gains
    assert [gain for _, gain in held.line_page.gains] == [GAIN, 1.0]
    onset = held.told("duck")[0]["onset"]
    # There and back, and what the page and the ear gather.
    assert 2 * travel < quieter - onset < 2 * travel + 0.3
    assert back - quieter > 1.0
    assert held.told("ducked")[0]["t"] == pytest.approx(quieter, abs=0.05)
    assert held.told("duck")[1]["why"] == "confirmed"


def test_a_page_is_told_to_wait_with_the_address_and_when_that_changes(tmp_path: Path) -> None:
    async def changes(held: Held) -> None:
        await listening(held)
        await perform(held.engine, {"do": "barge_in", "mode": "flush"})
        await perform(held.engine, {"do": "barge_in", "mode": "wait"})
        await asyncio.sleep(1.0)

    async def silent(peer: Peer) -> None:
        await peer.ready()
        await peer.goodbye()

    held, _ = scripted(changes, tmp_path, silent, barge_in="wait")
    assert held.line_page.waits[-3:] == [True, False, True]


# --- the same session ------------------------------------------------------------------------------------


async def talks(peer: Peer) -> None:
    await peer.ready()
    await peer.reply("r1", "Good evening.", TONE[:9600])
    for _ in range(25):
        await peer.expect("input.audio")
    await peer.say("input.speech.started")
    for _ in range(20):
        await peer.expect("input.audio")
    await peer.say("input.speech.stopped")
    await peer.say("transcript.user", text="Hello.", item_id="i1")
    await peer.reply("r2", "Hello.", TONE[:4800])
    await peer.goodbye()


async def both_replies(held: Held) -> None:
    await held.until(lambda: any(m["reply_id"] == "r2" and m["to"] == 2400 for m in held.told("heard")))


def test_the_recording_is_the_one_that_the_kernel_would_have_made(tmp_path: Path) -> None:
    held, _ = scripted(both_replies, tmp_path / "page", talks, speech=TONE)
    events: list[dict[str, Any]] = []

    async def from_here() -> None:
        again = ScriptedService(talks)
        engines: list[Engine] = []
        speaker = Captured()
        plan = Plan(
            again.address(),
            {},
            folder=tmp_path / "kernel",
            microphone=Spoken(TONE, "speech"),
            speaker=speaker,
            connect=connector(again.app),
            limits=Limits(goodbye=1.0),
        )
        holding = asyncio.create_task(hold(plan, events.append, engines.append))
        await asyncio.sleep(0)
        async with asyncio.timeout(60):
            while not any(e["type"] == "heard" and e["msg"]["reply_id"] == "r2" for e in events):
                await engines[0].changed()
        await asyncio.sleep(0.1)
        await engines[0].end()
        await holding

    run_virtually(from_here, limit=60)

    def came(all_events: list[dict[str, Any]]) -> list[tuple[str, float]]:
        """What the service said up to the second reply, and how long after it was ready."""
        found = [(e["type"], e["t"]) for e in all_events if e["dir"] == "in"]
        ready = found[0][1]
        return [(kind, round(t - ready, 3)) for kind, t in found if kind != "session.ended"]

    assert came(held.events) == came(events)
    assert [m for e in held.events if (m := e["msg"]) and e["dir"] == "in"][1:-1] == [
        m for e in events if (m := e["msg"]) and e["dir"] == "in"
    ][1:-1]
    recording = load(tmp_path / "page")
    assert recording.finished
    assert (recording.agent == load(tmp_path / "kernel").agent).all()
    assert [line.text for line in recording.transcript] == ["Good evening.", "Hello.", "Hello."]


def test_what_is_sent_has_the_time_at_which_the_page_sends_it(tmp_path: Path) -> None:
    held, _ = scripted(both_replies, tmp_path / "call", talks, speech=TONE)
    sent = [event["t"] for event in held.events if event["dir"] == "out" and event["type"] != "input.audio"]
    assert len(sent) == 2
    assert sent == pytest.approx(held.line_page.passed_on, abs=0.001)


def test_what_the_page_sent_is_the_callers_track_sample_for_sample(tmp_path: Path) -> None:
    held, service = scripted(both_replies, tmp_path / "call", talks, speech=TONE)
    received = b"".join(base64.b64decode(m["audio"]) for m in service.received if m["type"] == "input.audio")
    assert received
    assert caller(tmp_path / "call") == received == bytes(held.line_page.sent)


# --- the token -------------------------------------------------------------------------------------------


def test_the_page_gets_a_token_and_the_recording_does_not(tmp_path: Path) -> None:
    async def gossips(peer: Peer) -> None:
        await peer.ready(note=f"you came with {TOKEN}")
        await peer.say("session.error", code="invalid_format", message=f"?token={TOKEN}")
        await peer.goodbye()

    async def tell(held: Held) -> None:
        await held.until(lambda: held.told("session.error"))

    held, _ = scripted(tell, tmp_path / "call", gossips)
    assert held.line_page.urls == ["ws://127.0.0.1:0/v1/ws?token=a-token%2Fof%2Bone%3Dsession%26only"]
    written = b"".join(path.read_bytes() for path in (tmp_path / "call").iterdir())
    assert TOKEN.encode() not in written
    assert TOKEN not in repr(held.events)
    assert "you came with [redacted]" in repr(held.told("session.ready"))


def test_a_page_that_gets_no_connection_says_why(tmp_path: Path) -> None:
    async def tell(held: Held) -> None:
        held.line_page.refuses = "closed with 1006"
        await held.until(lambda: held.told("error"))

    held, service = scripted(tell, tmp_path / "call")
    (error,) = held.told("error")
    assert error["message"] == "The browser got no connection to ws://127.0.0.1:0/v1/ws: closed with 1006."
    assert "on the kernel's own machine" in error["remedy"]
    assert service.received == []


# --- pages that go, and come back ------------------------------------------------------------------------


def test_another_page_goes_on_with_a_token_of_its_own(tmp_path: Path) -> None:
    async def waits(peer: Peer) -> None:
        await peer.ready()
        await peer.expect("session.end")

    async def goes_on(peer: Peer) -> None:
        await peer.expect("session.resume")
        await peer.say("session.ready", session_id="sess_1", config={})
        await peer.reply("r1", "Where were we?", TONE[:4800])
        await peer.goodbye()

    others: list[LinePage] = []

    async def tell(held: Held) -> None:
        await listening(held)
        await asyncio.sleep(0.41)
        others.append(held.another())
        await others[
            0
        ].come()  # it takes over; the first one's sound that is on its way is of no use any more
        await held.until(lambda: held.told("reconnected"))
        await held.until(lambda: any(m["to"] == 2400 for m in held.told("heard")))
        assert held.line_page.taken

    held, _ = scripted(tell, tmp_path / "call", waits, goes_on, speech=TONE)
    assert held.told("reconnected")[0]["how"] == "resumed"
    assert len(held.line_page.urls) == len(others[0].urls) == 1
    assert others[0].frames[0] == '{"type":"session.resume","session_id":"sess_1"}'
    recording = load(tmp_path / "call")
    assert recording.finished
    assert (recording.ended or {})["reason"] == "ended"
    assert caller(tmp_path / "call").endswith(bytes(others[0].sent))


def test_a_page_that_is_loaded_anew_has_the_answer_asked_for_that_it_cut_short(tmp_path: Path) -> None:
    """The page ends its session when it goes; in the one that takes its place nobody has been answered."""
    begun: list[dict[str, Any]] = []

    async def script(peer: Peer) -> None:
        begun.append(await peer.ready())
        if len(begun) == 1:
            await peer.say("input.speech.started")
            await peer.say("input.speech.stopped")
            await peer.say("transcript.user", text="A table for four.", item_id="i1")
            await peer.expect("session.end")
            return
        await peer.expect("reply.create")
        await peer.reply("r1", "At eight?", TONE[:4800])
        await peer.goodbye()

    async def tell(held: Held) -> None:
        await held.until(lambda: held.told("transcript.user"))
        await held.line_page.go()
        await held.until(lambda: {"state": "reconnecting"} in held.told("state"))
        await held.another().come()
        await held.until(lambda: any(m["reply_id"] == "r1" and m["to"] == 2400 for m in held.told("heard")))

    held, _ = scripted(tell, tmp_path / "call", script, on_lost="restart")
    assert [facts["how"] for facts in held.told("reconnected")] == ["restarted"]
    assert len(held.told("reply.create")) == 1
    assert "Caller: A table for four." in begun[1]["system_prompt"]
    assert [line.text for line in load(tmp_path / "call").transcript] == ["A table for four.", "At eight?"]


def test_without_a_page_the_session_is_lost_in_the_end(tmp_path: Path) -> None:
    async def tell(held: Held) -> None:
        await listening(held)
        await held.line_page.go()
        await held.until(lambda: {"state": "reconnecting"} in held.told("state"))
        await held.until(lambda: held.told("error"))

    held, _ = scripted(tell, tmp_path / "call")
    assert "No page is there that could connect." in held.told("error")[0]["message"]
    assert load(tmp_path / "call").finished


def test_a_page_that_goes_while_a_token_is_asked_for_is_not_waited_for(tmp_path: Path) -> None:
    asked, took = asyncio.Event(), 0.0

    async def slow(address: Address) -> str:
        asked.set()
        await asyncio.sleep(8.0)
        return TOKEN

    async def tell(held: Held) -> None:
        nonlocal took
        loop = asyncio.get_running_loop()
        await asked.wait()
        began = loop.time()
        await held.line_page.go()
        await held.until(lambda: held.told("error"))
        took = loop.time() - began

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_line, "minted", slow)
        held, service = scripted(tell, tmp_path / "call")
    assert "The page went while a token was asked for." in held.told("error")[0]["message"]
    assert took < 1.0
    assert held.line_page.urls == []
    assert service.received == []


def test_one_that_comes_at_once_for_a_page_that_goes_has_the_token_that_is_asked_for() -> None:
    async def main() -> list[Any]:
        asked, reached = asyncio.Event(), Outbox(lambda lost: None)

        async def slow(address: Address) -> str:
            asked.set()
            await asyncio.sleep(8.0)
            return TOKEN

        line = PageLine(PageClock(), reached, lambda: "direct", slow)
        line.attach()
        reaching = asyncio.create_task(line.connect(Address("ws://x", key="k")))
        await asked.wait()
        line.detach()
        line.attach()
        message = asyncio.create_task(reached.get())
        await asyncio.wait({reaching, message}, return_when=asyncio.FIRST_COMPLETED)
        assert message.done(), reaching.exception()
        reaching.cancel()
        return [message.result()]

    (told,) = run_virtually(main)
    assert told["type"] == "reach"


def test_a_token_is_asked_for_at_the_same_server_as_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Asked:
        def __init__(self, key: str, *, host: str) -> None:
            asked.append(Place.named(host, None).rest)

        def token(self) -> str:
            return TOKEN

    monkeypatch.setattr("voicenb.service.hosted.Hosted", Asked)
    hub = Address("wss://hub.example/user/ada/proxy/8765/v1/ws?x=1", key="k")
    assert asyncio.run(MINTED(hub)) == TOKEN
    assert asked == ["https://hub.example/user/ada/proxy/8765"]


def test_of_a_connection_that_was_closed_nothing_more_is_kept() -> None:
    async def main() -> None:
        page = Page(lambda muted: None, holds_line=True)
        assert page.line is not None
        transport = page_line.PageTransport(1, TOKEN, page.line)
        transport.put(Came(1, 0.0, b"{}"), 0.0)
        await transport.close()
        for n in range(100):
            transport.put(Came(1, float(n), bytes(1000)), float(n))
        assert not transport._waiting
        with pytest.raises(ConnectionClosed):
            await transport.receive()
        await page.close()

    run_virtually(main)


def test_a_page_whose_socket_is_stuck_says_for_how_long() -> None:
    async def main() -> None:
        page = Page(lambda muted: None, holds_line=True)
        assert page.line is not None
        transport = page_line.PageTransport(1, TOKEN, page.line)
        transport.put(Over(1, 0.0, SILENT, "5"), 0.0)
        with pytest.raises(ConnectionClosed) as closed:
            await transport.receive()
        assert (closed.value.code, closed.value.silent) == (1006, 5.0)
        await page.close()

    run_virtually(main)


# --- what is said to the service, and to the page --------------------------------------------------------


def test_what_is_given_by_hand_is_said_by_the_page_and_counts_down_as_it_is_sent(tmp_path: Path) -> None:
    async def tell(held: Held) -> None:
        await listening(held)
        assert held.page.line is not None
        await held.engine.command({"do": "send_audio", "pcm": TONE[:9600]})
        held.page.line.say(TONE[:9600])
        assert held.engine.desk.line.waiting == 9600
        await asyncio.sleep(0.5)
        assert held.engine.desk.line.waiting == 0

    held, _ = scripted(tell, tmp_path / "call", speech=TONE)
    assert bytes(held.line_page.said) == TONE[:9600]


def test_what_the_socket_did_not_take_is_counted(tmp_path: Path) -> None:
    async def tell(held: Held) -> None:
        held.line_page.lost = 3
        await listening(held)
        await asyncio.sleep(0.2)

    held, _ = scripted(tell, tmp_path / "call", speech=TONE)
    assert {"late": 0, "lost": 3} in held.told("frames")


# --- the same figures ------------------------------------------------------------------------------------


def figures(folder: Path) -> list[tuple[float, float | None]]:
    """Of each answer: what the caller waited, and until the decision."""
    measure = Measure(load(folder))
    measure.refresh()
    answers = [measure.answer(reply) for reply in load(folder).conversation.replies]
    return [(answer.response_latency, answer.end_of_turn_delay) for answer in answers if answer is not None]


def has_answered(engine: Engine) -> bool:
    return any(reply.kind == "turn" and reply.heard_out for reply in engine.conversation.replies.values())


def test_the_figures_are_those_of_a_call_from_the_kernel_however_far_that_is(tmp_path: Path) -> None:
    agent = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Good evening.")
    speech = bytes(72_000) + synthesise("What can you do for me?") + bytes(288_000)

    async def main() -> None:
        for folder in ("page", "kernel"):
            emulator = vn.Emulator(brain="rules", processor=InPlaceProcessor(), mouth=BriefMouth())

            async def answered(held: Held) -> None:
                await held.until(lambda: has_answered(held.engine))

            if folder == "page":
                await straight(
                    emulator.address(),
                    connector(emulator.app),
                    answered,
                    tmp_path / folder,
                    session=agent.to_session(),
                    speech=speech,
                    travel=0.3,
                )
                continue
            engines: list[Engine] = []
            plan = Plan(
                emulator.address(),
                agent.to_session(),
                folder=tmp_path / folder,
                microphone=Spoken(speech, "speech"),
                speaker=Captured(buffer=0.0),  # the page here holds nothing back either
                connect=connector(emulator.app),
            )
            holding = asyncio.create_task(hold(plan, lambda event: None, engines.append))
            await asyncio.sleep(0)
            async with asyncio.timeout(60):
                while not has_answered(engines[0]):
                    await engines[0].changed()
            await engines[0].end()
            await holding

    run_virtually(main, limit=200)
    (page,), (kernel,) = figures(tmp_path / "page"), figures(tmp_path / "kernel")
    assert page == pytest.approx(kernel, abs=0.005)
    assert 0.5 < page[0] < 5
