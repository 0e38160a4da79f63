"""A part of a file, as players ask for it when somebody seeks and downloads when they go on."""

from __future__ import annotations

import re

from starlette.responses import Response

_ONE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def partial(data: bytes, media_type: str, asked: str | None) -> Response:
    """The file, or the one range of it that is asked for.

    Args:
        data: the whole file.
        media_type: its content type.
        asked: the request's ``Range``; several ranges, or another unit, get the whole file.
    """
    headers = {"Accept-Ranges": "bytes"}
    match = _ONE.fullmatch((asked or "").strip())
    if match is None or match.group() == "bytes=-":
        return Response(data, headers=headers, media_type=media_type)
    first, last = match.groups()
    size = len(data)
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    else:
        start, end = max(0, size - int(last)), size - 1
    if start > end or start >= size:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return Response(data[start : end + 1], 206, headers, media_type)
