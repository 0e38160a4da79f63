"""A real Firefox, driven over Marionette, its own protocol: there need be no other driver."""

from __future__ import annotations

import base64
import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

TONE = 700
"""Hz of the tone that its fake microphone hears."""

PREFERENCES = {
    "marionette.port": 0,  # a free one, which Firefox writes into the profile
    "media.navigator.audio.fake_frequency": TONE,
    "media.navigator.permission.disabled": True,
    "ui.prefersReducedMotion": 0,
    "layout.css.devPixelsPerPx": "1.0",
    # Nothing of it leaves this machine.
    "app.update.disabledForTesting": True,
    "app.normandy.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.blocklist.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "geo.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#none",
    "toolkit.telemetry.server": "",
}

CONTROL, ENTER = "\ue009", "\ue007"
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"

# Playwright's manner: an expression, or a function that is given the argument.
_EVALUATE = """
  const thing = window.eval(`(${arguments[0]})`);
  return typeof thing === "function" ? thing(arguments[1]) : thing;
"""


def find_firefox() -> str:
    """The browser, or one line that says how to get it."""
    for name in ("firefox-esr", "firefox"):
        if path := shutil.which(name):
            return path
    raise RuntimeError("The tests in Firefox need it: apt-get install firefox-esr pulseaudio")


class Firefox:
    """A Firefox with one page; use it in ``with``.

    Args:
        folder: a new one, for its profile and its log.
        environment: what is added to that of the test, such as the sound server to use.
        tone: its microphone is a tone of :data:`TONE`; else the system's.
        preferences: those beside :data:`PREFERENCES`.
        width: of the window, in pixels.
        height: of the window, in pixels.
    """

    def __init__(
        self,
        folder: Path,
        environment: dict[str, str],
        *,
        tone: bool = False,
        preferences: dict[str, Any] | None = None,
        width: int = 1280,
        height: int = 900,
    ) -> None:
        program = find_firefox()
        profile = folder / "profile"
        profile.mkdir(parents=True)
        wanted = {**PREFERENCES, "media.navigator.streams.fake": tone, **(preferences or {})}
        lines = (f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in wanted.items())
        (profile / "user.js").write_text("".join(lines), encoding="utf-8")
        arguments = ["--headless", "--marionette", "--no-remote", "--profile", str(profile)]
        self._log = (folder / "firefox.log").open("wb")
        self._process = subprocess.Popen(
            [program, *arguments, f"--width={width}", f"--height={height}"],
            env={**os.environ, **environment},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        try:
            self._connect(profile / "MarionetteActivePort")
            self._order("WebDriver:SetWindowRect", width=width, height=height)
        except BaseException:
            self.close()
            raise

    def _connect(self, port: Path) -> None:
        until = time.monotonic() + 60
        while not (port.exists() and port.read_text()):
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Firefox did not start; see {self._log.name}")
            time.sleep(0.1)
        self._socket = socket.create_connection(("127.0.0.1", int(port.read_text())), timeout=120)
        self._stream = self._socket.makefile("rb")
        self._read()
        self._asked = 0
        self._order("WebDriver:NewSession", capabilities={"alwaysMatch": {"timeouts": {"script": 90_000}}})

    def __enter__(self) -> Firefox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if hasattr(self, "_socket"):
            self._stream.close()
            self._socket.close()
        self._log.close()

    # --- the wire: a message is its length in bytes, a colon, and JSON ---

    def _read(self) -> Any:
        length = b""
        while (byte := self._stream.read(1)) != b":":
            if not byte:
                raise ConnectionError(f"Firefox has gone; see {self._log.name}")
            length += byte
        return json.loads(self._stream.read(int(length)))

    def _order(self, name: str, **facts: Any) -> Any:
        self._asked += 1
        order = json.dumps([0, self._asked, name, facts]).encode()
        self._socket.sendall(b"%d:%s" % (len(order), order))
        _, answered, error, result = self._read()
        assert answered == self._asked
        if error:
            raise RuntimeError(f"{name}: {error['error']}: {error['message']}")
        return result

    # --- the page ---

    def goto(self, address: str) -> None:
        """Open a page; returns when it has loaded."""
        self._order("WebDriver:Navigate", url=address)

    def reload(self) -> None:
        """Load the page anew; returns when it has loaded."""
        self._order("WebDriver:Refresh")

    def evaluate(self, script: str, arg: Any = None) -> Any:
        """What an expression is, or a function gives for ``arg``; promises are awaited."""
        return self._order("WebDriver:ExecuteScript", script=_EVALUATE, args=[script, arg])["value"]

    def wait_for_function(self, script: str, *, arg: Any = None, seconds: float = 30) -> Any:
        """Wait until what :meth:`evaluate` gives is true."""
        until = time.monotonic() + seconds
        while not (value := self.evaluate(script, arg)):
            if time.monotonic() > until:
                raise AssertionError(f"It did not come about: {script}\n{self.text('body')[-1500:]}")
            time.sleep(0.05)
        return value

    def text(self, selector: str) -> str:
        """What is to be read in the first element that a CSS selector finds; empty without one."""
        return str(self.evaluate("s => document.querySelector(s)?.innerText ?? ''", selector))

    def await_text(self, selector: str, words: str, *, seconds: float = 30) -> None:
        """Wait until an element has the words."""
        script = "([s, words]) => document.querySelector(s)?.innerText.includes(words)"
        self.wait_for_function(script, arg=[selector, words], seconds=seconds)

    def _find(self, selector: str) -> str:
        found = self._order("WebDriver:FindElement", using="css selector", value=selector)
        return str(found["value"][_ELEMENT])

    def click(self, selector: str) -> None:
        """Click on an element, as a person does."""
        self._order("WebDriver:ElementClick", id=self._find(selector))

    def press(self, selector: str, keys: str) -> None:
        """Press keys in an element; :data:`CONTROL` stays down for those behind it."""
        self._order("WebDriver:ElementSendKeys", id=self._find(selector), text=keys)

    def screenshot(self, path: Path) -> None:
        """Write what is to be seen as a PNG."""
        picture = self._order("WebDriver:TakeScreenshot", full=False, hash=False)["value"]
        path.write_bytes(base64.b64decode(picture))
