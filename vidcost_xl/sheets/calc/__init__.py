"""Formulas computed as Excel does, or left and listed: the embedded engine, and LibreOffice as the second opinion."""
