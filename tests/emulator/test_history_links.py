"""Links to artifacts."""

from __future__ import annotations

import pytest

from voicenb.emulator.history_links import LIFE, Links


def parts(path):
    return path.removeprefix("/v1/artifacts/").split("/")


def test_a_link_is_good_and_says_until_when():
    links = Links("secret")
    signature, expires, session_id, kind = parts(links.path("sess_1", "audio", 1000.5))
    assert (int(expires), session_id, kind) == (1000 + LIFE, "sess_1", "audio")
    assert len(signature) == 64
    assert links.good(signature, expires, session_id, kind)


@pytest.mark.parametrize("place", range(4))
def test_a_link_that_was_changed_is_not(place):
    links = Links("secret")
    changed = parts(links.path("sess_1", "audio", 1000.0))
    changed[place] = {0: "ü" * 64, 1: "9999999999", 2: "sess_2", 3: "timeline"}[place]
    assert not links.good(*changed)


def test_nobody_else_can_make_one():
    made = parts(Links("another").path("sess_1", "audio", 1000.0))
    assert not Links("secret").good(*made)
