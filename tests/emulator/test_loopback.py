"""Who may call the emulator on loopback: programs, and pages of this machine."""

from __future__ import annotations

import asyncio
import re

import pytest

from voicenb.emulator.loopback import ORIGINS, LoopbackOnly


def call(kind="http", **headers):
    """What is sent to a client with these headers; empty when the app was reached."""
    sent, reached = [], []

    async def app(scope, receive, send):
        reached.append(scope["type"])

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "headers": [(k.encode(), v.encode()) for k, v in headers.items()]}
    asyncio.run(LoopbackOnly(app)(scope, receive, send))
    assert bool(sent) is not bool(reached)
    return sent


@pytest.mark.parametrize(
    "headers",
    [
        {},  # a program
        {"host": "localhost:8765"},
        {"host": "127.0.0.1"},
        {"host": "[::1]:8765"},
        {"host": "localhost:8765", "origin": "http://localhost:8888"},
        {"host": "127.0.0.1:1", "origin": "https://127.0.0.1:8888"},
        {"host": "127.0.0.1:1", "origin": "http://[::1]:3000"},
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_who_comes_in(kind, headers):
    assert call(kind, **headers) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://example.org"},
        {"origin": "null"},  # a sandboxed page
        {"origin": ""},
        {"origin": "http://localhost.example.org"},
        {"origin": "http://127.0.0.1.example.org"},
        {"host": "rebound.example.org:8765"},
        {"host": "127.example.org"},
        {"host": "localhost:8765", "origin": "https://localhost.evil"},
        {"host": "localhost:8765", "origin": "http://["},  # nonsense
        {"host": "[::1"},
        {"host": "localhost]"},
    ],
)
def test_who_does_not(headers):
    start, body = call(**headers)
    assert start["status"] == 403
    assert b"this machine" in body["body"]
    assert call("websocket", **headers) == [{"type": "websocket.close", "code": 1008}]


def test_lifespans_pass():
    assert call("lifespan") == []


@pytest.mark.parametrize(
    ("origin", "fits"),
    [
        ("http://localhost", True),
        ("https://localhost:8888", True),
        ("http://127.0.0.1:3000", True),
        ("http://[::1]:3000", True),
        ("http://localhost.example.org", False),
        ("http://127x0x0x1", False),
        ("http://example.org/?http://localhost", False),
        ("ftp://localhost", False),
    ],
)
def test_the_pages_of_the_rest_side(origin, fits):
    assert bool(re.fullmatch(ORIGINS, origin)) is fits
