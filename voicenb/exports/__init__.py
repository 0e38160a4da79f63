"""A call in the formats of other tools: subtitles, labels, tables, sound, traces."""
