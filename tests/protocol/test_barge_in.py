"""What the client does with the agent's voice while the caller speaks over it."""

import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.protocol.barge_in import check_barge_in


@pytest.mark.parametrize("mode", ["flush", "duck", "wait"])
def test_what_there_is(mode):
    check_barge_in(mode)


@pytest.mark.parametrize("mode", ["stop", "", None, True, 1])
def test_what_there_is_not(mode):
    with pytest.raises(InvalidConfiguration, match="is no way to give way") as refused:
        check_barge_in(mode)
    assert refused.value.facts["param"] == "barge_in"
    assert '"wait"' in refused.value.remedy
