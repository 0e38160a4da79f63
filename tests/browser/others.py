"""What others take of the processors: programs on this machine that do not belong to the test."""

import threading
import time
from contextlib import suppress

import numpy as np
import psutil

EVERY = 0.5
"""Seconds between two looks; each costs ten milliseconds or so."""


def processor_time():
    """Seconds of one processor that everybody has taken together since the machine was started."""
    times = psutil.cpu_times()._asdict()
    return sum(times.get(kind, 0.0) for kind in ("user", "nice", "system", "irq", "softirq", "steal"))


class Others:
    """Looks at the processors while it is entered.

    Attributes:
        looks: what :meth:`look` gave, in order.
    """

    def __init__(self):
        self._ours = {}
        self.looks = [self.look()]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="others")

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _watch(self):
        while not self._over.wait(EVERY):
            self.looks.append(self.look())

    def look(self):
        """Now, in epoch seconds, and what others have taken by now, in seconds of one processor."""
        at, spent = time.time(), processor_time()
        test = psutil.Process()
        for process in [test, *test.children(recursive=True)]:
            with suppress(psutil.Error):  # it has just ended
                own = process.cpu_times()
                self._ours[process] = own.user + own.system
        return at, spent - sum(self._ours.values())

    def share(self, begun, ended):
        """What others took of all processors between two moments, in epoch seconds: 0 to 1."""
        until = time.monotonic() + 5
        while self.looks[-1][0] < ended and time.monotonic() < until:
            time.sleep(0.05)
        at, taken = np.array(self.looks).T
        before, after = np.interp([begun, ended], at, taken)
        return float((after - before) / (ended - begun) / psutil.cpu_count())
