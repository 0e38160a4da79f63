"""The service's voice names as speakers of ours: one table for every mouth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speaker:
    """How a voice differs from the model's own.

    Attributes:
        pitch: factor on pitch and formants; below 1 a larger speaker, above 1 a smaller one.
        pace: factor on speed; above 1 faster.
        feminine: which of two timbres, where the mouth has both.
        british: which of two accents, where the mouth has both.
    """

    pitch: float
    pace: float = 1.0
    feminine: bool = False
    british: bool = False


_LOW, _HIGH = 0.88, 1.45
"""Bounds of ``pitch`` within which Piper's voice keeps its words clear (median pitch from 87 to 142 Hz)."""

DEFAULT = Speaker(1.38, feminine=True)
"""What an unknown name sounds like."""


def _spread(names: str, low: float, high: float, *, feminine: bool, british: str = "") -> dict[str, Speaker]:
    """Names in the order of the service's list over a range of pitch, neighbours far apart."""
    table = {}
    listed = names.split()
    steps = 5
    for place, name in enumerate(listed):
        # Steps of two round a circle of five: next names are never next in pitch.
        pitch = low + (high - low) * ((place * 2) % steps) / (steps - 1)
        pace = (1.0, 0.94, 1.06)[place % 3]
        table[name] = Speaker(round(pitch, 3), pace, feminine, name in british.split())
    return table


SPEAKERS: dict[str, Speaker] = {
    **_spread(
        "alba ivy eve jane anna mary vera jean lola estelle iris winter bella helen martha emma eleanor "
        "giulia lucia mia sophie lena mina mei hana claire dawn grace autumn",
        1.22,
        _HIGH,
        feminine=True,
        british="anna vera eleanor emma",
    ),
    **_spread(
        "george michael charles paul giovanni juergen rafael reid james tyler david kyle river victor arjun "
        "dmitri pierre luca mateo diego sam jack oliver ethan lukas ren joon josh pete",
        _LOW,
        1.12,
        feminine=False,
        british="charles paul oliver",
    ),
}
"""Every name of the service's three eras."""


def speaker(voice: str) -> Speaker:
    """How ``voice`` sounds; unknown names sound like :data:`DEFAULT`."""
    return SPEAKERS.get(voice.strip().lower(), DEFAULT)
