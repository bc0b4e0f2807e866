"""`python -m vidcost_xl`: the same as the command `vidcost`."""

from vidcost_xl.cli import main

if __name__ == "__main__":
    main()
