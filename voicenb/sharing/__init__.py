"""A call as a page that explains it: what it shows, its sound, and the file."""
