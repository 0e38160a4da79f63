"""How many frames and bodies are made up, and that there were no fewer."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

SHARES: dict[str, tuple[int, int]] = {
    "frames of clients through the codec": (1000, 30_000),
    "frames of a service through the codec": (1000, 30_000),
    "frames of a service to a client": (600, 25_000),
    "frames of clients to the emulator": (600, 15_000),
    "bodies to the emulator": (400, 8000),
}
"""What is made up, and how much of it: in every run of the tests, and in the campaign."""

COUNTS: dict[str, int] = {}
"""What was made up so far, and how much of it."""

WHOLE = 100_000
"""So many there are in the campaign, at the least."""

ROUNDS = 60
"""Runs of an example's maker at most: one that finds nothing more is no hang."""

runs = pytest.mark.parametrize(
    "campaign",
    [False, pytest.param(True, marks=[pytest.mark.campaign, pytest.mark.slow])],
    ids=["some", "many"],
)
"""Every run takes the same examples; the campaign takes others each time, and prints how to repeat them."""


@dataclass
class Share:
    """Counts what was made up for one test.

    Args:
        name: one of :data:`SHARES`.
        campaign: whether it is the larger one.
    """

    name: str
    campaign: bool
    count: int = 0

    def run(self, examples: st.SearchStrategy[Any], check: Callable[[Any], int]) -> None:
        """Check examples until there were enough; the one that fails is made as small as it goes.

        Args:
            examples: makes them.
            check: looks at one; returns how many frames or bodies of it were taken.
        """
        wanted = SHARES[self.name][self.campaign]
        first = 0
        if self.campaign:
            first = int(os.environ.get("VOICENB_FUZZ_SEED") or random.SystemRandom().randrange(2**32))
            print(f"VOICENB_FUZZ_SEED={first} makes up the same again")

        def counted(example: Any) -> None:
            self.count += check(example)

        for number in range(ROUNDS):
            tested = settings(
                max_examples=max(10, wanted // 100),
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.explicit, Phase.generate, Phase.shrink],
                print_blob=True,
            )(given(examples)(counted))
            seed(first + number)(tested)()
            if self.count >= wanted:
                break
        COUNTS[self.name] = COUNTS.get(self.name, 0) + self.count
        assert self.count >= wanted
