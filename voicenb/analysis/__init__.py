"""What happened in a call, and where the time went: measured from a recording, also while the call runs."""
