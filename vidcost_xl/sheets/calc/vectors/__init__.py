"""Formulas of many cells computed at once: every copy of a formula is one line of arrays."""
