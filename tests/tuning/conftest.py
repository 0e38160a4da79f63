"""One call of sound, and what seven settings do on it."""

import pytest

from tests.tuning.known import build
from voicenb.tuning.whatif import whatif


@pytest.fixture(scope="session")
def known(tmp_path_factory):
    """The recording, and what was put into it; nobody changes its folder."""
    return build(tmp_path_factory.mktemp("known") / "call")


@pytest.fixture(scope="session")
def sweep(known):
    return whatif(known[0], min_silence=[200, 500, 800, 900, 1200, 1600, 2200])
