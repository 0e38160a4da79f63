"""Server-sent events, as far as chat completions use them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator


async def payloads(lines: AsyncIterator[str]) -> AsyncGenerator[str, None]:
    """The data of each event in a stream of lines; ends at ``[DONE]``.

    Comments, event names and ids are passed over; several data lines of one event are joined.
    """
    data: list[str] = []
    async for line in lines:
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line.strip() and data:
            joined, data = "\n".join(data), []
            if joined.strip() == "[DONE]":
                return
            yield joined
    if data and "\n".join(data).strip() != "[DONE]":
        yield "\n".join(data)
