"""What a finance reviewer checks, measured: `vidcost check`.

`data/rules.toml` declares every rule and every check; `view` is the workbook as the checks look
at it, read by package and formulas without executing or following anything; each check is a
pure function from that view to findings; `run` decides which checks judge which file.
"""
