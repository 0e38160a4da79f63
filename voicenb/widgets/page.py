"""The widget's page: what it asks for, and the call that a person holds through it."""

from __future__ import annotations

import importlib.util
import logging
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from voicenb.errors import MissingExtra, SessionNotOpen, VoicenbError
from voicenb.widgets import floors
from voicenb.widgets.afterwards import Afterwards
from voicenb.widgets.errands import Errands
from voicenb.widgets.page_restart import PageRestart
from voicenb.widgets.shown import error_shown, service_state
from voicenb.widgets.siblings import look_around
from voicenb.widgets.switch_interval import ShortSwitchInterval

if TYPE_CHECKING:
    from voicenb.session.session import Session
    from voicenb.widgets.feed import Feed
    from voicenb.widgets.talk import Talk

_log = logging.getLogger(__name__)

SURVIVED = frozenset({"microphone-lost"})
"""Failures of a page that do not end its call."""


class Page:
    """Takes the page's messages.

    They come on a subshell of the kernel, so nothing here may wait. What takes time is done on a thread of
    its own, in the order in which it was asked for: a Stop or an unmute must not overtake what it takes back.

    Args:
        talk: the widget.
        feed: keeps its page up to date.
        audio: the way that the sound must take, or None.

    Attributes:
        shown: set once a page shows the panel.
    """

    def __init__(self, talk: Talk, feed: Feed, audio: str | None) -> None:
        self.shown = threading.Event()
        self._talk = talk
        self._feed = feed
        self._audio = audio
        self._warming = threading.Lock()
        self._restart = PageRestart(talk.send, lambda: talk._change_next(None, {"turn_detection": None}))
        self._interval = ShortSwitchInterval()
        self._errands = Errands("voicenb-talk")
        self._afterwards = Afterwards(lambda: talk.recording, talk.send)
        self._too_old: dict[str, str] | None = None  # what the panel says of this JupyterLab
        self._lacks: dict[str, str] | None = None  # and of the service
        self._said: dict[str, Any] | None = None  # and of a sound check
        self._stops = 0  # how often a page has asked for the end

    # --- from the page -------------------------------------------------------------------------------------

    def receive(self, widget: object, content: Mapping[str, Any], buffers: Sequence[Any]) -> None:
        """A message of the page."""
        del widget
        match content.get("type"):
            case "page":
                self._hand_in(content.get("texts"), buffers)
            case "attach":
                self._too_old = floors.notice(content.get("lab"))
                self._note()
                self._feed.tell_all()
                self._talk._hand_over()
                look_around()
            case "shown":
                self._feed.watch()
                if not self.shown.is_set():
                    self._talk.send({"type": "first"})
                self.shown.set()
                threading.Thread(target=self._warm_up, name="voicenb-warm-up", daemon=True).start()
            case "start":
                # The word that it was heard comes at once: from then on the page waits for as long as the
                # service takes, and until then it knows that a cell holds the kernel.
                self._talk.send({"type": "starting", "ask": content.get("ask")})
                self._feed.watch()
                self._errands.ask(self._start, content, self._stops)
            case "chosen":
                self._chosen(content.get("kind"))
            case "stop":
                self.stop()
            case "mute":
                self._errands.ask(self._mute, bool(content.get("muted")))
            case "say":
                self._errands.ask(self._say, str(content.get("text") or ""), str(content.get("ask") or ""))
            case "restarting":
                self._restart.answered(bool(content.get("able")))
            case "hear":
                self._afterwards.hear(str(content.get("ask")))
            case "save":
                self._afterwards.save(str(content.get("ask")))
            case "failed" if content.get("code") not in SURVIVED and not content.get("joins"):
                # A call that nobody hears is billed all the same. One that a page only failed to join is
                # heard elsewhere, or ends when no page has been there for a while.
                self.stop()
            case _:
                pass  # of a newer page

    def _note(self) -> None:
        self._feed.fact(notice=self._said or self._too_old or self._lacks)

    def notice(self, notice: dict[str, Any] | None) -> None:
        """Let the panel say something, in the place of what it says by itself; None for no longer."""
        self._said = notice
        self._note()

    def _hand_in(self, texts: Any, buffers: Sequence[Any]) -> None:
        """What the page says to its call through this process, unchanged."""
        session, texts = self._talk.session, texts or ()
        if session is not None and not session.over:
            try:
                for message in (*texts, *map(bytes, buffers)):
                    session.from_page(message)
                return
            except VoicenbError:
                pass  # it has ended meanwhile
        # This way leads through the kernel, which takes whatever is said: nothing else tells a page that
        # comes when the call is over.
        if any(text.get("type") == "hello" for text in texts):
            self.to_page({"type": "end"})

    def _chosen(self, kind: Any) -> None:
        """The way that the page has taken; it may say so when the call is over."""
        if kind == "kernel":
            self._interval.take()
        session = self._talk.session
        if session is None or session.over:  # nobody else gives it back any more
            self._interval.leave()
        else:
            self._feed.fact(audio=kind)

    def stop(self) -> None:
        """End the call, and give up those that are being begun; returns at once."""
        # A start that still waits for its service is given up now, and so are those that wait behind it.
        self._stops += 1
        self._talk._give_up()
        self._errands.ask(self._end)

    def _end(self) -> None:
        try:
            self._talk.end()
        except VoicenbError as error:  # it may still be open, and billed
            self._feed.fact(error=error_shown(error))

    def _say(self, text: str, ask: str) -> None:
        """Words that were typed for the caller: said, where there is a voice and somebody has ears for it.

        Where they cannot be said, the page that asked has them back.
        """
        try:
            try:
                (self._talk.message if self._lacks else self._talk.say)(text)
            except MissingExtra:
                self._talk.message(text)
        except VoicenbError as error:
            self._feed.fact(error=error_shown(error))
            self._talk.send({"type": "unsaid", "ask": ask, "text": text})
        else:
            self._feed.fact(error=None)

    def _mute(self, muted: bool) -> None:
        try:
            self._talk.mute(muted)
        except VoicenbError:
            self._feed.fact(muted=muted)

    # --- to the page ---------------------------------------------------------------------------------------

    def begin_anew(self) -> None:
        """Let the page that has the call end it and begin another, with turn detection left to the service.

        Raises:
            SessionNotOpen: no page can.
        """
        self._restart.ask()

    def to_page(self, message: Any) -> None:
        """What the call says to the page through this process; on the session's thread."""
        if isinstance(message, bytes):
            self._talk.send({"type": "audio"}, buffers=[message])
        else:
            self._talk.send({"type": "page", "text": message})

    def said(self, text: str, voice: str | None) -> None:
        """A synthetic voice has begun to say this into the call: let the page draw how loud it is."""
        from voicenb.audio.speech import synthesise
        from voicenb.widgets.loudness import loudness

        self._talk.send({"type": "said", "levels": loudness(synthesise(text, voice))})

    def over(self) -> None:
        """The call has ended."""
        self._interval.leave()

    # --- what takes time -----------------------------------------------------------------------------------

    def _warm_up(self) -> None:
        """Somebody looks at the panel: have everything running by the time they press Start."""
        from voicenb.service.identify import identified, notice_of
        from voicenb.service.resolve import resolve
        from voicenb.session.emulator_child import emulator_child
        from voicenb.session.helper_host import warm_up

        with self._warming:
            warm_up()
            try:
                service = resolve(self._talk._service)
                if service is None:
                    self._feed.fact(state="warming up")
                address = emulator_child().address() if service is None else identified(service.address())
            except VoicenbError as error:
                self._feed.fact(state="idle", error=error_shown(error))
            except Exception as error:  # the panel must not say "warming up" for ever
                _log.exception("The panel's service could not be found.")
                message = f"The service could not be found: {type(error).__name__}: {error}."
                self._feed.fact(state="idle", error={"message": message, "remedy": "Run voicenb doctor."})
            else:
                self._feed.fact(state="idle", **service_state(address))
                lacks = notice_of(address)
                self._lacks = {"message": lacks, "remedy": ""} if lacks else None
                self._note()

    def _start(self, content: Mapping[str, Any], stops: int) -> None:
        """A page wants to talk: let it into a call, and say how to get there, or why not.

        Args:
            content: the page's message.
            stops: how often a page had asked for the end when it came.
        """
        try:
            answer = self._admit(content, wanted=stops == self._stops)
        except VoicenbError as error:
            answer = {"type": "error", **error_shown(error)}
        except Exception as error:  # whatever it was, the page is waiting for a word
            _log.exception("The call could not begin.")
            message = f"The call could not begin: {type(error).__name__}: {error}."
            answer = {"type": "error", "message": message, "remedy": "The kernel's log says more."}
        self._talk.send({**answer, "ask": content.get("ask")})

    def _admit(self, content: Mapping[str, Any], *, wanted: bool) -> dict[str, Any]:
        """Begin a call for the page, or let it into the one that runs."""
        if not wanted:
            raise _ended()
        before = self._talk.session
        session = self._talk._session_for_page(
            rejoin=bool(content.get("rejoin")),
            muted=bool(content.get("muted")),
            check=bool(content.get("check")),
        )
        if session.over:
            raise session.failure or _ended()
        try:
            ways = self._ways(session, str(content.get("origin")), bool(content.get("loopback")))
        except VoicenbError as error:
            if session is not before or isinstance(error, SessionNotOpen):
                self._talk.end()  # nobody would hear it; or it is ending by itself, and then knows why
            raise session.failure or error from None
        return {"type": "connect", "ways": ways, "insist": self._audio}

    def _ways(self, session: Session, origin: str, loopback: bool) -> list[dict[str, Any]]:
        """The ways that the page may try, best first."""
        ways: list[dict[str, Any]] = []
        if loopback and self._audio != "kernel":
            ways.append(_way(session, origin, "direct", "ws://127.0.0.1:{port}/page"))
        if self._audio != "kernel" and importlib.util.find_spec("jupyter_server_proxy"):
            ways.append(_way(session, origin, "proxy", "proxy/{port}/page"))
        if self._audio != "direct":
            ways.append({"kind": "kernel"})
        return ways


def _way(session: Session, origin: str, kind: str, url: str) -> dict[str, Any]:
    ticket = session.page_ticket(origin)
    return {"kind": kind, "url": url.format(port=ticket.pop("port")), **ticket}


def _ended() -> SessionNotOpen:
    return SessionNotOpen("The call has ended.", remedy="Press Start for a new one.")
