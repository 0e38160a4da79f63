from __future__ import annotations

from typing import Any

import pytest

from voicenb.errors import WaitTimeout
from voicenb.session.mirror import Mirror
from voicenb.session.waiting import Search, Waits


class Counting(list[dict[str, Any]]):
    """Counts how often an event was looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        self.looks += 1
        return super().__getitem__(place)


def heard(n: int) -> dict[str, Any]:
    msg = {"reply_id": "r1", "from": 0, "to": 1, "t": 0.0, "uncertainty": 0.0}
    return {"n": n, "t": n / 10, "dir": "local", "type": "heard", "msg": msg}


def test_each_event_is_looked_at_once() -> None:
    events = Counting()
    search = Search("tool.call", 0)
    for n in range(100):
        events.append(heard(n))
        assert search.look(events) is None
    assert events.looks == 100
    events.append({"type": "tool.call"})
    assert search.look(events) == {"type": "tool.call"}
    assert events.looks == 102


def test_what_another_wait_has_passed_is_passed_over() -> None:
    search = Search("a", 0)
    assert search.look([{"type": "a"}, {"type": "b"}], start=1) is None
    assert search.place == 2


def test_a_wait_goes_on_behind_the_last_match() -> None:
    mirror = Mirror(lambda call: None)
    waits = Waits(mirror)
    for n in range(3):
        mirror.take(heard(n))
    assert [waits.for_event("heard", 1)["n"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(WaitTimeout):
        waits.for_event("heard", 0.01)
    mirror.take(heard(3))
    assert waits.for_event("heard", 1)["n"] == 3
