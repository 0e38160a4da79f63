import os
import subprocess
import sys

import pytest

import voicenb
from voicenb.cli import main


def test_help_names_the_verbs(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    words = capsys.readouterr().out
    assert all(verb in words for verb in ("demo", "talk", "lint", "emulator", "doctor", "guide"))


def test_guide_prints_the_guide(capsys):
    assert main(["guide"]) == 0
    assert capsys.readouterr().out.startswith("# ")


def test_an_error_of_ours_is_one_line_and_exit_code_one(tmp_path, capsys):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    assert main(["demo", str(in_the_way / "folder"), "--no-browser"]) == 1
    told = capsys.readouterr().err.strip()
    assert told.startswith("voicenb: The notebooks cannot be copied")
    assert "\n" not in told


def test_runs_as_a_module():
    told = subprocess.run(
        [sys.executable, "-m", "voicenb", "--help"], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("usage: voicenb")


@pytest.mark.parametrize("verb", ["emulator", "demo"])
@pytest.mark.parametrize("port", ["-1", "65536", "99999", "eighty"])
def test_a_port_that_cannot_be_is_the_fault_of_the_words(verb, port, capsys):
    with pytest.raises(SystemExit) as stop:
        main([verb, f"--port={port}"])
    assert stop.value.code == 2
    assert "--port" in (told := capsys.readouterr().err.splitlines()[-1])
    assert port in told


def test_a_voice_that_is_not_there_is_said_before_the_emulator_listens(tmp_path, capsys):
    missing = tmp_path / "voice.onnx"
    assert main(["emulator", "--port=0", "--voice", str(missing)]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"voicenb: {missing} is not there.")
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_smart_turn_without_its_model_is_said_before_the_emulator_listens(capsys, monkeypatch):
    monkeypatch.setattr("voicenb.turn_taking.smart_turn.find_spec", lambda name: None)
    assert main(["emulator", "--port=0", "--smart-turn"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "voicenb[smart-turn]" in told.err


def test_an_emulator_with_a_key_that_nobody_can_have_is_the_fault_of_the_words(capsys):
    assert main(["emulator", "--key=", "--port=0"]) == 2
    told = capsys.readouterr()
    assert "lets nobody in" in told.err
    assert told.out == ""


def test_an_emulator_that_others_could_reach_without_a_key_is_the_fault_of_the_words(capsys):
    assert main(["emulator", "--host", "0.0.0.0", "--port=0"]) == 2
    assert "key" in capsys.readouterr().err


def test_the_version(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"voicenb {voicenb.__version__}\n"


def test_no_verb_shows_what_there_is(capsys):
    assert main([]) == 2
    told = capsys.readouterr().err
    assert all(verb in told for verb in ("demo", "talk", "lint", "emulator", "doctor", "guide"))


@pytest.mark.parametrize("verb", [["talk", "agent.json"], ["doctor", "--live"]])
def test_without_a_key_the_shells_remedies_are_named(verb, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ASSEMBLYAI_API_KEY", raising=False)
    (tmp_path / "agent.json").write_text('{"greeting": "Hello."}', encoding="utf-8")
    assert main([*verb, "--service", "hosted"]) == 1
    said = capsys.readouterr()
    told = said.out + said.err
    assert "ASSEMBLYAI_API_KEY" in told
    assert "--service" in told
    assert "key=" not in told
    assert "vn." not in told


def test_an_emulator_that_others_could_reach_is_told_of_its_key_in_the_shells_words(capsys):
    assert main(["emulator", "--host", "0.0.0.0", "--port=0"]) == 2
    told = capsys.readouterr().err
    assert "--key" in told


@pytest.mark.parametrize("fault", ["dorp@12s", "drop=3s", "delay", "drop@tool.cal"])
def test_a_fault_that_there_is_not_is_the_fault_of_the_words(fault, capsys):
    assert main(["emulator", "--port=0", "--fault", fault]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("voicenb: ")
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_help_tells_how_a_fault_is_written(capsys):
    with pytest.raises(SystemExit):
        main(["emulator", "--help"])
    words = " ".join(capsys.readouterr().out.split())
    for kind in (
        "drop",
        "delay",
        "malformed",
        "slow-reply",
        "capacity",
        "expired-token",
        "never-ready",
        "error",
    ):
        assert kind in words


def test_a_key_that_no_address_takes_is_not_shown(capsys, tmp_path):
    (tmp_path / "agent.json").write_text('{"greeting": "Hello."}', encoding="utf-8")
    assert main(["talk", str(tmp_path / "agent.json"), "--service", "emulator", "--key", "canary-7f3a"]) == 1
    told = capsys.readouterr()
    assert "--key goes with an address" in told.err
    assert "canary" not in told.out + told.err
    assert main(["talk", str(tmp_path / "agent.json"), "--service", "emulater"]) == 1
    assert "Did you mean 'emulator'?" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["guide"], ["doctor", "--symptoms"]], ids=" ".join)
def test_a_reader_that_has_had_enough_is_no_fault(words, tmp_path):
    read, write = os.pipe()
    os.close(read)
    told = subprocess.run(
        [sys.executable, "-m", "voicenb", *words],
        stdout=write,
        stderr=subprocess.PIPE,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path)},
        check=False,
        timeout=60,
    )
    os.close(write)
    assert told.stderr == b""
    assert told.returncode == 141
