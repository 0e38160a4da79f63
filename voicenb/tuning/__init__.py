"""What-if: recorded calls under other settings, decided by the code that decides live, and scored."""
