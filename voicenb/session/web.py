"""The transport of the web: a WebSocket client on asyncio, made with ``websockets``."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Any
from urllib.parse import urlsplit

from voicenb.errors import InvalidConfiguration, ServiceUnreachable, Unauthorized, VoicenbError
from voicenb.loopback import is_loopback
from voicenb.recording.redact import MASK, UNMISTAKABLE
from voicenb.service.address import Address
from voicenb.session.logs import wire_logger
from voicenb.session.pulse import Pulse
from voicenb.session.transport import ConnectionClosed, without_life

OPEN_SECONDS = 10.0
"""How long the opening handshake may take."""

MAX_FRAME = 16 * 2**20
"""Bytes in one frame at most: a minute of audio in one piece would still pass."""


class WebTransport:
    """A WebSocket to the service (see :class:`voicenb.session.transport.Transport`).

    Args:
        connection: the connection.
        key: the API key; where the service sends it back, in an error perhaps, a mask takes its place.
        watched: whether it is taken as lost where the other side gives no sign of life
            (see :class:`voicenb.session.pulse.Pulse`).
    """

    def __init__(self, connection: Any, key: str = "", *, watched: bool = False) -> None:
        self._connection = connection
        self._key = key if len(key) >= UNMISTAKABLE else ""
        self._pulse = Pulse(self._ping, self._abort) if watched else None
        self._silent = 0.0  # seconds before it was given up

    @property
    def in_doubt(self) -> bool:
        """Whether nobody knows if what is sent now arrives."""
        return self._pulse is not None and self._pulse.in_doubt

    async def _ping(self) -> bool:
        from websockets.exceptions import ConnectionClosed as Closed

        try:
            await (await self._connection.ping())
        except Closed:
            return False
        return True

    def _abort(self) -> None:
        assert self._pulse is not None
        self._silent = self._pulse.silent
        self._connection.transport.abort()

    async def send(self, frame: str) -> None:
        """Send one text frame."""
        from websockets.exceptions import ConnectionClosed as Closed

        try:
            await self._connection.send(frame)
        except Closed as closed:
            raise self._closed(closed) from None

    async def receive(self) -> str | bytes:
        """The next frame."""
        from websockets.exceptions import ConnectionClosed as Closed

        pulse = self._pulse
        if pulse is not None:
            pulse.listening = True
        try:
            frame: str | bytes = await self._connection.recv()
        except Closed as closed:
            raise self._closed(closed) from None
        finally:
            if pulse is not None:
                pulse.listening = False
        if pulse is not None:
            pulse.sign()
        return self._masked(frame) if isinstance(frame, str) else frame

    async def close(self, code: int = 1000) -> None:
        """Close the connection; a service that does not answer the close frame is not waited for long."""
        if self._pulse is not None:
            self._pulse.stop()
        await self._connection.close(code)

    def _masked(self, text: str) -> str:
        return text.replace(self._key, MASK) if self._key and self._key in text else text

    def _closed(self, error: Any) -> ConnectionClosed:
        if self._pulse is not None and self._pulse.lost:
            return without_life(self._silent)
        frame = error.rcvd
        return (
            ConnectionClosed(frame.code, self._masked(frame.reason))
            if frame is not None
            else ConnectionClosed(1006, "connection lost")
        )


async def connect(address: Address) -> WebTransport:
    """Open a socket to ``address``.

    Raises:
        ServiceUnreachable: nothing answers there, or what answers is not the service.
        Unauthorized: the handshake was refused for the key.
        InvalidConfiguration: the address is not one.
    """
    from websockets.asyncio.client import ClientConnection

    try:
        connection = await _open(address)
    except Exception as error:
        problem = _problem(error, address)
    else:
        assert isinstance(connection, ClientConnection)
        no_delay(connection)
        return WebTransport(connection, address.key, watched=True)
    # Out here, so that what went wrong inside, with headers in its words, hangs on no exception of ours.
    raise problem


def _problem(error: Exception, address: Address) -> VoicenbError:
    """Why the handshake failed, in words of our own: those of the library quote headers and proxies."""
    from websockets.exceptions import InvalidProxy, InvalidStatus, InvalidURI, ProxyError

    where, remedy = address.place, _remedy(address)
    match error:
        case InvalidURI():
            return InvalidConfiguration(
                f"{where!r} is no address of a socket.", remedy="It should look like wss://host/v1/ws."
            )
        case InvalidStatus() if (status := error.response.status_code) in (401, 403):
            refused = Unauthorized(
                f"{where} refused the key.", status=status, code="unauthorized", remedy="Check the API key."
            )
            return address.explained(refused)
        case InvalidStatus():
            status = error.response.status_code
            return ServiceUnreachable(
                f"{where} answered the handshake with HTTP {status}.",
                status=status,
                remedy=_stranger(address),
            )
        case TimeoutError():
            return ServiceUnreachable(f"{where} did not answer within {OPEN_SECONDS:g} s.", remedy=remedy)
        case InvalidProxy() | ProxyError():
            return ServiceUnreachable(
                f"No connection to {where}: the proxy failed ({type(error).__name__}).",
                remedy="Check the proxy that the environment names (HTTPS_PROXY and the like).",
            )
        case ConnectionRefusedError():
            nobody = f"No connection to {where}: nothing takes connections there."
            return ServiceUnreachable(nobody, remedy=remedy, refused=True)
        case OSError():
            what = error.strerror or "nothing takes connections there"
        case _:
            what, remedy = f"the handshake failed ({type(error).__name__})", _stranger(address)
    return ServiceUnreachable(f"No connection to {where}: {what}.", remedy=remedy)


async def _open(address: Address) -> Any:
    from websockets.asyncio.client import connect as dial

    # One attempt: dial() as an async iterator would retry on its own and hide why nothing answers.
    return await asyncio.wait_for(
        dial(
            address.url,
            additional_headers=address.headers,
            user_agent_header="voicenb",
            logger=wire_logger(),
            compression=None,  # speech in base64 does not compress, and the effort would cost time
            max_size=MAX_FRAME,
            max_queue=256,
            ping_interval=None,  # the pulse has its own
            open_timeout=None,
            close_timeout=1,
            proxy=None if is_loopback(urlsplit(address.url).hostname) else True,
        ),
        OPEN_SECONDS,
    )


def no_delay(connection: Any) -> None:
    """Switch Nagle's algorithm off: it holds small frames back until the last one was acknowledged."""
    raw = connection.transport.get_extra_info("socket")
    if raw is not None:
        with contextlib.suppress(OSError):  # gone already: whoever uses it is told
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _stranger(address: Address) -> str:
    """What to do where somebody else answers."""
    if is_loopback(urlsplit(address.url).hostname):
        return "Another program has that port: start the emulator on a free one, or leave service= out."
    return _remedy(address)


def _remedy(address: Address) -> str:
    if address.kind == "emulator" or is_loopback(urlsplit(address.url).hostname):
        return "Is the emulator running? `voicenb emulator` starts it; service=None starts one by itself."
    return "Check the network and the host; without a key the emulator answers on this machine."
