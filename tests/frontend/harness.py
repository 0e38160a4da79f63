"""A page with the panel on it, a kernel in the test's hands, and a helper that speaks the page channel."""

from __future__ import annotations

import json
import struct
import sys
import threading
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import pi, sin
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from voicenb.widgets.bundle import bundle, stylesheet

HERE = Path(__file__).parent
THEMES = Path(sys.prefix) / "share/jupyter/lab/themes/@jupyterlab"
SECRET, NONCE, PROOF = "once", "question", "answer"


@contextmanager
def site(theme: str = "light", entry: str = "talk.js", *styles: str) -> Iterator[str]:
    """Serve the page with a widget on it; yields its address."""
    css = {
        each: (THEMES / f"theme-{each}-extension" / "index.css").read_text(encoding="utf-8")
        for each in ("light", "dark")
    }
    pages = {
        "/": ("text/html", (HERE / "harness.html").read_text(encoding="utf-8")),
        "/bundle.js": ("text/javascript", bundle(entry)),
        "/panel.css": ("text/css", stylesheet(*styles)),
        "/theme.css": ("text/css", css[theme]),
        **{f"/{each}.css": ("text/css", text) for each, text in css.items()},
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, text = pages.get(self.path, ("text/plain", ""))
            body = text.encode()
            self.send_response(200 if self.path in pages else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


WEAR = """theme => new Promise((done) => {
  document.body.dataset.jpThemeLight = String(theme === "light");
  const link = document.querySelector("link");
  link.onload = () => requestAnimationFrame(() => requestAnimationFrame(done));
  link.href = `/${theme}.css`;
})"""


def wear(page: Page, theme: str) -> None:
    """Show the page in another theme of JupyterLab's; returns when it does."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.evaluate(WEAR, theme)


class Helper:
    """The helper's side of the page channel, as little of it as the page needs."""

    def __init__(self, proof: str = PROOF) -> None:
        self.proof = proof
        self.changed = threading.Condition()
        self.texts: list[dict[str, Any]] = []
        self.frames: list[tuple[int, float, bytes]] = []
        self.page: ServerConnection | None = None
        self.gone = False
        self._server: Server | None = None

    def __enter__(self) -> Helper:
        self._server = serve(self._meet, "127.0.0.1", 0, compression=None)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        if self.page is not None:
            self.page.close()
        self._server.shutdown()
        self._thread.join()

    @property
    def way(self) -> dict[str, str]:
        assert self._server is not None
        port = self._server.socket.getsockname()[1]
        url = f"ws://127.0.0.1:{port}/page"
        return {"kind": "direct", "url": url, "secret": SECRET, "nonce": NONCE, "proof": PROOF}

    def _meet(self, page: ServerConnection) -> None:
        try:
            hello = json.loads(page.recv())
        except ConnectionClosed:  # it waited a second, and went
            return
        assert hello == {"type": "hello", "secret": SECRET, "nonce": NONCE}
        self.page = page  # before the page knows, and the test from it
        page.send(json.dumps({"type": "welcome", "nonce": self.proof}))
        try:
            for message in page:
                self._take(message)
        except ConnectionClosed:
            pass
        with self.changed:
            self.gone = True
            self.changed.notify_all()

    def _take(self, message: str | bytes) -> None:
        with self.changed:
            if isinstance(message, str):
                text = json.loads(message)
                self.texts.append(text)
                if text["type"] == "echo":
                    self.say(type="echo", id=text["id"], at=text["at"], t=0.0)
            else:
                kind, _, _, seq, at = struct.unpack_from("<BBHId", message)
                assert kind == 1
                self.frames.append((seq, at, message[16:]))
            self.changed.notify_all()

    def say(self, **text: Any) -> None:
        assert self.page is not None
        self.page.send(json.dumps(text))

    def sound(self, reply: int, start: int, pcm: bytes) -> None:
        assert self.page is not None
        self.page.send(struct.pack("<BBHIII", 2, 0, 0, reply, start, 0) + pcm)

    def wait(self, found: Callable[[], Any], timeout: float = 10) -> Any:
        """Wait until ``found`` gives something true, asked after each message of the page."""
        with self.changed:
            assert self.changed.wait_for(found, timeout), f"{len(self.frames)} frames, {self.texts[-5:]}"
            return found()

    def told(self, kind: str, **facts: Any) -> list[dict[str, Any]]:
        """The page's messages of a type, with those facts."""
        return [t for t in self.texts if t["type"] == kind and all(t[key] == facts[key] for key in facts)]


STATE = {
    "state": "idle",
    "agent": "Lido",
    "service": "emulator",
    "profile": "contract",
    "brain": "rules",
    "started": None,
    "ended": None,
    "cost_rate": 0.0,
    "muted": False,
    "audio": "",
    "late": 0,
    "lost": 0,
    "error": None,
    "hints": ["I would like a table on Friday for four people.", "What can you do for me?"],
    "turn_detection": {"name": "adaptive", "detail": "· the service's default"},
}


def kernel(page: Page, **state: Any) -> None:
    """The kernel tells the page this state."""
    page.evaluate("state => kernel.set('_state', state)", {**STATE, **state})


def sent(page: Page, kind: str) -> list[dict[str, Any]]:
    """What the page sent to the kernel, of a type."""
    return page.evaluate("kind => sent.map((s) => s.content).filter((c) => c.type === kind)", kind)


def no_microphone(page: Page) -> None:
    """From now on the browser finds none."""
    page.evaluate(
        """() => {
          const refuse = async () => { throw new DOMException("", "NotFoundError") };
          navigator.mediaDevices.getUserMedia = refuse;
        }"""
    )


def await_sent(page: Page, kind: str) -> None:
    """Wait until the page has sent such a message to the kernel."""
    page.wait_for_function("kind => sent.some((s) => s.content.type === kind)", arg=kind)


# --- what the kernel and the person do ---------------------------------------------------------------------


TONE = array("h", (round(12000 * sin(2 * pi * 440 * i / 24000)) for i in range(24000)))


def mounted(page: Page) -> None:
    """Wait until the panel is there, and tell it that it has a kernel."""
    page.wait_for_function("window.mounted")
    page.evaluate("kernel.send({ type: 'lines', lines: [], now: Date.now() / 1000 })")
    kernel(page)


TRACKS = "streams.flatMap((stream) => stream.getTracks().map((track) => track.readyState))"


def answer(page: Page, kind: str, **message: Any) -> None:
    """The kernel answers the page's latest question."""
    ask = sent(page, "start")[-1]["ask"]
    page.evaluate("message => kernel.send(message)", {"type": kind, "ask": ask, **message})


def start(page: Page, *ways: dict[str, str], insist: str | None = None) -> None:
    """Press Start; the kernel answers with these ways."""
    page.get_by_role("button", name="Start", exact=True).first.click()
    await_sent(page, "start")
    answer(page, "connect", ways=ways, insist=insist)


def live(page: Page, helper: Helper) -> None:
    """A call that is running."""
    start(page, helper.way)
    await_sent(page, "chosen")
    helper.say(type="open")
    helper.wait(lambda: helper.frames)


def speak(helper: Helper, reply: int = 1, seconds: float = 1.0) -> None:
    """The agent says a tone, in messages of 20 ms."""
    helper.say(type="reply", reply=reply, reply_id=f"r{reply}")
    pcm = TONE.tobytes()
    for place in range(0, int(24000 * seconds), 480):
        at = place % 24000
        helper.sound(reply, place, pcm[2 * at : 2 * at + 960])


def loudness(page: Page) -> float:
    """Root mean square at the page's output, of the last 5 ms that were looked at."""
    return float(page.evaluate("window.__output.at(-1)?.[1] ?? 0"))


def through_the_kernel(page: Page) -> str:
    """A call on the way through the kernel; returns the page's name there."""
    start(page, {"kind": "kernel"})
    await_sent(page, "chosen")
    name = sent(page, "page")[0]["texts"][0]["page"]
    page.evaluate("name => kernel.send({ type: 'page', text: { type: 'welcome', page: name } })", name)
    return str(name)
