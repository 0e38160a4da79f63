"""Ears: recognisers, and what helps them hear the words that matter."""
