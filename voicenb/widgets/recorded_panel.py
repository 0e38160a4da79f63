"""The panel of turn detection on recordings: where would each turn have ended?"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from voicenb.errors import InvalidConfiguration, VoicenbError
from voicenb.recording.given import Calls
from voicenb.tuning.grid import USUAL
from voicenb.tuning.labels import VERDICTS
from voicenb.tuning.silences import Row
from voicenb.tuning.source import recordings_of
from voicenb.tuning.whatif import Labels
from voicenb.turn_detection import TurnDetection
from voicenb.turn_taking.completeness import CompletenessLike
from voicenb.widgets.bundle import bundle, stylesheet
from voicenb.widgets.comm import Door, let_messages_through
from voicenb.widgets.errands import Errands
from voicenb.widgets.player_keepsake import PlayerKeepsake
from voicenb.widgets.player_sound import BothSides
from voicenb.widgets.recorded_calls import Decided, RecordedCalls
from voicenb.widgets.recorded_figures import begins_with, figures, front, marks, tried, waited
from voicenb.widgets.recorded_static import static_html, static_text
from voicenb.widgets.recorded_target import Applied, Target
from voicenb.widgets.recorded_turns import numbers, rows
from voicenb.widgets.recorded_voices import voices
from voicenb.widgets.shown import PRESETS, error_shown
from voicenb.widgets.turn_detection_panel import TurnDetectionPanel

_log = logging.getLogger(__name__)

PATIENCE = 600.0
"""Seconds that a notebook without a page waits for what is to stay in it."""

_LIMITS = tuple(USUAL)


class RecordedPanel(TurnDetectionPanel):
    """What :class:`~voicenb.widgets.turn_detection_panel.TurnDetectionPanel` makes of recordings."""

    _esm = bundle("recorded.js")
    _css = stylesheet("tuning.css", "recorded.css")

    def __init__(
        self,
        recordings: Calls,
        *,
        agent: Target | None = None,
        labels: Labels | None = None,
        completeness: CompletenessLike | None = None,
    ) -> None:
        calls = recordings_of(recordings, "vn.TurnDetectionPanel")
        if not calls:
            raise InvalidConfiguration("The panel has no recording to decide anew.", param="recordings")
        self._applied = Applied(agent)
        self._calls_read = RecordedCalls(calls, labels, completeness)
        self._begin()
        self._lock = threading.Lock()
        self._shown = threading.Event()  # a page has it
        self._done = threading.Event()  # all has been read, or cannot be
        self._decided: Decided | None = None
        self._setting: TurnDetection | None = None
        self._version = 0  # counts what was decided with other labels
        self._read = 0
        self._error: dict[str, str] | None = None
        self._wish: Mapping[str, Any] | None = None  # the newest move
        self._sides: dict[int, BothSides] = {}
        self._warm: list[float] = []  # thresholds that are still to be heard
        self._mark = f"voicenb-static-{secrets.token_hex(4)}"
        self._keepsake = PlayerKeepsake(self._mark)
        self._errands = Errands("voicenb-recorded", patience=5.0)
        self._slices = Errands("voicenb-recorded-slices")
        self._writing = Errands("voicenb-recorded-apply")
        self._door = Door(self._deliver)
        self._state = self._standing()
        let_messages_through(self.comm)
        self.on_msg(self._receive)
        self._errands.ask(self._read_all)

    @property
    def agent(self) -> Target | None:
        """What the settings are applied to; an Agent that is not stored with those that were applied last."""
        return self._applied.target

    @property
    def setting(self) -> TurnDetection | None:
        """Where the sliders stand; None until the recordings have been read."""
        return self._setting

    @property
    def beside(self) -> TurnDetection | None:
        """Always None: on recordings the sliders are what stands beside what was decided."""
        return None

    @beside.setter
    def beside(self, setting: TurnDetection | None) -> None:
        raise InvalidConfiguration(
            "beside belongs to a conversation.", remedy="On recordings move the sliders.", param="beside"
        )

    def close(self) -> None:
        """Take the panel away."""
        self._warm = []
        super().close()

    def __repr__(self) -> str:
        count = len(self._calls_read.calls)
        stands = "being read" if self._setting is None else repr(self._setting)
        return f"<TurnDetectionPanel of {count} recording{'' if count == 1 else 's'}: {stands}>"

    # --- the notebook ---------------------------------------------------------------------------------------

    def _repr_mimebundle_(self, **options: Any) -> Any:
        shown = super(TurnDetectionPanel, self)._repr_mimebundle_(**options)
        if shown is not None:
            shown[0]["text/plain"] = "The panel of turn detection on recordings: run this cell to see it."
        return shown

    def _ipython_display_(self, **_: Any) -> None:
        if not self._shown.is_set() and "JPY_SESSION_NAME" not in os.environ:
            self._done.wait(PATIENCE)  # nobody will come back to it: what is to stay is there now, or never
        self._keepsake.show(self._repr_mimebundle_())

    def _keep(self) -> None:
        """Put what stays into the notebook."""
        decided, setting = self._decided, self._setting
        if decided is None or setting is None:
            return
        told = rows(decided.ground)
        cut = [
            turn
            for turn, ghost in zip(told, decided.ghosts.of(setting), strict=True)
            if ghost is not None and ghost.kind in (Row.MID, Row.SPEECH)
        ]
        kept = {
            "text/plain": static_text(decided.sweep, setting, cut),
            "text/html": static_html(decided.sweep, setting, cut, self._mark),
        }
        self._keepsake.keep(kept)
        if self._shown.is_set():  # a page that was loaded anew must put it there itself
            self.send({"type": "keep", "bundle": kept})

    # --- what is read and decided; on one thread ------------------------------------------------------------

    def _read_all(self) -> None:
        try:
            self._calls_read.read(self._reads)
            self._decide()
        except VoicenbError as error:
            self._error = error_shown(error)
        except Exception as error:  # whatever it was, the page is waiting for a word
            _log.exception("The recordings could not be read.")
            self._error = {
                "message": f"The recordings cannot be read: {type(error).__name__}: {error}.",
                "remedy": "The kernel's log says more.",
            }
        self._done.set()
        self._door.knock()

    def _reads(self, number: int) -> None:
        self._read = number
        self._door.knock()

    def _decide(self) -> None:
        decided = self._calls_read.decide()
        setting = self._setting or begins_with(decided.sweep)
        self._decided, self._setting, self._version = decided, setting, self._version + 1
        self._keep()

    def _warm_up(self) -> None:
        """Hear another threshold, so that its slider is as quick as the others; moves go before the rest."""
        decided = self._decided
        if decided is None or not self._warm:
            return
        threshold = self._warm.pop(0)
        decided.ghosts.of(replace(self._setting or TurnDetection(), vad_threshold=threshold))
        self._errands.ask(self._warm_up)

    def _begin_warming(self) -> None:
        if self._decided is None or self._setting is None:
            return
        at = self._setting.vad_threshold or 0.5
        every = [round(0.05 * step, 2) for step in range(21)]
        self._warm = sorted(every, key=lambda each: abs(each - at))
        self._errands.ask(self._warm_up)

    # --- the page -------------------------------------------------------------------------------------------

    def _standing(self) -> dict[str, Any]:
        return {
            "calls": len(self._calls_read.calls),
            "read": self._read,
            "version": self._version,
            "error": self._error,
            "mark": self._mark,
            "presets": {
                name: {key: value for key, value in preset.items() if key in _LIMITS}
                for name in PRESETS
                if name != "no_interruption"
                for preset in [getattr(TurnDetection, name)().to_wire()]
            },
            "setting": None if self._setting is None else self._setting.to_wire(),
            "target": self._applied.told,
        }

    def _deliver(self) -> None:
        """Send what has changed; on the door's thread."""
        state = self._standing()
        if state != self._state:
            self._state = state

    def _receive(self, widget: object, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """A message of the page, on a subshell of the kernel: nothing here may wait."""
        del widget, buffers
        match content.get("type"):
            case "attach":
                self._shown.set()
                self.send({"type": "hello"})
                if (kept := self._keepsake.kept) is not None:
                    self.send({"type": "keep", "bundle": kept})
                self._door.knock()
            case "ground":
                self._errands.ask(self._tell_ground)
            case "move":
                with self._lock:
                    self._wish = dict(content)
                self._errands.ask(self._move)
            case "rest":  # behind the moves that it follows
                self._errands.ask(self._keep)
            case "label":
                self._errands.ask(self._answer, dict(content), self._label)
            case "apply":
                self._writing.ask(self._answer, dict(content), self._apply)
            case "voices":
                self._slices.ask(self._tell_voices, content.get("call"))
            case "slice":
                self._slices.ask(self._slice, dict(content))
            case _:
                pass  # of a newer page

    def _tell_ground(self) -> None:
        """Send what does not depend on the setting."""
        decided = self._decided
        if decided is None:
            return
        sweep, ground = decided.sweep, decided.ground
        was = waited(ground)
        agreement = sweep.calibration.agreement
        calls = [
            {"name": call.name, "length": len(self._both(at)), "rate": call.rate}
            for at, call in enumerate(self._calls_read.calls)
        ]
        self.send(
            {
                "type": "ground",
                "version": self._version,
                "calls": calls,
                "turns": rows(ground),
                "pauses": len(ground.pause_call),
                "services": sweep.services,
                "agreement": {"k": agreement.k, "n": agreement.n},
                "calibration": str(sweep.calibration),
                "front": front(sweep),
                "tried": tried(sweep),
                "unobserved": sweep.unobserved_from,
                "marks": marks(sweep),
                "was": None if was is None else {"latency": was[0], "ends": was[1]},
            }
        )
        self._begin_warming()

    def _move(self) -> None:
        """Decide with the newest setting; those in between are not of interest any more."""
        with self._lock:
            wish, self._wish = self._wish, None
        decided = self._decided
        if wish is None or decided is None:
            return

        def work() -> None:
            setting = _setting(wish.get("setting"))
            ghosts = numbers(decided.ghosts.of(setting), decided.ground)
            told = {"type": "decided", "ask": wish.get("ask"), "version": self._version}
            score = decided.sweep.of(setting)
            self.send({**told, "figures": figures(score), "setting": setting.to_wire()}, [ghosts.tobytes()])
            self._setting = setting

        self._answer(wish, work, tell=False)
        self._door.knock()

    def _label(self, content: Mapping[str, Any]) -> None:
        said = content.get("said")
        truth = VERDICTS[str(said)] if said else None
        call, start, end = content.get("call"), content.get("start"), content.get("end")
        if not isinstance(call, int) or not 0 <= call < len(self._calls_read.calls):
            raise InvalidConfiguration(f"There is no call {call!r}.", param="call")
        self._calls_read.label(call, float(str(start)), float(str(end)), truth)
        self._decide()

    def _apply(self, content: Mapping[str, Any]) -> dict[str, Any]:
        services = [] if self._decided is None else self._decided.sweep.services
        even = content.get("even") is True
        setting = _setting(content.get("setting"))
        done = self._applied.write(setting, services, even_if_emulated=even)
        return {"done": done}

    def _answer(self, content: Mapping[str, Any], work: Callable[..., Any], *, tell: bool = True) -> None:
        """Do what a page asks for, and tell it how that went."""
        answer: dict[str, Any] = {"type": "answer", "ask": content.get("ask")}
        try:
            answer |= (work(content) if tell else work()) or {}
        except VoicenbError as error:
            tell = True
            answer |= {**error_shown(error), "param": error.facts.get("param", "")}
        except Exception as error:  # whatever it was, the page is waiting for a word
            _log.exception("The panel could not do what the page asked for.")
            tell = True
            message = f"That could not be done: {type(error).__name__}: {error}."
            answer |= {"message": message, "remedy": "The kernel's log says more."}
        self._deliver()
        if tell:
            self.send(answer)

    # --- sound ----------------------------------------------------------------------------------------------

    def _both(self, call: int) -> BothSides:
        with self._lock:
            if call not in self._sides:
                self._sides[call] = BothSides(self._calls_read.calls[call])
            return self._sides[call]

    def _tell_voices(self, call: Any) -> None:
        if self._decided is None or not isinstance(call, int) or not 0 <= call < len(self._calls_read.calls):
            return
        about, buffers = voices(self._calls_read.calls[call], self._calls_read.evidence[call])
        self.send({"type": "voices", "call": call, **about}, buffers)

    def _slice(self, wish: dict[str, Any]) -> None:
        call = wish.get("call")
        about = {"call": call, "start": wish.get("start")}
        try:
            if not isinstance(call, int) or not 0 <= call < len(self._calls_read.calls):
                raise InvalidConfiguration(f"There is no call {call!r}.", param="call")
            both = self._both(call).asked(wish)
        except VoicenbError as error:
            self.send({"type": "slice-error", **about, **error_shown(error)})
        except Exception as error:  # e.g. its files are gone
            _log.exception("A slice of the recording could not be read.")
            message = f"The recording cannot be read: {type(error).__name__}: {error}."
            self.send({"type": "slice-error", **about, "message": message, "remedy": ""})
        else:
            self.send({"type": "slice", **about}, [both.tobytes()])


def _setting(told: Any) -> TurnDetection:
    """What a page says of where its sliders stand.

    Raises:
        InvalidConfiguration: that cannot be.
    """
    return TurnDetection.from_wire({name: told[name] for name in _LIMITS if name in (told or {})})
