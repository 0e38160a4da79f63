"""The transport of the web: a WebSocket client on asyncio, made with ``websockets``."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import Any
from urllib.parse import urlsplit

from voicenb.errors import InvalidConfiguration, ServiceUnreachable, Unauthorized
from voicenb.loopback import is_loopback
from voicenb.service.address import Address
from voicenb.session.logs import wire_logger
from voicenb.session.transport import ConnectionClosed

OPEN_SECONDS = 10.0
"""How long the opening handshake may take."""

MAX_FRAME = 16 * 2**20
"""Bytes in one frame at most: a minute of audio in one piece would still pass."""


class WebTransport:
    """A WebSocket to the service (see :class:`voicenb.session.transport.Transport`)."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def send(self, frame: str) -> None:
        """Send one text frame."""
        from websockets.exceptions import ConnectionClosed as Closed

        try:
            await self._connection.send(frame)
        except Closed as closed:
            raise _closed(closed) from None

    async def receive(self) -> str | bytes:
        """The next frame."""
        from websockets.exceptions import ConnectionClosed as Closed

        try:
            frame: str | bytes = await self._connection.recv()
        except Closed as closed:
            raise _closed(closed) from None
        return frame

    async def close(self, code: int = 1000) -> None:
        """Close the connection; a service that does not answer the close frame is not waited for long."""
        await self._connection.close(code)


def _closed(error: Any) -> ConnectionClosed:
    frame = error.rcvd
    return (
        ConnectionClosed(frame.code, frame.reason)
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
    from websockets.exceptions import InvalidHandshake, InvalidMessage, InvalidStatus, InvalidURI

    where = _place(address.url)
    try:
        connection = await _open(address)
    except InvalidURI:
        raise InvalidConfiguration(
            f"{where!r} is no address of a socket.", remedy="It should look like wss://host/v1/ws."
        ) from None
    except InvalidStatus as refused:
        status = refused.response.status_code
        if status in (401, 403):
            raise Unauthorized(
                f"{where} refused the key.", status=status, code="unauthorized", remedy="Check the API key."
            ) from None
        raise ServiceUnreachable(
            f"{where} answered the handshake with HTTP {status}.", status=status, remedy=_remedy(address)
        ) from None
    except TimeoutError:
        raise ServiceUnreachable(
            f"{where} did not answer within {OPEN_SECONDS:g} s.", remedy=_remedy(address)
        ) from None
    except (OSError, InvalidHandshake, InvalidMessage) as error:
        what = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ServiceUnreachable(f"No connection to {where}: {what}.", remedy=_remedy(address)) from None
    assert isinstance(connection, ClientConnection)
    no_delay(connection)
    return WebTransport(connection)


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


def _place(url: str) -> str:
    """The address without its query, which may hold a token."""
    return url.split("?", 1)[0]


def _remedy(address: Address) -> str:
    if address.kind == "emulator" or is_loopback(urlsplit(address.url).hostname):
        return "Is the emulator running? `voicenb emulator` starts it; service=None starts one by itself."
    return "Check the network and the host; without a key the emulator answers on this machine."
