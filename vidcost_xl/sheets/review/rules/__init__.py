"""What a finance reviewer checks, measured: `vidcost check`.

`data/rules.toml` declares every rule and every check; `reading` turns a file into a view of
plain values without executing or following anything; each check is a pure function from that
view to findings; `run` decides which checks judge which file.
"""
