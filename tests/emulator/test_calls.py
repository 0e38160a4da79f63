from __future__ import annotations

import asyncio

from voicenb.emulator.calls import TIMED_OUT, Calls
from voicenb.emulator.timeline import ToolRecord
from voicenb.testing.virtual_clock import run_virtually


def record(call_id="c"):
    return ToolRecord(call_id, "look", {"day": "Friday"}, 0.0)


def test_an_answer_makes_a_line_once():
    async def main():
        lines = []
        calls = Calls(lines.append)
        calls.add(record(), timeout=5, hold=True, instructions={"success": "Smile.", "error": "Sorry."})
        assert calls.open
        assert calls.holding
        assert calls.answer("c", "3", is_error=False)
        assert not calls.answer("c", "4", is_error=False)
        assert not calls.answer("d", "4", is_error=False)
        assert not calls.open
        await asyncio.sleep(10)
        (line,) = lines
        assert (line.role, line.text, line.call_id, line.name) == ("tool", "3\nSmile.", "c", "look")

    run_virtually(main)


def test_no_answer_in_time():
    async def main():
        lines, kept = [], record()
        calls = Calls(lines.append)
        calls.add(kept, timeout=5)
        await asyncio.sleep(6)
        assert lines[0].text == TIMED_OUT
        assert lines[0].is_error
        assert kept.timed_out
        assert not calls.answer("c", "late", is_error=False)

    run_virtually(main)


def test_dropped_calls_are_forgotten():
    async def main():
        lines = []
        calls = Calls(lines.append)
        calls.add(record(), timeout=1)
        calls.drop()
        await asyncio.sleep(2)
        assert lines == []

    run_virtually(main)
