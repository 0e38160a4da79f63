"""Audio formats of the wire: PCM16 at 24 kHz inside, whatever the session was set to outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from voicenb.protocol.settings import at_path
from voicenb.session.microphone import RATE

Convert = Callable[[bytes], bytes]

_TELEPHONE = frozenset({"audio/pcmu", "audio/pcma"})
_TELEPHONE_RATE = 8000


class Encoder:
    """Turns PCM16 at 24 kHz into the input format, which may change. Keeps state."""

    def __init__(self) -> None:
        self._law = ""
        self._convert: Convert | None = None

    def __call__(self, pcm: bytes, law: str) -> bytes:
        """The sound in an encoding of the wire."""
        if law != self._law:
            self._law, self._convert = law, encoder(law)
        return pcm if self._convert is None else self._convert(pcm)


def encoder(law: str) -> Convert | None:
    """What turns PCM16 at 24 kHz into an encoding; None where nothing is to be turned. Keeps state."""
    if law not in _TELEPHONE:
        return None
    from voicenb.audio.decimator import Decimator
    from voicenb.audio.g711 import encode_alaw, encode_ulaw
    from voicenb.audio.pcm import to_float

    decimator = Decimator(RATE // _TELEPHONE_RATE)
    encode = encode_ulaw if law == "audio/pcmu" else encode_alaw
    return lambda pcm: encode(decimator.push(to_float(pcm)))


def decoder(config: Mapping[str, Any]) -> Convert | None:
    """What turns the output format into PCM16 at 24 kHz; None where nothing is to be turned. Keeps state.

    Three samples for each one, always: the places of what was heard are counted in them. A telephone's voice
    loses nothing by straight lines in between.
    """
    law = str(at_path(config, "output.format.encoding") or "audio/pcm")
    if law not in _TELEPHONE:
        return None
    import numpy as np

    from voicenb.audio.g711 import decode_alaw, decode_ulaw
    from voicenb.audio.pcm import to_pcm

    decode = decode_ulaw if law == "audio/pcmu" else decode_alaw
    ratio = RATE // _TELEPHONE_RATE
    last = 0.0

    def convert(data: bytes) -> bytes:
        nonlocal last
        samples = decode(data)
        if not len(samples):
            return b""
        places = np.arange(1, len(samples) * ratio + 1) / ratio
        line = np.interp(places, np.arange(len(samples) + 1), np.concatenate(([last], samples)))
        last = float(samples[-1])
        return to_pcm(line)

    return convert
