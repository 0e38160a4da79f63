"""A comparison: what it says, and what it lets nobody do without a word."""

import json

import pytest

import voicenb as vn
from tests.analysis.known_call import KnownCall
from voicenb.errors import InvalidConfiguration
from voicenb.tuning.compared import Arm, Cell, ComparedRow, Comparison, differing, turn_detection_of

AGENT = vn.Agent(name="Lido", system_prompt="You take bookings.", voice="ivy", id="agent-1")
EMULATED = ("emulator · contract · rules",)


def arm(name="today", services=EMULATED, **more):
    return Arm(name, 12, 0, services, "its own, 600 to 2000 ms", **more)


def row(**cells):
    return ComparedRow("response latency, plain turns", {"today": Cell(1.0), **cells}, "medians of 40 turns")


def comparison(*arms, **cells):
    return Comparison(arms, [row(**cells)], {})


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((0.1, 0.4), "higher"),
        ((-0.4, -0.1), "lower"),
        ((-0.1, 0.1), "inconclusive"),
        ((0.0, 0.1), "inconclusive"),
        (None, "inconclusive"),
    ],
)
def test_only_what_excludes_zero_is_told_apart(interval, verdict):
    assert Cell(1.0, None, 0.2, interval).verdict == verdict


@pytest.mark.parametrize(
    ("services", "told"),
    [
        (EMULATED, "emulated"),
        (("hosted",), "hosted"),
        (("hosted", *EMULATED), "emulated and hosted"),
        (("",), "unknown"),
        ((), "unknown"),
        (("address",), "address"),
    ],
)
def test_rows_say_who_answered(services, told):
    assert arm(services=services).answered_by == told


def test_the_table_has_a_row_for_each_figure_of_each_arm():
    made = comparison(arm(), arm("patient"), patient=Cell(1.5, None, 0.5, (0.3, 0.7)))
    frame = made.to_dataframe()
    assert list(frame["arm"]) == ["today", "patient"]
    assert list(frame["answered_by"]) == ["emulated", "emulated"]
    assert list(frame["turn_detection"]) == ["its own, 600 to 2000 ms"] * 2
    assert (frame["low"][1], frame["high"][1], frame["verdict"][1]) == (0.3, 0.7, "higher")
    told = json.loads(json.dumps(made.to_dict()))
    assert told["rows"][1]["interval"] == [0.3, 0.7]
    assert told["rows"][0]["verdict"] is None
    assert made["response latency, plain turns"].cells["patient"].difference == 0.5
    with pytest.raises(KeyError, match="there are response latency"):
        made["latency"]


def test_what_the_figures_are_to_be_read_with():
    own = comparison(arm(), arm("b"), b=Cell(1.0))
    assert [note.split(" ")[0] for note in own.notes] == ["Differences", "Timings"]
    hosted = comparison(arm(services=("hosted",)), arm("b", services=("hosted",)), b=Cell(1.0))
    assert hosted.notes[0] == "Differences are to today, with intervals of 95 %."
    assert [note.split(" ")[0] for note in hosted.notes] == ["Differences", "With"]  # not separable there
    mixed = comparison(arm(services=("hosted",)), arm("b"), b=Cell(1.0))
    assert any("say nothing of the hosted" in note for note in mixed.notes)
    assert any("different services" in note for note in mixed.notes)
    left = Comparison([arm(), Arm("b", 11, 1, EMULATED, "")], [row(b=Cell(1.0))], {})
    assert left.notes[-1].endswith("1 of b.")


def test_many_intervals_are_told_as_many():
    found = Cell(1.5, None, 0.5, (0.3, 0.7))
    rows = [ComparedRow(str(number), {"today": Cell(1.0), "b": found}, "") for number in range(10)]
    assert any(
        "10 intervals were looked at" in note for note in Comparison([arm(), arm("b")], rows, {}).notes
    )
    assert not any("looked at" in note for note in Comparison([arm(), arm("b")], rows[:9], {}).notes)


def test_what_the_emulator_answered_is_written_only_with_a_word():
    made = comparison(arm(agent=AGENT), arm("b", agent=AGENT.replace(voice="james")), b=Cell(1.0))
    hosted = vn.Hosted("aai-canary-compared")
    with pytest.raises(InvalidConfiguration, match="even_if_emulated=True"):
        made.write("b", hosted)
    one_side = comparison(arm(), arm("b", services=("hosted",), agent=AGENT), b=Cell(1.0))
    with pytest.raises(InvalidConfiguration, match="even_if_emulated=True"):
        one_side.write("b", hosted)
    with pytest.raises(InvalidConfiguration, match=r"no agent 'c'.*It has 'today', 'b'"):
        made.write("c", hosted)


def test_written_it_is_the_arms_agent():
    with vn.Emulator(brain="rules") as emulator:
        hosted = vn.Hosted("k", host=emulator.url)
        stored = hosted.create(AGENT)
        made = comparison(arm(), arm("b", agent=AGENT.replace(voice="james", id=None)), b=Cell(1.0))
        made.write("b", hosted, stored)
        assert hosted.get(stored.id).voice == "james"


def recording(folder, turn_detection=None, **agent):
    made = KnownCall(folder, 0.5, turn_detection)
    made.service = agent.pop("service", "hosted")
    found = made.build()
    path = found.folder / "session.json"
    session = json.loads(path.read_text())
    session["agent"] |= agent
    path.write_text(json.dumps(session))
    return vn.Recording(found.folder)


def test_whose_settings_decided(tmp_path):
    own = recording(tmp_path / "a", {"min_silence": 700, "vad_threshold": 0.6, "interrupt_response": False})
    assert turn_detection_of([own]) == "its own, 700 to 3000 ms, threshold 0.6, no interruption"
    assert turn_detection_of([recording(tmp_path / "b")]) == "the service's adaptive default"
    emulated = recording(tmp_path / "c", service="emulator · contract · rules")
    assert turn_detection_of([emulated]) == "the emulator's stand-in for the adaptive default"
    stored = recording(tmp_path / "d", agent_id="agent-1")
    assert turn_detection_of([stored, stored, own]).split("; ") == [
        "as it is stored with the service",
        "its own, 700 to 3000 ms, threshold 0.6, no interruption",
    ]


def test_of_a_recording_from_elsewhere_it_is_not_known(tmp_path):
    elsewhere = recording(tmp_path / "a", service="imported")
    path = elsewhere.folder / "session.json"
    session = json.loads(path.read_text())
    path.write_text(json.dumps({**session, "absent": {"settings": "The settings are not known."}}))
    elsewhere = vn.Recording(elsewhere.folder)
    own = recording(tmp_path / "b", {"min_silence": 700}, system_prompt="Short.")
    assert turn_detection_of([elsewhere]) == "not known"
    assert differing(elsewhere, own) == differing(own, elsewhere) == ()


def test_what_differs(tmp_path):
    one = recording(tmp_path / "a", system_prompt="Short.", output={"voice": "ivy"})
    other = recording(tmp_path / "b", system_prompt="Long " * 20, output={"voice": "james"})
    assert differing(one, other) == (
        "system_prompt: Short. → Long Long Long Long Long Long Long Long…",
        "voice: ivy → james",
    )
    assert differing(one, one) == ()
