"""Tool calls that were sent out and not yet answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from voicenb.emulator.brain import Line
from voicenb.emulator.timeline import ToolRecord

TIMED_OUT = "The tool did not answer in time."


@dataclass(slots=True)
class _Pending:
    record: ToolRecord
    timer: asyncio.TimerHandle
    hold: bool
    instructions: dict[str, str]


class Calls:
    """Keeps the open calls of one session, with their deadlines.

    Results for calls that are unknown, answered or too late are ignored, as the contract has it.

    Args:
        on_answer: told of the history line that an answer (or its absence) makes.
    """

    def __init__(self, on_answer: Callable[[Line], None]) -> None:
        self._on_answer = on_answer
        self._pending: dict[str, _Pending] = {}

    @property
    def open(self) -> bool:
        """Whether any call is unanswered."""
        return bool(self._pending)

    @property
    def holding(self) -> bool:
        """Whether a tool in hold mode is at work."""
        return any(pending.hold for pending in self._pending.values())

    def add(
        self,
        record: ToolRecord,
        *,
        timeout: float,
        hold: bool = False,
        instructions: dict[str, str] | None = None,
    ) -> None:
        """A call went out.

        Args:
            record: its line of the timeline.
            timeout: seconds until the brain is told that nothing came.
            hold: whether the conversation holds while it runs.
            instructions: ``success`` and ``error``: what the brain is told beside the result.
        """
        timer = asyncio.get_running_loop().call_later(timeout, self._expire, record.call_id)
        self._pending[record.call_id] = _Pending(record, timer, hold, instructions or {})

    def answer(self, call_id: str, result: str, *, is_error: bool) -> bool:
        """A result came; False when it is ignored."""
        pending = self._pending.pop(call_id, None)
        if pending is None:
            return False
        pending.timer.cancel()
        self._close(pending, result, is_error=is_error)
        return True

    def _expire(self, call_id: str) -> None:
        pending = self._pending.pop(call_id)
        pending.record.timed_out = True
        self._close(pending, TIMED_OUT, is_error=True)

    def _close(self, pending: _Pending, result: str, *, is_error: bool) -> None:
        record = pending.record
        record.result, record.is_error = result, is_error
        record.result_at = asyncio.get_running_loop().time()
        hint = pending.instructions.get("error" if is_error else "success")
        self._on_answer(
            Line(
                role="tool",
                text=f"{result}\n{hint}" if hint else result,
                call_id=record.call_id,
                name=record.name,
                arguments=record.arguments,
                is_error=is_error,
            )
        )

    def drop(self) -> None:
        """The session is over: forget all of them."""
        for pending in self._pending.values():
            pending.timer.cancel()
        self._pending.clear()
