"""Voices: synthesisers, and what turns a reply into clauses that they can say."""
