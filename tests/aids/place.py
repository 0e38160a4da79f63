"""A REST service at a real socket, for tests of its clients."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest


@dataclass
class Place:
    """A REST service at a real socket: ``answers`` are given one after the other, ``requests`` kept."""

    host: str
    answers: list = field(default_factory=list)
    requests: list = field(default_factory=list)

    def answer(self, status, body=None, headers=()):
        self.answers.append((status, body, headers))


@pytest.fixture
def place():
    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            parts = urlsplit(self.path)
            there.requests.append(
                (self.command, parts.path, dict(parse_qsl(parts.query)), body, dict(self.headers))
            )
            status, told, headers = there.answers.pop(0)
            payload = (
                told.encode() if isinstance(told, str) else b"" if told is None else json.dumps(told).encode()
            )
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    there = Place(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield there
    server.shutdown()
    server.server_close()
    thread.join()
    assert not there.answers, "answers that nobody asked for"
