"""Whether our half is fast enough, from times of runs in turns with a bare server's; runs anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles

#: Our time over a bare xlwings server's, at most: nine tenths of its calls a second, and 1.3 of its start.
AIMS = {"scalar": 1 / 0.9, "36 months": 1 / 0.9, "start": 1.3}

#: Half of a bare server's runs lie within this part of its median, or something else uses the computer.
STEADY = 0.25


class TooBusyError(Exception):
    """The computer did other work: its times say nothing about ours."""


def share(kind: str, ours: Sequence[float], bare: Sequence[float], most: float) -> float:
    """The median of our times over the bare server's, run by run.

    Raises
    ------
    AssertionError
        Above the aim.
    TooBusyError
        Above it, while the bare server's own times differ too much to judge.
    """
    found = median(one / other for one, other in zip(ours, bare, strict=True))
    if found <= most:
        return found
    first, _, third = quantiles(bare, n=4)
    spread = (third - first) / median(bare)
    said = f"{kind}: {found:.2f} times a bare server's time, {most:.2f} at most"
    if spread > STEADY:
        raise TooBusyError(f"{said}, but the computer was too busy: the bare server's own runs differ by {spread:.0%}")
    raise AssertionError(said)
