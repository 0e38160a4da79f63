from __future__ import annotations

import json

import pytest

from voicenb import errors
from voicenb.errors import ServiceError, Unauthorized, VoicenbError, WaitTimeout
from voicenb.session.failure import from_wire, to_wire

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, VoicenbError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_travels(kind: type[VoicenbError]) -> None:
    error = kind("What happened.", remedy="What to do.", place="here", count=3)
    back = from_wire(json.loads(json.dumps(to_wire(error))))
    assert type(back) is kind
    assert (back.message, back.remedy) == (error.message, error.remedy)
    assert (back.facts["place"], back.facts["count"]) == ("here", 3)


def test_a_services_error_keeps_its_code() -> None:
    error = Unauthorized("No.", code="UNAUTHORIZED", param="key", status=1008)
    back = from_wire(to_wire(error))
    assert isinstance(back, ServiceError)
    assert (back.code, back.param, back.status) == ("unauthorized", "key", 1008)


def test_facts_that_are_not_plain_stay_behind() -> None:
    wire = to_wire(WaitTimeout("Late.", received=["a"], seconds=1.5))
    assert wire["facts"] == {"seconds": 1.5}


def test_other_exceptions_are_told_as_what_they_are() -> None:
    assert (
        to_wire(ZeroDivisionError("by zero"))["message"]
        == "The session's engine failed: ZeroDivisionError: by zero."
    )
    assert to_wire(KeyError())["message"] == "The session's engine failed: KeyError."


@pytest.mark.parametrize("kind", ["Nonsense", "annotations", "Any", ""])
def test_a_kind_that_is_not_known(kind: str) -> None:
    assert type(from_wire({"kind": kind, "message": "What."})) is VoicenbError


def test_no_login_is_in_what_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "the-key-of-the-environment\n")
    for error in (
        ValueError("invalid Authorization header: Bearer the-key-of-the-environment"),
        ValueError("invalid Authorization header: Bearer another-key"),
        VoicenbError("No.", remedy="Not the-key-of-the-environment.", place="wss://x?token=another-key"),
    ):
        told = json.dumps(to_wire(error))
        assert "the-key-of" not in told
        assert "another-key" not in told
