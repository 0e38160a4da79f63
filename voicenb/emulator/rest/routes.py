"""All routes of the REST side."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from voicenb.emulator.resources import Resources
from voicenb.emulator.rest.agents import AgentRoutes
from voicenb.emulator.rest.answers import Answers
from voicenb.emulator.rest.deliveries import DeliveryRoutes
from voicenb.emulator.rest.sessions import SessionRoutes
from voicenb.emulator.rest.subscriptions import SubscriptionRoutes
from voicenb.emulator.rest.tokens import TokenRoutes
from voicenb.emulator.rest.voices import VoiceRoutes


class Rest:
    """The REST side of one emulator.

    Args:
        resources: what the emulator is made of.

    Attributes:
        routes: for the app's router.
        exceptions: for the app: what is not found, not allowed, or went wrong.
        no_socket: answers an ordinary request where sessions are held.
    """

    def __init__(self, resources: Resources) -> None:
        answers = Answers(resources)
        self.routes: list[Route] = [
            *AgentRoutes(resources, answers).routes,
            *SessionRoutes(resources, answers).routes,
            *DeliveryRoutes(resources, answers).routes,
            *SubscriptionRoutes(resources, answers).routes,
            *TokenRoutes(resources, answers).routes,
            *VoiceRoutes(resources, answers).routes,
        ]
        self.no_socket = answers.no_socket
        self.exceptions: dict[Any, Any] = {
            404: answers.not_found,
            405: answers.method_not_allowed,
            Exception: answers.internal_error,
        }
