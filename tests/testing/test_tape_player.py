"""What a client may do otherwise than on a tape, and what not."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from voicenb.errors import CassetteMismatch
from voicenb.testing.tape import Entry, entry
from voicenb.testing.tape_player import SLACK, Player
from voicenb.testing.virtual_clock import run_virtually

FRAME = 0.1
LENGTH = {"audio/pcm": 6400, "audio/pcmu": 1068}
"""Characters of base64 of a tenth of a second."""


def frame(number: int, encoding: str = "audio/pcm") -> dict[str, Any]:
    return {"type": "input.audio", "audio": f"{number:04d}" * (LENGTH[encoding] // 4)}


def tape(*words: tuple[float, dict[str, Any]], frames: int = 50, encoding: str = "audio/pcm") -> list[Entry]:
    """So many frames of sound, and the words at their times; the client closes behind them."""
    update = {"type": "session.update", "session": {"input": {"format": {"encoding": encoding}}}}
    entries = [Entry(0.0, "out", update), Entry(0.01, "in", {"type": "session.ready"})]
    entries += [entry(n * FRAME, "out", json.dumps(frame(n, encoding))) for n in range(frames)]
    entries += [Entry(at, "out", message) for at, message in words]
    end = max(each.t for each in entries)
    return [*sorted(entries, key=lambda each: each.t), Entry(end + 0.01, "out", {"type": "closed"})]


class Told:
    """A client that does what it was told, each at its time."""

    def __init__(self, *steps: tuple[float, dict[str, Any] | None]) -> None:
        self.steps = sorted(steps, key=lambda step: step[0])
        self.heard: list[str | bytes] = []
        self.began = asyncio.get_running_loop().time()

    async def get(self) -> str | None:
        if not self.steps:
            await asyncio.Event().wait()
        at, message = self.steps.pop(0)
        await asyncio.sleep(self.began + at - asyncio.get_running_loop().time())
        return None if message is None else json.dumps(message)

    async def put(self, frame: str | bytes) -> None:
        self.heard.append(frame)

    async def close(self, code: int, reason: str) -> None:
        self.heard.append(f"{code}")


END = {"type": "session.end"}
UPDATE = {"type": "session.update", "session": {"input": {"format": {"encoding": "audio/pcm"}}}}
RESULT = {"type": "tool.result", "call_id": "c", "result": "x"}
CREATE = {"type": "reply.create"}


def play(entries: list[Entry], *steps: tuple[float, dict[str, Any] | None]) -> None:
    async def main() -> None:
        await Player(entries, Told(*steps), "x.jsonl").play()

    run_virtually(main, limit=200)


def sound(seconds: float, encoding: str = "audio/pcm", begin: float = 0.0) -> list[tuple[float, Any]]:
    return [(begin + n * FRAME, frame(n, encoding)) for n in range(round(seconds / FRAME))]


@pytest.mark.parametrize("last", [END, None], ids=["session.end", "hangs up"])
@pytest.mark.parametrize(("said", "good"), [(5.0, True), (5.1 - SLACK, True), (4.0, False), (0.0, False)])
def test_only_a_fraction_of_a_second_of_sound_may_be_missing(
    last: dict[str, Any] | None, said: float, good: bool
) -> None:
    steps = [(0.0, UPDATE), *sound(said), (said, last), (said + 1.0, None)]
    entries = tape((5.0, END)) if last is not None else tape()
    if good:
        play(entries, *steps)
        return
    with pytest.raises(CassetteMismatch, match=f"expects {5.0 - said:.1f} s more of the caller's") as raised:
        play(entries, *steps)
    assert raised.value.facts["received"] == (last or {"type": "closed"})
    assert raised.value.facts["expected"] == {
        "type": "input.audio",
        "seconds": pytest.approx(5.0 - said, 0.01),
    }


@pytest.mark.parametrize(("at", "good"), [(3.0, True), (2.7, True), (4.5, True), (1.0, False)])
def test_a_message_may_not_come_with_much_less_sound_before_it(at: float, good: bool) -> None:
    steps = [(0.0, UPDATE), *sound(5.0), (at, CREATE), (5.0, END)]
    if good:
        play(tape((3.0, CREATE), (5.0, END)), *steps)
        return
    with pytest.raises(
        CassetteMismatch, match=r"2\.0 s more of the caller's .* sent reply\.create"
    ) as raised:
        play(tape((3.0, CREATE), (5.0, END)), *steps)
    assert raised.value.facts["received"] == CREATE


def test_a_tool_may_take_less_time_than_it_did() -> None:
    play(tape((3.0, RESULT), (5.0, END)), (0.0, UPDATE), *sound(5.0), (0.5, RESULT), (5.0, END))


def test_a_client_that_began_late_has_said_less_by_then() -> None:
    # As on a machine that was busy: two seconds behind, and on the tape's time again with what it hears.
    play(tape((5.0, END)), (2.0, UPDATE), *sound(3.0, begin=2.0), (5.0, END))


def test_the_sound_of_a_telephone_is_reckoned_in_its_own_rate() -> None:
    update = {"type": "session.update", "session": {"input": {"format": {"encoding": "audio/pcmu"}}}}
    steps = [(0.0, update), *sound(4.0, "audio/pcmu"), (4.0, END)]
    with pytest.raises(CassetteMismatch, match=r"expects 1\.0 s more"):
        play(tape((5.0, END), encoding="audio/pcmu"), *steps)


def test_a_client_that_has_gone_before_a_message() -> None:
    with pytest.raises(CassetteMismatch, match=r"expects session\.end, and the client has gone") as raised:
        play(tape((5.0, END)), (0.0, UPDATE), *sound(5.0), (5.0, None))
    assert raised.value.facts["received"] == {"type": "closed"}
