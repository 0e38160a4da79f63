"""The REST side: stored agents, temporary tokens, session history, webhooks."""
