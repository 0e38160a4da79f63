"""The emulator: a local server that speaks the service's contract, or just its app for the virtual clock."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from voicenb.audio.processor import InPlaceProcessor, Processor, ThreadProcessor
from voicenb.emulator import arguments, parts
from voicenb.emulator.auth import Doorkeeper
from voicenb.emulator.budget import EXPRESS, Budget
from voicenb.emulator.clock import FIXED_START, Stamps
from voicenb.emulator.database import Database
from voicenb.emulator.faults import Fault
from voicenb.emulator.faults_plan import Faults
from voicenb.emulator.history import History
from voicenb.emulator.history_audio import Audio
from voicenb.emulator.history_links import Links
from voicenb.emulator.http_tools import HttpTools
from voicenb.emulator.ids import Identifiers
from voicenb.emulator.mouth import Mouth
from voicenb.emulator.profiles import PROFILES, LeadingSilence, Profile
from voicenb.emulator.recognizer import Recognizer
from voicenb.emulator.resources import Resources
from voicenb.emulator.store import AgentStore
from voicenb.emulator.webhooks import Subscriptions
from voicenb.emulator.webhooks_deliveries import Deliveries
from voicenb.emulator.webhooks_post import HttpPost
from voicenb.emulator.webhooks_sender import Webhooks
from voicenb.errors import InvalidConfiguration, MissingExtra, ServiceUnreachable, how_to_install
from voicenb.loopback import is_loopback
from voicenb.service.address import Address
from voicenb.turn_taking.completeness import CompletenessLike, judge_of

if TYPE_CHECKING:
    from voicenb.emulator.brains.choose import BrainFactory
    from voicenb.emulator.server import Server
    from voicenb.emulator.session import EmulatedSession

_log = logging.getLogger(__name__)

PLACES = 2
"""Recognitions and clauses at work at once, over all sessions."""

THINKERS = 16
"""Brains that are Python callables and not async, at work or waiting at once."""

WAITING = 16
"""HTTP tools that are waited for at once."""


class Emulator:
    """A voice-agent service on this machine.

        with vn.Emulator(brain=lambda text: "You said: " + text) as emulator:
            with vn.Session(agent, service=emulator, microphone=vn.WavFile("caller.wav")) as session:
                session.wait_until_answered(timeout=10)

    Entered, it runs a server on a thread of its own. Not entered, ``app`` is the same service as an ASGI app,
    which needs no lifespan and runs on whatever loop it is called on.

    Args:
        brain: what thinks: None for what is found, ``"rules"``, ``"openai:MODEL"``, a script's path, any
            callable, or a `Brain`.
        recognizer: the ears; None takes what is installed, and no ears when nothing is.
        mouth: ``"piper"``, ``"espeak"``, a `Mouth`, or None for the best that is installed.
        profile: ``"contract"`` or ``"live"``.
        key: the only API key that passes; None lets any non-empty one pass.
        host: where to listen.
        port: where to listen; 0 takes a free one.
        voice: a Piper voice (``.onnx``) to speak with.
        leading_silence: seconds of silence before every reply, instead of the profile's; 0 switches it off.
        processor: where ears and mouth work: threads when None. With an `InPlaceProcessor` (the virtual
            clock) the emulator repeats itself: identifiers counted (without a ``store``), a fixed start, a
            mouth without noise.
        seed: for the identifiers and whatever else is random, where the emulator repeats itself.
        script: path of a script for the scripted brain, instead of ``brain``.
        local_tools: whether HTTP tools, and agents' own language models, may be on this machine and in
            private networks, and without encryption. The service refuses such addresses; to test a tool of
            one's own there are no others.
        rate_limit: whether sound that comes faster than real time (beyond ten seconds ahead) is dropped, and
            that told, where the profile says so; programs that send whole files at once need it off.
        store: path of a file that keeps agents, sessions, webhook subscriptions and tokens; None keeps them
            in memory, as long as the emulator is there. It has secrets in it (headers of HTTP tools, keys of
            models, webhook secrets), so only its owner may read it (mode 0600).
        webhooks_outside: whether webhooks are sent to addresses beyond loopback too.
        completeness: says whether what the caller said looks complete: ``vn.SmartTurn()`` by the sound, a
            function of the words so far, any :class:`~voicenb.turn_taking.completeness.Completeness`. What
            looks complete ends a turn at ``min_silence``, all else at ``max_silence``. None: from the words.
        faults: what goes wrong on purpose, for tests: :class:`~voicenb.emulator.faults.Fault` values, or
            their texts (``"drop@12s"``); see ``voicenb emulator --help``. :attr:`faults` changes it later.

    Attributes:
        sessions: running and finished ones, oldest first.
        brain_name: what thinks, e.g. ``"rules"``.
        brain_host: the host to which what callers say is sent; empty where it stays in this process.
        resources: what it is made of.

    Raises:
        InvalidConfiguration: an argument that cannot be (a profile or mouth that there is none of, a port,
            silence, key, judge or fault that cannot be), ``brain`` beside ``script``, a mouth that takes no
            ``voice``, a host that others can reach without a key, or a ``store`` that cannot be opened, is
            in use by another emulator, or is something else.
        AudioError: ``voice`` is not there.
        MissingExtra: ``voice`` is for Piper, which is not installed.
    """

    def __init__(
        self,
        brain: Any = None,
        recognizer: Recognizer | None = None,
        mouth: Mouth | str | None = None,
        profile: str | Profile = "contract",
        key: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        voice: Path | str | None = None,
        leading_silence: float | None = None,
        processor: Processor | None = None,
        seed: int = 0,
        script: Path | str | None = None,
        store: Path | str | None = None,
        webhooks_outside: bool = False,
        local_tools: bool = False,
        faults: Iterable[Fault | str] | Fault | str = (),
        rate_limit: bool = True,
        completeness: CompletenessLike | None = None,
    ) -> None:
        arguments.check_profile(profile)
        arguments.check_port(port)
        arguments.check_key(key)
        arguments.check_recognizer(recognizer)
        arguments.check_mouth(mouth)
        arguments.check_leading_silence(leading_silence)
        arguments.check_brain(brain, script)
        arguments.check_store(store)
        judge = judge_of(completeness)
        going_wrong = Faults(faults)
        self.loopback = is_loopback(host)
        if not self.loopback and key is None:
            raise InvalidConfiguration(
                f"On {host} others can reach the emulator, and any key would pass.",
                remedy="Give a key (key=, in the shell --key), or listen on 127.0.0.1.",
                host=host,
            )
        self.host, self.port = host, port
        self.sessions: list[EmulatedSession] = []
        # Any key passes when none is given; our own address still needs one.
        self._key = key if key is not None else "emulator-" + secrets.token_urlsafe(16)
        self._server: Server | None = None
        self._stopped = False
        chosen = PROFILES[profile] if isinstance(profile, str) else profile
        chosen = replace(chosen, rate_enforced=chosen.rate_enforced and rate_limit)
        repeats = isinstance(processor, InPlaceProcessor)
        # Counted from the beginning again they would meet those that a file has kept.
        counted = seed if repeats and store is None else None
        ids, stamps = Identifiers(counted), Stamps(FIXED_START if repeats else None)
        at_work = processor or ThreadProcessor(PLACES + EXPRESS)
        if brain is None and repeats:
            brain = "rules"  # what else is found on this machine would answer otherwise on the next
        # Threads of their own: a callable that waits for a model must not hold up ears and mouth.
        self._thinking = processor or ThreadProcessor(THINKERS)
        self._waiting = processor or ThreadProcessor(WAITING)
        brains = _brains(script if script is not None else brain)
        self.brain_name, self.brain_host = brains.name, brains.host
        make_mouth = _mouths(mouth, voice, repeats=repeats)
        if voice is not None:
            make_mouth()  # its file is looked for now, and not when somebody calls
        database = Database(store)
        # By identifiers of its own, so that it takes no number of those that are counted.
        secret = database.secret("signing", Identifiers(counted).secret())
        self.resources = Resources(
            profile=chosen,
            processor=at_work,
            budget=Budget(at_work, PLACES),
            ids=ids,
            stamps=stamps,
            door=Doorkeeper(key, ids, database, secret, enforce=chosen.tokens_enforced),
            database=database,
            agents=AgentStore(ids, stamps, chosen, database, local_tools=local_tools),
            history=History(database),
            audio=Audio(database, at_work),
            links=Links(secret),
            webhooks=Webhooks(
                Subscriptions(database, ids, stamps, loopback=self.loopback),
                Deliveries(database, ids, stamps),
                ids,
                stamps,
                None if repeats else HttpPost(at_work),
                outside=webhooks_outside,
            ),
            make_mouth=make_mouth,
            make_ears=lambda: recognizer or parts.ears(repeats=repeats),
            make_brain=lambda: brains(self._thinking),
            http_tools=HttpTools(local=local_tools),
            waiting=self._waiting,
            completeness=judge,
            leading_silence=None if leading_silence is None else LeadingSilence.uniform(leading_silence),
            seed=seed if repeats else None,
            faults=going_wrong,
            preload=not repeats,
            notice=brains.notice,
        )

    @cached_property
    def app(self) -> Any:
        """The ASGI application.

        Raises:
            MissingExtra: what it is made with is not installed.
        """
        try:
            from voicenb.emulator.app import application
        except ModuleNotFoundError as missing:
            raise _lacks(missing) from None
        return application(self)

    @property
    def url(self) -> str:
        """Where the REST side is, e.g. ``"http://127.0.0.1:8765"``."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose: ``add``, ``remove`` and ``clear`` it while it runs, on any thread."""
        return self.resources.faults

    def address(self) -> Address:
        """Where sessions connect to; not entered, the address names the app and no port.

        The key in it is a random one when any passes.
        """
        return Address(
            url=f"ws{self.url.removeprefix('http')}/v1/ws",
            key=self._key,
            kind="emulator",
            profile=self.resources.profile.name,
            brain=self.brain_name,
        )

    # --- as a server ---

    def start(self) -> Emulator:
        """Listen, on a thread.

        Raises:
            ServiceUnreachable: the port is taken.
            InvalidConfiguration: it has been stopped before.
            MissingExtra: the server is not installed.
        """
        if self._server is not None:
            return self
        if self._stopped:
            raise InvalidConfiguration("This emulator has been stopped.", remedy="Make another one.")
        try:
            from voicenb.emulator.server import Server
        except ModuleNotFoundError as missing:
            raise _lacks(missing) from None
        self.resources.find_ears()
        self._server = Server(self.app, self.host, self.port)
        try:
            self.port = self._server.start()
        except OSError as error:
            self._server = None
            raise ServiceUnreachable(
                f"The emulator cannot listen on {self.host}:{self.port}: {error.strerror or error}.",
                remedy="Give another port, or 0 for a free one.",
            ) from None
        return self

    def stop(self) -> None:
        """End all sessions and the server, and let go of the ``store``; may be called twice."""
        server, self._server = self._server, None
        if server is None:
            if self.resources.database.keeps:
                self._stopped = True
                self.resources.audio.close()
                self.resources.database.close()
            return
        self._stopped = True
        server.stop(self._end_sessions)
        self.resources.audio.close()
        self.resources.database.close()
        self.resources.processor.close()
        self._thinking.close()
        self._waiting.close()

    def _end_sessions(self) -> None:
        for session in self.sessions:
            session.end("stop")

    def warm_up(self, then: Callable[[], None] | None = None) -> None:
        """Load ears and mouth now, in the background of a running server, and call ``then``."""

        async def warm() -> None:
            await self.resources.warm()
            if then is not None:
                then()

        if self._server is not None:
            self._server.spawn(warm)

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, error, trace
        self.stop()

    def __repr__(self) -> str:
        state = f"at {self.url}" if self._server is not None else "not listening"
        return f"<Emulator {state}, {self.resources.profile.name} profile>"


def _lacks(missing: ModuleNotFoundError) -> MissingExtra:
    return MissingExtra(
        f"The emulator needs {missing.name}.", remedy=f"{how_to_install('emulator')} brings it."
    )


def _mouths(mouth: Mouth | str | None, voice: Path | str | None, *, repeats: bool) -> Callable[[], Mouth]:
    if mouth is not None and not isinstance(mouth, str):
        return lambda: mouth
    return lambda: parts.mouth(mouth, None if voice is None else str(voice), repeats=repeats)


def _brains(brain: Any) -> BrainFactory:
    from voicenb.emulator.brains.choose import brain_factory

    factory = brain_factory(brain)
    if factory.notice:
        _log.warning(factory.notice)
    return factory
