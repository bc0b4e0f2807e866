"""A workbook looked at by others: the finance rules, the hand-off, the signature, and what each needs to know."""
