"""Running a plan's engine on the running loop: what all hosts have in common."""

from __future__ import annotations

from collections.abc import Callable

from voicenb.session.engine import Engine
from voicenb.session.events import Keeper, Publish
from voicenb.session.host import Plan


def engine_of(plan: Plan, publish: Publish) -> Engine:
    """The engine of a plan, made for the running loop.

    Raises:
        RecordingError: the folder cannot be written.
    """
    from voicenb.session.microphones import Silence
    from voicenb.session.speakers import Captured

    if plan.connect is not None:
        connect = plan.connect
    else:
        from voicenb.session.web import connect
    keeper: Keeper | None = None
    if plan.folder is not None:
        from voicenb.recording.recorder import Recorder

        keeper = Recorder(
            plan.folder,
            about=plan.about,
            secrets=[plan.address.key],
            on_error=lambda error: engine.complain(error),
        )
    engine = Engine(
        plan.address,
        plan.session,
        connect=connect,
        microphone=plan.microphone or Silence(),
        speaker=plan.speaker or Captured(),
        publish=publish,
        keeper=keeper,
        limits=plan.limits,
        on_lost=plan.on_lost,
        barge_in=plan.barge_in,
        processor=plan.processor,
    )
    return engine


async def hold(plan: Plan, publish: Publish, begun: Callable[[Engine], None]) -> None:
    """Run the engine of a plan to its end.

    What ends the session is told by its events; only what keeps it from beginning is raised.

    Args:
        plan: the session.
        publish: takes every event.
        begun: is given the engine before it runs.

    Raises:
        RecordingError: the folder cannot be written.
    """
    engine = engine_of(plan, publish)
    begun(engine)
    try:
        await engine.run()
    except Exception as error:
        if error is not engine.error:
            raise
