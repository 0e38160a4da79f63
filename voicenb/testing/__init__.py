"""Conversations without people: scripted callers, the virtual clock, and runs of both."""
