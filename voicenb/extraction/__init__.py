"""Structured data out of what was said in a call, by a language model, and checked."""
