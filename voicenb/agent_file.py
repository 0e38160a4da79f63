"""An agent from a file, for the shell, which tells what is left out."""

from __future__ import annotations

from pathlib import Path

from voicenb.agent import Agent
from voicenb.agent_json import Checked, read_file


def read_agent(path: Path) -> tuple[Agent, list[str]]:
    """Read an agent.

    Args:
        path: the file: a ``session`` object (alone, or in a ``session.update``), or a stored agent.

    Returns:
        The agent, with the file's name where it has none; and what in the file no session is told of.

    Raises:
        InvalidConfiguration: it cannot be read, is no JSON, or no agent; the message says where.
    """

    def build(found: Checked) -> tuple[Agent, list[str]]:
        return Agent.from_json(found.wire, stored=found.stored, name=path.stem), found.left_out

    return read_file(path, build)
