"""A program that knows nothing of voicenb: what the service's first page does, with only the host changed."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import numpy as np
import pytest
from brief_mouth import BriefMouth
from endpoint import Endpoint
from lab import chromium, open_page
from playwright.sync_api import Page, Playwright

import voicenb as vn
from voicenb.audio.pcm import to_float
from voicenb.audio.speech import synthesise
from voicenb.audio.wav import write_wav

pytestmark = [pytest.mark.browser, pytest.mark.campaign]

KEY = "sesame-sesame"
PAGE = Path(__file__).parent / "quickstart.html"
SAYS = ["Hello, is anybody there?", "I would like to book a meeting."]


@pytest.fixture
def site() -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(PAGE.parent))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/{PAGE.name}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def microphone(tmp_path: Path) -> Path:
    """Two sentences, six seconds apart."""
    silence = np.zeros(6 * 24_000, np.float32)
    parts = [part for text in SAYS for part in (silence, to_float(synthesise(text)))]
    path = tmp_path / "caller.wav"
    write_wav(path, np.concatenate([*parts, np.zeros(60 * 24_000, np.float32)]), 24_000)
    return path


def told(page: Page, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate("(kind) => seen.filter(({ type }) => type === kind)", kind)
    return found


def test_its_calls_in_its_order(
    playwright: Playwright, site: str, microphone: Path, moonshine: Any, endpoint: Endpoint
) -> None:
    script = [
        {"on": "anybody", "say": "I am here. What can I do for you?"},
        {"on": "meeting", "call": "create_booking", "arguments": {"start": "2026-12-01T10:00:00Z"}},
        {"after": "create_booking", "say": "That is booked."},
    ]
    with (
        vn.Emulator(
            brain=script, mouth=BriefMouth(), recognizer=moonshine, key=KEY, local_tools=True
        ) as emulator,
        httpx.Client(base_url=emulator.url, headers={"Authorization": KEY}) as rest,
    ):
        made = rest.post(
            "/v1/agents",
            json={
                "name": "First Assistant",
                "system_prompt": "You help.",
                "greeting": "Hello, what can I do?",
                "voice": {"voice_id": "ivy"},
            },
        )
        assert made.status_code == 201
        agent = made.json()["id"]
        tool = {
            "name": "create_booking",
            "description": "Book a meeting. Call this once you have a start time.",
            "parameters": {
                "type": "object",
                "properties": {"start": {"type": "string", "format": "date-time"}},
                "required": ["start"],
            },
            "execution_mode": "interactive",
            "timeout_seconds": 30,
            "http": {
                "url": f"{endpoint.url}/v2/bookings",
                "http_method": "POST",
                "headers": {"Authorization": "Bearer of-the-calendar", "api-version": "2026-02-25"},
            },
        }
        changed = rest.put(f"/v1/agents/{agent}", json={"system_prompt": "You book.", "tools": [tool]}).json()
        assert changed["greeting"] == "Hello, what can I do?", "what was not sent stays"
        assert changed["tools"][0]["http"]["headers"] == {"Authorization": "***", "api-version": "***"}

        with chromium(playwright, microphone) as browser:
            page = open_page(browser)
            host = emulator.url.replace("http", "ws")
            page.goto(f"{site}?{urlencode({'host': host, 'key': KEY, 'agent': agent, 'adapts': 1})}")
            page.click("#talk")
            booked = "document.querySelector('#said').textContent === 'That is booked.'"
            page.wait_for_function(booked, timeout=60_000)
            assert page.evaluate("errors") == []
            assert page.evaluate("frames") > 187 * 5, "blocks of 128 samples"
            assert page.evaluate("played") > 1
            assert told(page, "tool.call") == [], "the server calls it by itself"
            silences = [
                update["config"]["input"]["turn_detection"]["min_silence"]
                for update in told(page, "session.updated")
            ]
            assert silences[:2] == [2200, 1400], "longer after a question, and back with the answer"
            page.evaluate("end()")
        (asked,) = endpoint.asked
        assert asked["headers"]["Authorization"] == "Bearer of-the-calendar"
        (session,) = emulator.sessions
        assert session.away or session.ended_by == "close", "it closed without session.end: the grace runs"
