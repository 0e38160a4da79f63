"""Commands to an engine, as plain objects: how they come from another thread or another process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from voicenb.errors import InvalidConfiguration

if TYPE_CHECKING:
    from voicenb.session.engine import Engine


async def perform(engine: Engine, command: Mapping[str, Any]) -> None:
    """Do what ``command["do"]`` names, with the rest as its arguments; returns when it is done.

    There are ``update(session)``, ``reply(instructions)``, ``send_audio(pcm)``, ``mute(muted)``,
    ``tool_result(call_id, result, is_error, own_time)``, ``log(text)`` and ``end()``.

    Raises:
        InvalidConfiguration: there is no such command.
        VoicenbError: what the engine raised.
    """
    arguments = {key: value for key, value in command.items() if key != "do"}
    match command.get("do"):
        case "update":
            await engine.update(**arguments)
        case "reply":
            await engine.reply(**arguments)
        case "send_audio":
            await engine.send_audio(**arguments)
        case "tool_result":
            await engine.tool_result(**arguments)
        case "mute":
            engine.mute(**arguments)
        case "log":
            engine.log(**arguments)
        case "end":
            await engine.end()
        case other:
            raise InvalidConfiguration(f"The engine knows no command {other!r}.")
