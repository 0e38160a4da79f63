"""A server with language models: its address, whether it answers, what it has for talking."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from voicenb.emulator.brains.endpoint import Endpoint
from voicenb.errors import InvalidConfiguration, ServiceUnreachable, Unauthorized


class _Server(BaseHTTPRequestHandler):
    status, body = 200, b""
    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Authorization"]))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *arguments: object) -> None:
        del arguments


@pytest.fixture
def server() -> Iterator[Any]:
    """``server(body, status)``: the base URL of a server that answers so; ``server.asked`` is what came."""
    handler = type("Handler", (_Server,), {"asked": []})
    with HTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def answering(body: object, status: int = 200) -> str:
            handler.body, handler.status = json.dumps(body).encode(), status
            return f"http://127.0.0.1:{listening.server_port}/v1"

        answering.asked = handler.asked  # type: ignore[attr-defined]
        yield answering
        listening.shutdown()
        thread.join()


def listing(*names: str) -> dict[str, Any]:
    return {"data": [{"id": name} for name in names]}


@pytest.mark.parametrize(
    "url",
    ["localhost:8000", "127.0.0.1:8000/v1", "nonsense", "", "http://", "ftp://127.0.0.1/v1", "http://a:b/v1"],
)
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(InvalidConfiguration, match="is no URL") as error:
        Endpoint(url)
    assert "http://127.0.0.1:8000/v1" in error.value.remedy


def test_what_is_no_url_may_have_a_password_in_it() -> None:
    with pytest.raises(InvalidConfiguration) as error:
        Endpoint("user:hunter2@localhost:8000")
    assert "hunter2" not in str(error.value)


def test_slashes_and_spaces_make_no_difference() -> None:
    assert Endpoint(" http://127.0.0.1:8000/v1// ").base == "http://127.0.0.1:8000/v1"


def test_its_models_are_asked_for_with_the_key(server: Any) -> None:
    assert Endpoint(server(listing("b", "a")), "sk-canary").models(2.0) == ["b", "a"]
    assert server.asked == [("/v1/models", "Bearer sk-canary")]


def test_neither_key_nor_password_is_shown(server: Any) -> None:
    base = server({}, 401).replace("//", "//user:hunter2@")
    endpoint = Endpoint(base, "sk-canary")
    with pytest.raises(Unauthorized) as error:
        endpoint.models(2.0)
    told = f"{error.value} {endpoint!r} {endpoint.shown}"
    assert "hunter2" not in told
    assert "sk-canary" not in told
    assert "127.0.0.1" in told


@pytest.mark.parametrize(
    "name",
    [
        "nomic-embed-text",
        "text-embedding-3-small",
        "all-minilm:latest",
        "bge-m3",
        "whisper-1",
        "Systran/faster-whisper-small",
        "tts-1-hd",
        "gpt-4o-mini-tts",
        "gpt-4o-transcribe",
        "gpt-4o-realtime-preview",
        "dall-e-3",
        "gpt-image-1",
        "omni-moderation-latest",
        "bge-reranker-v2",
    ],
)
def test_what_does_not_talk_is_left_out(server: Any, name: str) -> None:
    assert Endpoint(server(listing(name, "llama3.2"))).models(2.0) == ["llama3.2"]


@pytest.mark.parametrize(
    "name", ["gpt-4o-mini", "qwen2.5:7b", "mistral", "meta-llama/Llama-3.1-8B", "gemma3"]
)
def test_what_talks_is_kept(server: Any, name: str) -> None:
    assert Endpoint(server(listing(name))).models(2.0) == [name]


@pytest.mark.parametrize("body", [None, [], {"data": None}, {"data": [1]}, {"data": [{}]}, "text"])
def test_an_answer_that_lists_none(server: Any, body: object) -> None:
    assert Endpoint(server(body)).models(2.0) == []


def test_a_server_without_a_list_has_none(server: Any) -> None:
    assert Endpoint(server({}, 404)).models(2.0) == []


@pytest.mark.parametrize(("key", "said"), [("sk-x", "refuses the key"), (None, "wants a key")])
@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused(server: Any, key: str | None, said: str, status: int) -> None:
    with pytest.raises(Unauthorized, match=f"{said}.*{status}") as error:
        Endpoint(server({}, status), key).models(2.0)
    assert "OPENAI_API_KEY" in error.value.remedy


def test_a_key_that_cannot_be_one(server: Any) -> None:
    with pytest.raises(Unauthorized, match="no key looks like"):
        Endpoint(server({}), "kéy\n").models(2.0)


def test_nobody_is_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ServiceUnreachable, match=f"127.0.0.1:{port}/v1 does not answer"):
        Endpoint(f"http://127.0.0.1:{port}/v1").models(2.0)


def test_somebody_is_there_and_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(ServiceUnreachable, match="does not answer"):
            Endpoint(base).models(0.1)


def test_one_that_is_broken_does_not_answer(server: Any) -> None:
    with pytest.raises(ServiceUnreachable, match="HTTP 503"):
        Endpoint(server({}, 503)).models(2.0)
