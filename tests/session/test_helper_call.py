"""One call inside the helper, with the test as its kernel; with processes and sockets in test_helper*.py."""

from __future__ import annotations

import asyncio
import base64
import gc
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from captured_frame import write_captured
from fake_way import FakeWay
from line_page import LinePage
from scripted_service import Peer, Script, ScriptedService, polite
from websockets.exceptions import ConnectionClosedError

from voicenb.recording.library import load
from voicenb.service.address import Address
from voicenb.session import page_line, plan_wire
from voicenb.session.asgi import connector
from voicenb.session.helper_call import HelperCall
from voicenb.session.host import Plan
from voicenb.session.limits import Limits

TONE = b"\x00\x10" * 480


class Kernel:
    """The kernel's connection, of which the test is the other end."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any] | bytes] = []
        self.busy = asyncio.Event()
        self.busy.set()  # it answers
        self._said: asyncio.Queue[str | bytes | Exception | None] = asyncio.Queue()
        self._changed = asyncio.Condition()

    # what the call uses

    async def recv(self) -> str | bytes:
        said = await self._said.get()
        assert isinstance(said, str | bytes)
        return said

    def __aiter__(self) -> Kernel:
        return self

    async def __anext__(self) -> str | bytes:
        said = await self._said.get()
        if said is None:
            raise StopAsyncIteration
        if isinstance(said, Exception):
            raise said
        return said

    async def send(self, message: str | bytes) -> None:
        async with self._changed:
            self.sent.append(message if isinstance(message, bytes) else json.loads(message))
            self._changed.notify_all()

    async def ping(self) -> asyncio.Future[None]:
        return asyncio.ensure_future(self._pong())

    async def _pong(self) -> None:
        await self.busy.wait()

    # what the test uses

    def says(self, message: dict[str, Any] | bytes | Exception | None) -> None:
        self._said.put_nowait(json.dumps(message) if isinstance(message, dict) else message)

    async def wait(self, found: Callable[[], Any]) -> Any:
        async with self._changed, asyncio.timeout(10):
            await self._changed.wait_for(found)
        return found()

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for m in self.sent if isinstance(m, dict) for event in m.get("events", ())]

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [event["msg"] for event in self.events if event["type"] == kind]

    @property
    def page(self) -> list[dict[str, Any]]:
        return [message["page"] for message in self.sent if isinstance(message, dict) and "page" in message]

    async def ask(self, number: int, **command: Any) -> dict[str, Any]:
        """Give a command, and wait for its answer."""

        def answer() -> dict[str, Any] | None:
            return next(
                (
                    message
                    for message in self.sent
                    if isinstance(message, dict) and number in (message.get("done"), message.get("failed"))
                ),
                None,
            )

        self.says({"id": number, **command})
        found: dict[str, Any] = await self.wait(answer)
        return found

    async def state(self, state: str) -> None:
        await self.wait(lambda: {"state": state} in self.told("state"))


Tell = Callable[[HelperCall, Kernel], Coroutine[Any, Any, None]]


def held(
    tell: Tell, script: Script = polite, *, folder: Path | None = None, patience: float = 20.0
) -> Kernel:
    """Hold a call while ``tell`` plays the kernel; then the kernel ends it, where it has not ended yet."""

    async def main(service: ScriptedService) -> Kernel:
        kernel = Kernel()
        call = HelperCall(kernel, lambda call, origin: {"origin": origin})
        plan = Plan(service.address(), {}, folder=folder, limits=Limits(goodbye=0.5))
        kernel.says({"open": plan_wire.to_wire(plan), "call": 7, "patience": patience})
        running = asyncio.create_task(call.run())
        await tell(call, kernel)
        kernel.says(None)
        await asyncio.wait_for(running, 10)
        return kernel

    with ScriptedService(script) as service:
        return asyncio.run(main(service))


async def listening(call: HelperCall, kernel: Kernel) -> None:
    await kernel.state("listening")


# --- the life of a call ---------------------------------------------------------------


def test_it_has_the_number_that_the_kernel_gave_it_and_ends_with_its_connection(tmp_path: Path) -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        assert call.number == 0
        await kernel.state("listening")
        assert call.number == 7

    kernel = held(tell, folder=tmp_path / "call")
    assert kernel.told("session.end")
    assert kernel.sent[-1] == {"over": None}
    assert load(tmp_path / "call").finished


def test_a_call_that_ends_by_itself_says_so_behind_everything_else() -> None:
    async def ends(peer: Peer) -> None:
        await peer.ready()
        await peer.say("session.ended")
        await peer.close(1000, "")

    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.wait(lambda: {"over": None} in kernel.sent)

    kernel = held(tell, ends)
    assert kernel.sent[-1] == {"over": None}
    assert [event["n"] for event in kernel.events] == list(range(len(kernel.events)))
    assert kernel.told("state")[-1] == {"state": "ended"}


def test_a_call_that_cannot_begin_says_why(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")

    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.wait(lambda: any("over" in message for message in kernel.sent))

    [over] = held(tell, folder=tmp_path).sent
    assert isinstance(over, dict)
    assert over["over"]["kind"] == "RecordingError"


def test_what_ended_the_session_is_an_event_and_no_failure_of_the_call() -> None:
    async def refuses(peer: Peer) -> None:
        await peer.say("session.error", code="UNAUTHORIZED", message="No.")
        await peer.close(1008, "")

    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.wait(lambda: {"over": None} in kernel.sent)

    assert held(tell, refuses).told("error")[0]["kind"] == "Unauthorized"


def test_a_kernel_that_dies_ends_the_session_in_good_order_and_without_a_word(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.state("listening")
        kernel.says({"id": 1, "do": "log", "text": "the last word"})
        kernel.says(ConnectionClosedError(None, None))

    kernel = held(tell, folder=tmp_path / "call")
    assert kernel.told("session.end")
    recording = load(tmp_path / "call")
    assert recording.finished
    assert "the last word" in [event["msg"].get("text") for event in recording.events]
    gc.collect()
    assert caplog.text == ""


# --- commands -------------------------------------------------------------------------


def test_answers_carry_the_number_of_their_command_and_come_behind_what_it_caused() -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.state("listening")
        assert await kernel.ask(5, do="log", text="five") == {"done": 5, "value": None}
        place = kernel.sent.index({"done": 5, "value": None})
        before = [event for message in kernel.sent[:place] for event in message.get("events", ())]  # type: ignore[union-attr]
        assert {"text": "five"} in [event["msg"] for event in before]
        failed = await kernel.ask(6, do="dance")
        assert (failed["failed"], failed["error"]["kind"]) == (6, "InvalidConfiguration")
        slip = await kernel.ask(8, do="update")
        assert "TypeError" in slip["error"]["message"]

    held(tell)


def test_a_command_without_a_number_is_done_and_not_answered() -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.state("listening")
        kernel.says({"do": "log", "text": "unasked"})
        await kernel.wait(lambda: {"text": "unasked"} in kernel.told("log"))

    assert not [m for m in held(tell).sent if isinstance(m, dict) and ("done" in m or "failed" in m)]


def test_a_ticket_is_for_the_page_that_is_named() -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        answer = await kernel.ask(1, do="page_ticket", origin="http://localhost:8888")
        assert answer == {"done": 1, "value": {"origin": "http://localhost:8888"}}

    held(tell)


def test_a_command_that_waits_for_the_end_is_answered_before_all_is_over() -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.state("listening")
        kernel.says({"id": 1, "do": "end"})
        await kernel.wait(lambda: any("over" in message for message in kernel.sent))

    assert held(tell).sent[-2:] == [{"done": 1, "value": None}, {"over": None}]


def test_audio_by_hand_is_base64_on_its_way() -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.state("listening")
        await kernel.ask(1, do="send_audio", pcm=base64.b64encode(TONE).decode())

    held(tell)


@pytest.mark.parametrize("first", ["kernel", "page"])
def test_the_microphone_is_muted_as_long_as_one_of_the_two_wants_it(first: str) -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.state("listening")
        way = FakeWay()
        await call.page.attach(way)

        async def mute(who: str, muted: bool) -> None:
            if who == "page":
                call.page.text({"type": "mute", "muted": muted})
            else:
                await kernel.ask(10 + len(kernel.sent), do="mute", muted=muted)

        other = "page" if first == "kernel" else "kernel"
        await mute(first, True)
        await mute(other, True)
        await mute(first, False)
        assert kernel.told("muted") in ([], [{"muted": True}])
        await mute(other, False)
        await kernel.wait(lambda: len(kernel.told("muted")) == 2)

    assert held(tell).told("muted") == [{"muted": True}, {"muted": False}]


# --- the page through the kernel ----------------------------------------------------------


def noted(kernel: Kernel) -> list[dict[str, Any]]:
    """The lines of the log, but for the page's coming and going."""
    return [log for log in kernel.told("log") if "present" not in log]


def coming_and_going(kernel: Kernel) -> list[bool]:
    """Whether a page was there, each time that this changed."""
    return [log["present"] for log in kernel.told("log") if "present" in log]


def test_a_page_through_the_kernel_is_welcomed_heard_and_let_go() -> None:
    heard: list[bytes] = []

    async def hears(peer: Peer) -> None:
        await peer.ready()
        while not any(audio := base64.b64decode((await peer.expect("input.audio"))["audio"])):
            pass
        heard.append(audio)
        await peer.say("input.speech.started")
        await peer.goodbye()

    async def tell(call: HelperCall, kernel: Kernel) -> None:
        call.from_page(write_captured(0, 0.0, b"\x01\x01" * 480))  # nobody is there yet
        call.from_page({"type": "hello", "page": "p1"})
        await kernel.wait(lambda: {"type": "open"} in kernel.page)
        assert call.page.way == "kernel"
        kernel.says({"page": {"type": "hello", "page": "p1"}})  # again, on the other way
        kernel.says(write_captured(0, 0.0, TONE))
        await kernel.wait(lambda: kernel.told("input.speech.started"))
        call.from_page({"type": "bye", "page": "another"})
        call.from_page({"type": "stats", "late": 1})
        await kernel.wait(lambda: {"text": "page", "late": 1, "lost": 0, "gaps": 0} in kernel.told("log"))
        call.from_page({"type": "bye", "page": "p1"})
        await asyncio.sleep(0)
        call.from_page({"type": "stats", "late": 9})  # it has gone
        await kernel.ask(1, do="log", text="later")
        assert call.page.way == ""
        kernel.says({"page": {"type": "hello", "page": "p3"}})
        await kernel.wait(lambda: coming_and_going(kernel)[-2:] == [False, True])

    kernel = held(tell, hears)
    assert heard == [TONE]
    assert kernel.page[0] == {"type": "welcome", "page": "p1"}
    assert [log["text"] for log in noted(kernel)] == ["page", "later"]


def test_a_page_of_its_own_way_takes_over_and_the_one_through_the_kernel_is_told() -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        call.from_page({"type": "hello", "page": "p1"})
        await kernel.wait(lambda: {"type": "welcome", "page": "p1"} in kernel.page)
        await call.page.attach(FakeWay("direct"))
        await kernel.wait(lambda: {"type": "taken", "page": "p1"} in kernel.page)
        call.from_page({"type": "mute", "muted": True})  # has no say any more
        await kernel.ask(1, do="log", text="later")

    assert held(tell).told("muted") == []


def test_of_three_quick_pages_only_the_one_that_was_taken_over_is_told_so() -> None:
    # All pages of a kernel hear what is said through it: a word without a name would be the third one's too.
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        call.from_page({"type": "hello", "page": "p1"})
        await kernel.wait(lambda: {"type": "welcome", "page": "p1"} in kernel.page)
        call.from_page({"type": "hello", "page": "p3"})  # by the time that the second is there
        await call.page.attach(FakeWay("direct"))
        await kernel.wait(lambda: {"type": "taken", "page": "p1"} in kernel.page)
        await kernel.wait(lambda: {"type": "welcome", "page": "p3"} in kernel.page)
        assert call.page.way == "kernel"

    taken = [text for text in held(tell).page if text["type"] == "taken"]
    assert taken == [{"type": "taken", "page": "p1"}]


def test_of_two_pages_through_the_kernel_only_the_latest_is_heard() -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.state("listening")
        for page, mark in (("p1", 7), ("p2", 8)):
            call.from_page({"type": "hello", "page": page, "mark": mark})
            call.from_page(write_captured(0, 0.0, TONE, mark=mark))
        for page, mark, seq in (("p1", 7, 700), ("p2", 8, 1)):  # it has not read yet that it was taken over
            call.from_page(write_captured(seq, 0.0, TONE, mark=mark))
            call.from_page({"type": "stats", "lost": mark, "page": page})
            call.from_page({"type": "mute", "muted": page == "p1", "page": page})
        call.from_page({"type": "bye", "page": "p2"})
        await kernel.wait(lambda: noted(kernel))
        await kernel.ask(1, do="log", text="later")
        assert call.page.way == ""
        assert call.page.microphone.count.lost == 0

    kernel = held(tell)
    assert [log.get("lost") for log in noted(kernel)] == [8, None]
    assert kernel.told("muted") == []


def test_a_page_through_the_kernel_that_takes_over_is_heard_at_once() -> None:
    class Stays(FakeWay):
        async def close(self, *, taken: bool = False) -> None:
            await super().close(taken=taken)
            await asyncio.Event().wait()  # it does not answer

    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.state("listening")
        await call.page.attach(Stays("direct"))
        call.from_page({"type": "hello", "page": "p2"})
        call.from_page({"type": "mute", "muted": True})
        async with asyncio.timeout(0.5):
            await kernel.wait(lambda: {"muted": True} in kernel.told("muted"))
        assert {"type": "welcome", "page": "p2"} in kernel.page

    held(tell)


def test_a_page_that_comes_when_the_call_is_over_is_told_so() -> None:
    late = FakeWay()

    async def tell(call: HelperCall, kernel: Kernel) -> None:
        kernel.says({"id": 1, "do": "end"})
        await kernel.wait(lambda: {"over": None} in kernel.sent)
        await call.page.attach(late)

    held(tell)
    assert (late.texts, late.closed, late.taken) == ([{"type": "end"}], True, False)


def test_sound_for_a_page_through_the_kernel_is_handed_on_as_it_is() -> None:
    async def speaks(peer: Peer) -> None:
        await peer.ready()
        await peer.reply("r1", "Hello.", TONE * 4)
        await peer.goodbye()

    async def tell(call: HelperCall, kernel: Kernel) -> None:
        call.from_page({"type": "hello"})
        await kernel.wait(lambda: {"type": "done", "reply": 1} in kernel.page)

    frames = [message for message in held(tell, speaks).sent if isinstance(message, bytes)]
    assert b"".join(frame[16:] for frame in frames) == TONE * 4


# --- a page that is missed ----------------------------------------------------------------


def test_a_call_that_no_page_comes_to_is_ended() -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.wait(lambda: {"over": None} in kernel.sent)

    log = held(tell, patience=0.2).told("log")
    assert log == [{"text": "No page came within 0.2 s, so the call was ended."}]


def test_a_kernel_that_was_busy_is_an_excuse_once() -> None:
    async def tell(call: HelperCall, kernel: Kernel) -> None:
        await kernel.state("listening")
        await call.page.attach(way := FakeWay())
        await call.page.detach(way)
        kernel.busy.clear()
        loop = asyncio.get_running_loop()
        answers = loop.time() + 2.0
        loop.call_at(answers, kernel.busy.set)
        await kernel.wait(lambda: {"over": None} in kernel.sent)
        assert loop.time() > answers + 0.6, "then the page has its time once more"

    log = noted(held(tell, patience=0.7))
    assert log == [{"text": "The page went away for 0.7 s, so the call was ended."}]


def test_of_a_page_that_took_its_connection_along_no_time_is_recorded_in_which_nothing_happened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def minted(address: Address) -> str:
        return "one-session"

    monkeypatch.setattr(page_line, "minted", minted)
    service = ScriptedService()

    async def main() -> Kernel:
        kernel = Kernel()
        call = HelperCall(kernel, lambda call, origin: {"origin": origin})
        plan = Plan(service.address(), {}, folder=tmp_path / "call", limits=Limits(goodbye=0.5))
        order = {"open": plan_wire.to_wire(plan), "call": 7, "patience": 2.0, "transport": "browser"}
        kernel.says(order)
        running = asyncio.create_task(call.run())
        await kernel.state("connecting")
        page = LinePage(call.page, connector(service.app), TONE * 40)
        await page.come()
        await kernel.state("listening")
        await page.go()
        await kernel.wait(lambda: {"over": None} in kernel.sent)
        kernel.says(None)
        await asyncio.wait_for(running, 10)
        return kernel

    kernel = asyncio.run(main())
    lost = next(e["t"] for e in kernel.events if e["msg"] == {"state": "reconnecting"})
    assert noted(kernel)[-1] == {"text": "The page went away for 2 s, so the call was ended."}
    recording = load(tmp_path / "call")
    assert recording.ended is not None
    assert recording.duration == pytest.approx(lost, abs=0.5)
    assert [event["t"] for event in recording.events] == sorted(event["t"] for event in recording.events)
    assert len(recording.stereo()) == round(recording.duration * 24_000)
