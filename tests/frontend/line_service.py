"""A service that a page connects to by itself, and the kernel's side of it, in the test's hands."""

from __future__ import annotations

import base64
import json
import threading
from typing import Any

from harness import Helper
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from voicenb.session.page_mirror import Came, Entry, Went, read_mirror, write_speech


class LineService:
    """Takes connections, and keeps what each of them says.

    Attributes:
        talks: what came, connection by connection.
        tokens: the query with which each came.
    """

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.talks: list[list[dict[str, Any]]] = []
        self.tokens: list[str] = []
        self.codes: list[int | None] = []
        self.sockets: list[ServerConnection] = []
        self._server: Server | None = None

    def __enter__(self) -> LineService:
        self._server = serve(self._meet, "127.0.0.1", 0, compression=None)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        for socket in self.sockets:
            socket.close()
        self._server.shutdown()
        self._thread.join()

    def url(self, token: str) -> str:
        assert self._server is not None
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/v1/ws?token={token}"

    def _meet(self, socket: ServerConnection) -> None:
        heard: list[dict[str, Any]] = []
        with self.changed:
            self.talks.append(heard)
            self.sockets.append(socket)
            self.codes.append(None)
            place = len(self.talks) - 1
            assert socket.request is not None
            self.tokens.append(socket.request.path.partition("?")[2])
            self.changed.notify_all()
        try:
            for message in socket:
                with self.changed:
                    heard.append(json.loads(message))
                    self.changed.notify_all()
                if heard[-1]["type"] == "session.end":
                    self.say("session.ended", place)
                    socket.close(1000)
        except ConnectionClosed:
            pass
        with self.changed:
            self.codes[place] = socket.close_code
            self.changed.notify_all()

    def say(self, kind: str, talk: int = -1, **fields: Any) -> None:
        self.sockets[talk].send(json.dumps({"type": kind, **fields}))

    def speak(self, reply: str, pcm: bytes, piece: int = 960) -> None:
        for start in range(0, len(pcm), piece):
            data = base64.b64encode(pcm[start : start + piece]).decode()
            self.say("reply.audio", reply_id=reply, data=data)

    def sound(self, talk: int = -1) -> bytes:
        """The caller's sound that came."""
        return b"".join(base64.b64decode(m["audio"]) for m in self.talks[talk] if m["type"] == "input.audio")

    def types(self, talk: int = -1) -> list[str]:
        return [message["type"] for message in self.talks[talk]]

    def wait(self, found: Any, timeout: float = 10) -> Any:
        with self.changed:
            assert self.changed.wait_for(found, timeout), [self.types(n)[-5:] for n in range(len(self.talks))]
            return found()


class LineHelper(Helper):
    """The helper's side of the channel, of a page that connects by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.lost = 0
        self.deaf = False  # it answers nothing

    def _take(self, message: str | bytes) -> None:
        if self.deaf:
            return
        if isinstance(message, str):
            super()._take(message)
            return
        mirror = read_mirror(message)
        with self.changed:
            self.entries += mirror.entries
            self.lost = mirror.lost
            self.changed.notify_all()

    def reach(self, service: LineService, token: str, line: int = 1) -> None:
        """Have the page connect, and begin a session."""
        count = len(service.talks)
        self.say(type="reach", line=line, url=service.url(token))
        self.wait(lambda: self.told("reached", line=line))
        service.wait(lambda: len(service.talks) > count)

    def pass_on(self, kind: str, line: int = 1, **fields: Any) -> None:
        self.say(type="send", line=line, frame=json.dumps({"type": kind, **fields}))

    def speech(self, pcm: bytes) -> None:
        assert self.page is not None
        self.page.send(write_speech(pcm))

    @property
    def sent(self) -> bytes:
        """The caller's sound that the page has sent, as it says."""
        return b"".join(entry.pcm for entry in self.entries if isinstance(entry, Went))

    def came(self, kind: str) -> list[Came]:
        """What came of the service, as the page says, of a type."""
        sign = f'"type": "{kind}"'.encode()
        return [entry for entry in self.entries if isinstance(entry, Came) and sign in entry.frame]
