"""JSON of whatever there is in strings."""

from __future__ import annotations

import json

import pytest

from voicenb.emulator.json_text import json_text


@pytest.mark.parametrize("text", ["plain", "Zürich", "😀", "half: \ud83d", "\udc00", 'quotes " \\ \n'])
def test_every_text_comes_back(text):
    written = json_text({"text": text, "list": (1, None, 2.5)})
    assert json.loads(written) == {"text": text, "list": [1, None, 2.5]}
    written.encode()
