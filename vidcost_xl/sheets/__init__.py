"""Workbooks: declared as data, rendered by openpyxl, computed before they are written."""
