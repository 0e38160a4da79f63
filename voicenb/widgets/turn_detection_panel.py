"""TurnDetectionPanel: the settings of turn taking, on a conversation while it runs or on recordings."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from voicenb.errors import InvalidConfiguration, VoicenbError
from voicenb.session.session import Session
from voicenb.turn_detection import TurnDetection
from voicenb.widgets.bundle import bundle, stylesheet
from voicenb.widgets.comm import Door, let_messages_through
from voicenb.widgets.errands import Errands
from voicenb.widgets.shown import error_shown, turn_detection_state
from voicenb.widgets.tuned import is_recorded, tuned
from voicenb.widgets.tuned_call import TunedCall
from voicenb.widgets.tuning_state import LAST, RUNNING, dials, rows_of, standing
from voicenb.widgets.tuning_static import panel_html, panel_text

if TYPE_CHECKING:
    from voicenb.recording.given import Calls
    from voicenb.tuning.whatif import Labels
    from voicenb.turn_taking.completeness import CompletenessLike
    from voicenb.widgets.recorded_target import Target
    from voicenb.widgets.talk import Talk

_log = logging.getLogger(__name__)

SETTINGS = ("turn_detection", "transcription_mode")
"""What the page may change."""


class TurnDetectionPanel(anywidget.AnyWidget):
    """Sliders for ``turn_detection``: on a conversation while it runs, or on recorded calls.

    On a conversation the last five turns stand beside them. A move goes to the running call as one whole
    ``turn_detection`` object, and is shown as *in force* when the service has confirmed it; before a call it
    is what the next one begins with. What a cell changes with ``talk.update(...)`` shows here as well. It
    stays with its Talk: where another one is made (the cell runs again), it says so, and what to do.

    On recordings each move shows where each turn would have ended, as :func:`voicenb.whatif` decides it: the
    turns that would be cut off come first and can be heard, what followed is faded, for it would never have
    taken place. Silences of which nobody knows whether the caller had done are labelled by ear; the labels
    lie beside the recordings, and count at once. ``panel.setting`` is where the sliders stand.

    Args:
        what: a :class:`~voicenb.widgets.talk.Talk`, a running :class:`~voicenb.session.session.Session`; or
            recordings: one or several, their paths, or a folder of them, as for :func:`voicenb.whatif`.
        agent: of recordings: what *Apply* writes the settings to, an :class:`~voicenb.agent.Agent`, a Talk or
            a Session. An Agent that is not stored stays as it is: ``panel.agent`` is the one with them.
        labels: of recordings: files of labels, as for :func:`voicenb.whatif`.
        completeness: of recordings: says whether what was said looks complete, as for :func:`voicenb.whatif`.

    Raises:
        InvalidConfiguration: it is something else, or what belongs to recordings was given with a Talk.
        RecordingError: there is no recording at a path.

    Example:
        >>> vn.TurnDetectionPanel(["calls/lido", "calls/lido-2"], agent=talk)  # doctest: +SKIP
    """

    _esm = bundle("tuning.js")
    _css = stylesheet("tuning.css")

    # What the page shows. Saved with the notebook: never a key, a secret, an address or sound.
    _state: Any = traitlets.Dict().tag(sync=True)

    _leave: Callable[[], object] | None = None  # none yet while a widget is being made

    def __new__(cls, what: Talk | Session | Calls, **of_recordings: Any) -> TurnDetectionPanel:
        """The panel for what is given: one on recordings is another class, and a panel all the same."""
        kind = cls
        if cls is TurnDetectionPanel and is_recorded(what):
            from voicenb.widgets.recorded_panel import RecordedPanel

            kind = RecordedPanel
        made: TurnDetectionPanel = super().__new__(kind)
        return made

    def __init__(
        self,
        what: Talk | Session | Calls,
        *,
        agent: Target | None = None,
        labels: Labels | None = None,
        completeness: CompletenessLike | None = None,
    ) -> None:
        self._tuned = tuned(what)
        for name, given in (("agent", agent), ("labels", labels), ("completeness", completeness)):
            if given is not None:
                raise InvalidConfiguration(
                    f"{name}= belongs to recordings; a conversation has its own.",
                    remedy="Leave it out, or give recordings: vn.TurnDetectionPanel(calls, agent=talk).",
                    param=name,
                )
        self._successors = self._tuned.successors  # of which who made this panel knew
        self._begin()
        self._lock = threading.Lock()
        self._watched = False  # whether a page shows it
        self._beside: TurnDetection | None = None  # what the turns are decided by too
        self._calls: deque[TunedCall] = deque(maxlen=2)  # the call, and the one before
        self._answers: deque[dict[str, Any]] = deque()  # to pages, behind the state that they go with
        self._errands = Errands("voicenb-tuning")
        self._door = Door(self._deliver)
        self._leave = self._tuned.watch(self._look)
        self._look()
        self._state = self._standing()
        let_messages_through(self.comm)
        self.on_msg(self._receive)

    def _begin(self) -> None:
        """Be a widget."""
        super().__init__()

    def __repr__(self) -> str:
        state = self._state
        told = turn_detection_state(state["turn_detection"], state["mode"], running=False)
        return f"<TurnDetectionPanel of {state['agent']!r}: {told['name']} {told['detail']}>"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        shown = super()._repr_mimebundle_(**options)
        if shown is not None:  # what stands there without a kernel, or without widgets at all
            shown[0]["text/plain"] = panel_text(self._state)
            shown[0]["text/html"] = panel_html(self._state)
        return shown

    def close(self) -> None:
        """Take the panel away; it follows the conversation no longer."""
        if self._leave is not None:
            self._leave()
            self._leave = None
            for call in self._rest():
                call.close()
        super().close()

    @property
    def beside(self) -> TurnDetection | None:
        """Another setting by which the last turns of the conversation are decided too, as each is answered.

        The panel shows what it would have done beside what was done: nothing of it is sent to the service.
        None (the default): there is none.
        """
        return self._beside

    @beside.setter
    def beside(self, setting: TurnDetection | None) -> None:
        chosen = None if setting is None else TurnDetection.of(setting)
        with self._lock:
            self._beside = chosen
            calls = list(self._calls)
        for call in calls:
            call.beside.choose(chosen)
        self._door.knock()

    # --- the conversation ----------------------------------------------------------------------------------

    def _look(self) -> None:
        """There may be another session, or other settings for the next one; returns at once."""
        session = self._tuned.session
        with self._lock:
            new = session is not None and not (self._calls and self._calls[-1].session is session)
            if new and session is not None:
                self._calls.append(TunedCall(session, self._door.knock, self._tuned.patient))
                self._calls[-1].beside.choose(self._beside)
                if self._watched:
                    self._calls[-1].measure()
        self._door.knock()

    def _standing(self) -> dict[str, Any]:
        with self._lock:
            calls = list(self._calls)
        # One that could not begin is none any more.
        call = calls[-1] if calls and calls[-1].session is self._tuned.session else None
        turns = [
            (each.session.session_id, {**row, "beside": each.beside.of(row["reply"])})
            for each in calls
            for row in each.turns.rows(LAST, each.service)
        ]
        stands = standing(self._tuned, call)
        running = stands["phase"] in RUNNING
        holds = running or stands["phase"] == "connecting"
        return {
            **dials(),
            **stands,
            "stale": not holds and self._tuned.successors > self._successors,
            "beside": None if self._beside is None else self._beside.to_wire(),
            **rows_of(turns, call.turns.in_force if call is not None and running else None),
        }

    def _deliver(self) -> None:
        """Send what has changed; on the door's thread."""
        answers = []
        while self._answers:
            answers.append(self._answers.popleft())
        # What an answer stands for is in the state by then, and comes before it.
        state = self._standing()
        if state != self._state:
            self._state = state
        for answer in answers:
            self.send(answer)

    # --- the page ------------------------------------------------------------------------------------------

    def _receive(self, widget: object, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """A message of the page, on a subshell of the kernel: nothing here may wait."""
        del widget, buffers
        match content.get("type"):
            case "attach":
                self._answers.append({"type": "hello"})
                self._door.knock()
            case "shown":
                with self._lock:
                    self._watched = self._leave is not None
                    calls = list(self._calls) if self._watched else []
                for call in calls:
                    call.measure()
            case "hidden":
                for call in self._rest():
                    call.rest()
                self.send({"type": "look"})  # another page may show it
            case "set":
                self._errands.ask(self._set, content)
            case "restart":
                self._errands.ask(self._restart, content)
            case "beside":
                self._errands.ask(self._choose, content)
            case _:
                pass  # of a newer page

    def _rest(self) -> list[TunedCall]:
        """Nobody looks at it any more: what is not to be measured from now on."""
        with self._lock:
            self._watched = False
            return list(self._calls)

    def _set(self, content: Mapping[str, Any]) -> None:
        given = content.get("changes")
        changes = {name: given[name] for name in SETTINGS if name in given} if isinstance(given, dict) else {}
        self._answer(content, lambda: self._tuned.update(changes))

    def _restart(self, content: Mapping[str, Any]) -> None:
        self._answer(content, self._tuned.restart)

    def _choose(self, content: Mapping[str, Any]) -> None:
        given = content.get("setting")

        def work() -> None:
            self.beside = None if given is None else TurnDetection.from_wire(given)

        self._answer(content, work)

    def _answer(self, content: Mapping[str, Any], work: Any) -> None:
        """Do what a page asks for, and tell it how that went."""
        answer = {"type": "answer", "ask": content.get("ask")}
        try:
            work()
        except VoicenbError as error:
            answer |= error_shown(error)
        except Exception as error:  # whatever it was, the page is waiting for a word
            _log.exception("The settings could not be changed.")
            message = f"The settings could not be changed: {type(error).__name__}: {error}."
            answer |= {"message": message, "remedy": "The kernel's log says more."}
        self._answers.append(answer)
        self._door.knock()
