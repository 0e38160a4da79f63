"""Every failure speaks: each is brought about, and the panel says one sentence and the remedy.

The panel is in a real Chromium, the Talk behind it in this process, with the real helper and emulator. Where
there is an exception it is seen, too. Afterwards one can go on, what was recorded is there, and no microphone
stays open.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import comm
import pytest
from harness import site
from lab import FLAGS, find_chromium, free_port
from playwright.sync_api import Playwright
from relay import Relay
from stage import MICROPHONES, PageComm, Stage

import voicenb as vn
from voicenb.errors import MissingExtra, ServiceUnreachable, Unauthorized, VoicenbError
from voicenb.session import emulator_child
from voicenb.session.helper_host import helper_process

AGENT = vn.Agent(name="Lido", system_prompt="You take bookings.", greeting="Hello.")
SAYS = "Hello."
WITH_DEVICE = "--use-fake-device-for-media-stream"
ELSEWHERE = "lab.example"


EMBED = """address => {
  const frame = document.createElement("iframe");
  frame.src = address;
  document.body.append(frame);
}"""


class Theatre:
    """Makes stages; each has a browser of its own.

    Attributes:
        emulator: a service that answers; its key is ``sesame``.
        library: where the recordings go.
    """

    def __init__(
        self, playwright: Playwright, address: str, emulator: vn.Emulator, library: Path, stack: ExitStack
    ) -> None:
        self.emulator = emulator
        self.library = library
        self._playwright = playwright
        self._address = address
        self._stack = stack

    @property
    def service(self) -> vn.Address:
        """The emulator, as one that lets this caller in."""
        return self.at(self.emulator.port)

    def at(self, port: int, key: str = "sesame") -> vn.Address:
        return vn.Address(f"ws://127.0.0.1:{port}/v1/ws", key=key, kind="emulator")

    def stage(
        self,
        service: Any = "",
        *flags: str,
        allowed: bool = True,
        host: str = "127.0.0.1",
        script: str = "",
        frame: bool = False,
    ) -> Stage:
        """A page with the panel of a Talk on it.

        Args:
            service: of the Talk; by default the emulator.
            *flags: of Chromium; by default it has a microphone.
            allowed: whether the page may use it.
            host: the name by which the page knows its server.
            script: runs before the page's own.
            frame: whether the panel is in a frame of another origin that says nothing of microphones.
        """
        talk = vn.Talk(AGENT, self.service if service == "" else service, audio="direct")
        plain = [flag for flag in FLAGS if "-media-stream" not in flag]
        resolver = f"--host-resolver-rules=MAP {ELSEWHERE} 127.0.0.1"
        browser = self._playwright.chromium.launch(
            executable_path=find_chromium(), args=[*plain, resolver, *(flags or [WITH_DEVICE])], headless=True
        )
        self._stack.callback(browser.close)
        self._stack.callback(talk.end)
        context = browser.new_context()
        if allowed:
            context.grant_permissions(["microphone"])
        context.add_init_script(script + MICROPHONES)
        page = context.new_page()
        page.goto(self._address.replace("127.0.0.1", host))
        if not frame:
            return Stage(talk, page)
        with page.expect_event("framenavigated", lambda other: "localhost" in other.url) as navigated:
            page.evaluate(EMBED, self._address.replace("127.0.0.1", "localhost"))
        return Stage(talk, navigated.value)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with site() as running:
        yield running


@pytest.fixture(scope="module")
def emulator() -> Iterator[vn.Emulator]:
    with vn.Emulator(brain=lambda text: "I see.", mouth="espeak", key="sesame") as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def _no_child_left() -> Iterator[None]:
    yield
    helper_process().stop()
    emulator_child.emulator_child().stop()


@pytest.fixture
def theatre(
    playwright: Playwright,
    address: str,
    emulator: vn.Emulator,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Theatre]:
    monkeypatch.setattr(comm, "create_comm", PageComm)
    monkeypatch.setenv("VOICENB_RECORDINGS", str(tmp_path))
    with ExitStack() as stack:
        yield Theatre(playwright, address, emulator, tmp_path, stack)


# --- how each is brought about: a stage on which it has just happened -----------------------------


@dataclass(frozen=True)
class Scene:
    """A failure that has happened.

    Attributes:
        stage: where.
        mend: does what the remedy says.
        goes_on: whether the call goes on: what was mended is used without a click.
        typing: whether typing is what one can do.
    """

    stage: Stage
    mend: Callable[[], object] = lambda: None
    goes_on: bool = False
    typing: bool = False


Drive = Callable[[Theatre, pytest.MonkeyPatch], Scene]


def pressed(stage: Stage) -> Stage:
    stage.press("Start")
    return stage


def begun(stage: Stage) -> Stage:
    stage.begin()
    stage.until(lambda: SAYS in [line.text for line in stage.talk.lines if line.final])
    return stage


def refused(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    stage = pressed(theatre.stage(allowed=False))
    return Scene(stage, lambda: stage.page.context.grant_permissions(["microphone"]))


def none_found(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    return Scene(pressed(theatre.stage("", "--mute-audio")), typing=True)


# A microphone that another program holds cannot be had here: the browser's answer to it is given.
IN_USE = """
  const opens = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.busy = true;
  navigator.mediaDevices.getUserMedia = async (wish) => {
    if (busy) throw new DOMException("Could not start audio source", "NotReadableError");
    return opens(wish);
  };
"""


def in_use(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    stage = pressed(theatre.stage(script=IN_USE))
    return Scene(stage, lambda: stage.page.evaluate("busy = false"))


# Nor can this browser's microphone be unplugged: it says what browsers say then.
UNPLUG = """() => {
  const { mediaDevices } = navigator;
  const { getUserMedia, enumerateDevices } = mediaDevices;
  mediaDevices.enumerateDevices = async () => [];
  mediaDevices.getUserMedia = async () => { throw new DOMException("", "NotFoundError"); };
  window.plugIn = () => {
    Object.assign(mediaDevices, { getUserMedia, enumerateDevices });
    mediaDevices.dispatchEvent(new Event("devicechange"));
  };
}"""


def unplugged(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    stage = begun(theatre.stage())
    stage.page.evaluate(UNPLUG)
    stage.page.evaluate("streams[0].getTracks()[0].dispatchEvent(new Event('ended'))")
    return Scene(stage, lambda: stage.page.evaluate("plugIn()"), goes_on=True)


def unplugged_without_a_word(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    silence = theatre.library.parent / "silence.wav"
    from voicenb.audio.wav import write_wav

    write_wav(silence, [0.0] * 24_000, 24_000)
    stage = begun(theatre.stage("", WITH_DEVICE, f"--use-file-for-fake-audio-capture={silence}%noloop"))
    stage.page.evaluate(UNPLUG)
    return Scene(stage, lambda: stage.page.evaluate("plugIn()"), goes_on=True)


def hushed(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    stage = begun(theatre.stage())
    tell = "kind => streams[0].getTracks()[0].dispatchEvent(new Event(kind))"
    stage.page.evaluate(tell, "mute")
    return Scene(stage, lambda: stage.page.evaluate(tell, "unmute"), goes_on=True)


def withdrawn(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    stage = begun(theatre.stage())
    context = stage.page.context
    context.clear_permissions()
    return Scene(stage, lambda: context.grant_permissions(["microphone"]), goes_on=True)


def insecure(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    return Scene(pressed(theatre.stage(host=ELSEWHERE)))


def without_media(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    gone = "Object.defineProperty(Navigator.prototype, 'mediaDevices', { value: undefined });"
    return Scene(pressed(theatre.stage(script=gone)), typing=True)


def in_a_frame(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    return Scene(pressed(theatre.stage(frame=True)), typing=True)


def old_kernel(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> Scene:
    version = importlib.metadata.version
    importlib.import_module("ipykernel")
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "6.29.5" if name == "ipykernel" else version(name)
    )
    return Scene(theatre.stage())


# A JupyterLab says its version so.
OLD_LAB = """
  const find = Document.prototype.getElementById;
  const config = { textContent: '{"appName": "JupyterLab", "appVersion": "4.2.0"}' };
  Document.prototype.getElementById = function (id) {
    return id === "jupyter-config-data" ? config : find.call(this, id);
  };
"""


def old_lab(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    return Scene(theatre.stage(script=OLD_LAB))


WITHOUT = """
import sys
sys.modules["uvicorn"] = None
sys.argv[1:] = sys.argv[2:]
import runpy
runpy.run_module("voicenb", run_name="__main__")
"""


def extra_missing(theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> Scene:
    command = emulator_child.COMMAND
    monkeypatch.setattr(emulator_child, "COMMAND", ("-c", WITHOUT, *command[1:]))
    emulator_child.emulator_child().stop()
    return Scene(
        pressed(theatre.stage(None)), lambda: monkeypatch.setattr(emulator_child, "COMMAND", command)
    )


class Stranger(BaseHTTPRequestHandler):
    """A server of something else."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


def port_taken(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    theatre._stack.callback(stop)
    port = server.server_port
    with pytest.raises(ServiceUnreachable, match=rf"cannot listen on 127\.0\.0\.1:{port}.*Give another port"):
        vn.Emulator(mouth="espeak", port=port).start()
    return Scene(pressed(theatre.stage(f"ws://127.0.0.1:{port}")))


def bad_key(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    return Scene(pressed(theatre.stage(theatre.at(theatre.emulator.port, key="simsim"))))


def unreachable(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    return Scene(pressed(theatre.stage(theatre.at(free_port()))))


def lost(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    relay = theatre._stack.enter_context(Relay(theatre.emulator.port))
    stage = begun(theatre.stage(theatre.at(relay.port)))
    relay.stop()
    return Scene(stage, relay.start)


def helper_died(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    stage = begun(theatre.stage())
    pid = helper_process().pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return Scene(stage)


def emulator_died(theatre: Theatre, _: pytest.MonkeyPatch) -> Scene:
    stage = begun(theatre.stage(None))
    process = emulator_child.emulator_child()._process
    assert process is not None
    process.kill()
    return Scene(stage)


# --- what is said of each -------------------------------------------------------------------------


@dataclass(frozen=True)
class Failure:
    """A failure and what is to come of it.

    Attributes:
        drive: brings it about.
        says: what the panel says.
        remedy: what it says behind that.
        error: the exception that Python has.
        kept: whether there was a call before, whose words are kept.
        hinders: whether nothing can be done on this page.
        asks: what Python says instead of the remedy; empty: the same.
    """

    drive: Drive
    says: str
    remedy: str
    error: type[VoicenbError] | None = None
    kept: bool = False
    hinders: bool = False
    asks: str = ""


STRANGER = "Another program has that port: start the emulator on a free one, or leave service= out."
IS_IT = "Is the emulator running?"
BACK = "Start it again, then a new session. What was said until then is in the recording."
OTHER = "Start a new session: another one is started for it."

FAILURES = {
    "microphone refused": Failure(
        refused,
        "The browser did not allow the microphone.",
        "Allow it for this site (the icon beside the address), then press Start again.",
    ),
    "none found": Failure(none_found, "No microphone was found.", "Plug one in"),
    "in use": Failure(
        in_use, "The microphone is there but could not be opened.", "Close other programs that use it"
    ),
    "unplugged": Failure(
        unplugged,
        "The microphone is gone; the agent hears silence.",
        "Plug it in again, and the call goes on.",
        kept=True,
    ),
    "unplugged without a word": Failure(
        unplugged_without_a_word,
        "The microphone is gone; the agent hears silence.",
        "Plug it in again",
        kept=True,
    ),
    "muted by the system": Failure(
        hushed,
        "The system has muted the microphone; the agent hears silence.",
        "Unmute it at the device or in the system's settings, and the call goes on.",
        kept=True,
    ),
    "permission withdrawn": Failure(
        withdrawn,
        "The browser took the microphone back; the agent hears silence.",
        "Allow it again for this site (the icon beside the address), and the call goes on.",
        kept=True,
    ),
    "insecure context": Failure(
        insecure,
        "The browser gives the microphone to secure pages only, and this page came over plain http.",
        "Open the notebook under https, or under http://localhost.",
        hinders=True,
    ),
    "webview without microphones": Failure(
        without_media, "This page cannot reach a microphone.", "In VS Code the notebook's frame refuses it"
    ),
    "frame that forbids it": Failure(
        in_a_frame, "The frame that this notebook is shown in may not use the microphone.", "talk.open()"
    ),
    "kernel too old": Failure(
        old_kernel,
        "ipykernel 6.29.5 is too old: messages wait while a cell runs, and the call stalls.",
        'pip install "ipykernel>=7.1", then restart JupyterLab.',
    ),
    "JupyterLab too old": Failure(
        old_lab, "jupyterlab 4.2.0 is too old: messages wait", 'pip install "jupyterlab>=4.4"'
    ),
    "emulator extra missing": Failure(
        extra_missing,
        "No emulator could be started: The emulator needs uvicorn.",
        'pip install "voicenb[emulator]" (in a clone: pip install ".[emulator]") brings what it needs.',
        MissingExtra,
    ),
    "port taken": Failure(port_taken, "the handshake failed", STRANGER, ServiceUnreachable, hinders=True),
    "bad key": Failure(
        bad_key,
        "The service refused the key: Authentication failed.",
        "Check the key that was given for this address",
        Unauthorized,
        hinders=True,
    ),
    "service unreachable": Failure(
        unreachable, "nothing takes connections there.", IS_IT, ServiceUnreachable, hinders=True
    ),
    "connection lost": Failure(lost, "has gone, and the call with it.", BACK, ServiceUnreachable, kept=True),
    "helper died": Failure(
        helper_died,
        "The helper process has gone, and the call with it.",
        "Start a new one. What was said until then is in the recording.",
        VoicenbError,
        kept=True,
    ),
    "emulator died": Failure(
        emulator_died,
        "The emulator has gone, and the call with it.",
        "Press Start: another one is started. What was said until then is in the recording.",
        ServiceUnreachable,
        kept=True,
        asks=OTHER,
    ),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_every_failure_speaks(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch, failure: Failure, tmp_path: Path
) -> None:
    scene = failure.drive(theatre, monkeypatch)
    stage, talk = scene.stage, scene.stage.talk
    stage.until(lambda: failure.says in stage.alert)
    assert failure.remedy in stage.alert
    if failure.kept and not scene.goes_on:
        assert_kept(stage, failure)
    if scene.goes_on:
        assert_goes_on(stage, scene.mend)
        return
    stage.until(lambda: stage.ready)
    if failure.error is not None and not failure.kept:
        with pytest.raises(failure.error) as raised:
            talk.start()
        assert failure.says in raised.value.message
        assert failure.remedy in raised.value.remedy
        talk._feed.door.now()  # what the page is to be told of that is on its way
        stage.until(lambda: stage.ready)
    if failure.hinders:
        return
    scene.mend()
    stage.begin("Type instead" if scene.typing else "Start")
    if failure.drive not in (old_kernel, old_lab):
        assert stage.alert == ""
    stage.end()
    assert vn.load(talk.recording.folder).finished


def assert_kept(stage: Stage, failure: Failure) -> None:
    """The call is over, Python says why, and what was said is in the recording."""
    session = stage.talk.session
    assert session is not None
    stage.until(lambda: session.over)
    assert failure.error is not None
    assert isinstance(session.failure, failure.error)
    with pytest.raises(failure.error) as raised:
        stage.talk.reply()
    assert (failure.asks or failure.remedy) in raised.value.remedy
    assert session.recording is not None
    kept = vn.load(session.recording.folder)
    assert SAYS in [line.text for line in kept.transcript]
    assert len(kept.agent) > 0


def assert_goes_on(stage: Stage, mend: Callable[[], object]) -> None:
    """The call runs with nobody heard in it; what was mended is used at once."""
    session = stage.talk.session
    assert session is not None
    recording = session.recording
    assert recording is not None
    sent = len(recording.caller)
    stage.until(lambda: len(recording.caller) > sent + 24_000)
    assert not session.over
    instead = stage.button("Type instead")
    if instead.count():
        instead.click()
        stage.until(
            lambda: stage.page.get_by_label("What the caller says").is_visible() and not instead.count()
        )
    mend()
    stage.until(lambda: stage.alert == "" and stage.tracks.count("live") == 1)
    stage.end()
    kept = vn.load(recording.folder)
    assert kept.finished
    assert SAYS in [line.text for line in kept.transcript]


def test_a_connection_that_is_cut_is_had_back(theatre: Theatre) -> None:
    relay = theatre._stack.enter_context(Relay(theatre.emulator.port))
    stage = begun(theatre.stage(theatre.at(relay.port)))
    session = stage.talk.session
    assert session is not None
    session_id = session.session_id
    relay.cut()
    stage.until(lambda: "and the session was resumed" in stage.page.locator(".voicenb-captions").inner_text())
    assert stage.alert == ""
    assert session.session_id == session_id
    stage.talk.reply("Say something.")
    stage.until(lambda: stage.talk.lines[-1].role == "agent" and len(stage.talk.lines) > 1)
    stage.end()
    assert session.recording is not None
    kept = vn.load(session.recording.folder)
    assert [event["msg"]["how"] for event in kept.events if event["type"] == "reconnected"] == ["resumed"]
