"""The call that the pages are of."""

from __future__ import annotations

import pytest

import voicenb as vn
from tests.sharing.explained_call import explained_call


@pytest.fixture(scope="session")
def call(tmp_path_factory: pytest.TempPathFactory) -> vn.Recording:
    """A plain turn, a tool turn, an interruption, at the end a turn without answer."""
    return explained_call(tmp_path_factory.mktemp("sharing") / "zanzibar")
