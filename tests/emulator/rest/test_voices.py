"""Where one might look for a list of voices."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("profile", "status", "code"), [("contract", 404, "not_found"), ("live", 426, "upgrade_required")]
)
def test_there_is_no_list_of_voices(call, profile, status, code):
    answer = call(profile=profile)("GET", "/v1/voices")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert ("Upgrade" in answer.headers) == (status == 426)
