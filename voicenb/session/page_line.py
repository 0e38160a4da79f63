"""The page's own socket to the service, as the engine's transport: for kernels that are far from the person.

The page is told where to connect, with a token that opens one session; it sends the microphone's sound and
plays the agent's voice by itself, and mirrors both. All else that is said to the service goes through it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote, urlsplit

from voicenb.errors import ServiceUnreachable
from voicenb.loopback import is_loopback
from voicenb.recording.redact import MASK
from voicenb.service.address import Address
from voicenb.session.line_microphone import LineMicrophone
from voicenb.session.line_speaker import LineSpeaker
from voicenb.session.page_clock import PageClock
from voicenb.session.page_mirror import Came, Entry, Mirror, Over, Went, write_speech
from voicenb.session.page_outbox import Outbox
from voicenb.session.transport import ConnectionClosed, SoundSent, Stamped, told_closed

REACH = 15.0
"""Seconds that a page may take to connect, or to say why not."""

RETURN = 5.0
"""Seconds for which a page that has gone is waited for before that counts as one failure to connect."""

MOST = 64 * 2**20
"""Bytes of what was mirrored that may wait for the engine."""

LOST = "the page has gone, and its connection with it"


async def minted(address: Address) -> str:
    """A token for one session with the service at ``address``; the key stays here.

    Raises:
        ServiceError: refused.
        ServiceUnreachable: no answer.
    """
    from voicenb.service.hosted import Hosted

    parts = urlsplit(address.url)
    # With its path: behind a hub's proxy the same host without it is somebody else's server.
    host = f"{'https' if parts.scheme == 'wss' else 'http'}://{parts.netloc}{parts.path}"
    return str(await asyncio.to_thread(Hosted(address.key or "none", host=host).token))


class PageLine:
    """Connections that the page of one call holds, one after the other.

    Args:
        clock: the page's clock.
        outbox: what goes to the page.
        way: tells how the page is or will be reached.
        mint: gives a token for one session.

    Attributes:
        microphone: the page's, of which there is only word.
        speaker: likewise.
    """

    def __init__(
        self,
        clock: PageClock,
        outbox: Outbox,
        way: Callable[[], str],
        mint: Callable[[Address], Awaitable[str]] | None = None,
    ) -> None:
        self._mint = mint or minted
        self.microphone = LineMicrophone(clock)
        self.speaker = LineSpeaker(clock, outbox, way)
        self._clock = clock
        self._outbox = outbox
        self._present = asyncio.Event()
        self._left = asyncio.Event()
        self._came = False  # whether a page has ever come
        self._count = 0
        self._transport: PageTransport | None = None

    async def connect(self, address: Address) -> PageTransport:
        """Have the page connect to ``address``.

        Raises:
            ServiceUnreachable: there is no page, or it gets no connection; or nothing answers here either.
            ServiceError: the service gives no token.
        """
        await self._until_present()
        token = await self._token(address)
        self._count += 1
        transport = PageTransport(self._count, token, self)
        self._transport = transport
        url = f"{address.url}?token={quote(token, safe='')}"
        reach = {"type": "reach", "line": transport.number, "url": url, "waits": self.speaker.waits}
        self._outbox.put(reach)
        try:
            async with asyncio.timeout(REACH):
                reason = await transport.answered
        except TimeoutError:
            reason = f"no answer within {REACH:g} s"
        except asyncio.CancelledError:
            await transport.close()
            raise
        if reason:
            await transport.close()
            raise ServiceUnreachable(
                f"The browser got no connection to {address.place}: {reason}.", remedy=_remedy(address)
            )
        return transport

    async def _token(self, address: Address) -> str:
        """A token, for as long as the page is there that asks for it."""
        minting = asyncio.ensure_future(self._mint(address))
        try:
            while not minting.done():
                leaving = asyncio.ensure_future(self._left.wait())
                try:
                    await asyncio.wait({minting, leaving}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    leaving.cancel()
                if self._left.is_set():  # and none has come in its place in the same moment
                    raise ServiceUnreachable(
                        "The page went while a token was asked for.",
                        remedy="Open the panel again, and press Start.",
                    )
            return minting.result()
        finally:
            minting.cancel()
            await asyncio.gather(minting, return_exceptions=True)

    async def _until_present(self) -> None:
        try:
            # The call ends by itself where no page ever comes.
            async with asyncio.timeout(RETURN if self._came else None):
                await self._present.wait()
        except TimeoutError:
            raise ServiceUnreachable("No page is there that could connect.") from None

    # --- from the page -----------------------------------------------------------------------------------

    def attach(self) -> None:
        """A page is there; the connection of one that was there before is lost."""
        self._lose()
        self._came = True
        self._left.clear()
        self._present.set()

    def detach(self) -> None:
        """The page has gone."""
        self._present.clear()
        self._left.set()
        self._lose()

    def _lose(self) -> None:
        if self._transport is not None:
            self._transport.lose()

    def text(self, message: dict[str, Any]) -> None:
        """What the page says of a connection.

        Raises:
            KeyError, ValueError: something is missing.
        """
        match message.get("type"):
            case "reached":
                self._answered(int(message["line"]), "")
            case "unreached":
                self._answered(int(message["line"]), str(message["reason"])[:200] or "it does not say why")
            case "held":
                self.microphone.backlog.told(float(message["seconds"]), float(message["left_out"]))
            case _:
                pass

    def _answered(self, number: int, reason: str) -> None:
        transport = self._transport
        if transport is not None and transport.number == number and not transport.answered.done():
            transport.answered.set_result(reason)

    def take(self, mirror: Mirror, now: float) -> None:
        """What the page mirrors; ``now`` is the loop's time."""
        self.microphone.lost(mirror.lost)
        for entry in mirror.entries:
            if self._transport is not None and entry.line == self._transport.number:
                self._transport.put(entry, min(now, self._clock.on_loop(entry.at, now)[0]))

    # --- to the page -------------------------------------------------------------------------------------

    def say(self, pcm: bytes) -> None:
        """Let the caller say this, PCM16 at 24 kHz, in the place of the microphone's sound."""
        self._outbox.put(write_speech(pcm))

    def tell(self, message: dict[str, Any]) -> None:
        """Tell the page something of a connection."""
        self._outbox.put(message)

    @property
    def travel(self) -> float:
        """Seconds that this takes."""
        return self._clock.travel


class PageTransport:
    """One connection that the page holds (see :class:`voicenb.session.transport.Mirrored`).

    Args:
        number: of the connection, by which the page knows it.
        token: that opened it; where the service sends it back, a mask takes its place.
        line: whose it is.

    Attributes:
        answered: done when the page has said that it is connected (with ``""``), or why it is not.
    """

    def __init__(self, number: int, token: str, line: PageLine) -> None:
        self.number = number
        self.answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._token = token.encode()
        self._line = line
        self._waiting: deque[tuple[Entry, float]] = deque()
        self._bytes = 0
        self._filled = asyncio.Event()
        self._closed: ConnectionClosed | None = None
        self._latest = 0.0

    @property
    def travel(self) -> float:
        """Seconds until what is sent here goes out there."""
        return self._line.travel

    async def send(self, frame: str) -> None:
        """Have the page send one text frame."""
        if self._closed is not None:
            raise self._closed
        self._line.tell({"type": "send", "line": self.number, "frame": frame})

    async def receive(self) -> str | bytes:
        """The next frame of the service, without its time."""
        while True:
            if isinstance(next_one := await self.receive_mirrored(), Stamped):
                return next_one.frame

    async def receive_mirrored(self) -> Stamped | SoundSent:
        """The next thing that the page says has happened."""
        while not self._waiting:
            if self._closed is not None:
                raise self._closed
            self._filled.clear()
            await self._filled.wait()
        entry, at = self._waiting.popleft()
        match entry:
            case Came(frame=frame, reply=reply, start=start):
                self._bytes -= len(frame)
                self._line.speaker.coming = (reply, start)
                return Stamped(self._masked(frame), at)
            case Went(pcm=pcm):
                self._bytes -= len(pcm)
                self._line.microphone.went(entry, at)
                return SoundSent(pcm, at)
            case Over(code=code, reason=reason):
                self._closed = told_closed(code, reason)
                self._waiting.clear()
                raise self._closed

    def _masked(self, frame: bytes) -> bytes:
        return frame.replace(self._token, MASK.encode()) if self._token in frame else frame

    def put(self, entry: Entry, at: float) -> None:
        """The page says that this has happened, in the loop's second ``at``; after the end nothing counts."""
        if self._closed is not None:
            return
        self._latest = at = max(at, self._latest)
        self._bytes += (
            0 if isinstance(entry, Over) else len(entry.frame if isinstance(entry, Came) else entry.pcm)
        )
        if self._bytes > MOST:
            entry = Over(self.number, entry.at, 1006, "the page tells more than can be taken")
        self._waiting.append((entry, at))
        self._filled.set()

    def lose(self) -> None:
        """The page that holds it has gone; what it told before is still taken."""
        if not self.answered.done():
            self.answered.set_result(LOST)
        self.put(Over(self.number, 0.0, 1006, LOST), self._latest)

    async def close(self, code: int = 1000) -> None:
        """Have the page close the connection; nothing more is taken of it."""
        if self._closed is None:
            self._closed = ConnectionClosed(1006, "closed from here")
            self._waiting.clear()
            self._filled.set()
            self._line.tell({"type": "hang-up", "line": self.number, "code": code})


def _remedy(address: Address) -> str:
    if is_loopback(urlsplit(address.url).hostname):
        return (
            "That is on the kernel's own machine: a browser elsewhere does not reach it. "
            'Leave out transport="browser", or name a service that the browser reaches.'
        )
    return (
        "The browser must reach the service by itself: check its network, and whether the page's security "
        'policy forbids that. With transport="kernel", the default, the kernel connects.'
    )
