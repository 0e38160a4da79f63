"""Whole calls under conditions and by the new moves: real speech, real ears, the virtual clock."""

import numpy as np
import pytest

import voicenb as vn

RATE = 24_000
AGENT = vn.Agent(
    name="Lido",
    system_prompt="You take bookings for Lido.",
    greeting="Good evening, this is Lido. How can I help?",
)
ANSWER = "Certainly, we have a table on Friday at half past seven, and another one at nine in the evening."


def sent(call):
    return [event["type"] for event in call.events if event["dir"] == "out"]


def test_the_same_bytes_on_every_run_and_the_truth_beside_them():
    conditions = vn.Conditions(snr=15, noise="babble", telephone=True, loss=0.02, echo=-30, seed=4)
    caller = vn.Caller(["A table for four on Friday.", vn.Answer()], conditions=conditions)
    call, again = (vn.run(AGENT, caller, brain=[ANSWER]) for _ in range(2))
    np.testing.assert_array_equal(call.caller, again.caller)
    assert call.session["conditions"] == {
        "snr": 15,
        "noise": "babble",
        "telephone": True,
        "loss": 0.02,
        "burst": 0.06,
        "echo": -30,
        "echo_delay": 0.1,
        "seed": 4,
    }
    [said] = call.session["truth"]
    assert said["text"] == "A table for four on Friday."
    assert said["then"] == "waits"
    assert "table" in next(line.text for line in call.transcript if line.role == "user")
    voiced = call.caller[said["start"] : said["stop"]].astype(float)
    before = call.caller[: said["start"]].astype(float)
    assert np.sqrt(np.mean(voiced**2)) > 2 * np.sqrt(np.mean(before**2))


def test_an_echo_of_the_agent_is_in_the_callers_track():
    caller = vn.Caller([vn.Answer(), vn.Pause(0.5)], conditions=vn.Conditions(echo=-20, echo_delay=0.15))
    call = vn.run(AGENT, caller)
    track, heard = (lane[: len(lane)].astype(float) for lane in call.lanes())
    size = min(len(track), len(heard))
    late = round(0.15 * RATE)
    echo, voice = track[late:size], heard[: size - late]
    assert np.dot(echo, voice) / np.dot(voice, voice) == pytest.approx(0.1, abs=0.005)
    assert np.corrcoef(echo, voice)[0, 1] > 0.95


def test_an_echo_needs_the_callers_ear():
    caller = vn.Caller(["Hello."], conditions=vn.Conditions(echo=-20))
    with pytest.raises(vn.InvalidConfiguration, match="the caller does not hear it"):
        vn.run(AGENT, caller, speaker=vn.Captured())


def test_a_word_is_spoken_over_where_it_is_heard():
    caller = vn.Caller(["A table, please.", vn.BargeIn("At nine, please.", at="another one"), vn.Answer()])
    call = vn.run(AGENT, caller, brain=[ANSWER, "Good."])
    reply = next(each for each in call.conversation.replies.values() if each.interrupted)
    word = next(each for each in reply.words if "another" in each.text)
    begun = reply.heard_at + word.start_ms / 1000
    pieces = call.said_pieces()
    over = caller.truth[-1].start / RATE - pieces[0][0] / RATE + pieces[0][2] / RATE
    assert over == pytest.approx(begun, abs=0.03)
    assert caller.truth[-1].over_agent


def test_who_hangs_up_without_a_word_sends_no_end():
    call = vn.run(AGENT, vn.Caller([vn.Say("I would like a table", vn.Pause(0.3)), vn.HangUp()]))
    assert "session.end" not in sent(call)
    assert call.events[-2]["type"] in ("closed", "state")
    assert any("hung up without a word" in str(event.get("msg")) for event in call.events)
    assert call.finished
    polite = vn.run(AGENT, vn.Caller([vn.Say("I would like a table", vn.Pause(0.3))]))
    assert "session.end" in sent(polite)


def test_a_session_keeps_the_truth_as_well():
    quiet = vn.Agent(name="Lido", system_prompt="You take bookings for Lido.")
    caller = vn.Caller(["A table, please.", vn.FirstWord(), vn.HangUp()], conditions=vn.Conditions(snr=30))
    with (
        vn.Emulator(brain=[ANSWER], seed=0) as emulator,
        vn.Session(quiet, service=emulator, microphone=caller, speaker=caller.ear) as session,
    ):
        session.wait_for("closed", timeout=60)
    assert [said["text"] for said in session.recording.session["truth"]] == ["A table, please."]
    assert session.recording.session["conditions"]["snr"] == 30
    assert "session.end" not in sent(session.recording)
