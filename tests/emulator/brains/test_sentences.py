"""Sentences out of pieces, whatever the pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicenb.emulator.brains.sentences import Sentences


def cut(*pieces: str) -> list[str]:
    sentences = Sentences()
    found = [sentence for piece in pieces for sentence in sentences.push(piece)]
    rest = sentences.rest()
    return [*found, rest] if rest else found


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("It is 3.5 degrees. Cold.", ["It is 3.5 degrees.", "Cold."]),
        (
            "Dr. Gray is in, e.g. at 8 p.m. on Friday. Yes.",
            ["Dr. Gray is in, e.g. at 8 p.m. on Friday.", "Yes."],
        ),
        ('He said "Go." Then he went.', ['He said "Go."', "Then he went."]),
        ("# Title\n\n1. One\n2. Two", ["Title", "1. One", "2. Two"]),
        ("a_b is *not* _so_ `nice`", ["a_b is not so nice"]),
        ("<think>never closed. Really.", []),
        ("Before. <think>x. y.</think>After.", ["Before.", "After."]),
        ("a < b. c", ["a < b.", "c"]),
        ("ends with <thi", ["ends with <thi"]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences
    assert cut(*text) == sentences


@given(st.text(alphabet="ab .!?\n<>think/*_\"'", max_size=60), st.integers(1, 7))
def test_pieces_do_not_matter(text: str, size: int) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert "".join(cut(*pieces)).replace(" ", "") == "".join(cut(text)).replace(" ", "")
