"""The rules, one module for what belongs together, in the order of the reference."""

ORDER = (
    *("login", "tokens", "frames", "audio", "client_events", "server_events", "settings", "mutability"),
    *("turn_detection", "order", "tools", "http_tools", "errors", "resume", "agents", "voices", "history"),
    *("webhooks", "own_llm", "emulating", "field_notes", "tolerance"),
)
