"""From a declared workbook to the bytes of a file: openpyxl, charts, values put in."""
