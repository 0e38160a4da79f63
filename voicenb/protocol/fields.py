"""The fields of an agent on the wire, inline and stored, by where they stand."""

from __future__ import annotations

INPUT = (
    *("type", "format", "turn_detection", "keyterms", "transcription_mode", "transcription_prompt"),
    *("language_codes", "voice_focus", "voice_focus_threshold", "continuous_partials"),
)
OUTPUT = ("type", "format", "voice", "volume")

LANGUAGES = (
    *("en", "es", "de", "fr", "pt", "it", "tr", "nl", "sv"),
    *("no", "da", "fi", "hi", "vi", "ar", "he", "ja", "zh"),
)
"""Languages that the service is known to understand; of another it says nothing and understands nothing."""

STORED = ("name", "system_prompt", "greeting", "voice", "tools", "input", "output", "id")
"""Of an agent as the service stores it."""

ELSEWHERE = ("llm", "pre_connect_requests", "transfer_targets", "outbound_trunk_id", "caller_id")
"""What the service does for a stored agent only."""

ITS_OWN = ("created_at", "updated_at", "deleted_at")
"""What the service writes into a stored agent by itself."""

PLATFORM = frozenset({"aai_credit_card_luhn_check"})
"""Tools of the service's own, which one attaches by name alone and which it runs by itself."""

ONLY_STORED = frozenset({"name", "voice", "id", *ELSEWHERE})
"""Fields by which a stored agent is told from a ``session`` object."""
