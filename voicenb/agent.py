"""Agent: who answers, what it is told, what it can do; to and from both of the service's shapes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from voicenb.agent_settings import (
    INPUT,
    OUTPUT,
    RESOURCE,
    SESSION,
    encoding,
    offered,
    read,
    read_output,
    refuse_strange,
    words,
)
from voicenb.errors import InvalidConfiguration
from voicenb.names import did_you_mean, strict, warn
from voicenb.protocol.fields import LANGUAGES
from voicenb.protocol.settings import Settings, problems
from voicenb.protocol.turn_defaults import whole_update
from voicenb.tools.function import Tool
from voicenb.tools.http import HttpTool
from voicenb.tools.put_back import with_functions
from voicenb.turn_detection import BELONGS_HERE, TurnDetection
from voicenb.unchecked import unchecked
from voicenb.voices import VOICES

if TYPE_CHECKING:
    from voicenb.comparison.differences import Differences
    from voicenb.lint.findings import Findings

F = TypeVar("F", bound=Callable[..., Any])

_EMPTY: Settings = {"system_prompt": "", "tools": [], "input.keyterms": []}


@strict("An agent", elsewhere=BELONGS_HERE)
@dataclass(frozen=True, kw_only=True, repr=False)
class Agent:
    """A voice agent.

    Args:
        name: what people call it.
        system_prompt: what it is told about itself and its task.
        greeting: what it says first, word for word; None: it waits for the caller.
        voice: one of the service's voices, e.g. ``"ivy"``; ``vn.VOICES`` lists those that are known.
            None: the service's default.
        keyterms: names and jargon that the recogniser should expect, at most 100.
        turn_detection: a :class:`TurnDetection` (or a dict of its fields); None: adaptive, the service's
            default.
        tools: functions, :class:`~voicenb.tools.Tool` or :class:`~voicenb.tools.HttpTool`. More can be added
            with the decorator :meth:`tool`.
        id: of an agent that is stored with the service. A session then binds the stored one, as it is stored.
        transcription_mode: ``"min_latency"``, ``"balanced"`` or ``"max_accuracy"``.
        transcription_prompt: context for the recogniser, at most 1750 characters.
        language_codes: languages the caller may speak, e.g. ``["en", "de"]``.
        voice_focus: ``"near-field"`` or ``"far-field"``.
        voice_focus_threshold: 0 to 1.
        volume: 0 to 100.
        input_format: of the caller's sound on the wire: ``"audio/pcm"`` (24 kHz, the default),
            ``"audio/pcmu"`` or ``"audio/pcma"`` (8 kHz, the telephone's). Microphones, speakers and
            recordings keep 24 kHz.
        output_format: likewise of the agent's voice.

    Raises:
        InvalidConfiguration: a setting that does not exist, or something that the service would refuse;
            ``facts["param"]`` names the place.
        ToolError: a function that cannot become a tool.

    Warns:
        UserWarning: a voice that is not among ``vn.VOICES``, or a language that the service is not known to
            understand. They are sent all the same: it may have learnt new ones.

    Example:
        >>> agent = Agent(name="Lido", system_prompt="You take bookings.", greeting="Lido, good evening.")
        >>> @agent.tool
        ... def free_tables(day: str, people: int) -> list[str]:
        ...     '''Get the free times on a day.'''
        ...     return ["19:00", "20:30"]
        >>> agent
        Agent('Lido', tools=[free_tables])
    """

    name: str = "Agent"
    system_prompt: str = ""
    greeting: str | None = None
    voice: str | None = None
    keyterms: Sequence[str] = ()
    turn_detection: TurnDetection | None = None
    tools: Sequence[Tool | HttpTool] = ()
    id: str | None = None
    transcription_mode: str | None = None
    transcription_prompt: str | None = None
    language_codes: Sequence[str] | None = None
    voice_focus: str | None = None
    voice_focus_threshold: float | None = None
    volume: float | None = None
    input_format: str | None = None
    output_format: str | None = None

    def __post_init__(self) -> None:
        self._settle()
        self._check()

    def _settle(self) -> None:
        """Bring what was given into the forms that an agent keeps; what has none is refused."""
        for name in ("name", "system_prompt", "greeting", "voice", "id", "transcription_prompt"):
            value = getattr(self, name)
            if not isinstance(value, str) and not (value is None and name not in ("name", "system_prompt")):
                raise InvalidConfiguration(f"{name} must be text, not {value!r}.", param=name)
        self._set(keyterms=words("keyterms", self.keyterms))
        if self.language_codes is not None:
            self._set(language_codes=words("language_codes", self.language_codes))
        if self.turn_detection is not None:
            self._set(turn_detection=TurnDetection.of(self.turn_detection))
        self._set(tools=tuple(offered(self.tools)))

    def _check(self) -> None:
        """Refuse what the service would refuse; warn of what it may not understand."""
        for name in ("input_format", "output_format"):
            self._set(**{name: encoding(name, getattr(self, name))})
        settings: Settings = {"input": self._input(), "output": self._output()}
        settings["tools"] = [{"name": tool.name} for tool in self.tools]
        for problem, param in problems(settings):
            raise InvalidConfiguration(problem, param=param)
        # One that is stored came with its voice from the service, which knows better than a list.
        if self.voice is not None and self.voice not in VOICES and self.id is None:
            meant = did_you_mean(self.voice, VOICES)
            warn(f"voicenb knows of no voice {self.voice!r}. {meant}vn.VOICES lists those of the service.")
        strange = [code for code in self.language_codes or () if code not in LANGUAGES]
        if strange and self.id is None:
            warn(
                f"The service is not known to understand the language {strange[0]!r}, and says nothing of "
                f"those that it does not. Known are {', '.join(LANGUAGES)}."
            )

    # --- tools -------------------------------------------------------------------------------------------

    @overload
    def tool(self, function: F, /) -> F: ...
    @overload
    def tool(self, function: None = None, /, **changes: Any) -> Callable[[F], F]: ...
    def tool(self, function: F | None = None, /, **changes: Any) -> F | Callable[[F], F]:
        """Offer a function to the agent; a decorator, with or without arguments.

        The function stays what it is and can be called as before. A function of the same name takes the place
        of the earlier one, so that a cell can be run again; another function of that name, elsewhere in the
        same cell or file or under another name of its own, does too, but not without a warning.

        Args:
            function: typed, sync or async; its docstring tells the agent what it does and when to use it.
            **changes: fields of the tool to set, e.g. ``timeout_seconds=30`` or ``execution_mode="hold"``.

        Raises:
            ToolError: a parameter without a type, or of a type that cannot be told to the service.
            InvalidConfiguration: there is no such field of a tool.

        Warns:
            UserWarning: something that the agent will not know about the tool (see
                :meth:`~voicenb.tools.Tool.of`), or that it takes the place of another function.
        """
        if function is None:
            return lambda function: self._offer(function, changes)
        return self._offer(function, changes)

    def _offer(self, function: F, changes: Mapping[str, Any]) -> F:
        added = Tool.of(function, **changes)
        tools = {tool.name: tool for tool in self.tools}
        before = tools.get(added.name)
        # One without a function is of a file, or of the service, and was waiting for it.
        waiting = isinstance(before, Tool) and before.function is None
        if before is not None and not waiting and not added.is_again(before):
            warn(f"This is a second tool called {added.name!r}; it takes the place of the first.")
        tools[added.name] = added
        self._set(tools=tuple(tools.values()))
        return function

    # --- the service's shapes ----------------------------------------------------------------------------

    def to_session(self) -> Settings:
        """The ``session`` object of a first ``session.update``: inline, or the binding of the stored agent.

        Raises:
            InvalidConfiguration: the agent is not stored and has an HTTP tool; inline sessions take none.
        """
        if self.id is not None:
            return {"agent_id": self.id}
        return self._inline()

    def to_resource(self) -> Settings:
        """The body of a stored agent.

        Raises:
            InvalidConfiguration: a stored agent needs a prompt and a voice.
        """
        for name in ("system_prompt", "voice"):
            if not getattr(self, name):
                raise InvalidConfiguration(f"A stored agent needs a {name}.", param=name)
        resource: Settings = {"name": self.name, "system_prompt": self.system_prompt}
        resource["voice"] = {"voice_id": self.voice}
        if self.greeting:
            resource["greeting"] = self.greeting
        resource["tools"] = [tool.to_resource() for tool in self.tools]
        output = {name: value for name, value in self._output().items() if name != "voice"}
        resource |= {key: part for key, part in (("input", self._input()), ("output", output)) if part}
        return whole_update(resource, {})

    @classmethod
    def from_session(cls, session: Mapping[str, Any], *, name: str = "Agent", known: bool = True) -> Agent:
        """Read a ``session`` object, as sent or as echoed in ``config``.

        Args:
            session: the object.
            name: what people call the agent.
            known: False takes what a service newer than this version of voicenb tells: fields that are not
                known here are left out, and values stay as they are told.

        Raises:
            InvalidConfiguration: a field that does not exist, or a value that cannot work.
        """
        if set(session) == {"agent_id"}:
            return cls(name=name, id=session["agent_id"])
        if known:
            refuse_strange("A session", session, SESSION)
        return cls._read({"name": name, **read(session, known), **read_output(session, known)}, known)

    @classmethod
    def from_resource(cls, resource: Mapping[str, Any], *, known: bool = True) -> Agent:
        """Read a stored agent. Of headers of HTTP tools only the names come back, with ``"***"``.

        Args:
            resource: the stored agent.
            known: False takes what a service newer than this version of voicenb tells: fields that are not
                known here are left out, and values stay as they are told.

        Raises:
            InvalidConfiguration: a field that does not exist, or a value that cannot work.
        """
        if known:
            refuse_strange("A stored agent", resource, RESOURCE)
        voice = resource.get("voice")
        told = {
            **read(resource, known),
            **read_output(resource, known),
            "voice": voice.get("voice_id") if isinstance(voice, Mapping) else voice,
        }
        told |= {"name": resource.get("name") or "Agent", "id": resource.get("id")}
        return cls._read(told, known)

    @classmethod
    def _read(cls, told: Settings, known: bool) -> Agent:
        if known:
            return cls(**told)
        agent = unchecked(cls, **told)
        agent._settle()
        return agent

    @classmethod
    def from_json(cls, wire: Mapping[str, Any], *, stored: bool, name: str) -> Agent:
        """Read what a file holds, in either shape; ``name`` is for one that has none."""
        if not stored:
            return cls.from_session(wire, name=name)
        agent, told = cls.from_resource({"name": name, **wire}), wire.get("name")
        return agent.replace(name=told) if told == "" else agent

    # --- a file that a repository holds ------------------------------------------------------------------

    def save(self, path: str | PathLike[str]) -> Path:
        """Write the agent as JSON: readable, in an order that stays, so that a repository tells its versions.

        The shape is that of an agent as the service stores it, which ``voicenb lint`` and ``voicenb talk``
        read too. An agent that is there already gives way. Secrets are not in it: of the headers of HTTP
        tools it has the names, and ``"***"`` for each value. Neither are functions; :meth:`load` puts them
        back.

        Args:
            path: of the file; parents are made.

        Returns:
            The path.

        Raises:
            InvalidConfiguration: it cannot be written, something else than an agent is there, or a tool has
                a secret in its URL.
        """
        from voicenb.agent_json import plain_agent, write_wire

        target = Path(path).expanduser()
        write_wire(target, plain_agent(self._told(), self.tools))
        return target

    @classmethod
    def load(cls, path: str | PathLike[str], *, functions: Iterable[Callable[..., Any] | Tool] = ()) -> Agent:
        """Read an agent from a file: one that :meth:`save` wrote, a stored agent or a ``session`` object.

        A file holds no functions: its tools are offered to the agent, and a call of one without a function
        fails, in words that the agent can use. ``functions`` puts them back, by their names; what the agent
        is told of them stays as it is in the file, but for parameters that are not the function's. Later,
        :meth:`tool` does it too, with what the function itself says. Headers of HTTP tools keep the values
        that the service has; :meth:`voicenb.Hosted.create` wants them anew.

        Args:
            path: of the file.
            functions: what stands behind its tools.

        Raises:
            InvalidConfiguration: it cannot be read, is no JSON or no agent, or has no tool of a function's
                name.
            ToolError: a function that cannot become a tool.

        Warns:
            UserWarning: a function with other parameters than the file tells of; something in the file that
                is for stored agents only and has no place in an Agent.

        Example:
            >>> import tempfile
            >>> path = Agent(name="Lido", greeting="Lido, good evening.").save(
            ...     f"{tempfile.mkdtemp()}/lido.json"
            ... )
            >>> Agent.load(path).greeting
            'Lido, good evening.'
        """
        from voicenb.agent_json import read_file

        source = Path(path).expanduser()
        found, agent = read_file(
            source, lambda it: (it, cls.from_json(it.wire, stored=it.stored, name=source.stem))
        )
        if found.left_out:
            warn(f"{source} also has {', '.join(found.left_out)}, which an Agent has no place for.")
        return agent.replace(tools=with_functions(agent.tools, functions)) if functions else agent

    def diff(self, other: Agent) -> Differences:
        """What differs from this agent to another, setting by setting; in a notebook a table.

        Tools are compared by name, and inside them field by field. Ids, functions and the values of HTTP
        tools' headers are not shown; whether a header's value differs is, as far as it is known here.

        Args:
            other: the other agent.

        Returns:
            The differences, each with its place (``"input.turn_detection.min_silence"``,
            ``"tools.book.description"``), left (this agent's) and right; empty, and false, where there is
            none.

        Example:
            >>> lido = Agent(name="Lido", keyterms=["Lido"])
            >>> for difference in lido.diff(lido.replace(voice="ivy", keyterms=["Lido", "gnocchi"])):
            ...     print(difference)
            input.keyterms: + 'gnocchi'
            output.voice: not set → 'ivy'
        """
        from voicenb.comparison.differences import Differences

        return Differences.between(self._compared(), other._compared())

    def _told(self) -> Settings:
        """All settings that are set, but the tools; nothing that is set is left out."""
        inside = self._input()
        for name in ("keyterms", "language_codes"):
            if getattr(self, name) is not None and (getattr(self, name) or name != "keyterms"):
                inside[name] = list(getattr(self, name))
        told = {name: getattr(self, name) for name in ("name", "id", "system_prompt", "greeting")}
        return told | {"input": inside, "output": self._output()}

    def _compared(self) -> Settings:
        from voicenb.comparison.subject import tool_as_compared

        # What is left out of a turn detection counts as its default, and comes back so from the service.
        told = {name: value for name, value in whole_update(self._told(), {}).items() if name != "id"}
        return told | {"tools": {tool.name: tool_as_compared(tool) for tool in self.tools}}

    def replace(self, **changes: Any) -> Agent:
        """The same agent with some of it changed.

        Raises:
            InvalidConfiguration: a setting that does not exist, or a value that cannot work.
        """
        return dataclasses.replace(self, **changes)

    def changes_to(self, other: Agent) -> Settings:
        """The ``session`` object that makes a running session of this agent one of ``other``: what differs.

        ``turn_detection`` and the lists go whole, as the service wants them.

        Raises:
            InvalidConfiguration: ``other`` leaves out something that a running session cannot forget.
        """
        before, after = _by_path(self), _by_path(other)
        for path in before.keys() - after.keys():
            if path not in _EMPTY:
                raise InvalidConfiguration(
                    f"A running session cannot forget {path}.",
                    remedy="Send another value, or start a new session.",
                    param=path,
                )
            after[path] = _EMPTY[path]
        patch: Settings = {}
        for path, value in after.items():
            if before.get(path) != value:
                *parents, name = path.split(".")
                (patch.setdefault(parents[0], {}) if parents else patch)[name] = value
        return patch

    # --- advice ------------------------------------------------------------------------------------------

    def lint(self) -> Findings:
        """Look the agent over: what the service's guides to prompts and tools advise against.

        Returns:
            Findings, each with its rule, severity, place, reason and remedy; in a notebook a table. Of a
            stored agent only what is known here is looked at.
        """
        from voicenb.lint.examine import examine

        told = {"name": self.name, **self._settings(), "tools": [tool.to_resource() for tool in self.tools]}
        if self.id is None:
            told["system_prompt"] = self.system_prompt
        return examine(told)

    # --- inside ------------------------------------------------------------------------------------------

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _inline(self) -> Settings:
        session = whole_update(self._settings(), {})
        if self.tools:
            session["tools"] = [tool.to_wire() for tool in self.tools]
        return session

    def _settings(self) -> Settings:
        """All but the tools."""
        session: Settings = {"system_prompt": self.system_prompt} if self.system_prompt else {}
        if self.greeting:
            session["greeting"] = self.greeting
        return session | {
            key: part for key, part in (("input", self._input()), ("output", self._output())) if part
        }

    def _input(self) -> Settings:
        settings = {name: getattr(self, name) for name in INPUT}
        if self.turn_detection is not None:
            settings["turn_detection"] = self.turn_detection.to_wire()
        settings["keyterms"] = list(self.keyterms) or None
        settings["language_codes"] = list(self.language_codes or ()) or None
        settings["format"] = self.input_format and {"encoding": self.input_format}
        return {name: value for name, value in settings.items() if value is not None}

    def _output(self) -> Settings:
        settings = {name: getattr(self, name) for name in OUTPUT}
        settings["format"] = self.output_format and {"encoding": self.output_format}
        return {name: value for name, value in settings.items() if value is not None}

    def __repr__(self) -> str:
        parts = [repr(self.name)]
        if self.id is not None:
            parts.append(f"id={self.id!r}")
        if self.tools:
            parts.append(f"tools=[{', '.join(tool.name for tool in self.tools)}]")
        return f"Agent({', '.join(parts)})"


def _by_path(agent: Agent) -> Settings:
    """The agent's inline settings, by path."""
    session = agent._inline()
    flat: Settings = {
        path: session[path] for path in ("system_prompt", "greeting", "tools") if path in session
    }
    for part in ("input", "output"):
        flat |= {f"{part}.{name}": value for name, value in session.get(part, {}).items()}
    return flat
