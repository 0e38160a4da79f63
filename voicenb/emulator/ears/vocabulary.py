"""The tokens of Moonshine's decoder: bytes in, token numbers out, and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

SPACE = "\u2581"
"""What stands for a space inside a token."""

BEGIN, END = 1, 2
"""Numbers of the tokens before and after every sentence."""

_FIRST_BYTE = 3
"""Number of the token for byte 0; the other 255 follow it."""


class Vocabulary:
    """A byte-pair vocabulary whose token numbers are the ranks of its merges.

    Args:
        tokens: the tokens' bytes by number.
    """

    def __init__(self, tokens: Sequence[bytes]) -> None:
        self._word = lru_cache(maxsize=4096)(self._merged)
        self._tokens = tuple(tokens)
        # Doubles exist among the raw bytes; the later number is the merged alphabet's, which the model uses.
        self._numbers = {
            token: number for number, token in enumerate(self._tokens) if number >= _FIRST_BYTE + 256
        }

    @classmethod
    def read(cls, path: Path) -> Vocabulary:
        """The vocabulary in a ``tokenizer.bin``: lengths (two bytes from 128 up), each before its bytes."""
        data = path.read_bytes()
        tokens: list[bytes] = []
        at = 0
        while at < len(data):
            length = data[at]
            at += 1
            if length >= 128:
                length = data[at] * 128 + length - 128
                at += 1
            tokens.append(data[at : at + length])
            at += length
        return cls(tokens)

    def __len__(self) -> int:
        return len(self._tokens)

    def decode(self, numbers: Iterable[int]) -> str:
        """The text of a sequence of tokens, without a space before or after."""
        joined = b"".join(self._tokens[number] for number in numbers)
        return joined.decode("utf-8", errors="replace").replace(SPACE, " ").strip()

    def encode(self, text: str) -> list[int]:
        """The tokens of ``text`` as the model was taught them."""
        return [number for word in text.split() for number in self._word(word)]

    def _merged(self, word: str) -> tuple[int, ...]:
        # Byte pairs are merged in the order of their ranks, and never across a space.
        pieces = [character.encode() for character in SPACE + word]
        while True:
            ranked = (
                (number, at)
                for at in range(len(pieces) - 1)
                if (number := self._numbers.get(pieces[at] + pieces[at + 1])) is not None
            )
            best = min(ranked, default=None)
            if best is None:
                break
            at = best[1]
            pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]
        numbers: list[int] = []
        for piece in pieces:
            number = self._numbers.get(piece)
            numbers.extend([number] if number is not None else [_FIRST_BYTE + byte for byte in piece])
        return tuple(numbers)
