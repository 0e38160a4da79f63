"""What stays in the notebook of a Player: picture and transcript, as an output of its own."""

from __future__ import annotations

from typing import Any

Bundle = dict[str, str]
"""What an output holds, by MIME type."""


class PlayerKeepsake:
    """An output below the Player, empty until the call has been read.

    A saved notebook that is opened without its kernel shows an error in place of a widget, and nothing that
    stands in the same output; what is in an output of its own is seen everywhere.

    Args:
        mark: a class for what is in it; the live Player, which shows the same, hides it by that.
    """

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self._shown = False
        self._bundle: Bundle = {"text/plain": "", "text/html": f'<div class="{mark}"></div>'}
        self._full = False

    def show(self, player: tuple[dict[str, Any], dict[str, Any]] | None) -> None:
        """Show the Player, and below it what there is to keep."""
        from IPython.display import display

        if player is not None:
            data, metadata = player
            display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
        display(self._bundle, raw=True, display_id=self._mark)  # type: ignore[no-untyped-call]
        self._shown = True

    @property
    def kept(self) -> Bundle | None:
        """What the output holds; None while that is nothing."""
        return self._bundle if self._full else None

    def keep(self, bundle: Bundle) -> None:
        """Put something into the output, in the place of what was there."""
        self._bundle, self._full = bundle, True
        if self._shown:
            from IPython.display import update_display

            update_display(bundle, raw=True, display_id=self._mark)  # type: ignore[no-untyped-call]
