"""What the next call begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voicenb.agent import Agent
from voicenb.protocol.settings import merge
from voicenb.session.opening import AgentLike, settings_of
from voicenb.session.patches import patch_of

_FROZEN = {
    "greeting": ("greeting",),
    "voice": ("voice", "output"),
    "output_format": ("encoding", "format", "output"),
}
"""What a running session cannot change, and an agent can between two calls; how the wire calls it, and with
the groups around it."""


@dataclass(frozen=True, slots=True)
class NextCall:
    """An agent, and what has been changed since that it has no name for.

    Attributes:
        agent: the agent.
        changes: a ``session`` object over the agent's own settings.
    """

    agent: AgentLike
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        """The ``session`` object of it."""
        return merge(settings_of(self.agent), self.changes)

    def changed(
        self, session: Mapping[str, Any] | None, changes: Mapping[str, Any]
    ) -> tuple[NextCall, dict[str, Any]]:
        """The same with something changed, and the ``session`` object of what was.

        Args:
            session: a ``session`` object.
            changes: settings by name, over it.

        Raises:
            InvalidConfiguration: a setting that is not known, or a value that cannot work.
            ImmutableField: a setting that only an agent can change.
        """
        if changes.get("turn_detection", ...) is None:
            return self._adaptive(session, {n: v for n, v in changes.items() if n != "turn_detection"})
        agent, over = self.agent, self.changes
        if isinstance(agent, str) and "tools" in changes:
            agent = Agent(name=agent, id=agent)  # the functions have to be somewhere
        # A stored one is bound as it is stored, a session object goes as it is: changes lie over them.
        fixed = not isinstance(agent, Agent) or agent.id is not None
        frozen = {} if fixed else _FROZEN
        rest = {name: value for name, value in changes.items() if name not in frozen}
        patch = patch_of(session, rest)[0] if rest or session is not None or not changes else {}
        # An agent takes what it has a name for, and its functions with it; the rest lies over it.
        if isinstance(agent, Agent) and changes:
            agent = agent.replace(**changes)
        if fixed or session is not None or over:
            over = merge(over, patch)
        for name in filter(frozen.__contains__, changes):  # in the order in which they were given
            part: Any = getattr(agent, name)
            for group in frozen[name]:
                part = {group: part}
            patch = merge(patch, part)
        return NextCall(agent, over), patch

    def _adaptive(
        self, session: Mapping[str, Any] | None, changes: Mapping[str, Any]
    ) -> tuple[NextCall, dict[str, Any]]:
        """Turn detection is left to the service again; and what else is to change."""
        agent = self.agent
        if isinstance(agent, Agent) and agent.id is None:
            agent = agent.replace(turn_detection=None)
        groups = {name: dict(value) if name == "input" else value for name, value in self.changes.items()}
        groups.get("input", {}).pop("turn_detection", None)
        bare = NextCall(agent, groups)
        patch: dict[str, Any] = {}
        if session is not None or changes:
            bare, patch = bare.changed(session, changes)
        return bare, {**patch, "input": {**patch.get("input", {}), "turn_detection": None}}
