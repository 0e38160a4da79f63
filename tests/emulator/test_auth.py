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


def test_tokens_that_open_nothing_any_more_are_forgotten_and_are_still_no_keys():
    keeper = door()
    used, late = (keeper.mint(now=0.0, redeem_within=60, longest_session=600) for _ in range(2))
    assert keeper.admit(used, now=1.0)
    assert keeper.tokens == 1
    keeper.mint(now=61.0, redeem_within=60, longest_session=600)
    assert keeper.tokens == 1
    for gone in (used, late):
        assert not keeper.key_passes(gone)
        assert keeper.admit(gone, now=61.0) is None


def test_tokens_that_are_not_enforced_are_forgotten_when_their_time_is_over():
    keeper = door(enforce=False)
    token = keeper.mint(now=0.0, redeem_within=60, longest_session=60)
    assert keeper.admit(token, now=60.0)
    assert keeper.tokens == 1
    assert keeper.admit(token, now=61.0) is None
    assert keeper.tokens == 0


def test_a_key_may_look_like_a_token():
    key = Identifiers(5).token()
    assert door(key).key_passes(key)
    assert door(key).admit(key, now=0.0) == Pass(owner=key)
