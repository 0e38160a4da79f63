import re

import pytest
from brief_mouth import BriefMouth

import voicenb as vn
from voicenb.cli import main
from voicenb.doctor_live import announced, told
from voicenb.protocol.differences import Difference
from voicenb.testing.inspection import Inspection

FOUND = [Difference("11.1", "session.updated came before session.ready")]


def test_without_a_key_it_says_how_to_give_one(capsys):
    assert main(["doctor", "--live"]) == 1
    said = capsys.readouterr().out
    assert "There is no key" in said
    assert "ASSEMBLYAI_API_KEY" in said
    assert "billed" in said


def test_a_service_is_named_for_the_call_only(capsys):
    assert main(["doctor", "--service", "emulator"]) == 2
    assert "--service goes with --live" in capsys.readouterr().err


def test_a_service_that_is_not_there_is_one_line(capsys):
    assert main(["doctor", "--live", "--service", "ws://127.0.0.1:9"]) == 1
    said = capsys.readouterr()
    assert said.err.startswith("voicenb: ")
    assert "Differences" not in said.out


def test_a_call_that_is_refused_is_a_failure_and_nothing_is_said_to_be_right(capsys):
    with vn.Emulator(brain="rules", key="sesame", mouth=BriefMouth()) as emulator:
        assert main(["doctor", "--live", "--service", emulator.url, "--key", "not-that-one"]) == 1
        said = capsys.readouterr().out
        assert "none found" not in said
        assert "The session never began" in said
        assert "Check the key that was given for this address" in said
        assert "not-that-one" not in said
        assert main(["doctor", "--live", "--service", emulator.url]) == 1
        assert "No key was given for this address" in capsys.readouterr().out


def test_a_key_is_for_the_call_only(capsys):
    assert main(["doctor", "--key", "sesame"]) == 2
    assert capsys.readouterr().err == "voicenb doctor: --key goes with --live.\n"


@pytest.mark.slow
@pytest.mark.campaign
def test_an_emulator_of_the_live_profile_is_called_and_its_differences_are_listed(capsys):
    with vn.Emulator(profile="live", brain="rules", mouth=BriefMouth()) as emulator:
        emulator.warm_up()
        assert main(["doctor", "--live", "--service", emulator.url]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Calling the emulator on this machine (live profile) for some 12 seconds")
    assert re.match(r"Differences from the contract in this call \(\d+\):", lines[1])
    assert "- session.updated came before session.ready [section 11.1]" in lines
    assert lines[-1].startswith("Not looked at:")


def test_what_it_costs_is_said_beforehand_and_the_key_is_not():
    hosted = vn.Address("wss://agents.assemblyai.com/v1/ws", key="canary-7f3a", kind="hosted")
    said = announced(hosted)
    assert said == "Calling the hosted service (agents.assemblyai.com) for some 12 seconds: about 1.5 cents."
    other = vn.Address("wss://elsewhere.example/v1/ws?token=canary-7f3a", kind="address")
    assert announced(other).startswith("Calling elsewhere.example for some")
    assert "canary" not in announced(other)


def test_none_found_is_said():
    assert next(told(Inspection([], 12.0))) == "Differences from the contract in this call: none found."


def test_each_difference_is_a_line():
    lines = list(told(Inspection(FOUND, 12.0)))
    assert lines[0] == "Differences from the contract in this call (1):"
    assert lines[1] == "- session.updated came before session.ready [section 11.1]"


def test_a_call_that_ended_too_soon_and_one_without_a_voice_are_told():
    failure = vn.WaitTimeout("The agent did not greet.")
    lines = list(told(Inspection(FOUND, 8.2, silent=True, failure=failure)))
    assert lines[0] == "The call ended after 8 s: The agent did not greet."
    assert lines[1].startswith("No voice is installed")
    assert lines[2] == "Differences from the contract until then (1):"


def test_of_a_session_that_never_began_nothing_is_said_to_be_right():
    failure = vn.Unauthorized("The service refused the key.")
    lines = list(told(Inspection([], 0.1, failure=failure, begun=False)))
    assert lines[1].startswith("The session never began")
    assert len(lines) == 2
    assert "Differences from the contract until then (1):" in told(
        Inspection(FOUND, 0.1, failure=failure, begun=False)
    )
