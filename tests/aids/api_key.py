"""The API key of who runs the tests: out of the environment, so that no test uses it unasked."""

import os

KEY = os.environ.pop("ASSEMBLYAI_API_KEY", "")
