"""The service's voice names as speakers of ours: one table for every mouth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Speaker:
    """How a voice differs from the model's own.

    Attributes:
        pitch: factor on pitch and formants; below 1 a larger speaker, above 1 a smaller one.
        pace: factor on speed; above 1 faster. Of a word or two little of it is left.
        tone: decibels per octave; above 0 brighter, below darker.
        feminine: which of two timbres, where the mouth has both.
        british: which of two accents, where the mouth has both.
    """

    pitch: float
    pace: float = 1.0
    tone: float = 0.0
    feminine: bool = False
    british: bool = False


_LOW, _HIGH = 0.88, 1.45
"""Bounds of ``pitch`` within which Piper's voice keeps its words clear (median pitch from 87 to 142 Hz)."""

DEFAULT = Speaker(1.38, feminine=True)
"""What an unknown name sounds like."""


_STEPS = 5
_TONES = (-1.5, 0.0, 1.5, -2.75, 2.75, 4.0)
"""Five names of five pitches share a tone; the second five have the model's own: the caller is among them."""

_PACES = ((1.0, 0.94, 1.06), (1.13, 1.15, 0.84))
"""Those of the first fifteen names and of the others."""


def _spread(names: str, low: float, high: float, *, feminine: bool, british: str) -> dict[str, Speaker]:
    """Names in the order of the service's lists over a range of pitch, no two neighbours next in pitch.

    Any two of them differ by a step of pitch (4 %) or in tone.
    """
    table = {}
    for place, name in enumerate(names.split()):
        # Steps of two round a circle of five.
        pitch = low + (high - low) * (place * 2 % _STEPS) / (_STEPS - 1)
        five = place // _STEPS
        pace = _PACES[five // 3][place % 3]
        table[name] = Speaker(round(pitch, 3), pace, _TONES[five], feminine, name in british.split())
    return table


SPEAKERS: dict[str, Speaker] = {
    **_spread(
        "alba eve jane jean mary anna vera lola estelle iris "
        "ivy winter bella helen martha emma eleanor giulia lucia mia sophie lena mina mei hana "
        "claire dawn grace autumn",
        1.22,
        _HIGH,
        feminine=True,
        british="anna vera",
    ),
    **_spread(
        "george michael charles paul giovanni juergen rafael reid "
        "james tyler david kyle river victor arjun dmitri pierre luca mateo diego sam jack oliver ethan "
        "lukas ren joon "
        "josh pete",
        _LOW,
        1.12,
        feminine=False,
        british="charles paul",
    ),
}
"""Every name of the service's three eras."""


def speaker(voice: str) -> Speaker:
    """How ``voice`` sounds; unknown names sound like :data:`DEFAULT`."""
    return SPEAKERS.get(voice.strip().lower(), DEFAULT)
