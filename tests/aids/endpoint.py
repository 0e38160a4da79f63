"""A server on loopback that an HTTP tool can be."""

from __future__ import annotations

import contextlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Endpoint:
    """A server that keeps what it was asked and answers as it is told.

    Attributes:
        asked: method, path, query, headers, body.
        status: of the answer.
        body: of the answer.
        answers: status and body of the answers to come, one after the other; behind the last one it stays.
        drops: seconds before each byte of a body; 0 sends it whole.
    """

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status = 200
        self.body = b'{"free": ["19:00"]}'
        self.headers: dict[str, str] = {}
        self.answers: list[tuple[int, bytes]] = []
        self.drops = 0.0
        self.late = threading.Event()
        self.late.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                parts = urlsplit(self.path)
                outer.asked.append(
                    {
                        "method": self.command,
                        "path": parts.path,
                        "query": parse_qs(parts.query),
                        "headers": dict(self.headers),
                        "body": self.rfile.read(length),
                    }
                )
                outer.late.wait(10)
                if outer.answers:
                    outer.status, outer.body = outer.answers.pop(0)
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(outer.body)))
                self.end_headers()
                if not outer.drops:
                    self.wfile.write(outer.body)
                    return
                with contextlib.suppress(ConnectionError):  # nobody waits any more
                    for n in range(len(outer.body)):
                        time.sleep(outer.drops)
                        self.wfile.write(outer.body[n : n + 1])

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Endpoint:
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.late.set()
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()
