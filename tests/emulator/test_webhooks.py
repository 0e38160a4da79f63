"""Subscriptions."""

from __future__ import annotations

import pytest

from voicenb.emulator.clock import FIXED_START, Stamps
from voicenb.emulator.database import Database
from voicenb.emulator.errors import Refusal
from voicenb.emulator.ids import Identifiers
from voicenb.emulator.webhooks import EXISTS, Subscriptions

GOOD = {"url": "https://example.com/hook", "events": ["session.started"], "secret": "s" * 32}


class Still(Stamps):
    @staticmethod
    def loop_time() -> float:
        return 0.0


def at(n, **more):
    return {**GOOD, "url": f"https://example.com/{n}", **more}


@pytest.fixture
def database():
    return Database()


@pytest.fixture
def subscriptions(database):
    return Subscriptions(database, Identifiers(1), Still(FIXED_START), loopback=True)


def test_the_secret_is_kept_and_not_shown(subscriptions):
    shown = subscriptions.create(GOOD)
    assert "secret" not in shown
    assert (shown["enabled"], shown["agent_id"], shown["secret_version"]) == (True, None, 1)
    assert subscriptions.get(shown["id"]) == shown | {"secret": GOOD["secret"]}
    assert subscriptions.page(9) == ([shown], "")


def test_what_is_left_out_keeps_its_value(subscriptions):
    shown = subscriptions.create(GOOD)
    changed = subscriptions.update(shown["id"], {"enabled": False, "events": ["session.completed"]})
    assert changed == shown | {"enabled": False, "events": ["session.completed"]}
    changed = subscriptions.update(shown["id"], {"secret": "t" * 40})
    assert changed["secret_version"] == 2
    assert subscriptions.get(shown["id"])["secret"] == "t" * 40
    assert subscriptions.update("whsub_1", {"enabled": True}) is None
    assert isinstance(subscriptions.update(shown["id"], {"url": "x"}), Refusal)


def test_an_address_has_one_for_each_agent(subscriptions):
    first = subscriptions.create(GOOD)
    again = subscriptions.create({**GOOD, "events": ["session.completed"]})
    assert (again.code, again.param) == (EXISTS, "url")
    other = subscriptions.create({**GOOD, "agent_id": "agent_1"})
    assert not isinstance(other, Refusal)
    third = subscriptions.create(at(3))
    assert subscriptions.update(third["id"], {"url": GOOD["url"]}).code == EXISTS
    assert not isinstance(subscriptions.update(first["id"], {"url": GOOD["url"]}), Refusal)  # its own


def test_deleted_is_gone(subscriptions):
    shown = subscriptions.create(GOOD)
    assert subscriptions.delete(shown["id"])
    assert not subscriptions.delete(shown["id"])
    assert subscriptions.get(shown["id"]) is None
    assert not isinstance(subscriptions.create(GOOD), Refusal)


def test_newest_first_in_pages(subscriptions):
    ids = [subscriptions.create(at(n))["id"] for n in range(3)]
    first, cursor = subscriptions.page(2)
    assert [entry["id"] for entry in first] == [ids[2], ids[1]]
    assert [entry["id"] for entry in subscriptions.page(2, cursor)[0]] == [ids[0]]
    assert isinstance(subscriptions.page(2, "x"), Refusal)


def test_who_wants_to_know(subscriptions):
    ids = [
        subscriptions.create(at(n, **more))["id"]
        for n, more in enumerate(
            (
                {"events": ["session.started", "session.completed"]},
                {"agent_id": "agent_1"},
                {"agent_id": "agent_2"},
                {"enabled": False},
                {"events": ["session.completed"]},
            )
        )
    ]

    def wanting(event, agent):
        return [ids.index(entry["id"]) for entry in subscriptions.wanting(event, agent)]

    assert wanting("session.started", "agent_1") == [0, 1]
    assert wanting("session.started", None) == [0]
    assert wanting("session.completed", "agent_1") == [0, 4]
    assert wanting("call.ended", None) == []


def test_they_are_there_for_the_next_emulator(subscriptions, database):
    shown = subscriptions.create(GOOD)
    again = Subscriptions(database, Identifiers(1), Still(FIXED_START), loopback=True)
    assert again.get(shown["id"])["secret"] == GOOD["secret"]
