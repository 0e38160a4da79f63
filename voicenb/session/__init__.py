"""The session: its engine, the engine's two hosts, transports, microphones and speakers without a browser."""
