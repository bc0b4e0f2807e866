"""What the formulas of a file say: tokens, references, what reads what."""
