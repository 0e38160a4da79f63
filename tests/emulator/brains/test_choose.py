"""Which brain answers, by what is asked for and what there is."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from voicenb.audio.processor import InPlaceProcessor
from voicenb.emulator.brain import Call, Line, Moment, Say
from voicenb.emulator.brains.calling import Calling
from voicenb.emulator.brains.choose import BrainFactory, brain_factory, find_ollama
from voicenb.emulator.brains.openai import OpenAIBrain
from voicenb.emulator.brains.rules import RuleBrain
from voicenb.emulator.brains.scripted import Scripted
from voicenb.emulator.emulator import Emulator
from voicenb.errors import (
    InvalidConfiguration,
    ServiceError,
    ServiceUnreachable,
    Unauthorized,
    VoicenbError,
)


class _Models(BaseHTTPRequestHandler):
    body = b""
    answering: Any

    def do_GET(self) -> None:
        self.send_response(self.answering.status if self.path == "/v1/models" else 404)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *arguments: object) -> None:
        del arguments


@pytest.fixture
def ollama() -> Iterator[Any]:
    """An address at which something like Ollama answers; call it with what it answers."""
    handler = type("Handler", (_Models,), {})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()

        def answering(body: object) -> str:
            handler.body = body if isinstance(body, bytes) else json.dumps(body).encode()
            return f"http://127.0.0.1:{server.server_port}"

        answering.status = 200  # type: ignore[attr-defined]
        handler.answering = staticmethod(answering)
        yield answering
        server.shutdown()
        thread.join()


def models(*names: str) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": name} for name in names]}


def test_nothing_asked_for_and_nothing_there_means_rules() -> None:
    factory = brain_factory(environ={}, ollama=None)
    assert factory.name == "rules"
    assert isinstance(factory(), RuleBrain)
    assert factory() is not factory()


def test_a_local_ollama_is_found_and_named(ollama: Any) -> None:
    factory = brain_factory(environ={}, ollama=ollama(models("nomic-embed-text", "llama3.2")))
    assert factory.name == "ollama:llama3.2"
    brain = factory()
    assert isinstance(brain, OpenAIBrain)
    assert brain.name == "ollama:llama3.2"
    assert brain.base_url.startswith("http://127.0.0.1:")


def test_it_is_not_looked_for_in_ci_or_when_rules_are_wanted(ollama: Any) -> None:
    address = ollama(models("llama3.2"))
    assert brain_factory(environ={"CI": "true"}, ollama=address).name == "rules"
    assert brain_factory(environ={"VOICENB_BRAIN": "rules"}, ollama=address).name == "rules"
    assert brain_factory("rules", environ={}, ollama=address).name == "rules"


@pytest.mark.parametrize(
    "body", [b"", b"<html>", {"data": None}, {"data": []}, {"models": []}, [1], models("all-minilm-embed")]
)
def test_what_is_no_ollama(ollama: Any, body: object) -> None:
    assert find_ollama(ollama(body)) is None


def test_nobody_at_the_address(ollama: Any) -> None:
    assert find_ollama("http://127.0.0.1:1") is None
    for asked in ("ollama", "ollama:b"):
        with pytest.raises(InvalidConfiguration, match="No Ollama"):
            brain_factory(asked, environ={}, ollama="http://127.0.0.1:1")


def test_ollama_by_name(ollama: Any) -> None:
    assert brain_factory("ollama", environ={}, ollama=ollama(models("a", "b"))).name == "ollama:a"
    assert brain_factory("ollama:b", environ={"CI": "1"}, ollama=ollama(models("a", "b"))).name == "ollama:b"


def test_an_endpoint_from_the_environment(ollama: Any) -> None:
    base = ollama(models("first")) + "/v1/"
    environ = {"OPENAI_BASE_URL": base, "OPENAI_API_KEY": "sk-secret", "OPENAI_MODEL": "mine"}
    factory = brain_factory(environ=environ, ollama=None)
    assert factory.name == "openai:mine"
    assert "sk-secret" not in repr(factory) + repr(factory())
    assert brain_factory(environ={"OPENAI_BASE_URL": base}, ollama=None).name == "openai:first"


def test_a_key_alone_does_not_send_anybody_s_words_anywhere() -> None:
    assert brain_factory(environ={"OPENAI_API_KEY": "sk-secret"}, ollama=None).name == "rules"


def test_openai_by_name() -> None:
    environ = {"OPENAI_API_KEY": "sk-secret"}
    factory = brain_factory("openai:gpt-4o-mini", environ=environ)
    brain = factory()
    assert isinstance(brain, OpenAIBrain)
    assert (factory.name, brain.base_url) == ("openai:gpt-4o-mini", "https://api.openai.com/v1")
    assert factory.host == "api.openai.com"
    with pytest.raises(InvalidConfiguration, match="No model is named"):
        brain_factory("openai", environ=environ)


@pytest.mark.parametrize("spec", ["openai", "openai:foo", "VOICENB_BRAIN"])
@pytest.mark.parametrize("key", [{}, {"OPENAI_API_KEY": ""}])
def test_openai_asked_for_with_neither_an_address_nor_a_key(spec: str, key: dict[str, str]) -> None:
    environ, asked = (key | {"VOICENB_BRAIN": "openai:foo"}, None) if spec.isupper() else (key, spec)
    with pytest.raises(InvalidConfiguration, match="neither OPENAI_BASE_URL nor OPENAI_API_KEY") as error:
        brain_factory(asked, environ=environ, ollama=None)
    assert "http://127.0.0.1:8000/v1" in error.value.remedy


def test_the_host_is_where_the_words_go(ollama: Any) -> None:
    base = ollama(models("first")).replace("http://", "http://me:secret@") + "/v1"
    factory = brain_factory("openai:first", environ={"OPENAI_BASE_URL": base}, ollama=None)
    assert factory.host == "127.0.0.1"
    assert brain_factory("rules", environ={}).host == ""


@pytest.mark.parametrize("base", ["https://api.openai.com/v1", "https://api.openai.com/v1/"])
def test_of_openai_s_many_models_none_is_taken_unasked(base: str) -> None:
    with pytest.raises(InvalidConfiguration, match="No model is named") as error:
        brain_factory("openai", environ={"OPENAI_BASE_URL": base})
    assert "OPENAI_MODEL" in error.value.remedy


def test_an_endpoint_s_first_model_for_talking(ollama: Any) -> None:
    base = ollama(models("nomic-embed-text", "whisper-1", "tts-1", "llama3.2")) + "/v1"
    factory = brain_factory(environ={"OPENAI_BASE_URL": base}, ollama=None)
    assert (factory.name, factory.server, factory.notice) == ("openai:llama3.2", base, "")


TROUBLES = [
    ("localhost:8000", InvalidConfiguration, "is no URL", "with scheme"),
    ("http://127.0.0.1:1/v1", ServiceUnreachable, "does not answer", "Start it"),
    ("{refusing}/v1", Unauthorized, "wants a key", "OPENAI_API_KEY"),
    ("{empty}/v1", InvalidConfiguration, "names no model for talking", "OPENAI_MODEL"),
]


@pytest.fixture
def troubled(ollama: Any) -> Any:
    def base(url: str) -> str:
        at = ollama(models("nomic-embed-text"))
        ollama.status = 401 if "refusing" in url else 200
        return url.format(refusing=at, empty=at)

    return base


@pytest.mark.parametrize(("url", "kind", "said", "remedy"), TROUBLES)
@pytest.mark.parametrize("asked", ["openai", "VOICENB_BRAIN"])
def test_an_endpoint_that_was_asked_for_and_is_not_there_is_an_error(
    troubled: Any, asked: str, url: str, kind: type[VoicenbError], said: str, remedy: str
) -> None:
    spec = None if asked == "VOICENB_BRAIN" else asked
    environ = {"OPENAI_BASE_URL": troubled(url), "VOICENB_BRAIN": "openai"}
    with pytest.raises(kind, match=said) as error:
        brain_factory(spec, environ=environ, ollama=None)
    assert remedy in error.value.remedy


@pytest.mark.parametrize(("url", "kind", "said", "remedy"), TROUBLES)
def test_one_that_the_environment_names_by_the_way_leaves_the_rules_and_a_notice(
    troubled: Any,
    url: str,
    kind: type[VoicenbError],
    said: str,
    remedy: str,
) -> None:
    factory = brain_factory(environ={"OPENAI_BASE_URL": troubled(url)}, ollama=None)
    assert (factory.name, factory.server) == ("rules", "")
    assert isinstance(factory(), RuleBrain)
    assert isinstance(factory.trouble, kind)
    assert factory.notice.startswith("Rules answer, and no language model. ")
    assert said in factory.notice
    assert remedy in factory.notice


def test_an_emulator_says_that_the_rules_answer_instead(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("VOICENB_BRAIN", "")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    emulator = Emulator()
    assert emulator.brain_name == "rules"
    assert "http://127.0.0.1:1/v1 does not answer" in emulator.resources.notice
    assert [record.getMessage() for record in caplog.records] == [emulator.resources.notice]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "{refusing}/v1"])
def test_a_model_that_is_named_needs_a_server_all_the_same(troubled: Any, url: str) -> None:
    environ = {"OPENAI_BASE_URL": troubled(url), "OPENAI_MODEL": "mine"}
    assert brain_factory(environ=environ, ollama=None).name == "rules"
    with pytest.raises(ServiceError):
        brain_factory("openai:mine", environ=environ)


def test_a_model_that_is_named_need_not_be_in_a_list(troubled: Any) -> None:
    environ = {"OPENAI_BASE_URL": troubled("{empty}/elsewhere"), "OPENAI_MODEL": "mine"}
    assert brain_factory(environ=environ, ollama=None).name == "openai:mine"


def test_scripts(tmp_path: Path) -> None:
    file = tmp_path / "lido.script.jsonl"
    file.write_text('"Hello."\n', "utf-8")
    for spec in (file, str(file)):
        factory = brain_factory(spec, environ={})
        assert factory.name == "script:lido.script.jsonl"
        assert isinstance(factory(), Scripted)
        assert factory() is not factory()
    assert brain_factory(["Hello."]).name == "script"
    assert brain_factory({"hi": "Hello."}).name == "script"
    assert brain_factory(Scripted(["Hello."])).name == "script"
    with pytest.raises(InvalidConfiguration, match="cannot be read"):
        brain_factory("missing.jsonl")


class Mine:
    name = "mine"

    async def answer(self, moment: Moment) -> Any:
        yield Say("Mine.")


def test_callables_classes_and_brains() -> None:
    def shout(text: str) -> str:
        return text.upper()

    factory = brain_factory(shout)
    assert factory.name == "python:shout", "whatever an agent is called, it says that code answers"
    brain = factory(InPlaceProcessor())
    assert isinstance(brain, Calling)

    async def collect() -> list[Say | Call]:
        return [part async for part in brain.answer(Moment("user_speech", (Line("user", "hi"),), "", []))]

    assert asyncio.run(collect()) == [Say("HI")]
    assert isinstance(brain_factory(Mine)(), Mine)
    assert isinstance(brain_factory(lambda: Mine())(), Mine)
    mine = Mine()
    assert brain_factory(mine)() is mine
    assert brain_factory(mine).name == "mine", "who names it himself knows"
    assert brain_factory(Mine).name == "python:Mine"
    assert brain_factory(lambda text: text).name == "python"
    made = BrainFactory("x", lambda processor: mine)
    assert brain_factory(made) is made
    with pytest.raises(InvalidConfiguration, match="which is no brain"):
        brain_factory(lambda: 42)()


@pytest.mark.parametrize("spec", ["nonsense", 42, ""])
def test_what_means_nothing(spec: object) -> None:
    with pytest.raises(InvalidConfiguration, match="No brain is called"):
        brain_factory(spec, environ={})
