"""What a real server keeps of a real call, and whom it tells."""

from __future__ import annotations

import io
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import numpy as np
import pytest
import soundfile
import websockets.sync.client

from voicenb.emulator.brain import Say
from voicenb.emulator.emulator import Emulator

PATIENCE = 20.0
"""Seconds for what takes a moment on a busy machine."""


@pytest.fixture
def receiver():
    """A server that webhooks are sent to; its first answer is an error."""
    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.headers["X-AAI-Signature"], json.loads(body)))
            self.send_response(500 if len(got) == 1 else 204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.got = got
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def make(ears, tone_mouth, script):
    return lambda **options: Emulator(
        brain=script([Say("Going forward.")]), recognizer=ears(), mouth=tone_mouth(), **options
    )


def hold(emulator):
    """A call in which the agent greets; gives the session's id."""
    address = emulator.address()
    with websockets.sync.client.connect(address.url, additional_headers=address.headers) as connection:

        def until(kind):
            while True:
                event = json.loads(connection.recv(PATIENCE))
                if event["type"] == kind:
                    return event

        connection.send(json.dumps({"type": "session.update", "session": {"greeting": "Hello there."}}))
        session_id = until("session.ready")["session_id"]
        until("reply.done")
        connection.send(json.dumps({"type": "session.end"}))
        until("session.ended")
    return session_id


def eventually(ask):
    """What ``ask`` gives as soon as it gives something."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit:
        found = ask()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it never came")


def rest(emulator, method, path, body=None):
    headers = {"Authorization": "any"}
    return httpx.request(method, f"{emulator.url}{path}", json=body, headers=headers, timeout=PATIENCE)


def loud(url):
    """Whether each side of the sound behind a link is to be heard."""
    sound, rate = soundfile.read(io.BytesIO(httpx.get(url, timeout=PATIENCE).content))
    assert rate == 24_000
    return (np.abs(sound).max(axis=0) > 0.1).tolist()


def test_subscribers_are_told_and_a_failure_is_made_good(make, receiver):
    with make() as emulator:
        url = f"http://127.0.0.1:{receiver.server_port}/hook"
        events = ["session.started", "session.completed"]
        body = {"url": url, "events": events, "secret": "s" * 32}
        assert rest(emulator, "POST", "/v1/webhook-subscriptions", body).status_code == 201
        session_id = hold(emulator)

        def delivered():
            listed = rest(emulator, "GET", f"/v1/sessions/{session_id}/webhook-deliveries").json()[
                "deliveries"
            ]
            return listed if [entry["status"] for entry in listed] == ["delivered"] * 2 else None

        listed = eventually(delivered)
    assert {payload["event"] for _, payload in receiver.got} == set(events)
    assert {payload["session"]["id"] for _, payload in receiver.got} == {session_id}
    assert sorted(entry["attempt_count"] for entry in listed) == [1, 2]


def test_links_lead_to_the_emulator(make):
    with make() as emulator:
        session_id = hold(emulator)
        record = rest(emulator, "GET", f"/v1/sessions/{session_id}").json()
        urls = {artifact["type"]: artifact["url"] for artifact in record["artifacts"]}
        assert all(url.startswith(emulator.url) for url in urls.values())
        assert loud(urls["audio"]) == [False, True]
        assert httpx.get(urls["timeline"]).json()["turns"][0]["agent_text"] == "Hello there."


def test_a_store_keeps_a_call_with_its_sound(make, tmp_path):
    store = tmp_path / "emulator.sqlite"
    with make(store=store) as emulator:
        session_id = hold(emulator)
        kept = "SELECT 1 FROM audio WHERE session_id = ? AND n = 0"
        eventually(lambda: emulator.resources.database.read(kept, session_id))
        before = rest(emulator, "GET", f"/v1/sessions/{session_id}").json()
    with make(store=store) as emulator:
        after = rest(emulator, "GET", f"/v1/sessions/{session_id}").json()
        urls = {artifact["type"]: artifact["url"] for artifact in after["artifacts"]}
        assert loud(urls["audio"]) == [False, True]
        assert httpx.get(urls["timeline"]).json()["session_id"] == session_id
    assert {**after, "artifacts": []} == {**before, "artifacts": []}


def test_the_sound_of_a_call_right_before_the_end_is_kept(make, tmp_path):
    store = tmp_path / "emulator.sqlite"
    with make(store=store) as emulator:
        session_id = hold(emulator)
    with make(store=store) as emulator:
        record = rest(emulator, "GET", f"/v1/sessions/{session_id}").json()
        urls = {artifact["type"]: artifact["url"] for artifact in record["artifacts"]}
        assert loud(urls["audio"]) == [False, True]


def test_a_session_that_ends_with_its_emulator_is_kept(make, tmp_path):
    store = tmp_path / "emulator.sqlite"
    emulator = make(store=store).start()
    address = emulator.address()
    with websockets.sync.client.connect(address.url, additional_headers=address.headers) as connection:
        connection.send('{"type": "session.update", "session": {}}')
        session_id = json.loads(connection.recv(PATIENCE))["session_id"]
        emulator.stop()
    with make(store=store) as emulator:
        record = rest(emulator, "GET", f"/v1/sessions/{session_id}").json()
    assert (record["status"], record["public_close_reason"]) == ("completed", "server_shutdown")
