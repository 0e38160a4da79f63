"""How the suite is turned on another service: tried on an emulator that is reached as any service is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import api_key
import pytest
from rule import CLIENT, table
from world import KEY, Elsewhere

import voicenb as vn
from voicenb.session.transport import ConnectionClosed

ROOT = Path(__file__).parents[2]
SOME = ("6.5 session.end", "9 immutable: greeting", "15.4 put: what is left out stays")


@pytest.fixture
def hosted(_running):
    """An emulator at a real socket, whatever else the suite is turned on at the moment."""
    return vn.Hosted(key=KEY, host=_running.url)


def check(name, way, service, key=KEY):
    rule = next(rule for rule in table() if rule.id == name)
    Elsewhere(way, f"http://{service.host}", key).run(rule.by_client if way == CLIENT else rule.socket)


@pytest.mark.parametrize("name", SOME)
def test_a_rule_at_an_address(hosted, name):
    check(name, "socket", hosted)


def test_a_rule_by_our_client_at_an_address(hosted):
    check(SOME[0], CLIENT, hosted)


def test_a_service_that_does_otherwise_fails(hosted):
    with pytest.raises((AssertionError, ConnectionClosed), match=r"UNAUTHORIZED|1008"):
        check(SOME[0], "socket", hosted, key="another")


class Asked:
    """A configuration of pytest in which that was asked for."""

    def __init__(self, **options):
        self.options = options

    def getoption(self, name, default):
        return self.options.get(name.strip("-"), default)


def test_whom_the_suite_is_for(contract_conftest, monkeypatch):
    target = contract_conftest.target
    monkeypatch.setattr(api_key, "KEY", "")
    assert target(Asked()) is None
    for asked in (Asked(hosted=True), Asked(service="http://127.0.0.1:9")):
        with pytest.raises(pytest.UsageError, match="ASSEMBLYAI_API_KEY"):
            target(asked)
    monkeypatch.setattr(api_key, "KEY", "a-key")
    assert target(Asked()) is None, "a key is not asked for anything by itself"
    assert target(Asked(hosted=True)).host == "https://agents.assemblyai.com"
    assert target(Asked(hosted=True, service="http://127.0.0.1:9")).host == "http://127.0.0.1:9"


@pytest.mark.campaign
@pytest.mark.slow
@pytest.mark.off_the_contract
def test_the_whole_suite_at_an_address(hosted):
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "tests/contract/test_rules.py", "-q", "-n0"),
            *("--service", f"http://{hosted.host}"),
        ],
        cwd=ROOT,
        env={**os.environ, "ASSEMBLYAI_API_KEY": KEY},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
