"""The configuration in force: what the service echoed, else what was sent and not refused."""

from __future__ import annotations

from voicenb.protocol.settings import Settings, at_path, client_tools, merge

REFUSALS = frozenset(
    {
        "invalid_value",
        "invalid_config",
        "invalid_format",
        "immutable_field",
        "agent_id_not_first",
        "invalid_webhook",
    }
)
"""Error codes that answer an update, of which nothing is then in force.

The service gives no number to an update, so these are read as the answer to the oldest one under way.
"""


class Configuration:
    """Follows the updates of one session and the service's echoes of them.

    Attributes:
        settings: the ``session`` object in force.
        tools: client-run tools by name, with their timeouts in seconds; offered ones count before they are
            acknowledged.
    """

    def __init__(self) -> None:
        self.settings: Settings = {}
        self.tools: dict[str, float] = {}
        self._sent: list[Settings] = []

    def sent(self, session: Settings) -> None:
        """An update is under way."""
        self._sent.append(session)
        self.tools |= client_tools(session)

    def acknowledged(self, config: Settings | None) -> None:
        """The oldest update under way is in force; ``config`` is the echo, where the service sends one."""
        if self._sent:
            self.settings = merge(self.settings, self._sent.pop(0))
        if config is not None:
            self.settings = merge(self.settings, config)
        self._offer()

    def refused(self, code: str) -> None:
        """The service reported an error, perhaps in answer to an update."""
        if self._sent and code.lower() in REFUSALS:
            self._sent.pop(0)
            self._offer()

    @property
    def interrupts(self) -> bool:
        """Whether the caller's speech cuts the agent off; on unless switched off."""
        return at_path(self.settings, "input.turn_detection.interrupt_response") is not False

    @property
    def encoding(self) -> str:
        """The format of the agent's voice on the wire."""
        return at_path(self.settings, "output.format.encoding") or "audio/pcm"

    def _offer(self) -> None:
        self.tools = client_tools(self.settings)
        for session in self._sent:
            self.tools |= client_tools(session)


def samples_in(data: bytes, encoding: str) -> int:
    """Samples at 24 kHz that a chunk of the wire amounts to."""
    return len(data) // 2 if encoding == "audio/pcm" else 3 * len(data)
