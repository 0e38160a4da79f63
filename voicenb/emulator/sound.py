"""A synthesised clause in the session's output format, with its words."""

from __future__ import annotations

from dataclasses import dataclass

from voicenb.audio.pcm import to_float, to_pcm
from voicenb.audio.resample import resample
from voicenb.emulator.mouth import Clause, Mouth, Word

RATE = 24_000


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound ready to be sent.

    Attributes:
        text: the clause.
        data: samples in the output format.
        rate: bytes per second of ``data``.
        words: with their places in ``data``, in seconds.
    """

    text: str
    data: bytes
    rate: int
    words: tuple[Word, ...]

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.data) / self.rate


def synthesise(mouth: Mouth, text: str, voice: str, encoding: str, volume: float | None) -> Sound:
    """Say one clause and bring it into the output format. Called on the processor.

    Args:
        mouth: who speaks.
        text: the clause.
        voice: one of the API's voice names.
        encoding: ``"audio/pcm"`` (24 kHz), ``"audio/pcmu"`` or ``"audio/pcma"`` (8 kHz).
        volume: 0 to 100; None is the mouth's own level.

    Raises:
        UnspeakableText: there is nothing to say in ``text``.
    """
    clause = mouth.say(text, voice)
    pcm = clause.pcm
    if volume is not None and volume < 100:
        pcm = to_pcm(to_float(pcm) * (volume / 100))
    if encoding == "audio/pcm":
        return Sound(clause.text, pcm, RATE * 2, words_of(clause))
    return Sound(clause.text, telephone(pcm, encoding), 8000, words_of(clause))


def telephone(pcm: bytes, encoding: str) -> bytes:
    """PCM16 at 24 kHz as G.711 at 8 kHz."""
    from voicenb.audio import g711

    narrow = resample(to_float(pcm), RATE, 8000)
    return g711.encode_ulaw(narrow) if encoding == "audio/pcmu" else g711.encode_alaw(narrow)


def silence(seconds: float, encoding: str) -> Sound:
    """Digital silence in the output format."""
    if encoding == "audio/pcm":
        return Sound("", bytes(2 * round(seconds * RATE)), RATE * 2, ())
    zero = b"\xff" if encoding == "audio/pcmu" else b"\xd5"
    return Sound("", zero * round(seconds * 8000), 8000, ())


def words_of(clause: Clause) -> tuple[Word, ...]:
    """The words as they are written, at the times at which they are spoken.

    Where the mouth gives other words than the text has (numbers read out, say), the text's words share the
    time between them by their length.
    """
    written = clause.text.split()
    if len(written) == len(clause.words):
        return tuple(
            Word(text, word.start, word.end) for text, word in zip(written, clause.words, strict=True)
        )
    if not written:
        return ()
    first = clause.words[0].start if clause.words else 0.0
    last = clause.words[-1].end if clause.words else len(clause.pcm) / (2 * RATE)
    total = sum(len(text) for text in written)
    placed: list[Word] = []
    so_far = 0
    for text in written:
        start = first + (last - first) * so_far / total
        so_far += len(text)
        placed.append(Word(text, start, first + (last - first) * so_far / total))
    return tuple(placed)
