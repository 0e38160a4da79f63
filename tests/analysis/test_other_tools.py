"""A call of which everything is known, by other tools' definitions."""

from __future__ import annotations

from pathlib import Path

import pytest

import voicenb as vn
from voicenb.analysis.figure import Figure
from voicenb.analysis.other_tools import OtherTools, ToolFigure

from .known_call import KnownCall
from .other_call import other_call


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    return other_call(tmp_path_factory.mktemp("others") / "call")


def test_the_table(call: vn.Recording) -> None:
    report = vn.report(call)
    told = report.other_tools
    assert isinstance(told, OtherTools)
    assert told["e2e_latency"].n == 3
    assert told["turn_taking"].value == pytest.approx((1.0 + 1.0 + (1 - 0.62 / 2)) / 3, abs=0.02)
    assert (told["yield_rate"].value, told["yield_rate"].n) == (1.0, 1)
    assert told["response_rate"].value == 1.0
    assert told["selectivity_vocal_tic"].told == "not captured"
    assert told["selectivity_backchannel"].told == "none (back-channels: 0)"
    assert told["yield_rate"].told == "1.00 (interruptions: 1)"
    text = repr(told)
    for word in (
        "LiveKit Agents",
        "Pipecat",
        "EVA",
        "τ-voice",
        "github.com/ServiceNow/eva",
        str(report.latency.p50)[:4],
    ):
        assert word in text
    assert max(map(len, text.splitlines())) <= 140
    html = told._repr_html_()
    assert html.count("<tr>") == len(told) + 4
    frame = told.to_dataframe()
    assert list(frame["name"]) == [each.name for each in told]
    assert set(told.to_dicts()[0]) == set(frame.columns)
    assert len(told[:3]) == 3
    assert isinstance(told[0], ToolFigure)
    with pytest.raises(KeyError, match="Did you mean 'e2e_latency'"):
        told["e2elatency"]


def test_many_calls_and_one_without_a_turn(call: vn.Recording, tmp_path: Path) -> None:
    told = vn.report([call, call]).other_tools
    assert told["e2e_latency"].n == 6
    assert told["user_bot_latency"].values == Figure(
        vn.report(call).other_tools["user_bot_latency"].values.values * 2
    )
    empty = vn.report(KnownCall(tmp_path / "empty", 3.0).build()).other_tools
    assert empty["e2e_latency"].value is None
    assert empty["turn_taking"].value is None
    assert "not measured" in repr(empty)
