"""Signatures."""

from __future__ import annotations

import json
import re
from pathlib import Path

from voicenb.emulator.webhooks_signature import HEADER, signature

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "voice-agent-api.schema.json").read_text())


def test_a_signature_that_others_compute_the_same():
    # printf '1790000000.{"a":1}' | openssl dgst -sha256 -hmac ssssssssssssssssssssssssssssssss
    expected = "f07789238a7ca8f8dfe27337868994d89b984c9a144079433d5d061c8c191249"
    assert signature("s" * 32, 1_790_000_000, b'{"a":1}') == f"t=1790000000,v1={expected}"
    assert re.fullmatch(SCHEMA["$defs"]["WebhookSignature"]["pattern"], f"t=1790000000,v1={expected}")
    assert HEADER == "X-AAI-Signature"


def test_it_depends_on_all_of_its_parts():
    whole = signature("s" * 32, 1, b"a")
    assert (
        len({whole, signature("t" * 32, 1, b"a"), signature("s" * 32, 2, b"a"), signature("s" * 32, 1, b"b")})
        == 4
    )
