"""Every example of the guide runs: those in Python in order and in one namespace, those for the shell too."""

import dataclasses
import json
import re
import shlex
from pathlib import Path

import httpx
import pytest
from brief_mouth import BriefMouth
from websockets.sync.client import connect

import voicenb as vn
from voicenb.cli import main

GUIDE = Path(vn.__file__).parent / "guide.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PLACE = "localhost:8765"


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def emulator():
    """What the guide's clients find where it says that `voicenb emulator` listens."""
    with vn.Emulator(brain=lambda text: f"You said: {text}", mouth=BriefMouth()) as emulator:
        yield emulator


def elsewhere(example: str, emulator: vn.Emulator) -> str:
    return example.replace(PLACE, emulator.url.removeprefix("http://"))


def held(emulator: vn.Emulator) -> str:
    """A session that was begun and ended; its id."""
    with connect(f"ws{emulator.url.removeprefix('http')}/v1/ws?token=any") as socket:
        socket.send('{"type": "session.update", "session": {}}')
        ready = json.loads(socket.recv(60))
        socket.send('{"type": "session.end"}')
        assert json.loads(socket.recv(60))["type"] == "session.ended"
    return ready["session_id"]


@pytest.mark.slow
def test_the_examples_run(tmp_path, monkeypatch, capsys, emulator):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path / "unsaved"))
    monkeypatch.setenv("VOICENB_BRAIN", "rules")
    monkeypatch.delenv("ASSEMBLYAI_API_KEY", raising=False)
    found = examples("python")
    assert len(found) >= 10
    space: dict[str, object] = {}
    for example in found:
        line = TEXT[: TEXT.index(example)].count("\n")
        exec(compile("\n" * line + elsewhere(example, emulator), str(GUIDE), "exec"), space)
    # The plain client was understood and answered aloud.
    assert "\nYou said: A table for four on Friday" in capsys.readouterr().out
    assert len(space["voice"]) > 48_000
    assert emulator.sessions[-1].ended_by == "session.end"


def test_the_commands_work(emulator):
    (commands,) = examples("sh")
    session_id = held(emulator)
    answers = []
    for command in commands.replace("\\\n", " ").replace("sess_…", session_id).splitlines():
        program, *words = shlex.split(elsewhere(command, emulator), comments=True)
        assert program == "curl"
        options = list(zip(words[1::2], words[2::2], strict=True))
        headers = dict(value.split(": ", 1) for option, value in options if option == "-H")
        data = next((value for option, value in options if option == "-d"), None)
        answers.append(httpx.request("POST" if data else "GET", words[0], headers=headers, content=data))
    made, listed, token, session = (answer.raise_for_status().json() for answer in answers)
    assert made["voice"] == {"voice_id": "ivy"}
    assert [agent["id"] for agent in listed["agents"]] == [made["id"]]
    assert token["expires_in_seconds"] == 60
    assert (session["id"], session["status"]) == (session_id, "completed")
    links = {artifact["type"]: artifact["url"] for artifact in session["artifacts"]}
    assert httpx.get(links["timeline"]).raise_for_status().json()["session_id"] == session_id


def test_every_name_that_the_guide_uses_exists():
    names = set(re.findall(r"\bvn\.([A-Za-z_]+)", TEXT))
    assert names <= set(vn.__all__)


def test_it_uses_every_public_name():
    names = set(re.findall(r"\bvn\.([A-Za-z_]+)", TEXT))
    assert set(vn.__all__) - {"__version__"} <= names


def test_it_knows_every_message():
    from voicenb.protocol.codec import CLIENT_TYPES, SERVER_TYPES

    tables = TEXT.partition("\n## The API at a glance\n")[2].partition("\n## ")[0]
    assert all(f"`{kind}`" in tables for kind in CLIENT_TYPES | SERVER_TYPES - {"error"})


def test_it_knows_every_setting():
    settings = {field.name for kind in (vn.Agent, vn.TurnDetection) for field in dataclasses.fields(kind)}
    assert all(re.search(rf"\b{name}\b", TEXT) for name in settings)


@pytest.mark.parametrize(("name", "said"), re.findall(r"`(\w+)\(\)` \((\d+/\d+)\)", TEXT))
def test_presets_are_as_it_says(name, said):
    preset = getattr(vn.TurnDetection, name)()
    assert f"{preset.min_silence}/{preset.max_silence}" == said


@pytest.mark.parametrize("name", ["vad_threshold", "min_silence", "max_silence", "interruption_delay"])
def test_ranges_are_as_it_says(name):
    from voicenb.protocol.settings import turn_detection_problems

    def beyond(value):
        return [said for said, _ in turn_detection_problems({name: value}) if "is not within" in said]

    (line,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{name}` | ")]
    low, high = map(int, re.findall(r"\d+", line.split(" | ")[1].replace("10,000", "10000"))[:2])
    assert not beyond(low) + beyond(high)
    assert beyond(low - 1)
    assert beyond(high + 1)


def test_it_knows_every_error_code_that_has_a_remedy():
    from voicenb.protocol.failures import FATAL, RETRYABLE

    told = TEXT.partition("\n## When something goes wrong\n")[2].lower()
    documented = FATAL - {"server_error", "agent_init_failed", "agent_timeout"}
    assert all(f"`{code}`" in told for code in documented | RETRYABLE)
    (row,) = [line for line in told.splitlines() if "back-off" in line]
    assert set(re.findall(r"`(\w+)`", row)) == RETRYABLE


def test_it_knows_every_verb_of_the_shell(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    verbs = re.findall(r"^    (\w+) ", capsys.readouterr().out, flags=re.MULTILINE)
    assert len(verbs) >= 5
    assert all(f"`voicenb {verb}" in TEXT for verb in verbs)


def test_it_knows_every_local_event():
    from voicenb.session.kinds import LOCAL

    assert all(f'`"{kind}"`' in TEXT for kind in LOCAL)
