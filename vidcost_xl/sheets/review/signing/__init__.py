"""`vidcost sign` and `vidcost verify`: what a workbook said when it was signed, and exactly what changed since."""
