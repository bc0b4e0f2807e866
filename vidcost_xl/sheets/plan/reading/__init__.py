"""A plan read back from a workbook that somebody worked in, and carried into the next one."""
