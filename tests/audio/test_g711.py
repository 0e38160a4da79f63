from hashlib import sha256

import numpy as np
import pytest

from voicenb.audio import g711

EVERY_VALUE = np.arange(-32768, 32768).astype(np.float32) / 32768
EVERY_BYTE = bytes(range(256))


def test_tables_are_those_of_the_reference_implementation() -> None:
    # Fingerprints of CPython's audioop (Sun's g711.c) over all 16-bit values and all bytes.
    def mark(data: bytes) -> str:
        return sha256(data).hexdigest()[:16]

    def values(samples: np.ndarray) -> bytes:
        return (samples * 32768).astype("<i2").tobytes()

    assert mark(g711.encode_ulaw(EVERY_VALUE)) == "81d633c9e6972a18"
    assert mark(g711.encode_alaw(EVERY_VALUE)) == "38488f6fd710f468"
    assert mark(values(g711.decode_ulaw(EVERY_BYTE))) == "3dab54339e520bb2"
    assert mark(values(g711.decode_alaw(EVERY_BYTE))) == "e04788d110e58ff8"


def test_silence_is_the_byte_that_the_contract_names() -> None:
    assert g711.encode_ulaw(np.zeros(3)) == g711.ULAW_SILENCE * 3 == b"\xff\xff\xff"
    assert g711.encode_alaw(np.zeros(1)) == g711.ALAW_SILENCE


@pytest.mark.parametrize(
    ("encode", "decode"),
    [(g711.encode_ulaw, g711.decode_ulaw), (g711.encode_alaw, g711.decode_alaw)],
)
def test_what_was_coded_once_stays(encode, decode) -> None:  # type: ignore[no-untyped-def]
    coded = encode(EVERY_VALUE)
    assert encode(decode(coded)) == coded
    loud = np.abs(EVERY_VALUE) > 0.01
    error = np.abs(decode(coded) - EVERY_VALUE)[loud] / np.abs(EVERY_VALUE)[loud]
    assert error.max() < 0.06
