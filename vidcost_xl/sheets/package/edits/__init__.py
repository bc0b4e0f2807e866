"""Changes of a user's file beyond values: sheets, cells, looks and parts added or taken out, all else byte for byte."""
