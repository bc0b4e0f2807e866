"""Long work in processes of their own, so that the server goes on answering cells.

A job is started, asked how far it is, and ended; its number is that of its process. It ends by itself when the
server does, which is when Excel does. What it writes lies in a folder of its own until it is whole: of a job that was
ended, nothing remains. Nothing is imported from xlwings: the process starts without it.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Final

from vidcost_xl.addin.actions import ACTIONS, SEPARATOR, temporary
from vidcost_xl.analysis.progress import told_to
from vidcost_xl.errors import BadArgumentError, VideoCostError

#: Starts an answer that is a refusal.
REFUSED: Final = "?"
#: Starts an answer of a job that is not done: what the status bar shows.
NOT_YET: Final = "~"

#: Files in a job's folder: what is being done, and the answer once it is there.
_STEP: Final = "step"
_ANSWER: Final = "answer.json"

#: Seconds that a process may take to end once it is told to.
_END_SECONDS: Final = 10.0
#: Windows lets go of the files of a process a moment after it has ended.
_TRIES, _PAUSE = 20, 0.1

LOG = logging.getLogger("vidcost_xl")


class Job:
    """Work that was started.

    Parameters
    ----------
    action : str
        A key of `ACTIONS`.
    subject : str
        What it works on, as messages call it; empty for work on no workbook.
    path, user : str
        What the action takes.

    Raises
    ------
    BadArgumentError
        For an action that is not there.
    """

    def __init__(self, action: str, subject: str, path: str, user: str) -> None:
        known = ACTIONS.get(action)
        if known is None:
            raise BadArgumentError(f"there is no work called {action!r}: the add-in and Python are of two versions.")
        self.title = f"{known.label} of {subject}" if subject else known.label
        self._copy = Path(path) if known.path == "copy" else None
        self._target = Path(path) if known.path == "target" else None
        self._folder = temporary()
        self._begun = time.monotonic()
        given = (action, (path, user) if user else (path,), str(self._folder), path if self._copy else "", log_file())
        # Spawned, as Windows does: the process inherits no lock and no COM object.
        self._process: SpawnProcess = multiprocessing.get_context("spawn").Process(
            target=_work, args=given, daemon=True
        )
        try:
            self._process.start()
        except OSError:
            self._clear()
            raise

    @property
    def number(self) -> int:
        """The number of the process."""
        number = self._process.pid
        assert number is not None, "it was started"
        return number

    def state(self) -> str:
        """The answer, or how far it is behind `NOT_YET`; the job is over once there is an answer."""
        alive = self._process.is_alive()  # asked first: what ends in between has answered
        answer: str | None = None
        with suppress(OSError, ValueError):
            answer = json.loads((self._folder / _ANSWER).read_text(encoding="utf-8"))
        if answer is None and alive:
            return f"{NOT_YET}Video cost: {self.title}, {self._passed()}. Cancel ends it."
        try:
            return self._result(answer) if answer is not None else self._lost()
        finally:
            self.end()

    def _passed(self) -> str:
        step = ""
        with suppress(OSError, ValueError):  # it may be written at this moment
            step = (self._folder / _STEP).read_text(encoding="utf-8")
        return ", ".join([f"{time.monotonic() - self._begun:.0f} s", *([step] if step else [])])

    def _lost(self) -> str:
        self._process.join(_END_SECONDS)
        code = self._process.exitcode
        LOG.error("%s: its process %s ended with code %s and no answer", self.title, self.number, code)
        return f"{REFUSED}{self.title} ended without a result (code {code}). The log: {log_file() or 'none'}."

    def end(self) -> None:
        """End the process with whatever it started, and remove what it wrote and the copy it worked on."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):  # ended, or not yet at the head of its own
                os.killpg(self.number, signal.SIGKILL)
        self._process.kill()
        self._process.join(_END_SECONDS)
        self._clear()

    def _result(self, answer: str) -> str:
        if answer.startswith(REFUSED):
            return answer
        made, *told = answer.split(SEPARATOR)
        if self._target is not None:
            from vidcost_xl.sheets.package.safe_files.writing import write_file

            try:
                write_file(self._target, Path(made).read_bytes())
            except VideoCostError as error:
                return REFUSED + error.message
            return SEPARATOR.join([str(self._target), *told])
        kept = temporary(Path(made).name)
        Path(made).replace(kept)
        return SEPARATOR.join([str(kept), *told])

    def _clear(self) -> None:
        for _ in range(_TRIES):
            _remove(self._folder, self._copy)
            if not self._folder.exists() and not (self._copy and self._copy.exists()):
                return
            time.sleep(_PAUSE)
        LOG.warning("%s: %s could not be removed", self.title, self._folder)


_RUNNING: Final[dict[int, Job]] = {}


def start(action: str, subject: str, path: str, user: str) -> tuple[int, str]:
    """Start a job.

    Returns
    -------
    tuple of int and str
        Its number, and its title.
    """
    job = Job(action, subject, path, user)
    _RUNNING[job.number] = job
    return job.number, job.title


def state(number: int) -> str:
    """How far a job is; see `Job.state`. A number is forgotten once its job is over.

    Raises
    ------
    BadArgumentError
        For a number that is no job of this server.
    """
    job = _known(number)
    said = ""
    try:
        said = job.state()
    finally:
        if not said.startswith(NOT_YET):
            del _RUNNING[number]
    return said


def cancel(number: int) -> str:
    """End a job and say so; raises as `state`."""
    job = _known(number)
    job.end()
    del _RUNNING[number]
    return f"{job.title} was cancelled. Nothing was written, and the workbook is as it was."


def log_file() -> str:
    """Where the server writes its log; empty without one."""
    files = (each.baseFilename for each in LOG.handlers if isinstance(each, logging.FileHandler))
    return next(files, "")


def answered(work: Callable[..., str], *values: Any) -> str:
    """What a button says: the answer of its work, or why there is none behind `REFUSED`."""
    try:
        return work(*values)
    except VideoCostError as error:
        return REFUSED + error.message
    except OSError as error:
        return f"{REFUSED}{error.filename or 'the file'}: {error.strerror or error}."
    except Exception as error:
        LOG.exception("button %s failed", work.__name__)
        return f"{REFUSED}This failed inside: {type(error).__name__}: {error}. The log says more."


def _known(number: int) -> Job:
    job = _RUNNING.get(number)
    if job is None:
        raise BadArgumentError(
            f"Python was started anew, and the work with it was lost; begin it again. The log: {log_file() or 'none'}."
        )
    return job


def _remove(folder: Path, copy: Path | None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if copy is not None:
        with suppress(OSError):  # the add-in made the copy's folder for it alone
            copy.unlink(missing_ok=True)
            copy.parent.rmdir()


# ---- In the process of the job ----


def _work(action: str, values: tuple[str, ...], folder: str, copy: str, log: str) -> None:
    _own_group()
    _end_with_server(Path(folder), Path(copy) if copy else None)
    if log:
        LOG.addHandler(logging.FileHandler(log, encoding="utf-8", delay=True))
    tempfile.tempdir = folder  # whatever is written on the way goes with the folder

    def listen(text: str) -> None:
        with suppress(OSError):  # it may be read at this moment
            (Path(folder) / _STEP).write_text(text, encoding="utf-8")

    with told_to(listen):
        answer = answered(ACTIONS[action].work, *values)
    written = Path(folder) / f"{_ANSWER}.tmp"
    written.write_text(json.dumps(answer), encoding="utf-8")
    written.replace(Path(folder) / _ANSWER)
    threading.Event().wait()  # who fetches the answer ends this; until then the server's end clears everything away


def _own_group() -> None:
    # What this process starts ends with it: by its group, or by a job object that closes with its only handle.
    if sys.platform == "win32":
        with suppress(ImportError, OSError):
            import win32api
            import win32job

            job = win32job.CreateJobObject(None, "")
            limits = win32job.QueryInformationJobObject(job, win32job.JobObjectExtendedLimitInformation)
            limits["BasicLimitInformation"]["LimitFlags"] |= win32job.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
            win32job.SetInformationJobObject(job, win32job.JobObjectExtendedLimitInformation, limits)
            win32job.AssignProcessToJobObject(job, win32api.GetCurrentProcess())
            _KEPT.append(job)
    else:
        os.setsid()


#: The handle of the job object, which must live as long as the process.
_KEPT: Final[list[Any]] = []


def _end_with_server(folder: Path, copy: Path | None) -> None:
    server = multiprocessing.parent_process()

    def wait() -> None:
        if server is not None:
            server.join()
            _remove(folder, copy)
            if hasattr(os, "killpg"):
                os.killpg(0, signal.SIGKILL)
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
