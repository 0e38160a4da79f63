"""The browser's page, as the engine sees it: a microphone, a speaker, and one way to both that may change."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable
from typing import Any, Protocol

from voicenb.errors import MalformedMessage
from voicenb.session.line_microphone import LineMicrophone
from voicenb.session.page_clock import PageClock
from voicenb.session.page_frames import read_captured, read_reply
from voicenb.session.page_line import PageLine
from voicenb.session.page_microphone import PageMicrophone
from voicenb.session.page_mirror import read_mirror
from voicenb.session.page_outbox import Message, Outbox
from voicenb.session.page_speaker import PageSpeaker

PATIENCE = 20.0
"""Seconds for which a page that has gone is waited for: a reload takes a few, on a slow machine some more."""

GOODBYE = 2.0
"""Seconds that it may take to let a page go whose place another has taken."""

LAST_WORDS = 0.3
"""Seconds that a page may take to hear the last words of a call."""


class Way(Protocol):
    """How messages get to the page."""

    @property
    def kind(self) -> str:
        """``"direct"`` or ``"kernel"``."""
        ...

    async def send(self, message: Message) -> None:
        """Send one message; raises when the page has gone."""
        ...

    async def close(self, *, taken: bool = False) -> None:
        """Nothing more is wanted of it; ``taken`` where another page has taken its place."""
        ...


class Page:
    """The page of one call. Pages come, go and come back (a reload): the latest is the one.

    Args:
        muted: takes whether the page's person has muted themselves.
        told: takes the page's counts: ``late``, ``lost``, ``gaps``.
        present: takes whether a page is there, whenever one comes or the last one goes.
        holds_line: whether the page connects to the service by itself.

    Attributes:
        microphone: the page's.
        speaker: the page's.
        line: the page's own connections to the service; None where it makes none.
    """

    def __init__(
        self,
        muted: Callable[[bool], None],
        told: Callable[[dict[str, int]], None] = lambda counts: None,
        present: Callable[[bool], None] = lambda present: None,
        *,
        holds_line: bool = False,
    ) -> None:
        self._clock = PageClock()
        self._outbox = Outbox(self._missed)
        self._way: Way | None = None
        self._sending: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()  # pages that are being let go
        self._over = False
        self._turn = asyncio.Lock()  # pages come and go one after the other
        self._open = False
        self._awaited = True  # no page has come yet: what is said until then is kept for it
        self._muted = muted
        self._told = told
        self._present = present
        self._seen = asyncio.get_running_loop().time()  # when something was heard of a page, whatever it was
        self.line: PageLine | None = None
        self.microphone: PageMicrophone | LineMicrophone
        self.speaker: PageSpeaker
        if holds_line:
            self.line = PageLine(self._clock, self._outbox, self._way_to_come)
            self.microphone, self.speaker = self.line.microphone, self.line.speaker
        else:
            self.microphone = PageMicrophone(self._clock, self._open_microphone)
            self.speaker = PageSpeaker(self._clock, self._outbox, self._way_to_come)

    def _way_to_come(self) -> str:
        """How the page is or will be reached; empty when it has gone."""
        return self.way or ("direct" if self._awaited else "")

    def _missed(self, sound: bytes) -> None:
        """There was no room for this on the way to the page."""
        if self.line is None:
            self.speaker.missed(read_reply(sound))

    @property
    def way(self) -> str:
        """How the page is reached; empty while there is none."""
        return self._way.kind if self._way is not None else ""

    def is_at(self, way: Way) -> bool:
        """Whether the page is reached on ``way``; what comes of one that was taken over is to be left out."""
        return way is self._way

    @property
    def awaited(self) -> bool:
        """Whether no page has come yet."""
        return self._awaited

    async def until_missed(self, patience: float) -> None:
        """Wait until nothing has been heard of any page for ``patience`` seconds.

        A page that is there says something every two seconds at least; one that was killed, or whose network
        is gone, need not have taken its leave.
        """
        loop = asyncio.get_running_loop()
        while True:
            left = self._seen + patience - loop.time()
            if left <= 0:
                return
            await asyncio.sleep(left)

    def excuse(self) -> None:
        """It could not be heard of: the time counts anew."""
        self._seen = asyncio.get_running_loop().time()

    # --- coming and going --------------------------------------------------------------------------------

    async def attach(self, way: Way) -> None:
        """A page is there, and is heard from now on; one that was there before is let go meanwhile.

        One that comes when the call is over is told so.
        """
        async with self._turn:
            if self._over:
                await self._let_go(way, {"type": "end"})
                return
            before = self._way
            await self._begin(way)
            if before is not None and before is not way:
                leaving = asyncio.create_task(self._be_taken(before), name="voicenb-taken")
                self._leaving.add(leaving)
                leaving.add_done_callback(self._leaving.discard)

    @staticmethod
    async def _be_taken(way: Way) -> None:
        with contextlib.suppress(Exception):  # it is as good as gone
            async with asyncio.timeout(GOODBYE):
                await way.close(taken=True)

    @staticmethod
    async def _let_go(way: Way, *last_words: Message) -> None:
        with contextlib.suppress(Exception):  # a page that has gone needs no goodbye
            async with asyncio.timeout(LAST_WORDS):
                for message in last_words:
                    await way.send(message)
        with contextlib.suppress(Exception):
            await way.close()

    async def _begin(self, way: Way) -> None:
        self.excuse()
        await self._stop_sending()
        self._way = way
        if not self._awaited:
            self._outbox.take_texts()
            self.speaker.begin_anew()
        self._awaited = False
        self._clock.reset()
        self._muted(False)  # a page that is muted says so
        self.microphone.attach()
        if self.line is not None:
            self.line.attach()
        self._present(True)
        if self._open:
            self._outbox.put({"type": "open"}, first=True)
        self._sending = asyncio.get_running_loop().create_task(self._send_all(way), name="voicenb-page")

    async def detach(self, way: Way) -> None:
        """A page has gone; does nothing when another has taken its place."""
        async with self._turn:
            if way is self._way:
                await self._leave()

    async def _leave(self) -> None:
        self._way = None
        self.excuse()
        self.microphone.detach()
        self.speaker.leave()
        if self.line is not None:
            self.line.detach()
        self._present(False)
        await self._stop_sending()
        self._outbox.take_texts()

    async def close(self) -> None:
        """The call is over: send what is left to say, then let the page go."""
        async with self._turn:
            self._over = True
            way = self._way
            if way is not None:
                await self._stop_sending()
                texts = self._outbox.take_texts()
                await self._leave()
                await self._let_go(way, *texts)
        if self._leaving:  # not for longer than GOODBYE
            await asyncio.wait(self._leaving)

    async def _send_all(self, way: Way) -> None:
        while True:
            message = await self._outbox.get()
            try:
                await way.send(message)
            except Exception:
                return  # the page has gone; whoever reads from it says so

    async def _stop_sending(self) -> None:
        task, self._sending = self._sending, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    def _open_microphone(self) -> None:
        self._open = True
        if self._way is not None:
            self._outbox.put({"type": "open"})

    # --- from the page -----------------------------------------------------------------------------------

    def frame(self, frame: bytes) -> None:
        """A binary message of the page.

        Raises:
            MalformedMessage: it is no frame.
        """
        self._seen = asyncio.get_running_loop().time()
        if isinstance(self.microphone, PageMicrophone):
            self.microphone.take(read_captured(frame), self._seen)
        elif self.line is not None:
            self.line.take(read_mirror(frame), self._seen)

    def text(self, message: dict[str, Any]) -> None:
        """A text message of the page.

        Raises:
            MalformedMessage: a known type without what it needs.
        """
        now = self._seen = asyncio.get_running_loop().time()
        try:
            match message.get("type"):
                case "echo":
                    trip = message.get("rtt")
                    self._clock.echo(_number(message["at"]), now, None if trip is None else _number(trip))
                    self._outbox.put(
                        {"type": "echo", "id": message["id"], "at": message["at"], "t": now}, first=True
                    )
                case "heard":
                    places = int(message["reply"]), int(message["from"]), int(message["to"])
                    self.speaker.heard(*places, _number(message["at"]), now)
                case "ducked":
                    self.speaker.ducked(_number(message["gain"]), _number(message["at"]), now)
                case "played-out":
                    self.speaker.played_out(int(message["reply"]), now)
                case "mute":
                    self._muted(bool(message["muted"]))
                case "asleep":
                    self.microphone.sleep(bool(message["asleep"]))
                case "stats":
                    self._told({key: int(message.get(key) or 0) for key in ("late", "lost", "gaps")})
                case _ if self.line is not None:
                    self.line.text(message)
                case _:
                    pass  # of a newer page
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise MalformedMessage(
                f"The page sent {message.get('type')!r} without {error}.", path=None
            ) from None


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):  # one of them in a clock would spoil all that comes after it
        raise ValueError(f"a number that can be reckoned with: {number}")
    return number
