import re
from pathlib import Path

import pytest

from voicenb.cli import main
from voicenb.doctor_symptoms import SYMPTOMS, key_form, told
from voicenb.recording.recorder import Recorder


@pytest.fixture(autouse=True)
def library(tmp_path, monkeypatch):
    """Where calls are that nobody saved: none, at first."""
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path / "library"))
    for name in ("VSCODE_PID", "TERM_PROGRAM", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "library"


def write(folder, *, ended="ended", code=""):
    recorder = Recorder(folder, about={"agent": {"name": "Lido"}, "service": "hosted"})
    recorder.event(
        {"n": 0, "t": 0.0, "dir": "in", "type": "session.ready", "msg": {"session_id": folder.name}}
    )
    if code:
        message = {"code": code, "message": "Oh."}
        recorder.event({"n": 1, "t": 0.1, "dir": "in", "type": "session.error", "msg": message})
    recorder.close({"t": 1.0, "reason": ended})


SHOWN = {
    "agent cuts itself off": "Agent cuts itself off",
    "wrong pitch": "Wrong pitch",
    "stale speech": "Stale speech",
    "user cut off": "Caller cut off",
    "agent greets but never hears": "Agent greets but never hears",
    "unauthorized": "UNAUTHORIZED",
    "invalid_audio": "invalid_audio",
    "invalid_format": "invalid_format",
    "immutable_field": "immutable_field",
    "about 30 s billed too much": "About 30 s billed too much",
    "model says nothing after a tool": "Model says nothing after a tool",
    "double answer": "Double answer after a tool",
    "tool never called": "Tool never called",
    "agent keeps asking again": "Agent keeps asking again",
    "microphone refused": "Microphone refused",
    "agent id not found": "Agent id not found",
    "support request": "Support request",
}
"""The rows of the reference's troubleshooting map, in its order."""


def test_every_symptom_of_the_table_is_there_in_its_order():
    assert len(SYMPTOMS) == len(SHOWN)
    for symptom, words in zip(SYMPTOMS, SHOWN.values(), strict=True):
        assert symptom.what.startswith(words)


def test_each_says_something_with_and_without_a_call(library):
    for title, findings in told(None):
        assert findings, title
        for finding in findings:
            assert finding.what.startswith(("here: ", "no call to look at")) or not finding.seen
    write(library / "sess_1")
    assert main(["doctor", "--symptoms"]) in (0, 1)


def test_without_a_call_that_is_said(capsys):
    assert main(["doctor", "--symptoms"]) == 0
    said = capsys.readouterr().out
    assert "no call was held here yet" in said
    assert "voicenb doctor --symptoms calls/lido" in said


def test_the_newest_call_is_looked_at_or_the_one_that_is_named(library, tmp_path, capsys):
    write(library / "sess_old")
    write(tmp_path / "mine", code="invalid_audio")
    main(["doctor", "--symptoms"])
    assert "session sess_old;" in capsys.readouterr().out
    assert main(["doctor", "--symptoms", str(tmp_path / "mine")]) == 1
    said = capsys.readouterr().out
    assert "session mine;" in said
    assert "✗ in the call: invalid_audio came: Oh." in said
    assert "✓ in the call: no invalid_format came" in said


def test_a_call_that_is_not_there_is_one_line(tmp_path, capsys):
    assert main(["doctor", "--symptoms", str(tmp_path / "nothing")]) == 1
    assert capsys.readouterr().err.startswith("voicenb: There is nothing at")


def test_how_the_last_calls_ended(library, capsys):
    write(library / "one")
    write(library / "two", ended="lost")
    main(["doctor", "--symptoms"])
    said = capsys.readouterr().out
    assert (
        "of the last 2 calls that nobody saved none broke off with its process, 1 with its connection" in said
    )


@pytest.mark.parametrize(
    ("key", "words", "broken"),
    [
        (None, "is not set", False),
        ("  ", "is not set", False),
        ("canary-7f3a\n", "looks like a key", False),
        ("'canary-7f3a'", "quotes", True),
        ("Bearer canary-7f3a", "a space", True),
        ("canary-7f3ä", "no key has", True),
    ],
)
def test_a_key_is_looked_at_and_never_shown(key, words, broken):
    found = key_form(key)
    assert words in found.what
    assert found.broken == broken
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("VSCODE_PID", "7", "VS Code"),
        ("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22", "SSH"),
        ("HOME_OF", "x", "neither"),
    ],
)
def test_where_the_microphone_is_refused(monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    found = dict(told(None))
    (title,) = [title for title in found if title.startswith("Microphone refused")]
    assert words in found[title][0].what
    assert "10.0.0.1" not in str(found[title][0])


def test_the_guide_names_it():
    guide = (Path(__file__).parents[1] / "voicenb" / "guide.md").read_text("utf-8")
    assert re.search(r"voicenb doctor --symptoms", guide)


def test_a_call_that_was_refused_blames_nothing_but_the_refusal(library, capsys):
    recorder = Recorder(library / "refused", about={"agent": {"name": "Lido"}, "service": "address"})
    message = {"code": "UNAUTHORIZED", "message": "Authentication failed"}
    recorder.event({"n": 0, "t": 0.1, "dir": "in", "type": "session.error", "msg": message})
    told_so = {"code": "unauthorized", "message": "…", "remedy": "No key was given for this address."}
    recorder.event({"n": 1, "t": 0.1, "dir": "local", "type": "error", "msg": told_so})
    recorder.close({"t": 0.2, "reason": "error"})
    assert main(["doctor", "--symptoms", str(library / "refused")]) == 1
    said = capsys.readouterr().out
    assert "✗ in the call: unauthorized came: Authentication failed\n    → No key was given" in said
    assert said.count("✗") == 1
    assert "no sound was sent" not in said
    unseen = [line for line in said.splitlines() if "not looked at: the session never began" in line]
    assert len(unseen) == 9
    assert "in the call: the session never began" in said, "which is why nothing was billed"
