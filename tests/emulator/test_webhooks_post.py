"""One webhook over HTTP."""

from __future__ import annotations

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from voicenb.audio.processor import InPlaceProcessor
from voicenb.emulator import webhooks_post
from voicenb.emulator.webhooks_post import HttpPost


@pytest.fixture
def server():
    """A server that keeps what it is sent; ``server.answer`` writes the answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            running.got.append((self.path, dict(self.headers), body))
            running.answer(self)

        def do_GET(self):
            running.got.append("GET")

        def log_message(self, *_):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.got = []
    running.url = f"http://127.0.0.1:{running.server_port}/hook?a=1"
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


def status(code, **headers):
    def answer(handler):
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    return answer


def post(url):
    return asyncio.run(HttpPost(InPlaceProcessor())(url, {"X-Mark": "1"}, b'{"a": 1}'))


@pytest.mark.parametrize("code", [200, 204, 404, 500])
def test_body_and_headers_go_out_and_the_status_comes_back(server, code):
    server.answer = status(code)
    assert post(server.url) == code
    ((path, headers, body),) = server.got
    assert (path, headers["X-Mark"], body) == ("/hook?a=1", "1", b'{"a": 1}')


def test_a_redirection_is_not_followed(server):
    server.answer = status(302, Location=server.url)
    assert post(server.url) == 302
    assert len(server.got) == 1


def test_a_proxy_of_the_environment_is_not_asked(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    server.answer = status(200)
    assert post(server.url) == 200


def test_nobody_there():
    with pytest.raises(httpx.ConnectError):
        post("http://127.0.0.1:1/")


def test_who_does_not_answer_is_given_up(server, monkeypatch):
    released = threading.Event()
    server.answer = lambda handler: released.wait(20)
    monkeypatch.setattr(webhooks_post, "PATIENCE", 0.3)
    with pytest.raises((TimeoutError, httpx.TimeoutException)):
        post(server.url)
    released.set()


def test_https_is_checked(server):
    with pytest.raises(httpx.HTTPError):
        post(server.url.replace("http://", "https://"))
