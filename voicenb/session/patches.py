"""Changes to a running session, in voicenb's words, as the ``session`` object that says them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from voicenb.agent import Agent
from voicenb.agent_settings import INPUT, OUTPUT, PCM, encoding
from voicenb.errors import InvalidConfiguration
from voicenb.names import refuse_unknown
from voicenb.protocol.settings import check_update, merge
from voicenb.tools import HttpTool, Tool
from voicenb.turn_detection import BELONGS_HERE, TurnDetection

_TOP = frozenset({"system_prompt", "greeting", "tools"})
_OUTPUT, _INPUT = frozenset(OUTPUT), frozenset(INPUT)
_FORMATS = {"input_format": "input", "output_format": "output"}

ToolLike = Tool | HttpTool | Callable[..., Any] | Mapping[str, Any]


def patch_of(
    session: Mapping[str, Any] | None, changes: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Tool]]:
    """The ``session`` object of a change, and the tools in it that run here.

    Args:
        session: a ``session`` object as the contract has it, or None.
        changes: settings by their names in :class:`~voicenb.agent.Agent`, over it.

    Raises:
        InvalidConfiguration: a setting that is not known, or a value that cannot work.
        ImmutableField: a setting that is frozen once a session has begun.
    """
    if session is not None and not isinstance(session, Mapping):
        raise InvalidConfiguration(
            f"The session object must be a dict, not {type(session).__name__}.",
            remedy='Try {"input": {"turn_detection": {…}}}, or turn_detection=TurnDetection.recommended().',
        )
    patch: dict[str, Any] = dict(session or {})
    tools: list[Tool] = []
    known = sorted(_TOP | _INPUT | _OUTPUT | _FORMATS.keys())
    refuse_unknown("A session", changes, known, elsewhere=BELONGS_HERE)
    for name, value in changes.items():
        if name == "tools":
            tools = list(_tools(value))
            value = [tool if isinstance(tool, Mapping) else _tool(tool).to_wire() for tool in value]
        elif name == "turn_detection" and value is None:
            raise InvalidConfiguration(
                "Adaptive turn detection does not come back in a session whose settings were changed.",
                remedy="End the call; then turn_detection=None holds for the next one.",
            )
        elif name == "turn_detection":
            value = TurnDetection.of(value).to_wire()
        elif name in ("keyterms", "language_codes"):
            value = list(getattr(Agent(**{name: value}), name) or ())  # which refuses a text
        if name in _FORMATS:
            part: dict[str, Any] = {_FORMATS[name]: {"format": {"encoding": encoding(name, value) or PCM}}}
        elif name in _TOP:
            part = {name: value}
        elif name in _INPUT:
            part = {"input": {name: value}}
        else:
            part = {"output": {name: value}}
        patch = merge(patch, part)
    if not patch:
        raise InvalidConfiguration(
            "Nothing to change.", remedy="Try turn_detection=TurnDetection.recommended()."
        )
    check_update(patch, first=False)
    return patch, tools


def _tools(values: Sequence[ToolLike]) -> list[Tool]:
    return [
        tool for tool in (_tool(v) for v in values if not isinstance(v, Mapping)) if isinstance(tool, Tool)
    ]


def _tool(value: Any) -> Tool | HttpTool:
    (tool,) = Agent(tools=[value]).tools  # the one place that knows what counts as a tool
    return tool
