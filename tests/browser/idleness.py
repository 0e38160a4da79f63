"""Whether the machine has anything to spare: how long its processors are idle."""

import threading
import time

import numpy as np
import psutil

EVERY = 0.1
"""Seconds between two looks."""


class Idleness:
    """Looks at the processors while it is entered.

    Attributes:
        looks: when it looked, in epoch seconds, and how long all processors together had been idle by then.
    """

    def __init__(self):
        self.looks = [_look()]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="idleness")

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _watch(self):
        while not self._over.wait(EVERY):
            self.looks.append(_look())

    def share(self, begun, ended):
        """The share of all processors that was idle between two moments, in epoch seconds."""
        at, idle = np.array([*self.looks, _look()]).T
        spent = np.interp([begun, ended], at, idle)
        return float((spent[1] - spent[0]) / (ended - begun) / psutil.cpu_count())


def _look():
    times = psutil.cpu_times()
    return time.time(), times.idle + getattr(times, "iowait", 0.0)
