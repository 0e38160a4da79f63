from __future__ import annotations

from voicenb.service.address import Address
from voicenb.session.failure import from_wire, to_wire
from voicenb.session.lost import lost

PLACE = "ws://127.0.0.1:4711/v1/ws"
AGAIN = f"No connection to {PLACE}: nothing takes connections there."


def test_a_connection_that_was_lost_is_told_with_what_was_tried() -> None:
    error = lost("closed with 1006", after=5.04, again=AGAIN, gone=None)
    assert error.message == (
        "The connection to the service was lost after 5.0 s (closed with 1006). "
        f"It could not be had back: {AGAIN}"
    )
    assert error.remedy.startswith("Start a new session.")
    early = lost("closed with 1011", after=None, again="", gone=None)
    assert (
        early.message
        == "The connection to the service was lost before the session was ready (closed with 1011)."
    )


def test_an_emulator_of_ones_own_that_has_ended_is_one_sentence_and_the_facts_are_kept() -> None:
    child = Address(f"{PLACE}?token=secret", key="k", kind="emulator", child=True)
    error = lost("closed with 1006", after=5.0, again=AGAIN, gone=child)
    assert error.message == "The emulator has gone, and the call with it."
    assert error.remedy.startswith("Start a new session: another one is started for it.")
    assert "Start a new session" in from_wire(to_wire(error)).remedy
    facts = from_wire(to_wire(error)).facts
    assert (facts["reason"], facts["after"], facts["again"], facts["gone"]) == (
        "closed with 1006",
        5.0,
        AGAIN,
        "emulator",
    )


def test_a_server_of_this_machine_that_has_ended_is_named_without_what_is_secret() -> None:
    error = lost(
        "closed with 1006", after=5.0, again=AGAIN, gone=Address(f"{PLACE}?token=secret", kind="emulator")
    )
    assert error.message == f"The server at {PLACE} has gone, and the call with it."
    assert error.remedy.startswith("Start it again, then a new session.")
    assert error.facts["gone"] == PLACE
