from __future__ import annotations

import numpy as np
import pytest

from voicenb.audio.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw
from voicenb.audio.pcm import to_float, to_pcm
from voicenb.session.formats import decoder, encoder, encoding

TONE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(24_000) / 24_000)
SLOW = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8000) / 8000)


def config(side: str, name: str) -> dict[str, object]:
    return {side: {"format": {"encoding": name}}}


@pytest.mark.parametrize("given", [{}, config("input", "audio/pcm"), {"input": {"format": None}}])
def test_pcm_is_left_as_it_is(given: dict[str, object]) -> None:
    assert encoding(given, "input") == "audio/pcm"
    assert encoder(given) is None
    assert decoder(given) is None


@pytest.mark.parametrize(("name", "decode"), [("audio/pcmu", decode_ulaw), ("audio/pcma", decode_alaw)])
def test_a_telephone_takes_a_third_of_the_samples(name: str, decode: object) -> None:
    encode = encoder(config("input", name))
    assert encode is not None
    pcm = to_pcm(TONE)
    sent = b"".join(encode(pcm[start : start + 960]) for start in range(0, len(pcm), 960))
    assert 7000 < len(sent) <= 8000
    heard = decode(sent)  # type: ignore[operator]
    assert np.abs(heard[200:6000] - SLOW[200:6000]).max() < 0.05


@pytest.mark.parametrize(("name", "encode"), [("audio/pcmu", encode_ulaw), ("audio/pcma", encode_alaw)])
@pytest.mark.parametrize("chunk", [1, 300, 8000])
def test_a_telephones_voice_has_three_samples_for_each_one(name: str, encode: object, chunk: int) -> None:
    decode = decoder(config("output", name))
    assert decode is not None
    data = encode(SLOW)  # type: ignore[operator]
    pcm = b"".join(decode(data[start : start + chunk]) for start in range(0, len(data), chunk))
    assert len(pcm) == 2 * 3 * len(data)
    assert decode(b"") == b""
    # Lines in between lag by one sample of the telephone's.
    assert np.abs(to_float(pcm)[10:] - TONE[8 : 8 + 23_990]).max() < 0.08
