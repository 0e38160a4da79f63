"""The program behind ``voicenb emulator``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import httpx
import pytest


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
    assert (facts["profile"], facts["brain"]) == ("contract", "rules")
    rest = facts["url"].replace("ws://", "http://").removesuffix("/v1/ws")
    assert httpx.get(f"{rest}/").json()["service"] == "voicenb emulator"
    assert httpx.get(f"{rest}/v1/agents", headers={"Authorization": "any"}).status_code == 401
    assert httpx.get(f"{rest}/v1/agents", headers={"Authorization": facts["key"]}).status_code == 200
    process.stdin.close()
    assert process.wait(5) == 0


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
