"""Values that are taken as somebody else tells them, without the checks of what people write."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

T = TypeVar("T")


def unchecked(kind: type[T], **told: Any) -> T:
    """A dataclass of these fields, made without its checks.

    The service knows what it stores, and may take more than this version knows of.

    Args:
        kind: the dataclass.
        **told: its fields; those that are left out have their defaults.
    """
    made = object.__new__(kind)
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        if field.name in told:
            value = told[field.name]
        elif field.default_factory is not dataclasses.MISSING:
            value = field.default_factory()
        else:
            value = field.default
        object.__setattr__(made, field.name, value)
    return made
