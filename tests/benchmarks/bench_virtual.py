"""Seconds that a minute of conversation takes on the virtual clock: scripted brain, real ears and mouth.

Seconds of one processor, which depend little on what else the machine does; in brackets those of the wall.
Cold: nothing is remembered and nothing loaded, in a fresh interpreter. Warm: the third run in it. The
baseline is the same clock with nothing on it but 6,000 frames a minute through a queue.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from figures import show

RUNS = 3

BRAIN = [
    {
        "on": "table",
        "say": "One moment, please.",
        "call": "free_tables",
        "arguments": {"day": "Friday", "people": 4},
    },
    {
        "after": "free_tables",
        "say": "On Friday we have seven o'clock, or half past eight. Which one do you like?",
    },
    {"on": "half past", "say": "Half past eight it is, then. What name may I put the booking under?"},
    {
        "on": "name|Dashwood",
        "say": "Thank you. A table for four, on Friday at half past eight. Anything else?",
    },
    {"on": "garden", "say": "If the weather is fine, we will keep you a table in the garden, near the lake."},
    {"on": "bye|nothing", "say": "Thank you for calling, and see you on Friday. Good night."},
]

SCRIPT = [
    "Good evening. I would like a table for four on Friday, please.",
    "Half past eight would be very nice.",
    "My name is John Dashwood.",
    "Yes. Could we sit in the garden, do you think?",
    "That would be lovely.",
    "No, nothing else. Thank you, and good bye.",
]


def minute() -> None:
    """One process, the same call three times: prints seconds (processor, wall, virtual) and a digest."""
    import voicenb as vn

    agent = vn.Agent(name="Lido", greeting="Lido, good evening. How can I help you?", voice="ivy")

    @agent.tool
    def free_tables(day: str, people: int) -> list[str]:
        """Get the free times on a day."""
        return ["19:00", "20:30"]

    script = [move for text in SCRIPT for move in (text, vn.Answer())]
    for _ in range(RUNS):
        begun, used = time.perf_counter(), time.process_time()
        call = vn.run(agent, vn.Caller(script), brain=BRAIN)
        wall, busy = time.perf_counter() - begun, time.process_time() - used
        parts = b"".join(path.read_bytes() for path in sorted(call.folder.iterdir()))
        print(json.dumps([busy, wall, call.duration, hashlib.sha256(parts).hexdigest()]))


def frames() -> tuple[float, float]:
    """Seconds, processor and wall, for a virtual minute of frames, and nothing else."""
    from voicenb.testing.virtual_clock import run_virtually

    async def main() -> None:
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[bytes] = asyncio.Queue(1)

        async def reader() -> None:
            while await queue.get():
                pass

        reading = asyncio.create_task(reader())
        for number in range(6000):
            await asyncio.sleep(number * 0.01 - loop.time())
            await queue.put(bytes(480))
        await queue.put(b"")
        await reading

    begun, used = time.perf_counter(), time.process_time()
    run_virtually(main)
    return time.process_time() - used, time.perf_counter() - begun


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "VOICENB_CACHE": folder, "CI": "1"}
        runs = []
        for _ in range(2):  # the second interpreter finds the cache on disk
            out = subprocess.run(
                [sys.executable, __file__, "minute"],
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
            runs.append([json.loads(line) for line in out.splitlines()])
    (cold, _, warm), (disk, _, _) = ([run[:2] for run in process] for process in runs)
    base = min(frames() for _ in range(3))
    same = len({run[3] for process in runs for run in process}) == 1
    seconds = runs[0][0][2]

    def per_minute(run: Sequence[float], seconds: float = seconds) -> str:
        busy, wall = (value * 60 / seconds for value in run)
        return f"{busy:.2f} s/min ({wall:.2f})"

    bare = per_minute(base, 60)
    show(
        f"A conversation of {seconds:.0f} s on the virtual clock (baseline: a clock with frames only)",
        [
            ("figure", "voicenb", "bare clock", "aim"),
            ("cold: models loaded, everything heard and said anew", per_minute(cold), bare, "stated"),
            ("new process, cache on disk", per_minute(disk), bare, ""),
            ("warm", per_minute(warm), bare, "≤ 2 s/min"),
            (f"the same bytes in all {2 * RUNS} runs, two processes", str(same), "", "True"),
        ],
    )


if __name__ == "__main__":
    minute() if sys.argv[1:] == ["minute"] else main()
