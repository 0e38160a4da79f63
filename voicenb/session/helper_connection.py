"""A connection of the kernel's to the helper."""

from __future__ import annotations

import asyncio
from typing import Any

from voicenb.errors import VoicenbError
from voicenb.session.helper_process import HelperProcess
from voicenb.session.logs import wire_logger


async def connect_helper(process: HelperProcess, path: str) -> Any:
    """Connect; starts the helper where it is not running.

    Args:
        process: the helper.
        path: ``/kernel`` for a call, ``/relay`` for the socket of one that runs here, ``/tabs`` for tabs.

    Raises:
        VoicenbError: it did not start, or cannot be reached.
    """
    from websockets.asyncio.client import connect
    from websockets.exceptions import WebSocketException

    port, why = 0, ""
    for _ in range(2):  # the first one may just be dying
        port, secret = await asyncio.to_thread(process.reach, not_at=port)
        try:
            return await connect(
                f"ws://127.0.0.1:{port}{path}",
                additional_headers={"Authorization": f"Bearer {secret}"},
                logger=wire_logger(),
                compression=None,
                max_size=None,
                max_queue=None,
                ping_interval=None,
                close_timeout=1,
                proxy=None,
            )
        except (OSError, WebSocketException) as error:
            why = str(error)
    raise VoicenbError(f"The helper process cannot be reached: {why}.")
