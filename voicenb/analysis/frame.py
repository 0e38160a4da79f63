"""Rows as a pandas table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from voicenb.errors import MissingExtra, how_to_install

if TYPE_CHECKING:
    import pandas

DTYPES: dict[type, tuple[str, str]] = {
    bool: ("bool", "boolean"),
    int: ("int64", "Int64"),
    float: ("float64", "float64"),
    str: ("string", "string"),
}
"""pandas' names of our types: where there is always a value, and where there may be none."""


def frame(rows: Sequence[Mapping[str, Any]], dtypes: Mapping[str, str] | None = None) -> pandas.DataFrame:
    """A table of rows that have the same keys.

    Args:
        rows: a mapping each.
        dtypes: of the columns, which are then the same whatever the rows hold, and without rows as well; what
            is not in it is left to pandas.

    Raises:
        MissingExtra: pandas is not installed.
    """
    try:
        import pandas as pd
    except ModuleNotFoundError as error:
        raise MissingExtra("Tables need pandas.", remedy=f"{how_to_install('data')} brings it.") from error
    if dtypes is None:
        return pd.DataFrame(list(rows))
    table = {name: pd.Series([row[name] for row in rows], dtype=kind) for name, kind in dtypes.items()}
    return pd.DataFrame(table)


def dtypes_of(kind: type) -> dict[str, str]:
    """The types of pandas' for a dataclass's attributes, by name; ``"object"`` where it has none for one.

    Args:
        kind: the dataclass.
    """
    return {name: _dtype(hint) for name, hint in get_type_hints(kind).items()}


def _dtype(hint: Any) -> str:
    plain = _plain(hint)
    named = plain - {NoneType}
    if len(named) != 1:
        return "object"
    always, perhaps = DTYPES.get(named.pop(), ("object", "object"))
    return perhaps if NoneType in plain else always


def _plain(hint: Any) -> set[type]:
    """The types that a value may have; of a literal those of its values."""
    origin = get_origin(hint)
    if origin is Literal:
        return {type(value) for value in get_args(hint)}
    if origin is None:
        return {hint}
    if origin in (tuple, list, dict):
        return {origin}
    return {kind for each in get_args(hint) for kind in _plain(each)}
