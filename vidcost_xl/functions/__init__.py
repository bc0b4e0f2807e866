"""The VIDEO_* functions: plain Python, one registry, no spreadsheet in sight."""
