"""A program that starts a job which sleeps and has a child that sleeps; then what its first argument says happens.

napping.py cancel|dies|server-ends|answered COPY: prints the numbers of both processes, and what is said.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from vidcost_xl.addin import actions, jobs

SLEEP = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(300)"


def nap(copy):
    quiet = subprocess.DEVNULL
    Path(tempfile.mkdtemp(), "half").write_text("half")
    subprocess.Popen([sys.executable, "-c", SLEEP, str(noted(copy))], stdin=quiet, stdout=quiet, stderr=quiet)
    time.sleep(300)
    return copy


def answer(copy):
    Path(tempfile.mkdtemp(), "whole").write_text("whole")
    noted(copy).write_text(str(os.getpid()))
    return copy


def noted(copy):
    return Path(copy).parent.with_name("child")


def main(how, copy):
    child = noted(copy)
    number, _ = jobs.start("answer" if how == "answered" else "nap", "plan.xlsx", copy, "")
    while not child.exists() or not child.read_text():
        time.sleep(0.05)
    print(number, child.read_text())
    child.unlink()
    if how == "cancel":
        print(jobs.cancel(number))
    elif how == "dies":
        os.kill(number, signal.SIGKILL)
        while (said := jobs.state(number)).startswith("~"):
            time.sleep(0.05)
        print(said)
    else:
        if how == "answered":
            time.sleep(1)  # nobody fetches it
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)


actions.ACTIONS["nap"] = actions.Action("Nap", nap)
actions.ACTIONS["answer"] = actions.Action("Answer", answer)

if __name__ == "__main__":
    main(*sys.argv[1:])
