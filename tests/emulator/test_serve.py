"""The program behind ``voicenb emulator``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import httpx
import pytest
import websockets.sync.client


@pytest.fixture
def program():
    """Starts the program with these arguments; ends it afterwards."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "voicenb", "emulator", "--port", "0", "--brain", "rules", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "VOICENB_BRAIN": "", "CI": "1"},
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            pipe.close()


def test_it_says_where_it_is_and_ends_with_its_parents_pipe(program):
    process = program("--announce", "--parent-pipe", "--mouth", "espeak")
    line = process.stdout.readline()
    facts = json.loads(process.stdout.readline())
    assert facts["url"] in line
    assert facts["key"] not in line
    assert (facts["profile"], facts["brain"], facts["notice"]) == ("contract", "rules", "")
    rest = facts["url"].replace("ws://", "http://").removesuffix("/v1/ws")
    assert httpx.get(f"{rest}/").json()["service"] == "voicenb emulator"
    assert httpx.get(f"{rest}/v1/agents", headers={"Authorization": "any"}).status_code == 401
    assert httpx.get(f"{rest}/v1/agents", headers={"Authorization": facts["key"]}).status_code == 200
    process.stdin.close()
    assert process.wait(5) == 0


LOADS = """
import time
from voicenb.emulator import parts
from voicenb.emulator.serve import serve

def mouth(*_, **__):
    print("loading", flush=True)
    time.sleep(600)

parts.mouth = mouth
raise SystemExit(serve(port=0, brain="rules", parent_pipe=%s))
"""


def loads(*, parent_pipe: bool) -> subprocess.Popen[str]:
    """One that has begun to load a voice, and will not be done."""
    return subprocess.Popen(
        [sys.executable, "-c", LOADS % parent_pipe], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("by", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)], ids=["SIGINT", "SIGTERM"]
)
def test_an_interrupt_does_not_wait_for_what_is_loading(by, code):
    with loads(parent_pipe=False) as process:
        while process.stdout.readline() != "loading\n":
            assert process.poll() is None
        process.send_signal(by)
        try:
            assert process.wait(60) == code
        finally:
            process.kill()


def test_it_does_not_wait_for_what_it_is_loading():
    with loads(parent_pipe=True) as process:
        while process.stdout.readline() != "loading\n":
            assert process.poll() is None
        process.stdin.close()
        try:
            assert process.wait(60) == 0
        finally:
            process.kill()


PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)
if os.fork() == 0:  # a fork of the parent keeps the pipe open
    os.close(1)
    time.sleep(60)
print("pid", child.pid, flush=True)
child.wait()
"""


def test_it_ends_with_its_parent_though_a_fork_keeps_the_pipe_open():
    command = [
        sys.executable,
        "-m",
        "voicenb",
        "emulator",
        "--port",
        "0",
        "--brain",
        "rules",
        "--mouth",
        "espeak",
    ]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *command, "--announce", "--parent-pipe"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "VOICENB_BRAIN": "", "CI": "1"},
    )
    try:
        lines = [parent.stdout.readline() for _ in range(3)]
        url = next(json.loads(line) for line in lines if line.startswith("{"))["url"]
        assert httpx.get(url.replace("ws://", "http://").removesuffix("/v1/ws") + "/").status_code == 200
        parent.kill()
        killed = time.monotonic()
        assert parent.stdout.read() == ""  # until the emulator, who holds its other end, has ended
        assert time.monotonic() - killed < 4  # 2 s, and as much for a busy machine
    finally:
        os.killpg(parent.pid, signal.SIGKILL)
        parent.wait()
        parent.stdout.close()


def test_a_termination_ends_it(program):
    process = program("--mouth", "espeak", "--profile", "live", "--key", "sesame")
    assert "live profile" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0


def test_a_taken_port_is_an_error_and_no_traceback(program):
    first = program("--mouth", "espeak")
    port = first.stdout.readline().split(":")[3].split("/")[0]
    second = subprocess.run(
        [sys.executable, "-m", "voicenb", "emulator", "--port", port, "--brain", "rules"],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert second.returncode == 1
    assert port in second.stderr
    assert "Traceback" not in second.stderr


DEAF = """
from voicenb.emulator import parts
from voicenb.emulator.serve import serve

parts.ears = lambda **_: None
raise SystemExit(serve(port=0, brain="rules", mouth="espeak", announce=True, parent_pipe=True))
"""


def test_without_ears_it_announces_that():
    process = subprocess.Popen(
        [sys.executable, "-c", DEAF], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        process.stdout.readline()
        facts = json.loads(process.stdout.readline())
        process.stdin.close()
    assert "talk.message" in facts["notice"]


LIDO = {"name": "Lido", "system_prompt": "You take bookings.", "voice": {"voice_id": "ivy"}}


@pytest.mark.skipif(os.name != "posix", reason="a signal of POSIX")
def test_what_was_answered_is_there_after_a_crash(program, tmp_path):
    store = str(tmp_path / "emulator.sqlite")

    def start():
        process = program("--mouth", "espeak", "--store", store)
        url = process.stdout.readline().split()[2]
        return process, url.replace("ws://", "http://").removesuffix("/v1/ws")

    def get(path):
        return httpx.get(rest + path, headers={"Authorization": "any"}).json()

    def socket(token):
        return websockets.sync.client.connect(f"ws://{rest.partition('//')[2]}/v1/ws?token={token}")

    def hears(connection, *wanted):
        for _ in range(100):
            event = json.loads(connection.recv(20))
            if event["type"] in wanted:
                return event
        raise AssertionError("it was not heard")

    process, rest = start()
    agent = httpx.post(f"{rest}/v1/agents", json=LIDO, headers={"Authorization": "any"}).json()
    token, used = (get("/v1/token?expires_in_seconds=600")["token"] for _ in range(2))
    with socket(used) as connection:
        connection.send('{"type": "session.update", "session": {}}')
        session_id = hears(connection, "session.ready")["session_id"]
        connection.send('{"type": "session.end"}')
        hears(connection, "session.ended")
    before = get(f"/v1/sessions/{session_id}")
    process.kill()
    process.wait()
    gone, (process, rest) = rest, start()
    assert get(f"/v1/agents/{agent['id']}") == agent
    after = get(f"/v1/sessions/{session_id}")
    assert {**after, "artifacts": []} == {**before, "artifacts": []}
    assert {artifact["type"] for artifact in before["artifacts"]} >= {"timeline", "metadata"}
    for artifact in before["artifacts"]:  # the links that were given are good all the same
        assert httpx.get(artifact["url"].replace(gone, rest)).status_code == 200
    with socket(token) as connection:
        connection.send('{"type": "session.update", "session": {}}')
        hears(connection, "session.ready")
    for candidate in (token, used):
        with socket(candidate) as connection:
            assert hears(connection, "session.error")["code"] == "UNAUTHORIZED"


def test_a_store_that_is_none_is_an_error_and_no_traceback(program, tmp_path):
    diary = tmp_path / "diary.txt"
    diary.write_text("Dear diary, " * 100)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "voicenb",
            "emulator",
            "--port",
            "0",
            "--brain",
            "rules",
            "--store",
            str(diary),
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert str(diary) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="a signal of POSIX")
def test_after_a_crash_subscriptions_are_there_and_the_session_is_over(program, tmp_path):
    store = str(tmp_path / "emulator.sqlite")
    hook = {"url": "https://example.com/", "events": ["session.completed"], "secret": "s" * 32}

    def start():
        process = program("--mouth", "espeak", "--store", store)
        url = process.stdout.readline().split()[2]
        return process, url, url.replace("ws://", "http://").removesuffix("/v1/ws")

    def get(path):
        return httpx.get(rest + path, headers={"Authorization": "any"}).json()

    process, url, rest = start()
    created = httpx.post(
        f"{rest}/v1/webhook-subscriptions", json=hook, headers={"Authorization": "any"}
    ).json()
    with websockets.sync.client.connect(f"{url}?token=any") as connection:
        connection.send('{"type": "session.update", "session": {}}')
        session_id = json.loads(connection.recv(20))["session_id"]
        assert get(f"/v1/sessions/{session_id}")["status"] == "created"
        process.kill()
        process.wait()
    process, url, rest = start()
    assert get("/v1/webhook-subscriptions")["subscriptions"] == [created]
    record = get(f"/v1/sessions/{session_id}")
    assert (record["status"], record["public_close_reason"]) == ("completed", "internal_error")
    # When it ended is known by what was written last.
    assert record["created_at"] <= record["ended_at"]
    assert record["artifacts"] == []


def test_it_goes_wrong_as_it_is_told_to_and_says_so(program):
    process = program(
        "--announce", "--mouth", "espeak", "--fault", "capacity", "--fault", "drop@session.ready"
    )
    line = process.stdout.readline()
    assert "fault: capacity=at_capacity, fault: drop@session.ready" in line
    facts = json.loads(process.stdout.readline())
    seen = []
    for _ in range(2):
        with websockets.sync.client.connect(f"{facts['url']}?token={facts['key']}") as socket:
            socket.send('{"type":"session.update","session":{}}')
            seen.append(json.loads(socket.recv(timeout=60))["type"])
            with pytest.raises(websockets.exceptions.ConnectionClosed) as caught:
                socket.recv(timeout=10)
            seen.append(caught.value.rcvd and caught.value.rcvd.code)
    assert seen == ["session.error", 1008, "session.ready", None]


EMULATOR = [sys.executable, "-m", "voicenb", "emulator", "--port", "0"]


def test_it_says_where_callers_words_go_and_begins_with_no_language_model_that_is_nowhere():
    def run(**environ):
        return subprocess.Popen(
            [*EMULATOR, "--mouth", "espeak", "--brain", "openai:foo"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "CI": "1", "OPENAI_API_KEY": "", "OPENAI_BASE_URL": "", **environ},
        )

    with run(OPENAI_API_KEY="sk-secret") as there:  # nobody is called before a caller has spoken
        line = there.stdout.readline()
        there.kill()
    assert "brain: openai:foo; what callers say goes to api.openai.com)" in line
    assert "secret" not in line
    with run() as nowhere:
        said, error = nowhere.communicate(timeout=60)
    assert (nowhere.returncode, said) == (2, "")
    assert "neither OPENAI_BASE_URL nor OPENAI_API_KEY is set" in error


@pytest.mark.parametrize("option", ["-v", "--verbose", ""])
def test_it_tells_of_its_work_where_it_is_asked_to(option):
    command = [*EMULATOR, "--mouth", "espeak", "--brain", "rules", "--key", "my-key", *filter(None, [option])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().split()[2]
        rest = url.replace("ws://", "http://").removesuffix("/v1/ws")
        assert httpx.get(f"{rest}/v1/agents", headers={"Authorization": "other-key"}).status_code == 401
        with websockets.sync.client.connect(f"{url}?token=my-key") as connection:
            connection.send('{"type": "session.update", "session": {"input": {"keyterm": ["secret"]}}}')
            assert json.loads(connection.recv(60))["type"] == "session.ready"
            connection.send('{"type": "session.end"}')
            assert json.loads(connection.recv(60))["type"] == "session.ended"
        process.terminate()
        said, told = process.communicate(timeout=60)
    assert said == ""
    assert "key" not in told.replace("keyterm", "")
    assert "secret" not in told
    lines = [line.split(" ", 1)[1] for line in told.splitlines()]
    if not option:
        assert lines == []
        return
    (refused, ignored, begun, ended) = lines
    assert refused == "GET /v1/agents: 401, unauthorized: Unauthorized"
    assert "ignored input.keyterm. Did you mean 'keyterms'?" in ignored
    assert begun.endswith(" begun")
    assert ended.endswith(" s: session.end")
