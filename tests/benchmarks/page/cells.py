"""Cells that keep the kernel busy, each in its own way, for about as long as asked; they print when."""

from __future__ import annotations

_FRAME = """\
import time
begun = time.time()
until = begun + {seconds}
{work}
print(begun, time.time())"""

WORK = {
    "sleeping": "time.sleep(until - time.time())",
    "numpy": """\
import numpy as np
a = np.random.default_rng(1).normal(size=(700, 700))
while time.time() < until:
    np.linalg.svd(a @ a.T)""",
    "pure Python": """\
n = 0
while time.time() < until:
    for i in range(100_000):
        n += i * i % 7""",
    # One call into C, which gives the lock away to nobody, for seconds.
    "C with the lock": """\
import random
some = [random.random() for _ in range(1_500_000)]
while time.time() < until:
    sorted(some * 2)""",
}


def cell(kind: str, seconds: float) -> str:
    """The source of a cell."""
    return _FRAME.format(seconds=seconds, work=WORK[kind])
