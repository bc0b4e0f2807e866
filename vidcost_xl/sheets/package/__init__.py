"""An .xlsx read and patched byte for byte. Knows no formula."""
