"""A workbook as data: sheets, rows over time, addresses, looks. Knows no file."""
