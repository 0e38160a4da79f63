"""The ears' protocol: what turns the samples of one utterance into words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Mono, 16 kHz, -1…1."""

EXAMPLE = "e.g. "
"""What an expected phrase begins with that only stands for others of its kind: a name among all names."""


class Recognizer(Protocol):
    """Recognises one stretch of speech at a time. Called on the processor, from several threads at once."""

    @property
    def name(self) -> str:
        """What the panel and the timeline call it, e.g. ``"moonshine-tiny"``."""
        ...

    @property
    def cost(self) -> float:
        """Stated seconds of work per second of speech, used on the virtual clock."""
        ...

    def transcribe(self, samples: Samples, keyterms: Sequence[str] = (), expected: Sequence[str] = ()) -> str:
        """The words of ``samples``, cased and punctuated; empty when there are none.

        Args:
            samples: speech, cut with a little silence around it.
            keyterms: words that are likelier here than elsewhere.
            expected: what the agent has just offered or asked for, as a caller may say it; a hint for speech
                that is hardly heard. Behind :data:`EXAMPLE` stands what tools give as an example.
        """
        ...
