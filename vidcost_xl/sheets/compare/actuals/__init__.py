"""The sheet Actuals: a bill against the plan of a workbook, the year's end, and all of it traced back to the files."""
