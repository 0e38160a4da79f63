"""Nothing that was tuned on the emulator is written to a hosted agent without an explicit word."""

import pytest

import voicenb as vn
from voicenb.errors import InvalidConfiguration, ServiceUnreachable
from voicenb.tuning.guard import check_written, emulated, is_hosted, write

EMULATED, HOSTED = "emulator · contract · rules", "hosted"
KEY = "aai-canary-guard"


def test_who_is_an_emulator():
    assert emulated([HOSTED, EMULATED, "", EMULATED, "cassette", "emulators.example"]) == [EMULATED]


@pytest.mark.parametrize(
    ("target", "hosted"),
    [
        (vn.Hosted(KEY), True),
        (vn.Address("wss://voice.example/v1/ws", key="k"), True),
        ("wss://voice.example", True),
        (vn.Address("wss://voice.example/v1/ws", kind="cassette"), False),
        ("emulator", False),
        (None, False),  # there is no key in the tests
    ],
    ids=["hosted", "address", "text", "cassette", "emulator", "none"],
)
def test_where_real_callers_are(target, hosted):
    assert is_hosted(target) == hosted


def test_an_emulator_on_this_machine_is_known_by_its_own_word():
    with vn.Emulator(brain="rules") as emulator:
        url = emulator.address().url
        assert not is_hosted(url)
        assert not is_hosted(vn.Hosted(KEY, host=url))
        check_written([EMULATED], vn.Hosted(KEY, host=url))


def test_it_is_refused_and_says_the_word():
    with pytest.raises(InvalidConfiguration, match="tuned on calls with the emulator") as refused:
        check_written([HOSTED, EMULATED], vn.Hosted(KEY))
    assert refused.value.facts["param"] == "even_if_emulated"
    assert "even_if_emulated=True" in str(refused.value)
    check_written([HOSTED, EMULATED], vn.Hosted(KEY), even_if_emulated=True)
    check_written([HOSTED, ""], vn.Hosted(KEY))


def test_nothing_is_sent_where_it_is_refused():
    nobody = vn.Hosted(KEY, host="http://127.0.0.1:9", timeout=0.2, retries=0)
    setting = vn.TurnDetection.patient()
    with pytest.raises(InvalidConfiguration, match="emulator"):
        write(nobody, "agent-1", [EMULATED], turn_detection=setting)
    with pytest.raises(ServiceUnreachable):  # then it tries to
        write(nobody, "agent-1", [EMULATED], turn_detection=setting, even_if_emulated=True)


def test_with_the_word_it_is_stored():
    with vn.Emulator(brain="rules") as emulator:
        hosted = vn.Hosted(KEY, host=emulator.address().url)
        stored = hosted.create(vn.Agent(name="Lido", system_prompt="You take bookings.", voice="ivy"))
        written = write(hosted, stored, [EMULATED], turn_detection=vn.TurnDetection.patient())
        assert written.turn_detection.min_silence == 2200
        assert hosted.get(stored.id).turn_detection.min_silence == 2200
