"""A user's files: which are refused, where a result goes, and writing it without losing anything."""
