import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from voicenb.doctor import Finding, examine
from voicenb.widgets.floors import FLOORS

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """``installed("ipykernel", "6.29.5")``: what Python then believes to be installed."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(name, version, *requires):
        folder = tmp_path / f"{name.replace('-', '_')}-{version}.dist-info"
        folder.mkdir()
        lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {line}" for line in requires)]
        (folder / "METADATA").write_text("Metadata-Version: 2.4\n" + "\n".join(lines) + "\n")

    return install


@pytest.fixture
def language_models():
    """The base URL of a server that has one model for talking."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps({"data": [{"id": "nomic-embed-text"}, {"id": "llama3.2"}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


def found(word):
    """The one finding about ``word``."""
    (finding,) = [finding for finding in examine() if word in finding.what]
    return finding


def test_on_a_machine_with_everything_nothing_is_broken():
    findings = examine()
    assert not [finding for finding in findings if finding.broken]
    told = "\n".join(map(str, findings))
    for word in ("ipykernel", "ears", "mouth", "loopback"):
        assert word in told


def test_the_key_is_never_shown(monkeypatch):
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "canary-7f3a")
    told = "\n".join(map(str, examine()))
    assert "hosted" in told
    assert "canary" not in told


def test_a_finding_shows_its_remedy():
    assert str(Finding("no mouth", broken=True, remedy="install one")) == "✗ no mouth\n  → install one"
    assert str(Finding("fine")) == "✓ fine"
    assert str(Finding("perhaps", seen=False)) == "· perhaps"


def test_its_floors_are_those_of_the_project():
    stated = [Requirement(line) for line in PROJECT["optional-dependencies"]["jupyter"]]
    project = {need.name: str(need.specifier) for need in stated}
    assert {name: project[name] for name in FLOORS} == {name: f">={floor}" for name, floor in FLOORS.items()}


@pytest.mark.parametrize(
    ("name", "version", "floor"), [("ipykernel", "6.29.5", "7.1"), ("jupyterlab", "4.3.8", "4.4")]
)
def test_what_lets_no_message_through_is_told_with_the_remedy(installed, name, version, floor):
    installed(name, version)
    finding = found(f"{name} ")
    assert f"{name} {version} is too old" in finding.what
    assert f'pip install "{name}>={floor}"' in finding.remedy
    assert not finding.broken, "one can still talk"


@pytest.mark.parametrize(
    ("name", "version"), [("ipykernel", "7.1.0a1"), ("jupyterlab", "4.10.2"), ("jupyterlab", "5.0.0")]
)
def test_what_is_new_enough_needs_no_word(installed, name, version):
    installed(name, version)
    assert not found(f"{name} {version}").remedy


MORE = 'starlette>=99; extra == "emulator"'


def test_a_package_that_became_too_old_or_went_is_named(installed):
    installed("websockets", "12.0")
    installed(
        "voicenb",
        "9",
        "websockets>=15",
        "httpx>=0.1",
        "not-anywhere>=2",
        'starlette>=99; extra == "emulator"',
    )
    finding = found("not what voicenb needs")
    assert finding.broken
    assert "websockets 12.0, not-anywhere is missing" in finding.what
    assert finding.remedy == 'pip install "websockets>=15" "not-anywhere>=2"'


def test_all_packages_that_are_always_needed_are_looked_at():
    assert (
        found("always needs").what == f"the {len(PROJECT['dependencies'])} packages that voicenb always needs"
    )


def test_a_terminal_without_the_signs_is_told_all_the_same():
    told = subprocess.run(
        [sys.executable, "-m", "voicenb", "doctor"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        check=True,
    )
    assert re.match(rb"\\N\{CHECK MARK\} Python 3\.", told.stdout)
    assert told.stderr == b""


@pytest.mark.parametrize(("on", "mark"), [(True, "✓"), (False, "!")])
def test_whether_the_server_loads_the_extension_is_told(tmp_path, monkeypatch, on, mark):
    folder = tmp_path / "jupyter_server_config.d"
    folder.mkdir()
    told = {"ServerApp": {"jpserver_extensions": {"voicenb.server_extension": on}}}
    (folder / "voicenb.json").write_text(json.dumps(told))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    assert str(found("extension")).startswith(mark)


def brain():
    return found("brain: ")


def test_which_brain_the_emulator_has(monkeypatch):
    assert str(brain()).startswith("✓ brain: rules")
    monkeypatch.setenv("VOICENB_BRAIN", "nonsense")
    assert brain().broken
    assert "No brain is called 'nonsense'" in brain().what
    monkeypatch.setenv("ASSEMBLYAI_API_KEY", "canary-7f3a")
    assert not brain().broken, "the hosted service answers"


def test_where_the_words_go_is_told(monkeypatch, language_models):
    monkeypatch.setenv("VOICENB_BRAIN", "")
    monkeypatch.setenv("OPENAI_BASE_URL", language_models)
    monkeypatch.setenv("OPENAI_API_KEY", "canary-7f3a")
    told = brain()
    assert told.what == f"brain: openai:llama3.2, which answers; what callers say goes to {language_models}"
    assert not told.remedy


def test_a_language_model_that_is_not_there(monkeypatch):
    monkeypatch.setenv("VOICENB_BRAIN", "")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    told = brain()
    assert "brain: rules" in told.what
    assert "http://127.0.0.1:1/v1 does not answer" in told.what
    assert "OPENAI_BASE_URL" in told.remedy
    assert not told.broken, "the rules answer"


def test_one_that_is_silent_is_not_waited_for_long(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("VOICENB_BRAIN", "")
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/v1")
        began = time.monotonic()
        assert "does not answer" in brain().what
        assert time.monotonic() - began < 5
