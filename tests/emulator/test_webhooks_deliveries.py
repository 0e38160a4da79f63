"""Records of deliveries."""

from __future__ import annotations

import pytest

from voicenb.emulator import webhooks_deliveries
from voicenb.emulator.clock import FIXED_START, Stamps
from voicenb.emulator.database import Database
from voicenb.emulator.errors import Refusal
from voicenb.emulator.ids import Identifiers
from voicenb.emulator.webhooks_deliveries import STOPPED, Deliveries


class Still(Stamps):
    @staticmethod
    def loop_time() -> float:
        return 0.0


def on(database):
    return Deliveries(database, Identifiers(1), Still(FIXED_START))


def add(deliveries, session="s1"):
    return deliveries.add(session, "whsub_1", "session.started", "evt_1")


def test_it_is_pending_and_then_what_came_of_it():
    deliveries = on(Database())
    delivery = add(deliveries)
    assert deliveries.page("s1", 9) == ([delivery], "")
    assert (delivery["status"], delivery["attempt_count"], delivery["error"]) == ("pending", 0, None)
    deliveries.note(delivery, status="delivered", attempt_count=1, http_status_code=204)
    (noted,) = deliveries.page("s1", 9)[0]
    assert (noted["status"], noted["attempt_count"], noted["http_status_code"]) == ("delivered", 1, 204)


def test_newest_first_by_session_in_pages():
    deliveries = on(Database())
    ids = [add(deliveries, session)["id"] for session in ("s1", "s2", "s1", "s1")]
    first, cursor = deliveries.page("s1", 2)
    assert [entry["id"] for entry in first] == [ids[3], ids[2]]
    assert [entry["id"] for entry in deliveries.page("s1", 2, cursor)[0]] == [ids[0]]
    assert deliveries.page("s3", 2) == ([], "")
    assert isinstance(deliveries.page("s1", 2, "x"), Refusal)


def test_what_the_end_of_an_emulator_left_pending_has_failed():
    database = Database()
    deliveries = on(database)
    done, left = add(deliveries), add(deliveries)
    deliveries.note(done, status="delivered")
    deliveries.note(left, next_retry_at="2026-01-01")
    (failed, delivered), _ = on(database).page("s1", 9)
    assert (failed["status"], failed["error"], failed["next_retry_at"]) == ("failed", STOPPED, None)
    assert delivered["status"] == "delivered"


@pytest.mark.parametrize(("keeps", "left"), [(False, 3), (True, 6)])
def test_only_a_file_keeps_all_of_them(tmp_path, monkeypatch, keeps, left):
    monkeypatch.setattr(webhooks_deliveries, "REMEMBERED", 3)
    database = Database(tmp_path / "emulator.sqlite" if keeps else None)
    deliveries = on(database)
    for _ in range(6):
        add(deliveries)
    assert len(deliveries.page("s1", 9)[0]) == left
    database.close()
