"""What a notebook shows: Talk, and the machinery that brings the front end to the page."""
