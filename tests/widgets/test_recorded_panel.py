"""The panel on recordings, with its page in the test's hands."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_comm import PageComm

import voicenb as vn
from tests.tuning.known import NEAR, build
from voicenb.errors import InvalidConfiguration, RecordingError
from voicenb.tuning.by_ear import labels_by_ear
from voicenb.tuning.truth import Truth
from voicenb.tuning.whatif import whatif
from voicenb.widgets.recorded_panel import RecordedPanel

LIMITS = {"vad_threshold": 0.5, "min_silence": 800, "max_silence": 3000}
EMULATED = "emulator · contract · rules"


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[vn.Recording, dict[str, Any]]:
    """A call of which everything is known; nobody changes its folder."""
    return build(tmp_path_factory.mktemp("recorded") / "call")


@pytest.fixture
def call(known: tuple[vn.Recording, dict[str, Any]], tmp_path: Path) -> vn.Recording:
    return vn.load(shutil.copytree(known[0].folder, tmp_path / "call"))


class Page:
    """What a page does with the panel."""

    def __init__(self, panel: Any) -> None:
        assert isinstance(panel, RecordedPanel)
        self.panel = panel
        assert isinstance(panel.comm, PageComm)
        self.comm = panel.comm
        self.asked = 0
        self.say("attach")

    def say(self, kind: str, **content: Any) -> None:
        self.panel._receive(self.panel, {"type": kind, **content}, [])

    def until(self, kind: str, number: int = 1, **facts: Any) -> dict[str, Any]:
        """Wait for a message of a type with those facts."""

        def found() -> list[dict[str, Any]]:
            return [
                each
                for each in self.comm.customs(kind)
                if all(each.get(name) == value for name, value in facts.items())
            ]

        self.comm.wait(lambda: len(found()) >= number, 30)
        return found()[number - 1]

    def ask(self, kind: str, **content: Any) -> str:
        self.asked += 1
        self.say(kind, ask=f"ask-{self.asked}", **content)
        return f"ask-{self.asked}"

    def ground(self, version: int = 1) -> dict[str, Any]:
        self.comm.wait(lambda: self.panel._state["version"] >= version, 30)
        self.say("ground")
        return self.until("ground", version=version)

    def move(self, **setting: Any) -> tuple[dict[str, Any], Any]:
        """Move the sliders; returns what was decided, and the ghosts."""
        ask = self.ask("move", setting={**LIMITS, **setting})
        told = self.until("decided", ask=ask)
        (buffers,) = [
            buffers for data, buffers in self.comm.sent if (data.get("content") or {}).get("ask") == ask
        ]
        return told, np.frombuffer(buffers[0], np.float64).reshape(-1, 6)


@pytest.fixture
def page(call: vn.Recording) -> Iterator[Page]:
    page = Page(vn.TurnDetectionPanel(call))
    yield page
    page.panel.close()


def test_a_move_shows_where_each_turn_would_have_ended(page: Page, known: Any, call: vn.Recording) -> None:
    ground = page.ground()
    assert [turn["truth"] for turn in ground["turns"]] == ["end", "end", "doubtful", "end"]
    assert ground["pauses"] == 2
    assert page.panel._state["setting"] == {**LIMITS, "min_silence": 1000}, "as it was recorded"
    told, ghosts = page.move()
    score = whatif(call, **LIMITS)[0]
    assert (told["figures"]["pauses"]["k"], told["figures"]["pauses"]["n"]) == (1, 2)
    assert told["figures"]["latency"] == score.latency
    assert ghosts[:, 0].tolist() == [2, 0, 3, 2]
    assert ghosts[1, 2] == pytest.approx(known[1]["pauses"][1] + 0.8, abs=NEAR)
    assert page.panel.setting == vn.TurnDetection(**LIMITS)
    _, later = page.move(min_silence=1600)
    assert later[:, 0].tolist() == [2, 2, 3, 2]


def test_of_moves_that_come_meanwhile_the_last_one_is_decided(page: Page) -> None:
    page.ground()
    held = threading.Event()
    page.panel._errands.ask(held.wait, 10)
    asks = [page.ask("move", setting={**LIMITS, "min_silence": 300 + step}) for step in range(0, 500, 50)]
    held.set()
    page.until("decided", ask=asks[-1])
    done = threading.Event()
    page.panel._errands.ask(done.set)
    assert done.wait(20)
    assert [each["ask"] for each in page.comm.customs("decided")] == [asks[-1]]


def test_a_setting_that_cannot_be_is_told(page: Page) -> None:
    page.ground()
    ask = page.ask("move", setting={**LIMITS, "min_silence": 5000})
    assert "must be less than max_silence" in page.until("answer", ask=ask)["message"]
    told, _ = page.move()
    assert told["figures"]["ends"] == 3


def test_a_label_lies_beside_the_recording_and_counts_at_once(page: Page, call: vn.Recording) -> None:
    turn = page.ground()["turns"][2]
    start, end, said = turn["silence"]
    assert said == ""
    ask = page.ask("label", call=0, start=start, end=end, said="went on")
    assert "message" not in page.until("answer", ask=ask)
    turns = page.ground(version=2)["turns"]
    assert [each["truth"] for each in turns] == ["end", "end", "end"]
    assert turns[2]["pauses"][0][2] == "mid"
    (label,) = labels_by_ear(call)
    assert label.truth is Truth.MID
    assert whatif(vn.load(call.folder), **LIMITS)[0].false_cutoffs.n == 3
    ask = page.ask("label", call=0, start=start, end=end, said=None)
    page.until("answer", ask=ask)
    assert [each["truth"] for each in page.ground(version=3)["turns"]] == ["end", "end", "doubtful", "end"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"call": 1, "start": 1.0, "end": 2.0, "said": "went on"},
        {"call": 0, "start": -3.0, "end": 2.0, "said": "went on"},
        {"call": 0, "start": 1.0, "end": 2.0, "said": "maybe"},
    ],
)
def test_a_label_of_nothing_is_told(page: Page, wrong: dict[str, Any], call: vn.Recording) -> None:
    page.ground()
    ask = page.ask("label", **wrong)
    assert page.until("answer", ask=ask)["message"]
    assert labels_by_ear(call) == []


def test_apply_writes_to_the_agent(call: vn.Recording) -> None:
    page = Page(vn.TurnDetectionPanel(call, agent=vn.Agent(name="Lido")))
    page.ground()
    assert page.panel._state["target"] == {"kind": "agent", "name": "Lido"}
    ask = page.ask("apply", setting=LIMITS)
    assert "vn.Talk(panel.agent)" in page.until("answer", ask=ask)["done"]
    assert isinstance(page.panel.agent, vn.Agent)
    assert page.panel.agent.turn_detection == vn.TurnDetection(**LIMITS)
    page.panel.close()


def test_apply_asks_for_the_word_before_a_hosted_agent_gets_what_the_emulator_was_tuned_with(
    tmp_path: Path, known: tuple[vn.Recording, dict[str, Any]]
) -> None:
    folder = shutil.copytree(known[0].folder, tmp_path / "call")
    text = (folder / "session.json").read_text("utf-8").replace('"built"', f'"{EMULATED}"')
    (folder / "session.json").write_text(text, "utf-8")
    talk = vn.Talk(vn.Agent(name="Lido"), vn.Hosted("aai-canary-panel"))
    page = Page(vn.TurnDetectionPanel(folder, agent=talk))
    assert page.ground()["services"] == [EMULATED]
    answer = page.until("answer", ask=page.ask("apply", setting=LIMITS))
    assert answer["param"] == "even_if_emulated"
    assert talk._next.settings.get("input") is None
    answer = page.until("answer", ask=page.ask("apply", setting=LIMITS, even=True))
    assert answer["done"] == "The next call begins with it."
    assert talk._next.settings["input"]["turn_detection"]["min_silence"] == 800
    page.panel.close()


def test_sound_comes_in_slices_and_voices_once_for_each_call(page: Page, call: vn.Recording) -> None:
    page.ground()
    page.say("slice", call=0, start=24_000, count=48_000)
    page.until("slice", call=0, start=24_000)
    page.say("voices", call=0)
    page.until("voices", call=0)
    buffers = {(data.get("content") or {}).get("type"): buffers for data, buffers in page.comm.sent}
    heard = np.frombuffer(buffers["slice"][0], np.int16).reshape(-1, 2)
    np.testing.assert_array_equal(heard, call.stereo()[24_000:72_000])
    assert [len(each) for each in buffers["voices"]] == [1500, 1500, 938]
    page.say("slice", call=3, start=0, count=10)
    assert "no call 3" in page.until("slice-error", call=3)["message"]
    page.say("slice", call=0, start=-1, count=10)
    assert page.until("slice-error", call=0)["message"]


def test_what_stays_is_a_table(page: Page) -> None:
    page.ground()
    kept = page.panel._keepsake.kept
    assert kept is not None
    assert "where the sliders stand" in kept["text/plain"]
    assert page.panel._state["mark"] in kept["text/html"]
    assert "1 turn would be cut off:" in kept["text/plain"]
    page.move(min_silence=300)
    page.say("rest")
    page.until("keep", 2)
    kept = page.panel._keepsake.kept
    assert kept is not None
    assert "300 to 3000 ms at 0.5, where the sliders stand" in kept["text/plain"]
    assert "2 turns would be cut off:" in kept["text/plain"]


def test_a_recording_that_cannot_be_read_is_told(call: vn.Recording) -> None:
    (call.folder / "labels.txt").write_text("nonsense\n")
    page = Page(vn.TurnDetectionPanel(call))
    page.comm.wait(lambda: page.panel._state["error"], 30)
    assert "is no label" in page.panel._state["error"]["message"]
    page.say("ground")
    page.say("move", ask="a", setting=LIMITS)  # of nothing
    page.panel.close()


def test_bad_input(tmp_path: Path, call: vn.Recording) -> None:
    with pytest.raises(InvalidConfiguration, match="no recording"):
        vn.TurnDetectionPanel([])
    with pytest.raises(RecordingError):
        vn.TurnDetectionPanel(tmp_path / "nowhere")
    with pytest.raises(InvalidConfiguration, match="takes recordings or their paths"):
        vn.TurnDetectionPanel([call, 3])  # type: ignore[list-item]
    with pytest.raises(InvalidConfiguration, match="agent= takes"):
        vn.TurnDetectionPanel(call, agent="Lido")  # type: ignore[arg-type]


def test_calls_without_speech_have_nothing_to_show(tmp_path: Path) -> None:
    from tests.analysis.known_call import KnownCall

    page = Page(vn.TurnDetectionPanel(KnownCall(tmp_path / "call", 3.0).build()))
    ground = page.ground()
    assert (ground["turns"], ground["front"], ground["was"]) == ([], [], None)
    told, ghosts = page.move()
    assert len(ghosts) == 0
    assert told["figures"]["latency"] is None
    page.panel.close()
