"""Commands to an engine, as plain objects: how they come from another thread or another process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from voicenb.errors import InvalidConfiguration

if TYPE_CHECKING:
    from voicenb.session.engine import Engine


async def perform(engine: Engine, command: Mapping[str, Any]) -> int | None:
    """Do what ``command["do"]`` names, with the rest as its arguments; returns when it is done.

    There are ``update(session, by)``, ``reply(instructions)``, ``message(text)``, ``send_audio(pcm)``,
    ``mute(muted)``, ``barge_in(mode)``, ``tool_result(call_id, result, is_error, own_time)``, ``log(text)``
    and ``end()``.

    Returns:
        Of an update the number of the last event by then (see :meth:`voicenb.session.desk.Desk.update`);
        of ``barge_in`` as well.

    Raises:
        InvalidConfiguration: there is no such command.
        VoicenbError: what the engine raised.
    """
    desk = engine.desk
    arguments = {key: value for key, value in command.items() if key != "do"}
    match command.get("do"):
        case "update":
            return await desk.update(**arguments)
        case "reply":
            await desk.reply(**arguments)
        case "message":
            await desk.message(**arguments)
        case "send_audio":
            await desk.send_audio(**arguments)
        case "tool_result":
            await desk.tool_result(**arguments)
        case "barge_in":
            return engine.give_way(**arguments)
        case "mute":
            desk.mute(**arguments)
        case "log":
            desk.note(**arguments)
        case "end":
            await engine.end()
        case other:
            raise InvalidConfiguration(f"The engine knows no command {other!r}.")
    return None
