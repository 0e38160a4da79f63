import sys
from pathlib import Path

# The scripted service of the session's tests.
sys.path.insert(0, str(Path(__file__).parents[1] / "session" / "aids"))
