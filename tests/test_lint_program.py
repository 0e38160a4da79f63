"""`voicenb lint`: files of agents, good, bad and unreadable."""

from __future__ import annotations

import io
import json

import pytest

from voicenb.cli import main

GOOD = {"system_prompt": "You are the host of Lido. Be brief.", "greeting": "Lido, good evening."}
BAD = GOOD | {"greeting": "Greet the caller."}


@pytest.fixture
def write(tmp_path):
    def file(name, content):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    return file


@pytest.mark.parametrize("wire", [GOOD, {"type": "session.update", "session": GOOD}, GOOD | {"name": "Lido"}])
def test_an_agent_without_errors(write, capsys, wire):
    path = write("good.json", wire)
    assert main(["lint", path]) == 0
    told = capsys.readouterr()
    assert told.out.startswith(f"{path}: ")
    assert "info  P13 system_prompt\n" in told.out
    assert "error " not in told.out
    assert told.err == ""


def test_an_agent_with_errors(write, capsys):
    assert main(["lint", write("bad.json", BAD)]) == 1
    assert "error P15 greeting  “Greet the caller.”\n" in capsys.readouterr().out


def test_what_an_agent_refuses_is_looked_at_all_the_same(write, capsys):
    tools = [{"name": "look", "timeout_seconds": 900}, {"name": "look", "parameters": 7}]
    wire = {"sytem_prompt": "x", "tools": tools, "input": {"turn_detection": {"min_silence": 1}}}
    assert main(["lint", write("broken.json", wire)]) == 1
    told = capsys.readouterr().out
    assert all(rule in told for rule in ("S2 ", "D1 ", "T7 ", "T13 ", "T14 ", "T17 "))


def test_several_files_are_told_one_by_one(write, capsys):
    good, bad = write("good.json", GOOD), write("bad.json", BAD)
    assert main(["lint", good, bad]) == 1
    told = capsys.readouterr().out
    assert 0 == told.index(f"{good}: ") < told.index(f"\n{bad}: ") < told.index("P15")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is no JSON: Expecting value"),
        ("[]", "is no agent"),
        ("[" * 100_000, "nests too deep"),
        ('{"a": ' * 900 + "1" + "}" * 900, None),
    ],
)
def test_a_file_that_cannot_be_read_does_not_keep_the_others(write, capsys, content, told):
    bad, odd = write("bad.json", BAD), write("odd.json", content)
    code = main(["lint", odd, bad])
    out, err = capsys.readouterr()
    assert "P15" in out
    if told is None:
        assert code == 1
        assert odd in out
    else:
        assert code == 2
        assert err.startswith(f"voicenb: {odd} ")
        assert told in err


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert main(["lint", str(tmp_path / "none.json")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "code"), [(json.dumps(BAD), 1), ("\ufeff" + json.dumps(GOOD), 0), ("x", 2)])
def test_standard_input(monkeypatch, capsys, text, code):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode("utf-8")), encoding="utf-8"))
    assert main(["lint", "-"]) == code
    out, err = capsys.readouterr()
    assert out.startswith("-: ") if code < 2 else err.startswith("voicenb: Standard input is no JSON")


def test_standard_input_that_is_no_text(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\x89PNG\xff\xfe"), encoding="utf-8"))
    assert main(["lint", "-"]) == 2
    assert "no text" in capsys.readouterr().err


def test_for_machines(write, capsys):
    bad, odd = write("bad.json", BAD), write("odd.json", "x")
    assert main(["lint", "--json", bad, odd]) == 2
    out, err = capsys.readouterr()
    first, second = json.loads(out)
    assert first["file"] == bad
    assert first["findings"][0] | {"remedy": ""} == {
        "rule": "P15",
        "severity": "error",
        "place": "greeting",
        "reason": "It is spoken word for word: callers hear this order.",
        "remedy": "",
        "text": "Greet the caller.",
    }
    assert second["file"] == odd
    assert "is no JSON" in second["error"]
    assert err == ""


def test_no_file_is_the_fault_of_the_words(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["lint"])
    assert stop.value.code == 2
    assert "AGENT.json" in capsys.readouterr().err
