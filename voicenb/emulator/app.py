"""The ASGI application: the conversation socket, the REST side, and a page that says what this is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from voicenb.emulator.faults_text import write
from voicenb.emulator.loopback import ORIGINS, LoopbackOnly
from voicenb.emulator.request_journal import RequestJournal
from voicenb.emulator.rest.routes import Rest
from voicenb.emulator.session import EmulatedSession

if TYPE_CHECKING:
    from voicenb.emulator.emulator import Emulator

SOCKETS = ("/v1/ws", "/v1/realtime")
"""Where sessions are held; older programs use the second one."""

REMEMBERED = 500
"""Sessions; beyond these the oldest that have ended are forgotten."""


def application(emulator: Emulator) -> Starlette:
    """The emulator's app. It needs no lifespan and runs on any loop."""

    async def talk(socket: WebSocket) -> None:
        session = EmulatedSession(emulator.resources)
        emulator.sessions.append(session)
        over = [old for old in emulator.sessions if old.ended_by]
        for old in over[: max(0, len(emulator.sessions) - REMEMBERED)]:
            emulator.sessions.remove(old)
        await session.run(socket)
        if session.came_back is not None:  # it was no session of its own
            emulator.sessions.remove(session)

    async def about(request: Request) -> Response:
        del request
        resources = emulator.resources
        return JSONResponse(
            {
                "service": "voicenb emulator",
                "profile": resources.profile.name,
                "brain": emulator.brain_name,
                "ears": resources.ears.name if resources.ears else "none",
                "mouth": resources.mouth.name if resources.warmed else None,
                "warm": resources.warmed,
                "notice": resources.notice,
                "faults": [write(fault) for fault in emulator.faults],
                "sessions": sum(1 for session in emulator.sessions if not session.ended_by),
            }
        )

    rest = Rest(emulator.resources)
    # Beyond loopback nobody comes in without the key, from whatever page.
    pages: dict[str, Any] = {"allow_origin_regex": ORIGINS} if emulator.loopback else {"allow_origins": ["*"]}
    guard = [Middleware(LoopbackOnly)] if emulator.loopback else []
    return Starlette(
        routes=[
            *(WebSocketRoute(path, talk) for path in SOCKETS),
            *(Route(path, rest.no_socket, methods=["GET"]) for path in SOCKETS),
            Route("/", about, methods=["GET"]),
            *rest.routes,
        ],
        middleware=[
            Middleware(RequestJournal),
            *guard,
            Middleware(
                CORSMiddleware,
                **pages,
                allow_methods=["*"],
                allow_headers=["*"],
                expose_headers=["X-Request-Id"],
            ),
        ],
        exception_handlers=rest.exceptions,
    )
