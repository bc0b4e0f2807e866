"""Two plans side by side, and the workbooks that results are written to."""
