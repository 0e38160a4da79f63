"""Which brain answers."""

from __future__ import annotations

import inspect
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from voicenb.audio.processor import Processor
from voicenb.emulator.brain import Brain
from voicenb.emulator.brains.calling import Calling, takes_moment
from voicenb.emulator.brains.endpoint import Endpoint
from voicenb.emulator.brains.openai import OpenAIBrain
from voicenb.emulator.brains.rules import RuleBrain
from voicenb.emulator.brains.scripted import Scripted
from voicenb.errors import InvalidConfiguration, ServiceError, VoicenbError

_log = logging.getLogger(__name__)
OLLAMA = "http://127.0.0.1:11434"
"""Where a local Ollama listens."""

OPENAI = "https://api.openai.com/v1"

PATIENCE = 3.0
"""Seconds for a language model's server to say which models it has."""

Spec = Any
"""What can be asked for; see :func:`brain_factory`."""


@dataclass(frozen=True)
class BrainFactory:
    """Makes a brain for every session.

    Attributes:
        name: what the panel calls the brains, e.g. ``"rules"``, ``"openai:llama3"``, ``"script:a.jsonl"`` or
            ``"python:answer"``.
        make: makes one; given where work for the processor runs, if that is known.
        server: where what callers say goes; empty where it stays in this process.
        trouble: why it is not what the environment names; None where it is.
    """

    name: str
    make: Callable[[Processor | None], Brain]
    server: str = ""
    trouble: VoicenbError | None = None

    @property
    def host(self) -> str:
        """The host that `server` is on; empty where there is none."""
        return urlsplit(self.server).hostname or ""

    @property
    def notice(self) -> str:
        """What people should know of it; empty when all is well."""
        if self.trouble is None:
            return ""
        return f"Rules answer, and no language model. {self.trouble.message} {self.trouble.remedy}".strip()

    def __call__(self, processor: Processor | None = None) -> Brain:
        """A new brain.

        Args:
            processor: where a Python callable that is not async runs; in place without.
        """
        return self.make(processor)


def brain_factory(
    spec: Spec = None,
    *,
    environ: Mapping[str, str] | None = None,
    ollama: str | None = OLLAMA,
    patience: float = PATIENCE,
) -> BrainFactory:
    """The brain that ``spec`` means.

    ===============================  =====================================================================
    ``None``                         what ``VOICENB_BRAIN`` names; else the endpoint of ``OPENAI_BASE_URL``,
                                     or rules with a ``notice`` where that does not answer; else a local
                                     Ollama that answers (not where ``CI`` is set); else rules
    ``"rules"``                      the rules
    ``"openai:model"``               a chat endpoint: ``OPENAI_BASE_URL`` (or OpenAI), ``OPENAI_API_KEY``
    ``"ollama"``, ``"ollama:model"`` the local Ollama
    a list, a mapping, a path        a script (:class:`~voicenb.emulator.brains.scripted.Scripted`)
    a callable with an argument      asked for every reply
                                     (:class:`~voicenb.emulator.brains.calling.Calling`)
    a callable without, a class      makes a brain for every session
    a brain                          answers in every session
    ===============================  =====================================================================

    Args:
        spec: as above.
        environ: the environment; the process's own by default.
        ollama: where to look for an Ollama; None looks nowhere.
        patience: seconds for a server to say which models it has.

    Raises:
        InvalidConfiguration: it means nothing, or what it names is not there.
        ServiceUnreachable: the endpoint that was asked for does not answer.
        Unauthorized: the endpoint that was asked for refuses the key.
    """
    environ = os.environ if environ is None else environ
    if spec is None:
        return _by_environment(environ, ollama, patience)
    if isinstance(spec, BrainFactory):
        return spec
    if isinstance(spec, str):
        return _by_name(spec, environ, ollama, patience)
    if isinstance(spec, Path):
        return _script(Scripted.from_file(spec), spec.name)
    if isinstance(spec, Scripted):
        return BrainFactory("script", lambda processor: spec.fresh())
    if isinstance(spec, Sequence | Mapping):
        return _script(Scripted(spec), "")
    if inspect.isclass(spec) and callable(getattr(spec, "answer", None)):
        return _made_by(spec, _python(spec.__name__))
    if callable(getattr(spec, "answer", None)):
        name = str(getattr(spec, "name", "") or _python(type(spec).__name__))
        return BrainFactory(name, lambda processor: spec)
    if callable(spec):
        return _callable(spec)
    raise _unknown(spec)


def find_ollama(address: str = OLLAMA, *, timeout: float = 0.3) -> str | None:
    """The first model that a local Ollama offers for talking; None if none answers.

    Args:
        address: scheme, host and port.
        timeout: seconds to wait for it.
    """
    try:
        return next(iter(_of_ollama(address).models(timeout)), None)
    except VoicenbError:
        return None


def _by_environment(environ: Mapping[str, str], ollama: str | None, patience: float) -> BrainFactory:
    if environ.get("VOICENB_BRAIN"):
        return _by_name(environ["VOICENB_BRAIN"], environ, ollama, patience)
    if environ.get("OPENAI_BASE_URL"):
        try:
            return _openai(environ.get("OPENAI_MODEL", ""), environ, patience)
        except VoicenbError as trouble:  # set for another program, perhaps: no reason not to talk
            return _rules(trouble)
    model = find_ollama(ollama) if ollama and not environ.get("CI") else None
    if ollama and model:
        _log.info("a local Ollama answers; its %s is the brain", model)
        return _ollama(model, ollama)
    return _rules()


def _by_name(name: str, environ: Mapping[str, str], ollama: str | None, patience: float) -> BrainFactory:
    kind, _, model = name.partition(":")
    if name == "rules":
        return _rules()
    if kind == "openai":
        return _openai(model or environ.get("OPENAI_MODEL", ""), environ, patience)
    if kind == "ollama":
        return _ollama_asked_for(model, ollama, patience)
    if name.endswith((".jsonl", ".json")) or Path(name).is_file():
        return _script(Scripted.from_file(name), Path(name).name)
    raise _unknown(name)


def _rules(trouble: VoicenbError | None = None) -> BrainFactory:
    return BrainFactory("rules", lambda processor: RuleBrain(), trouble=trouble)


def _of_ollama(address: str) -> Endpoint:
    return Endpoint(f"{address.rstrip('/')}/v1")


def _ollama(model: str, address: str) -> BrainFactory:
    return _endpoint(f"ollama:{model}", model, _of_ollama(address))


def _ollama_asked_for(model: str, address: str | None, patience: float) -> BrainFactory:
    try:
        models = _of_ollama(address).models(patience) if address else []
    except ServiceError:
        models, model = [], ""
    if not address or not (model or models):
        raise InvalidConfiguration(
            f"No Ollama with a model answers at {address}.",
            remedy="Start it (ollama serve) and pull a model (ollama pull llama3.2).",
        )
    return _ollama(model or models[0], address)


def _openai(model: str, environ: Mapping[str, str], patience: float) -> BrainFactory:
    """The endpoint of the environment; one that ``OPENAI_BASE_URL`` names is asked whether it is there."""
    named, key = environ.get("OPENAI_BASE_URL"), environ.get("OPENAI_API_KEY")
    if not named and not key:
        raise InvalidConfiguration(
            "A language model is asked for, but neither OPENAI_BASE_URL nor OPENAI_API_KEY is set.",
            remedy="Set OPENAI_BASE_URL to the address of its server, e.g. http://127.0.0.1:8000/v1, or "
            f"OPENAI_API_KEY to your key for {urlsplit(OPENAI).hostname}.",
        )
    endpoint = Endpoint(named or OPENAI, key or None)
    if not model and endpoint.base == OPENAI:  # it lists a hundred, and not which to take
        raise InvalidConfiguration(
            f"No model is named for {endpoint.shown}.",
            remedy="Set OPENAI_MODEL, or name it: openai:MODEL.",
        )
    models = endpoint.models(patience) if named else []
    if not model and not models:
        raise InvalidConfiguration(
            f"{endpoint.shown} answers, but names no model for talking.",
            remedy="Load one there, or set OPENAI_MODEL (or name it: openai:MODEL). The URL ends as the "
            "server's does, mostly in /v1.",
        )
    return _endpoint(f"openai:{model or models[0]}", model or models[0], endpoint)


def _endpoint(name: str, model: str, at: Endpoint) -> BrainFactory:
    return BrainFactory(
        name, lambda processor: OpenAIBrain(model, base_url=at.base, api_key=at.key, name=name), at.shown
    )


def _script(script: Scripted, file: str) -> BrainFactory:
    return BrainFactory(f"script:{file}" if file else "script", lambda processor: script.fresh())


def _python(name: str) -> str:
    """The name of a brain that somebody wrote: beside an agent's it would look like that one's twice."""
    return f"python:{name}" if name.isidentifier() else "python"


def _callable(function: Callable[..., Any]) -> BrainFactory:
    name = _python(str(getattr(function, "__name__", type(function).__name__)))
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        parameters = None
    if parameters is not None and not parameters:
        return _made_by(function, name)
    takes_moment(function)
    return BrainFactory(name, lambda processor: Calling(function, processor=processor))


def _made_by(make: Callable[[], Any], name: str) -> BrainFactory:
    def made(processor: Processor | None) -> Brain:
        del processor
        brain: Brain = make()
        if not callable(getattr(brain, "answer", None)):
            raise InvalidConfiguration(
                f"{name}() made {brain!r}, which is no brain.",
                remedy="A brain has answer(moment); a callable takes the text.",
            )
        return brain

    return BrainFactory(name, made)


def _unknown(spec: object) -> InvalidConfiguration:
    return InvalidConfiguration(
        f"No brain is called {spec!r}.",
        remedy='Take "rules", "openai:MODEL", "ollama", a callable, a list of replies, the path of '
        "a script (.jsonl), or a brain.",
    )
