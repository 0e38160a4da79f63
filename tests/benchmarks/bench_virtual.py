"""Seconds that a minute of conversation takes on the virtual clock: scripted brain, real ears and mouth.

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
    """One process: the same call three times; prints wall seconds, virtual seconds and a digest of each."""
    import voicenb as vn

    agent = vn.Agent(name="Lido", greeting="Lido, good evening. How can I help you?", voice="ivy")

    @agent.tool
    def free_tables(day: str, people: int) -> list[str]:
        """Get the free times on a day."""
        return ["19:00", "20:30"]

    script = [move for text in SCRIPT for move in (text, vn.Answer())]
    for _ in range(RUNS):
        begun = time.perf_counter()
        call = vn.run(agent, vn.Caller(script), brain=BRAIN)
        wall = time.perf_counter() - begun
        parts = b"".join(path.read_bytes() for path in sorted(call.folder.iterdir()))
        print(json.dumps([wall, call.duration, hashlib.sha256(parts).hexdigest()]))


def frames() -> float:
    """Wall seconds for a virtual minute of frames, and nothing else."""
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

    begun = time.perf_counter()
    run_virtually(main)
    return time.perf_counter() - begun


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
    (cold, _, warm), (disk, _, _) = runs
    base = min(frames() for _ in range(3))
    same = len({digest for run in runs for _, _, digest in run}) == 1
    seconds = cold[1]

    def per_minute(run: list[float]) -> str:
        return f"{run[0] * 60 / seconds:.2f} s/min"

    bare = f"{base:.2f} s/min"
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
