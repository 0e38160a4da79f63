"""Brains: rules without a model, scripts, any Python callable, an OpenAI-compatible endpoint."""
