from __future__ import annotations

import pytest

from voicenb.analysis.echo import ITSELF
from voicenb.analysis.stop import Stop


@pytest.mark.parametrize(("likeness", "echo"), [(None, None), (ITSELF - 0.01, False), (ITSELF, True)])
def test_whether_nobody_spoke(likeness: float | None, echo: bool | None) -> None:
    assert Stop(1, 1, "r", "flush", "client", "silent", 3.0, likeness=likeness).echo is echo


def test_only_a_voice_that_fell_silent_has_given_way() -> None:
    assert Stop(1, 1, "r", "flush", "client", "silent", 3.0, onset=1.8).yield_latency == pytest.approx(1.2)
    assert Stop(1, 1, "r", "flush", "client", "silent", 3.0).yield_latency is None
    assert Stop(1, 1, "r", "duck", "duck", "back", 3.0, onset=1.8).yield_latency is None
