"""Recordings: what a call was, on disk: written while it runs, read while it runs and ever after."""
