"""The wire contract as values: messages in both directions, their codec, and the conversation they make."""
