"""Tables, read back with pandas and json."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

import voicenb as vn
from voicenb.exports.table import csv, jsonl, parquet


def test_csv(call: vn.Recording) -> None:
    found = vn.turns(call)
    table = pd.read_csv(io.StringIO(csv(found)))
    assert list(table["text"]) == [turn.text for turn in found]
    assert table["response_latency"][0] == pytest.approx(found[0].response_latency)
    assert pd.isna(table["response_latency"][1]), "what was not captured is empty"


def test_parquet(call: vn.Recording) -> None:
    found = vn.turns(call)
    table = pd.read_parquet(io.BytesIO(parquet(found)))
    assert list(table["text"]) == [turn.text for turn in found]
    assert str(table["unanswered"].dtype) == "boolean"
    assert table["start"].dtype == "float64"
    assert json.loads(table["turn_detection"][0]) == {"min_silence": 800}


def test_jsonl(call: vn.Recording) -> None:
    found = vn.turns(call)
    rows = [json.loads(row) for row in jsonl(found).splitlines()]
    assert rows == json.loads(json.dumps(found.to_dicts()))
    assert rows[2]["tools"][0]["name"] == "look_up"
    table = pd.read_json(io.StringIO(jsonl(found)), lines=True)
    assert list(table["text"]) == [turn.text for turn in found]
