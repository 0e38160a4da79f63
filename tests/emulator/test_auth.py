from __future__ import annotations

from voicenb.emulator.auth import Doorkeeper, Pass, credential, header_credential
from voicenb.emulator.database import Database
from voicenb.emulator.ids import Identifiers


def door(key=None, enforce=True, database=None, secret="secret"):
    return Doorkeeper(key, Identifiers(1), database or Database(), secret, enforce=enforce)


def test_any_key_or_one():
    assert door().key_passes("anything")
    assert not door().key_passes("")
    assert door("right").key_passes("right")
    assert not door("right").key_passes("wrong")


def test_a_token_opens_one_session_within_its_time():
    keeper = door()
    token = keeper.mint(now=100.0, redeem_within=60, longest_session=600)
    assert not keeper.key_passes(token)
    assert keeper.admit(token, now=159.0).longest_session == 600
    assert keeper.admit(token, now=159.0) is None
    late = keeper.mint(now=100.0, redeem_within=60, longest_session=600)
    assert keeper.admit(late, now=161.0) is None


def test_tokens_that_are_not_enforced_open_several_sessions_without_a_cap():
    keeper = door(enforce=False)
    token = keeper.mint(now=0.0, redeem_within=60, longest_session=60)
    assert keeper.admit(token, now=1.0) == keeper.admit(token, now=2.0)
    assert keeper.admit(token, now=3.0).longest_session == Pass().longest_session


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
    assert door(key).admit(key, now=0.0)


def test_a_token_is_its_owners_as_the_key_is():
    keeper = door()
    minted = keeper.mint(now=0.0, redeem_within=60, longest_session=600, owner="key")
    other = keeper.mint(now=0.0, redeem_within=60, longest_session=600, owner="other")
    owner = keeper.admit("key", now=0.0).owner
    assert keeper.admit(minted, now=0.0).owner == owner
    assert keeper.admit(other, now=0.0).owner != owner


def test_a_token_leads_back_to_its_session_as_often_as_is_wanted_and_begins_none():
    keeper = door()
    token = keeper.return_token("sess_1")
    assert keeper.admit(token, now=0.0) == keeper.admit(token, now=9e9) == Pass(returns_to="sess_1")
    for forged in (token.replace("sess_1", "sess_2"), token[:-1], "resume_sess_1", "resume_"):
        assert keeper.admit(forged, now=0.0) is None
        assert not keeper.key_passes(forged)
    assert door(secret="another").admit(token, now=0.0) is None


def test_tokens_outlive_the_doorkeeper_and_open_nothing_from_where_they_are_kept(tmp_path):
    file = tmp_path / "emulator.sqlite"
    database = Database(file)
    keeper = door("key", database=database)
    used, unused = (keeper.mint(now=0.0, redeem_within=60, longest_session=600) for _ in range(2))
    assert keeper.admit(used, now=1.0)
    database.close()
    assert unused.encode() not in file.read_bytes()
    again = Database(file)
    keeper = door("key", database=again)
    assert keeper.admit(used, now=2.0) is None
    assert keeper.admit(unused, now=2.0).longest_session == 600
    again.close()
