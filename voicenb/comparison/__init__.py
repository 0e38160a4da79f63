"""Two agents side by side: what differs, setting by setting."""
