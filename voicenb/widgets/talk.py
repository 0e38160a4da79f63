"""Talk: a voice agent in a cell, to press Start and talk to."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

import anywidget
import traitlets

from voicenb.errors import InvalidConfiguration, SessionNotOpen, VoicenbError
from voicenb.policy import Policy, check_policy
from voicenb.protocol.barge_in import USUAL, BargeInMode, check_barge_in
from voicenb.protocol.lines import Line
from voicenb.protocol.settings import at_path
from voicenb.recording.library import folder_in
from voicenb.recording.recording import as_path
from voicenb.service.resolve import check_service
from voicenb.session.devices import check_devices
from voicenb.session.host import TransportBy
from voicenb.session.in_force import InForce
from voicenb.session.microphone import Microphone
from voicenb.session.on_lost import OnLost, check_on_lost
from voicenb.session.opening import AgentLike, ServiceLike, name_of, settings_of
from voicenb.session.page import PATIENCE
from voicenb.session.session import Session
from voicenb.session.speaker import Speaker
from voicenb.session.thrift import IDLE_END, MAX_DURATION, check_seconds
from voicenb.widgets import forgotten
from voicenb.widgets.bundle import bundle, stylesheet
from voicenb.widgets.comm import let_messages_through
from voicenb.widgets.errands import Errands
from voicenb.widgets.feed import Feed
from voicenb.widgets.hints import checked, hints_for
from voicenb.widgets.keepsake import Keepsake
from voicenb.widgets.next_call import NextCall
from voicenb.widgets.page import Page
from voicenb.widgets.shown import ends_shown, error_shown, rate_of, turn_detection_state
from voicenb.widgets.shown_call import ShownCall
from voicenb.widgets.siblings import Siblings, look_around
from voicenb.widgets.tab import Tab, open_browser

if TYPE_CHECKING:
    from voicenb.analysis.calibration import Calibration
    from voicenb.recording.recording import Recording
    from voicenb.widgets.sound_check import SoundCheck

Audio = Literal["direct", "kernel"]

FORMATS = {"input_format": "input.format.encoding", "output_format": "output.format.encoding"}
"""Settings of an agent, and where they stand in a ``session`` object."""

EARLIER = SessionNotOpen(
    "The earlier call was ended, for this panel was made.", remedy="It is in vn.recordings()."
)


class Talk(anywidget.AnyWidget):
    """A panel to talk to a voice agent: Start, captions, state, time and cost.

    In a notebook, show it and press Start: the browser's microphone goes in, the agent's voice comes out.
    Without a browser, :meth:`start` holds the same conversation with a microphone of your choice. A Talk can
    hold one call after the other, one at a time; each has its own recording. When its variable is given to
    another Talk, as by a cell that runs again, its call is ended.

    Args:
        agent: an :class:`~voicenb.agent.Agent`, the id of a stored one, or a ``session`` object.
        service: who answers: ``"hosted"``, ``"emulator"``, an address like ``"ws://127.0.0.1:8765"``,
            ``vn.Hosted(…)`` or ``vn.Emulator()``; None is the hosted service where ``ASSEMBLYAI_API_KEY`` is
            set and the emulator elsewhere.
        audio: ``"direct"`` or ``"kernel"`` insists on a way for the sound between page and session; None
            takes the best that works.
        transport: who connects to the service: ``"kernel"``, or ``"browser"``: the page itself, with a token
            for one session that the kernel asks the service for. Where the kernel is far away, neither voice
            nor interruption then waits for it; what is said, heard and recorded is mirrored to it, with the
            times that the page saw. The key stays with the kernel. The browser must reach the service. A page
            that is closed or loaded anew ends its session; one that comes back goes on as ``on_lost`` says.
        recording: a folder in which each call gets one of its own, after time and agent, counted from where
            the kernel is now; nothing in it is ever deleted. None keeps them among ``vn.recordings()``.
        hints: what to say first, shown until the caller has spoken; made from the agent's tools by default.
        policy: changes settings by itself during each call, as :class:`~voicenb.policy.AfterQuestion`.
        max_duration: seconds after which a call ends, for an open session is billed; None for no limit.
        idle_end: seconds without a word, of either side, after which it ends; None for no limit.
        on_lost: what follows where the connection to the service is lost and cannot be resumed: ``"restart"``
            begins another session, which is told what was said so far; ``"end"`` ends the call.
        barge_in: what becomes of the agent's voice while the caller speaks over it. ``"flush"``: it falls
            silent when the service says that the caller speaks; ``"duck"``: it is 14 dB quieter as soon as
            an ear of its own hears the caller, falls silent as with ``"flush"``, and is back 3.2 s behind
            the onset where the service says nothing; ``"wait"``: it falls silent when the service ends the
            reply. ``vn.stops`` compares them.
        cost_rate: dollars per hour of an open session, for the cost that the panel shows. By default 4.50 for
            the hosted service and nothing for the emulator; of another address no cost is shown.

    Raises:
        InvalidConfiguration: an argument that cannot be: no such way, no price, no agent, no service, or a
            format that ``transport="browser"`` does not speak.
    """

    _esm = bundle()
    _css = stylesheet()

    # What the page shows. Saved with the notebook: never a key, a secret, an address or sound.
    _state: Any = traitlets.Dict().tag(sync=True)
    _lines: Any = traitlets.List().tag(sync=True)

    # Not for the page: traits, so that another panel can follow them.
    _session: Session | None = traitlets.Any()  # type: ignore[assignment]
    _next: NextCall = traitlets.Any()  # type: ignore[assignment]
    _successors: Any = traitlets.Int(0)  # Talks that were made after it

    _tab: Tab | None = None  # none yet while a widget is being made

    def __init__(
        self,
        agent: AgentLike,
        service: ServiceLike = None,
        *,
        audio: Audio | None = None,
        transport: TransportBy = "kernel",
        recording: str | os.PathLike[str] | None = None,
        hints: list[str] | None = None,
        policy: Policy | None = None,
        max_duration: float | None = MAX_DURATION,
        idle_end: float | None = IDLE_END,
        on_lost: OnLost = "restart",
        barge_in: BargeInMode = USUAL,
        cost_rate: float | None = None,
    ) -> None:
        """A panel; ``help(vn.Talk)`` tells of ``service``, ``audio``, ``cost_rate`` and the rest."""
        if audio is not None and audio not in get_args(Audio):
            raise InvalidConfiguration(
                f"audio={audio!r} is no way for the sound.", remedy='Use "direct", "kernel" or nothing.'
            )
        if transport not in get_args(TransportBy):
            raise InvalidConfiguration(
                f"transport={transport!r} is none.", remedy='Use "browser", or "kernel" (the default).'
            )
        # What every call begins with; a wrong one is told now, and not when somebody presses Start.
        check_on_lost(on_lost)
        check_policy(policy)
        check_barge_in(barge_in)
        for name, seconds in (("max_duration", max_duration), ("idle_end", idle_end)):
            check_seconds(name, seconds)
        check_service(service)
        settings, rate = settings_of(agent), rate_of(cost_rate)
        if transport == "browser":
            _check_formats(agent, settings)
        super().__init__()
        self._next = NextCall(agent)
        self._service = service
        self._transport: TransportBy = transport
        self._where = None if recording is None else as_path(recording, "recording=").absolute()
        self._terms: dict[str, Any] = {
            "policy": policy,
            "max_duration": max_duration,
            "idle_end": idle_end,
            "on_lost": on_lost,
            "barge_in": barge_in,
        }
        self._check: SoundCheck | None = None  # is held in place of the next call
        self._calibration: Calibration | None = None
        self._with_page = False
        self._unwanted: Session | None = None  # ended, perhaps before it had begun
        self._patience = PATIENCE  # seconds that a call stays open without a page
        self._turn = threading.Lock()
        self._siblings = Siblings(self, Talk)
        self._hints = hints_for(agent) if hints is None else checked(hints)
        mark = f"voicenb-static-{secrets.token_hex(4)}"
        self._feed = Feed(
            self,
            rate=rate,
            state="idle",
            mark=mark,
            agent=name_of(agent),
            hints=self._hints,
            turn_detection=_turn_detection(settings),
            barge_in=barge_in,
            ends=ends_shown(max_duration, idle_end),
            muted=False,
            audio="",
            transport=transport,
            started=None,
            ended=None,
            late=0,
            lost=0,
            error={**error_shown(EARLIER), "calm": True} if self._siblings.outdo() else None,
            replaced=False,
            summary="",
        )
        self._state = self._feed.state()
        self._siblings.join()
        self._page = Page(self, self._feed, audio)
        self._keepsake = Keepsake(mark)
        self._keeping = Errands("voicenb-keep")
        self._checks = Errands("voicenb-sound-check", patience=5.0)
        self._tab = Tab(self)
        let_messages_through(self.comm)
        self.on_msg(self._page.receive)

    # --- a tab of its own ----------------------------------------------------------------------------------

    def open(self, *, browser: bool = True) -> str:
        """Show the panel in a browser tab of its own; returns at once.

        For where a notebook's frame cannot have the microphone, as in VS Code, and for Python without
        Jupyter. The tab shows what a panel in the notebook shows, and both can be used. It is served on this
        machine and for this machine only, by the process that holds the calls.

        Args:
            browser: whether to open the tab, in this machine's browser.

        Returns:
            An address that opens one tab (more), once: to be opened by hand, also through a tunnel
            (``ssh -L``). Where there is no browser to open the tab in, it is printed as well.

        Raises:
            VoicenbError: the helper process that serves it did not start.
        """
        super().open()
        if self._tab is None:  # it is being made: then ipywidgets opens the widget's comm, by the same name
            return ""
        opened = browser and open_browser(self._tab.address())
        address = self._tab.address()
        if browser and not opened:
            print(f"No browser was found here. This address opens the panel: {address}")  # noqa: T201
        return address

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until every tab of :meth:`open` has been closed and no call runs; for the end of a script.

        A tab is waited for first. Without :meth:`open` it returns at once.

        Args:
            timeout: seconds; None waits for as long as it takes.

        Returns:
            Whether that is so; False when the time was up.
        """
        return self._tab is None or self._tab.wait(timeout)

    def send(self, content: Any, buffers: Any = None) -> None:
        """Send the pages that show the panel a message; not for users.

        Args:
            content: the message.
            buffers: bytes that belong to it.
        """
        super().send(content, buffers)
        if self._tab is not None:
            self._tab.tell(content, buffers)

    def close(self) -> None:
        """Take the panel away, out of notebook and tabs."""
        if self._tab is not None:
            self._tab.close()
        super().close()

    # --- a call without a browser --------------------------------------------------------------------------

    def start(self, microphone: Microphone | None = None, *, speaker: Speaker | None = None) -> Talk:
        """Hold the conversation without a browser; returns when the service is ready.

        Args:
            microphone: the caller: :class:`~voicenb.session.microphones.WavFile`, ``Says``, ``Caller``, …;
                silence by default.
            speaker: takes the agent's voice; by default it is kept.

        Raises:
            SessionNotOpen: a call is running.
            InvalidConfiguration: it is the browser that is to connect.
            VoicenbError: why it could not begin.
        """
        from voicenb.session.microphones import Silence

        if self._transport == "browser":
            raise InvalidConfiguration(
                'With transport="browser" the page connects to the service, and start() has no page.',
                remedy="Press Start in the panel, or make the Talk without transport=.",
                param="transport",
            )

        check_devices(microphone, speaker)
        microphone = microphone or Silence()
        self._begin({"caller": microphone.label}, wait=True, microphone=microphone, speaker=speaker)
        return self

    def check(
        self, microphone: Microphone | None = None, *, speaker: Speaker | None = None, timeout: float = 120.0
    ) -> Calibration:
        """Check the sound before a call: a quarter of a minute, with a person in front of the panel.

        The panel asks to press Start, then for silence, plays five tones, and asks for a sentence; its own
        "Check the sound" does the same without a cell. Measured
        are the level of voice and room, what comes back of the agent's voice (with headphones: nothing), and
        the round trip from loudspeaker to microphone. Nobody's service takes part, and nothing is billed. The
        panel shows what was found, and the recordings of the calls from then on keep it in their
        ``session.json``, as ``calibration``.

        Args:
            microphone: holds the check without a browser, as :meth:`start` does a call.
            speaker: takes the tones; of use with ``microphone``.
            timeout: seconds until somebody has pressed Start.

        Returns:
            What was measured; what could not be is None there, and ``missing`` says why.

        Raises:
            SessionNotOpen: a call is running, or there is neither a page nor a microphone.
            WaitTimeout: nobody pressed Start.
            VoicenbError: why it could not begin.
        """
        from voicenb.widgets.sound_check import WAITING, SoundCheck

        check_devices(microphone, speaker)
        if self._runs:
            raise SessionNotOpen("A call is running.", remedy="End it first: talk.end().")
        with SoundCheck() as check:
            if microphone is not None:
                check.session(microphone=microphone, speaker=speaker).start()
                found = check.measured(timeout)
            else:
                if not (self.in_browser or self.wait_for_page()):
                    raise SessionNotOpen(
                        "No page shows the panel.", remedy="Show it first; without a browser: microphone=."
                    )
                before, self._check = self._session, check
                self._page.notice(WAITING)
                found = self._measured(check, before, timeout)
        self._checked(found)
        return found

    @property
    def calibration(self) -> Calibration | None:
        """What the last :meth:`check` found; None before the first."""
        return self._calibration

    # --- while it runs -------------------------------------------------------------------------------------

    def end(self) -> None:
        """End the call; returns when the service knows and the recording is closed. May be called twice.

        Raises:
            WaitTimeout: it did not end in time, and may go on being billed.
        """
        session = self._session
        if session is not None:
            self._unwanted = session
            session.end()

    def update(self, session: Mapping[str, Any] | None = None, **changes: Any) -> InForce:
        """Change settings, of the running call and of those to come.

        Returns when a running call's service has confirmed.

        Args:
            session: a ``session`` object as the contract has it.
            **changes: settings by name: ``system_prompt``, ``tools``, ``turn_detection``, ``keyterms``, …;
                ``barge_in`` too.

        Returns:
            What is in force now of what was to change, and whether a service has confirmed it. As the last
            line of a cell it reads, e.g., ``turn detection: min_silence 1400 ms (confirmed by the service)``.

        Raises:
            ImmutableField: a setting that is frozen while a call runs; nothing was sent.
            InvalidConfiguration: a value that cannot work; nothing was sent.
            ServiceError: the service refused; nothing of it is in force.
            WaitTimeout: no answer within five seconds.
        """
        running = self._running
        told = running.update(session, **changes) if running is not None else None
        own = {"barge_in": changes.pop("barge_in")} if "barge_in" in changes else {}
        for mode in own.values():
            check_barge_in(mode)
            self._terms |= own
            self._feed.fact(barge_in=mode)
        if own and not changes and session is None:
            return told or InForce(own, confirmed=False)
        patch = self._change_next(session, changes)
        if told is not None:
            return told
        return InForce({**InForce.of(patch, self._next.settings, confirmed=False).settings, **own}, False)

    def reply(self, instructions: str | None = None) -> None:
        """Make the agent speak without being spoken to.

        Args:
            instructions: a directive for this one reply.

        Raises:
            InvalidConfiguration: the instructions are no text.
            SessionNotOpen: no call is running.
        """
        self._held.reply(instructions)

    def message(self, text: str) -> None:
        """Let the caller type something: the agent answers as if it had been said. It works without ears.

        See :meth:`voicenb.session.session.Session.message`, also for the hosted service.

        Args:
            text: the caller's words.

        Raises:
            InvalidConfiguration: there are no words in it.
            SessionNotOpen: no call is running.
        """
        self._held.message(text)

    def say(self, text: str, voice: str | None = None) -> None:
        """Let the caller say something in a synthetic voice, into the call; it is heard as a person would be.

        See :meth:`voicenb.session.session.Session.say`.

        Raises:
            MissingExtra: no voice is installed.
            UnspeakableText: there is nothing in ``text`` that can be said.
            SessionNotOpen: no call is running.
        """
        self._held.say(text, voice)
        self._page.said(text, voice)

    def mute(self, muted: bool = True) -> None:
        """Send silence in place of the microphone, or no longer.

        Args:
            muted: whether silence is sent.

        Raises:
            SessionNotOpen: no call is running.
        """
        self._held.mute(muted)
        self._feed.fact(muted=muted)

    def wait_for(
        self,
        type: str,  # noqa: A002 - the API's own word
        timeout: float = 10.0,
        *,
        known: bool = True,
    ) -> Any:
        """The call's next message of that type, behind the one that was returned last.

        See :meth:`voicenb.session.session.Session.wait_for`.

        Args:
            type: e.g. ``"tool.call"``; also what was sent (``"tool.result"``) and local events (``"state"``).
            timeout: seconds.
            known: whether a type that this version does not know is refused at once.

        Raises:
            InvalidConfiguration: there is no such type; the nearest are named.
            WaitTimeout: it did not come.
            SessionNotOpen: no call has been started.
        """
        return self._held.wait_for(type, timeout, known=known)

    def wait_until_answered(self, timeout: float = 10.0) -> None:
        """Wait until the caller's last turn, or the last tool result, has been answered and the answer heard.

        All that the microphone of :meth:`start` has to say is waited for first; of a ``Caller`` that is the
        whole script. Where the service runs tools by itself, a reply is the answer when no other has followed
        within three seconds. See :meth:`voicenb.session.session.Session.wait_until_answered`.

        Args:
            timeout: seconds, from now on.

        Raises:
            WaitTimeout: no answer.
            SessionNotOpen: no call has been started.
        """
        self._held.wait_until_answered(timeout)

    def wait_for_page(self, timeout: float = 3.0) -> bool:
        """Wait until a page shows this panel.

        Args:
            timeout: seconds.

        Returns:
            Whether one does; False where nobody will ever look, as in CI.
        """
        return self._page.shown.wait(timeout)

    # --- what one can ask ----------------------------------------------------------------------------------

    @property
    def agent(self) -> AgentLike:
        """The agent of the next call."""
        return self._next.agent

    @property
    def in_browser(self) -> bool:
        """Whether a page shows this panel, or has shown it, or will.

        nbmake, nbclient and plain Python have none.
        """
        # A kernel that a Jupyter server started has a page. When cells are run all at once the next one asks
        # within milliseconds, and the page needs some hundred to load the panel and say so.
        return self._page.shown.is_set() or "JPY_SESSION_NAME" in os.environ

    @property
    def session(self) -> Session | None:
        """The running call, or the last one."""
        return self._session

    @property
    def state(self) -> str:
        """Where the call stands.

        ``"idle"``, ``"connecting"``, ``"reconnecting"``, ``"listening"``, ``"thinking"``, ``"speaking"``,
        ``"lost"`` or
        ``"ended"``.
        """
        return "idle" if self._session is None else self._session.state

    @property
    def lines(self) -> list[Line]:
        """The transcript of the running or the last call."""
        return [] if self._session is None else self._session.lines

    transcript = lines

    @property
    def recording(self) -> Recording | None:
        """The recording of the running or the last call; None before the first."""
        return None if self._session is None else self._session.recording

    @property
    def hears_itself(self) -> bool:
        """Whether the agent of the running or the last call was interrupted by its own voice.

        That is looked for in the recording, which takes a moment. Headphones help, or a lower loudspeaker.
        """
        from voicenb.analysis.measure import Measure
        from voicenb.recording.recording import Recording

        recording = self.recording
        if recording is None:
            return False
        measure = Measure(Recording(recording.folder))  # one of its own: the panel's is read elsewhere
        measure.refresh()
        return bool(measure.self_interruptions())

    def __repr__(self) -> str:
        return f"<Talk to {name_of(self.agent)!r}: {self.state}>"

    # --- the notebook --------------------------------------------------------------------------------------

    def _ipython_display_(self, **_: Any) -> None:
        panel = self._repr_mimebundle_()
        if panel is not None:  # where the notebook is opened again, this is what stands there
            panel[0]["text/plain"] = f"The panel to talk to {name_of(self.agent)!r}: run this cell to talk."
        self._keepsake.show(panel)

    # --- inside --------------------------------------------------------------------------------------------

    @property
    def _runs(self) -> bool:
        """Whether there is a call that has not ended, also where it has not begun yet."""
        return self._session is not None and not self._session.over

    @property
    def _running(self) -> Session | None:
        """The call that can be told something; None where there is none."""
        session = self._session
        return session if session is not None and not session.over and session.state != "idle" else None

    @property
    def _held(self) -> Session:
        if self._session is None:
            raise SessionNotOpen("No call has been started.", remedy="Press Start, or call talk.start().")
        return self._session

    def _begin(self, facts: dict[str, Any], *, wait: bool, **parts: Any) -> Session:
        """Begin a call; one at a time.

        Args:
            facts: what the panel shows of it.
            wait: whether to wait for the service.
            **parts: microphone, speaker or host of the session.
        """
        forgotten.look()
        with self._turn:
            if self._runs:
                raise SessionNotOpen("A call is running.", remedy="End it first: talk.end().")
            self._with_page = "host" in parts
            check = self._check if self._with_page else None
            session = self._session = self._next_session(**parts) if check is None else check.session(**parts)
        if check is not None:
            facts = {"agent": check.name, "hints": [], "transport": "kernel", **facts}
            self._page.notice(None)
        facts = {
            "caller": None,
            "audio": "",
            "muted": False,
            "replaced": False,
            "call": secrets.token_hex(4),
            **facts,
        }
        begun = True
        try:
            shown = self._feed.follow(session, **facts)
            session.start(wait=wait)
        except BaseException as error:  # an interrupt too must leave the panel ready for another call
            # What never began will never end; what was told to end and takes its time is not waited for.
            begun = session.address is not None and session.over
            if not begun:
                self._session = None
                self._feed.leave(error)
            raise
        finally:
            if begun:
                over = self._over if check is None else self._check_over
                session.follow(lambda event: over(shown) if event is None else None)
                look_around()
        if not self._with_page:
            forgotten.watch(self)
        if self._unwanted is session:
            session.end()
        return session

    def _next_session(self, **parts: Any) -> Session:
        found = self._calibration
        return Session(
            self.agent,
            self._service,
            recording=None if self._where is None else folder_in(self._where, name_of(self.agent)),
            changes=self._next.changes,
            calibration=None if found is None else found.to_dict(),
            **self._terms,
            **parts,
        )

    def _change_next(self, session: Mapping[str, Any] | None, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Change what the next call begins with; returns the ``session`` object of the change."""
        self._next, patch = self._next.changed(session, changes)
        self._feed.fact(turn_detection=_turn_detection(self._next.settings))
        return patch

    def _begin_anew(self) -> None:
        """End the call, and begin another one with turn detection left to the service again.

        A page that has the call does both, for it has the microphone.

        Raises:
            VoicenbError: why the other one could not begin, or that no page can do it.
        """
        session = self._held
        if self._with_page:
            self._page.begin_anew()
        else:
            self.end()
            self.update(turn_detection=None)
            self.start(session.microphone, speaker=session.speaker)

    def _give_up(self) -> None:
        """End the call, where it has not begun yet, as soon as it has; returns at once."""
        self._unwanted = self._session

    def _session_for_page(self, *, rejoin: bool, muted: bool = False, check: bool = False) -> Session:
        """The call for a page: the running one; else a new one, unless the page wants to ``rejoin``.

        A new one is shown as ``muted``, where the page begins it so; it may be a sound ``check``.
        """
        from voicenb.session.helper_host import HelperHost

        running = self._session
        if running is not None and not running.over:
            return running
        if rejoin:
            ended = SessionNotOpen("The call has ended.", remedy="Press Start for a new one.")
            raise (None if running is None else running.failure) or ended
        if replaced := self._siblings.replaced():
            raise replaced
        if self._transport == "browser":
            _check_formats(self.agent, self._next.settings)
        if check and self._check is None:  # a cell may wait for one already
            self._begin_check()
        # A sound check is held by the helper in any case: no page reaches its service.
        transport: TransportBy = "kernel" if self._check is not None else self._transport
        host = HelperHost(self._page.to_page, patience=self._patience, transport=transport)
        return self._begin({"muted": muted}, wait=False, host=host)

    def _over(self, call: ShownCall) -> None:
        """A call has ended; on the session's thread, so the rest is done elsewhere."""
        self._page.over()
        look_around()
        self._keeping.ask(self._keep, call)

    @property
    def _own_facts(self) -> dict[str, Any]:
        """What the panel shows of this Talk's calls, and otherwise of a sound check."""
        return {"agent": name_of(self.agent), "hints": self._hints, "transport": self._transport}

    def _begin_check(self) -> None:
        """A page wants a sound check, and nobody else waits for what is found: what it starts now is one."""
        from voicenb.widgets.sound_check import SoundCheck

        self._check = SoundCheck()
        self._checks.ask(self._hold_check, self._check, self._session)

    def _hold_check(self, check: SoundCheck, before: Session | None) -> None:
        from voicenb.widgets.sound_check import SLACK

        try:
            with check:
                found = self._measured(check, before, SLACK)
        except VoicenbError as error:
            if check.begun:  # otherwise the page that asked was told
                self._feed.fact(error=error_shown(error))
        else:
            self._checked(found)

    def _measured(self, check: SoundCheck, before: Session | None, timeout: float) -> Calibration:
        """What a check with a page finds; behind it the panel is ready for a call again."""
        try:
            return check.measured(timeout)
        finally:
            self._check = None
            self._page.notice(None)
            self._feed.fact(**self._own_facts)  # also where it failed
            if self._session is not before and not self._runs:
                self._session = before

    def _checked(self, found: Calibration) -> None:
        from voicenb.widgets.sound_check import told

        self._calibration = found
        self._page.notice(told(found))

    def _check_over(self, call: ShownCall) -> None:
        """A sound check has ended: nothing of it stays in the notebook, and the panel is ready for a call."""
        self._page.over()
        self._keeping.ask(self._forget, call)

    def _forget(self, call: ShownCall) -> None:
        self._feed.finish(call)  # the page knows by this that it is over
        self._feed.forget(**self._own_facts)

    def _keep(self, call: ShownCall) -> None:
        self._keepsake.keep(*self._feed.finish(call))
        self._hand_over()

    def _hand_over(self) -> None:
        """Give the page what stays in the notebook; one that was loaded anew must put it there itself."""
        if self._keepsake.kept is not None:
            self.send({"type": "keep", "bundle": self._keepsake.kept})


def _check_formats(agent: AgentLike, settings: Mapping[str, Any]) -> None:
    """Refuse sound that a page does not speak, in the words in which it was asked for."""
    for name, place in FORMATS.items():
        encoding = at_path(settings, place)
        if encoding not in (None, "audio/pcm"):
            called = place if isinstance(agent, Mapping) else name
            raise InvalidConfiguration(
                f"{called} is {encoding!r}, which a page that connects to the service does not speak.",
                remedy=f'Leave out transport="browser", or leave {called} at "audio/pcm".',
                param=called,
            )


def _turn_detection(settings: Mapping[str, Any]) -> dict[str, str]:
    """That of a ``session`` object, as the panel tells it before the call."""
    turns, mode = at_path(settings, "input.turn_detection"), at_path(settings, "input.transcription_mode")
    return turn_detection_state(turns, mode, running=False)
