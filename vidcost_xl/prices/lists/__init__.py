"""Providers' price lists, read from a file and compared with the book; what maps their keys to meters is `data/`."""
