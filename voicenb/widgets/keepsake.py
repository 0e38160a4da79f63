"""What stays in the notebook of a call: its transcript, as an output of its own."""

from __future__ import annotations

import time
from typing import Any

from voicenb.widgets.static import transcript_html, transcript_text


class Keepsake:
    """An output below the panel, empty until the call has ended.

    A saved notebook that is opened without its kernel shows an error in place of a widget, and nothing that
    stands in the same output; a transcript in an output of its own is read everywhere.

    Args:
        mark: a class for the transcript; the live panel, which shows the same, hides it by that.
    """

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._shown = False
        self._bundle = {"text/plain": "", "text/html": f'<div class="{mark}"></div>'}
        self._full = False

    def show(self, panel: tuple[dict[str, Any], dict[str, Any]] | None) -> None:
        """Show the panel, and below it what there is to keep."""
        from IPython.display import display

        if panel is not None:
            data, metadata = panel
            display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
        display(self._bundle, raw=True, display_id=self._mark)  # type: ignore[no-untyped-call]
        self._shown = True

    @property
    def kept(self) -> dict[str, str] | None:
        """What the output holds, by MIME type; None before the end of the first call."""
        return self._bundle if self._full else None

    def keep(self, lines: list[dict[str, Any]], state: dict[str, Any]) -> None:
        """Put the transcript of a call that has ended into the output.

        Args:
            lines: as the panel shows them.
            state: likewise.
        """
        agent = state.get("agent") or "Agent"
        title = _title(state)
        self._bundle = {
            "text/plain": transcript_text(lines, agent, title),
            "text/html": transcript_html(lines, agent, title, self._mark),
        }
        self._full = True
        if self._shown:
            from IPython.display import update_display

            update_display(self._bundle, raw=True, display_id=self._mark)  # type: ignore[no-untyped-call]


def _title(state: dict[str, Any]) -> str:
    parts = [f"Call with {state.get('agent') or 'Agent'}"]
    started, ended = state.get("started"), state.get("ended")
    if started and ended:
        minutes, seconds = divmod(int(ended - started), 60)  # as the panel's clock
        parts += [time.strftime("%Y-%m-%d %H:%M", time.localtime(started)), f"{minutes}:{seconds:02d}"]
        if rate := state.get("cost_rate"):
            parts.append(f"${rate * (ended - started) / 3600:.2f}")
    parts += [part for part in (state.get("service"), state.get("profile"), state.get("brain")) if part]
    return " · ".join(parts)
