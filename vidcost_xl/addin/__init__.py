"""The Excel add-in: its file, its ribbon, its installer and its doctor."""
