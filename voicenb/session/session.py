"""Session: a conversation with a voice agent, held elsewhere, begun, changed and ended here."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voicenb.errors import AudioError, InvalidConfiguration, SessionNotOpen, VoicenbError, WaitTimeout
from voicenb.policy import Policy, check_policy
from voicenb.protocol.actions import RunTool
from voicenb.protocol.barge_in import USUAL, BargeInMode, check_barge_in
from voicenb.protocol.settings import at_path, check_update, in_two, merge
from voicenb.protocol.turn_defaults import whole_update
from voicenb.service.address import Address
from voicenb.service.resolve import check_service
from voicenb.session import dropped, exits
from voicenb.session.beginning import Beginning
from voicenb.session.devices import check_devices, check_ducks
from voicenb.session.dropped import loosely
from voicenb.session.encodable import check
from voicenb.session.followed import Followed
from voicenb.session.host import Call, Host, PagedCall, PageMessage, Plan
from voicenb.session.in_force import InForce
from voicenb.session.limits import Limits
from voicenb.session.loop_thread import session_thread, user_thread
from voicenb.session.microphone import Microphone
from voicenb.session.on_lost import OnLost, check_on_lost
from voicenb.session.opening import (
    AgentLike,
    ServiceLike,
    about,
    folder_for,
    locate,
    name_of,
    settings_of,
    tools_of,
)
from voicenb.session.patches import patch_of
from voicenb.session.policing import Policing
from voicenb.session.speaker import Speaker
from voicenb.session.thrift import IDLE_END, MAX_DURATION, Seconds, chosen
from voicenb.session.tool_runner import DaemonThreads, ToolRunner

if TYPE_CHECKING:
    from voicenb.recording.recording import Recording

PATIENCE = 15.0
"""Seconds that methods wait for the engine beyond its own limits, so that they never hang."""


class Session(Followed):
    """One conversation with a voice agent: begins with :meth:`start` or ``with``, ends with :meth:`end`.

    The session is held by an engine on another thread or in another process; this object follows its events,
    runs the agent's tools and hands commands over. All methods may be called from any thread, and none needs
    an event loop.

    Keep it in a variable: one that is dropped while it is open is ended, with a ``ResourceWarning``.

    Args:
        agent: an :class:`~voicenb.agent.Agent`, the id of a stored one, or a ``session`` object.
        service: who answers: ``"hosted"``, ``"emulator"``, an address like ``"ws://127.0.0.1:8765"``,
            ``vn.Hosted(…)`` or ``vn.Emulator()``; None is the hosted service where ``ASSEMBLYAI_API_KEY`` is
            set and the emulator elsewhere.
        microphone: the caller's voice; silence by default.
        speaker: takes the agent's voice; by default it is kept (:class:`~voicenb.session.speakers.Captured`).
        recording: the folder of the recording; None keeps it among ``vn.recordings()``, False makes none.
        changes: a ``session`` object over the agent's own settings. Over those of a stored agent it is sent
            when that is ready, so it cannot change what is frozen by then.
        policy: changes settings by itself while the session runs, as :class:`~voicenb.policy.AfterQuestion`.
        max_duration: seconds after which the session ends; None for no limit. In a notebook it is an hour
            unless you say otherwise, elsewhere there is no limit.
        idle_end: seconds without a word, of either side, after which it ends; in a notebook five minutes
            unless you say otherwise.
        on_lost: what follows where the connection is lost and the service does not resume the session:
            ``"restart"`` begins another one, which is told what was said so far; ``"end"`` ends this one.
        barge_in: what becomes of the agent's voice while the caller speaks over it. ``"flush"``: it falls
            silent when the service says that the caller speaks; ``"duck"``: it is 14 dB quieter as soon as
            an ear of its own hears the caller, 0.1 to 0.2 s behind the onset, falls silent as with
            ``"flush"``, and is back 3.2 s behind the onset where the service says nothing; ``"wait"``: it
            falls silent when the service ends the reply. ``vn.stops`` compares them.
        calibration: of ``talk.check()``, as JSON has it; kept in the recording's ``session.json``.
        host: what holds the session; by default a thread of this process.

    Raises:
        InvalidConfiguration: that is no agent, service, microphone, speaker, policy, ``barge_in`` or number
            of seconds, ``changes`` of a stored one that cannot work, or a speaker without ``duck(gain)``
            where ``barge_in`` needs one.

    Attributes:
        microphone: the microphone.
        speaker: the speaker.

    Example:
        >>> with vn.Session(agent, microphone=vn.WavFile("caller.wav")) as session:  # doctest: +SKIP
        ...     session.wait_until_answered(timeout=10)
    """

    def __init__(
        self,
        agent: AgentLike,
        service: ServiceLike = None,
        microphone: Microphone | None = None,
        speaker: Speaker | None = None,
        *,
        recording: str | os.PathLike[str] | bool | None = None,
        changes: Mapping[str, Any] | None = None,
        policy: Policy | None = None,
        max_duration: Seconds = ...,
        idle_end: Seconds = ...,
        on_lost: OnLost = "end",
        barge_in: BargeInMode = USUAL,
        calibration: Mapping[str, Any] | None = None,
        host: Host | None = None,
    ) -> None:
        """A session to come; ``help(vn.Session)`` tells of ``service``, ``microphone`` and the rest."""
        check_devices(microphone, speaker)
        check_service(service)
        check_on_lost(on_lost)
        check_policy(policy)
        check_barge_in(barge_in)
        check_ducks(barge_in, speaker)
        if changes is not None and not isinstance(changes, Mapping):
            raise InvalidConfiguration(f"changes must be a dict, not {type(changes).__name__}.")
        super().__init__(microphone, loosely(self._run_tool), loosely(self._complain))
        self.agent = agent
        self.speaker = speaker
        self._service = service
        settings, over = settings_of(agent), changes or {}
        # Over a stored one it goes out when that is ready; what it has in force is known then.
        self._settings = merge(settings, over if "agent_id" in settings else whole_update(over, settings))
        self._second = in_two(self._settings)[1]
        if self._second:
            check_update(self._second, first=False)
        self._where = recording
        self._on_lost = on_lost
        self._barge_in = barge_in
        self._calibration = calibration
        self._policy = policy
        self._longest = chosen("max_duration", max_duration, MAX_DURATION)
        self._idle = chosen("idle_end", idle_end, IDLE_END)
        self._host = host
        self._let_go: Callable[[], None] = lambda: None
        self._starting = threading.Lock()
        self._beginning: Beginning | None = None
        self._address: Address | None = None
        self._limits = Limits()
        self._folder: Path | None = None
        self._tools = ToolRunner(tools_of(agent), loosely(self._tell), DaemonThreads())

    # --- beginning and end ---

    def start(self, *, wait: bool = True) -> Session:
        """Begin. With ``wait``, returns when the service is ready.

        Raises:
            SessionNotOpen: it was started before; a session is held once.
            VoicenbError: why it could not begin.
        """
        with self._starting:
            if self._call is not None:
                raise SessionNotOpen(
                    "This session was started before.", remedy="Make a new Session for another call."
                )
            try:
                self._begin()
            except BaseException as error:
                self._call_off(error)
                raise
        if wait:
            try:
                # The state follows the message by an event: whoever asks next should not see the old one.
                self._mirror.wait(
                    lambda: (
                        self._mirror.conversation.ready
                        and self._mirror.state != "connecting"
                        and self._adjusted()
                    ),
                    self._limits.ready + PATIENCE,
                    "session.ready",
                    since=0,
                )
            except BaseException as error:
                self._call_off(error)
                raise
        return self

    def _begin(self) -> None:
        host = self._host
        if host is None:
            from voicenb.session.microphones import Silence
            from voicenb.session.speakers import Captured
            from voicenb.session.thread_host import ThreadHost

            host = ThreadHost()
            self.microphone = self.microphone or Silence()
            self.speaker = self.speaker or Captured()
        self._address, connect = locate(self._service)
        if self._host is None and connect is None:
            from voicenb.session import relayed

            if relayed.wanted(self._address, self._service):
                connect = relayed.connect
        told = about(
            self.agent,
            self._settings,
            self._address,
            _label(self.microphone),
            _label(self.speaker),
            self._barge_in,
        )
        if callable(tells := getattr(self.microphone, "about", None)):
            told |= tells()  # its values grow during the call, and are written as they stand at its end
        if self._calibration is not None:
            told["calibration"] = dict(self._calibration)
        check(told, "The agent")
        self._folder = folder_for(self.agent, self._where)
        self._limits = replace(Limits.towards(self._address), longest=self._longest, idle=self._idle)
        if self._policy is not None:
            policing = Policing(self._policy, loosely(self._change_for), loosely(self._complain))
            self._observers.add(policing.take, None)
        plan = Plan(
            self._address,
            self._settings,
            folder=self._folder,
            about=told,
            microphone=self.microphone,
            speaker=self.speaker,
            connect=connect,
            limits=self._limits,
            on_lost=self._on_lost,
            barge_in=self._barge_in,
        )
        self._beginning = Beginning(lambda: self._have_held(host, plan))
        self._beginning.run()
        self._beginning = None  # it refers to this session
        call = self._started()
        let_go = self._let_go = exits.watch(call)
        call.done.add_done_callback(lambda _: let_go())

    def _have_held(self, host: Host, plan: Plan) -> None:
        # Whoever feeds this session must not keep it: one that nobody refers to any more is ended.
        self._call = host.hold(plan, loosely(self._take))
        self._call.done.add_done_callback(loosely(self._finished))
        dropped.watch(self, self._call, name_of(self.agent))

    def end(self) -> None:
        """End the session; returns when the service has been told and the recording is closed.

        May be called twice.

        Raises:
            WaitTimeout: it did not end in time, and may go on being billed.
        """
        call = self._call
        if call is None:
            return
        begin = time.monotonic()
        try:
            self._wait_for(call.request({"do": "end"}), PATIENCE)
        except InvalidConfiguration:
            raise  # asked for where it cannot be waited for
        except Exception:  # it has ended by itself; why is told by whatever was waited for, and by `failure`
            pass
        left = max(1.0, begin + PATIENCE - time.monotonic())
        with self._mirror.changed:
            if not self._mirror.changed.wait_for(lambda: self._mirror.over, left):
                raise self._still_open(time.monotonic() - begin)
        self._let_go()

    def _still_open(self, seconds: float) -> WaitTimeout:
        paid = self._address is not None and self._address.kind != "emulator"
        return WaitTimeout(
            f"The session did not end within {seconds:.0f} s: it may still be open"
            f"{', and the service bills an open one' if paid else ''}.",
            remedy="Call end() again, or end this Python process, which tries once more; "
            "a microphone, speaker or follower that blocks holds it up.",
            seconds=seconds,
            state=self.state,
            session_id=self.session_id,
        )

    def _call_off(self, error: BaseException) -> None:
        """End it because of ``error``; that it does not end is added to that, and takes no place of it."""
        if self._beginning is not None:
            self._beginning.call_off()
        try:
            self.end()
        except WaitTimeout as late:
            error.add_note(str(late))

    def __enter__(self) -> Session:
        if self._call is None:
            return self.start()
        self._check_open()
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if error is None:
            self.end()
        else:
            self._call_off(error)

    def _finished(self, done: Future[None]) -> None:
        self._mirror.finish(None if done.cancelled() else done.exception())
        self._followers.end()

    # --- what one can do while it runs ---

    def update(self, session: Mapping[str, Any] | None = None, **changes: Any) -> InForce:
        """Change settings of the running session; returns when the service has confirmed.

        Only what changes is sent. Any ``turn_detection`` switches the service's adaptive default off for the
        rest of the session; ``turn_detection=None`` keeps that where it is in force still.

        Args:
            session: a ``session`` object as the contract has it.
            **changes: settings by name: ``system_prompt``, ``tools``, ``turn_detection``, ``keyterms``, …;
                ``barge_in`` too, which is not the service's but our own.

        Returns:
            What is in force now of what was to change. As the last line of a cell it reads, e.g.,
            ``turn detection: min_silence 1400 ms, max_silence 4000 ms (confirmed by the service)``.

        Raises:
            ImmutableField: a setting that is frozen once the session has begun; nothing was sent.
            InvalidConfiguration: a value that cannot work; nothing was sent.
            ServiceError: the service refused; nothing of it is in force.
            WaitTimeout: no answer within five seconds.
            SessionNotOpen: the session is not running.
        """
        if "barge_in" in changes:
            return self._give_way(changes.pop("barge_in"), session, changes)
        adaptive: dict[str, Any] = {}
        if changes.get("turn_detection", ...) is None and self._adaptive(session):
            adaptive["turn_detection"] = changes.pop("turn_detection")
            if session is None and not changes:
                self._check_open()
                return InForce(adaptive, confirmed=True)
        patch, tools = patch_of(session, changes)
        # Known before the service knows: it may call one right behind its confirmation.
        take_back = self._tools.offer({tool.name: tool for tool in tools})
        try:
            seen = self._do({"do": "update", "session": patch})
        except WaitTimeout:
            raise  # it may still take effect
        except VoicenbError:
            take_back()
            raise
        # The engine's word may come before the event that says what is in force now. It lets one update out
        # after the other, so up to that number the answer to this one is there.
        self._mirror.wait(lambda: self._mirror.number >= seen, PATIENCE, "session.updated")
        with self._mirror.changed:
            told = InForce.of(patch, self._mirror.conversation.config, confirmed=True)
        return InForce({**told.settings, **adaptive}, confirmed=True)

    def _give_way(
        self, mode: BargeInMode, session: Mapping[str, Any] | None, changes: dict[str, Any]
    ) -> InForce:
        """Another ``barge_in``, and what else is to change; first what the service may refuse."""
        check_barge_in(mode)
        check_ducks(mode, self.speaker)
        others = self.update(session, **changes).settings if changes or session is not None else {}
        seen = self._do({"do": "barge_in", "mode": mode})
        self._mirror.wait(lambda: self._mirror.number >= seen, PATIENCE, "barge_in")
        return InForce({**others, "barge_in": mode}, confirmed=True)

    def reply(self, instructions: str | None = None) -> None:
        """Make the agent speak without being spoken to.

        Args:
            instructions: a directive for this one reply.

        Raises:
            InvalidConfiguration: the instructions are no text; nothing was sent.
            SessionNotOpen: the session is not running.
        """
        self._do({"do": "reply", "instructions": instructions})

    def message(self, text: str) -> None:
        """Let the caller type something: the agent answers as if it had been said.

        It is a line of the caller's in the transcript, and works without ears. It is sent as
        ``conversation.message``, which the contract never answers by itself, so the reply is asked for with
        ``reply.create``; that ends a reply under way. Others have observed that the hosted service took such
        messages and its model never saw them; there, speak.

        Args:
            text: the caller's words.

        Raises:
            InvalidConfiguration: there are no words in it; nothing was sent.
            SessionNotOpen: the session is not running.
        """
        self._do({"do": "message", "text": text})

    def send_audio(self, pcm: bytes) -> None:
        """Let the caller say something, at most a minute ahead of what was sent.

        It takes the place of the microphone's sound, sample for sample, at real-time pace.

        Args:
            pcm: PCM16 mono at 24 kHz, two bytes a sample, the lower first.

        Raises:
            AudioError: these are no bytes, or half a sample is among them; nothing is said.
            SessionNotOpen: the session is not running.
        """
        pcm = _bytes_of(pcm)
        at = self._mirror.now
        for start in range(0, len(pcm), 48_000):
            self._do({"do": "send_audio", "pcm": pcm[start : start + 48_000]}, timeout=120)
        self._waits.given(pcm, at)

    def say(self, text: str, voice: str | None = None) -> None:
        """Let the caller say something in a synthetic voice; returns when it is on its way.

        Args:
            text: the words.
            voice: one of the API's voice names; a caller's voice by default.

        Raises:
            InvalidConfiguration: ``text`` is no text, or the name of a ``.wav`` file.
            MissingExtra: no voice is installed.
            UnspeakableText: there is nothing in ``text`` that can be said.
        """
        from voicenb.audio.speech import check_voice, synthesise

        check_voice(voice)
        self.send_audio(synthesise(text, voice))

    def mute(self, muted: bool = True) -> None:
        """Send silence in place of the microphone, or no longer.

        Args:
            muted: whether silence is sent.

        Raises:
            InvalidConfiguration: ``muted`` is neither True nor False.
            SessionNotOpen: the session is not running.
        """
        if not isinstance(muted, bool):
            raise InvalidConfiguration(f"mute takes True or False, not {muted!r}.", param="muted")
        self._do({"do": "mute", "muted": muted})

    # --- the browser's page, where the host is the helper ---

    def page_ticket(self, origin: str) -> dict[str, Any]:
        """What lets one page in to this session, once: ``port``, ``secret``, ``nonce``, ``proof``.

        Args:
            origin: where the page says that it comes from; its browser will have to say so too.
        """
        call = self._paged()
        ticket: dict[str, Any] = self._wait_for(
            call.request({"do": "page_ticket", "origin": origin}), PATIENCE
        )
        return ticket

    def from_page(self, message: PageMessage) -> None:
        """Hand in what the page sent through this process (text, or a frame as bytes); returns at once.

        What goes the other way is given to the host's ``to_page``. A page that takes this way, or comes back
        on it, says ``{"type": "hello"}`` first.
        """
        self._paged().from_page(message)

    def _paged(self) -> PagedCall:
        call = self._started()
        if not isinstance(call, PagedCall):
            raise InvalidConfiguration("This session has no page.", remedy="Give it host=HelperHost().")
        return call

    # --- where it is ---

    @property
    def address(self) -> Address | None:
        """Where it is connected to; None before the start."""
        return self._address

    @property
    def recording(self) -> Recording | None:
        """The recording, also while it runs; None until its first file is written and where none is made."""
        from voicenb.recording.layout import is_recording

        if self._folder is None or not is_recording(self._folder):
            return None
        from voicenb.recording.recording import Recording

        return Recording(self._folder)

    def __repr__(self) -> str:
        where = self._address.label if self._address else "not started"
        return f"<Session with {getattr(self.agent, 'name', self.agent)!r}: {self.state}, {where}>"

    # --- inside ---

    def _adjusted(self) -> bool:
        """Whether what goes over a stored agent was answered, or nobody waits for that any more."""
        return not self._second or self._mirror.confirmations > 0 or self._mirror.complaints > 0

    def _adaptive(self, patch: Mapping[str, Any] | None) -> bool:
        """Whether turn detection is the service's adaptive default still, and ``patch`` leaves it so."""
        mirror, place = self._mirror, "input.turn_detection"
        with mirror.changed:
            told = at_path(mirror.conversation.config, place) if "agent_id" in self._settings else None
            sent = [
                event["msg"].get("session") for event in mirror.events if event["type"] == "session.update"
            ]
        return told is None and all(at_path(each, place) is None for each in (*sent, patch))

    def _change_for(self, policy: str, changes: Mapping[str, Any]) -> Future[Any] | None:
        """Ask for what a policy wants; returns at once."""
        patch, tools = patch_of(None, changes)
        if self._call is None or self.over:
            return None
        self._tools.offer({tool.name: tool for tool in tools})
        return self._call.request({"do": "update", "session": patch, "by": policy})

    def _run_tool(self, call: RunTool) -> None:
        user_thread().submit(self._tools.run(call))

    def _tell(self, command: Mapping[str, Any]) -> None:
        """Give a command that nobody waits for."""
        if self._call is not None:
            self._call.request(command).add_done_callback(_seen)

    def _complain(self, text: str) -> None:
        self._tell({"do": "log", "text": text})

    def _do(self, command: Mapping[str, Any], timeout: float = PATIENCE) -> Any:
        return self._wait_for(self._check_open().request(command), timeout)

    def _check_open(self) -> Call:
        call = self._started()
        if self.over:
            raise self.failure or SessionNotOpen("The session has ended.", remedy="Start a new one.")
        return call

    @staticmethod
    def _wait_for(future: Future[Any], timeout: float) -> Any:
        if session_thread().here:
            raise InvalidConfiguration("The session thread must not wait for itself.")
        try:
            return future.result(timeout)
        except FutureTimeout as late:
            if isinstance(late, VoicenbError):
                raise
            raise WaitTimeout(f"The engine did not answer within {timeout:g} s.") from None


def _bytes_of(pcm: object) -> bytes:
    """Audio given by hand, checked before any of it is said."""
    if not isinstance(pcm, bytes | bytearray | memoryview):
        array = hasattr(pcm, "tobytes")
        raise AudioError(
            f"Audio is given as the bytes of PCM16, not as {type(pcm).__name__}.",
            remedy="Of int16 samples: samples.tobytes(); of floats from -1 to 1: "
            "(samples * 32767).astype('<i2').tobytes(); both mono, at 24 kHz."
            if array
            else "",
        )
    pcm = bytes(pcm)
    if len(pcm) % 2:
        raise AudioError(f"PCM16 needs whole samples of two bytes; got {len(pcm)} bytes.", bytes=len(pcm))
    return pcm


def _label(device: Microphone | Speaker | None) -> str:
    return device.label if device is not None else "browser"


def _seen(done: Future[Any]) -> None:
    """Nobody waits for this one; a session that has ended meanwhile is no news."""
    if not done.cancelled():
        done.exception()
