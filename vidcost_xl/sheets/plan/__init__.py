"""The template `model`: a whole plan, month by month, computed by the functions and by native formulas."""
