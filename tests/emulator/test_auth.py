from __future__ import annotations

from voicenb.emulator.auth import Doorkeeper, Pass, credential, header_credential
from voicenb.emulator.ids import Identifiers


def door(key=None, enforce=True):
    return Doorkeeper(key, Identifiers(1), enforce=enforce)


def test_any_key_or_one():
    assert door().key_passes("anything")
    assert not door().key_passes("")
    assert door("right").key_passes("right")
    assert not door("right").key_passes("wrong")


def test_a_token_opens_one_session_within_its_time():
    keeper = door()
    token = keeper.mint(now=100.0, redeem_within=60, longest_session=600)
    assert not keeper.key_passes(token)
    assert keeper.admit(token, now=159.0) == Pass(600)
    assert keeper.admit(token, now=159.0) is None
    late = keeper.mint(now=100.0, redeem_within=60, longest_session=600)
    assert keeper.admit(late, now=161.0) is None


def test_tokens_that_are_not_enforced_open_several_sessions_without_a_cap():
    keeper = door(enforce=False)
    token = keeper.mint(now=0.0, redeem_within=60, longest_session=60)
    assert keeper.admit(token, now=1.0) == keeper.admit(token, now=2.0) == Pass()


def test_where_a_credential_may_stand():
    assert credential({"authorization": "Bearer k"}, {}) == "k"
    assert credential({"authorization": "bearer  k "}, {}) == "k"
    assert credential({"authorization": "k"}, {"token": "t"}) == "k"
    assert credential({}, {"token": "t"}) == "t"
    assert credential({}, {}) == ""
    assert header_credential({}) == ""
