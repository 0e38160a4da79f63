"""Made-up frames and bodies; ``aids`` makes them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "aids"))
