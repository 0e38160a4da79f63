"""Ogg/Opus, the format in which the service keeps calls."""

from __future__ import annotations

import io
from collections.abc import Iterable
from importlib.util import find_spec

from voicenb.audio.pcm import Samples

RATE = 24_000


def available() -> bool:
    """Whether the library that writes it is installed."""
    return find_spec("soundfile") is not None


def encode(chunks: Iterable[Samples]) -> bytes:
    """An Ogg/Opus file.

    Args:
        chunks: samples at 24 kHz of shape (n, 2), left the user, right the agent.
    """
    import soundfile

    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", RATE, 2, format="OGG", subtype="OPUS") as file:
        for chunk in chunks:
            file.write(chunk)
    return buffer.getvalue()
