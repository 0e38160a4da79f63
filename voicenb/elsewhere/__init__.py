"""Calls that took place elsewhere, from the service's session history, as recordings."""
