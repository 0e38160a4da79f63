from __future__ import annotations

import json
from typing import Any

import pytest

from voicenb.errors import InvalidConfiguration
from voicenb.session.encodable import check, encodable, whole


@pytest.mark.parametrize("value", ["file \udce9", object(), {(1, 2): 3}])
def test_what_is_no_json_in_utf_8_is_refused(value: Any) -> None:
    says = r"^reply\.create cannot be sent: .*\.$"
    with pytest.raises(InvalidConfiguration, match=says) as refused, encodable("reply.create"):
        json.dumps({"value": value}, ensure_ascii=False).encode()
    refused.value.message.encode()


def test_a_check_beforehand() -> None:
    check({"name": "café"}, "The agent")
    with pytest.raises(InvalidConfiguration, match="The agent cannot be sent: "):
        check({"name": "caf\udce9"}, "The agent")


def test_other_errors_pass() -> None:
    with pytest.raises(LookupError), encodable("reply.create"):
        raise LookupError


def test_a_text_with_half_a_character_becomes_whole() -> None:
    assert whole("file \udce9, Żabka 🎉") == "file ?, Żabka 🎉"
