"""Sound as numbers: PCM16, WAV, resampling, voice activity, and the seam for processor work."""
