"""The transport through the helper: its socket to the service outlives a kernel that is killed.

For sessions whose engine is in the kernel, with a microphone of their own (see :mod:`voicenb.session.relay`).
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import sys
from typing import Any

import msgspec

from voicenb.errors import VoicenbError
from voicenb.service.address import Address, InMemoryService
from voicenb.session import web
from voicenb.session.failure import from_wire
from voicenb.session.helper_connection import connect_helper
from voicenb.session.helper_host import helper_process
from voicenb.session.opening import ServiceLike
from voicenb.session.transport import DOUBT, SURE, ConnectionClosed, Transport, told_closed
from voicenb.session.web import OPEN_SECONDS, WebTransport

HELPER_SECONDS = 10.0
"""How long the helper may take to start; then the session does without it."""

ANSWER_SECONDS = OPEN_SECONDS + 2
"""How long it may take to connect, or to say why not; likewise."""

_log = logging.getLogger(__name__)


def wanted(address: Address, service: ServiceLike) -> bool:
    """Whether a session with this service is to take this way.

    Kernels are killed: restarted out of a long cell, or out of memory. Scripts need no second process for
    that, and an emulator of the kernel's own ends with it.

    Args:
        address: where the service is.
        service: what was given for it.
    """
    own = address.child or isinstance(service, InMemoryService)
    module = sys.modules.get("ipykernel.kernelbase")
    return not own and module is not None and bool(module.Kernel.initialized())


async def connect(address: Address) -> Transport:
    """Open a socket to ``address`` in the helper; where the helper fails, here.

    Raises:
        ServiceUnreachable: nothing answers there, or what answers is not the service.
        Unauthorized: the handshake was refused for the key.
        InvalidConfiguration: the address is not one.
    """
    from websockets.exceptions import ConnectionClosed as Closed

    try:
        async with asyncio.timeout(HELPER_SECONDS):
            connection = await connect_helper(helper_process(), "/relay")
        answer = await _asked(connection, address)
    except (VoicenbError, Closed, TimeoutError) as error:
        _log.warning(
            "The helper process is of no use (%s). The session does without it: "
            "should this kernel be killed, nobody sends session.end.",
            type(error).__name__ if not isinstance(error, VoicenbError) else error.message,
        )
        return await web.connect(address)
    if "failed" in answer:
        raise from_wire(answer["failed"])
    return RelayedTransport(connection)


class RelayedTransport(WebTransport):
    """The way through the helper, which watches over the connection and says when it is silent."""

    _in_doubt = False

    @property
    def in_doubt(self) -> bool:
        """Whether nobody knows if what is sent now arrives."""
        return self._in_doubt

    async def receive(self) -> str | bytes:
        """The next frame of the service's."""
        while (frame := await super().receive()) in (DOUBT, SURE):
            self._in_doubt = frame == DOUBT
        return frame

    def _closed(self, error: Any) -> ConnectionClosed:
        closed = super()._closed(error)
        return told_closed(closed.code, closed.reason)


async def _asked(connection: Any, address: Address) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    try:
        order = {"reach": dataclasses.asdict(address)}
        async with asyncio.timeout(ANSWER_SECONDS):
            await connection.send(msgspec.json.encode(order).decode())
            answer = msgspec.json.decode(await connection.recv())
    finally:
        if "open" not in answer:
            await connection.close()
    return answer
