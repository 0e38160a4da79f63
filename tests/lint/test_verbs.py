from __future__ import annotations

import pytest

from voicenb.lint.verbs import begins_with_verb


@pytest.mark.parametrize("word", ["Get", "gets", "Fetches", "verifies", "does", "looks", "USE"])
def test_verbs(word):
    assert begins_with_verb(word) is True


@pytest.mark.parametrize("word", ["The", "This", "Tool", "Booking", "Information", "Payment"])
def test_others(word):
    assert begins_with_verb(word) is False


@pytest.mark.parametrize("word", ["Frobnicate", "", "Trova", "ring"])
def test_what_cannot_be_told(word):
    assert begins_with_verb(word) is None
