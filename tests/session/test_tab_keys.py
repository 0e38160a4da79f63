from __future__ import annotations

from voicenb.session.tab_keys import KEPT, TabKeys


def test_a_key_lets_one_tab_in_once() -> None:
    keys = TabKeys()
    key = keys.issue()
    assert keys.redeem(key)
    assert keys.redeem(key) is None


def test_a_tab_comes_back_by_its_pass() -> None:
    keys = TabKeys()
    its_pass = keys.redeem(keys.issue())
    assert its_pass is not None
    assert [keys.redeem(its_pass) for _ in range(3)] == [its_pass] * 3
    other = keys.redeem(keys.issue())
    assert other != its_pass


def test_nobody_else_comes_in() -> None:
    keys = TabKeys()
    keys.issue()
    assert keys.redeem("") is None
    assert keys.redeem("ключ") is None
    assert keys.redeem(TabKeys().issue()) is None


def test_the_oldest_keys_are_forgotten() -> None:
    keys = TabKeys()
    first, *others = [keys.issue() for _ in range(KEPT + 1)]
    assert keys.redeem(first) is None
    assert keys.redeem(others[0])
