"""Bindings of the function registry to spreadsheet engines, one module an engine, and nothing else."""
