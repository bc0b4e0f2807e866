"""Size of a data set and of a clip, from how many and how long."""

from __future__ import annotations

from typing import Final

from vidcost_xl.functions.arguments import read_number, read_text
from vidcost_xl.functions.registry import excel_function
from vidcost_xl.functions.steps import explain_step
from vidcost_xl.functions.values import default_number, default_text
from vidcost_xl.units import BITS_PER_BYTE, BITS_PER_MBIT, bytes_per

BYTES_PER_MB: Final = 1e6

RESULT_UNIT: Final = "Unit of the result: B, kB, MB, GB, TB, PB, EB (powers of 1000) or KiB to EiB (powers of 1024)."


@excel_function(
    "Size",
    "Size of a video data set: how many videos times the size of one.",
    helps={"videos": "How many videos.", "mb_per_video": "Size of one in MB (10^6 bytes).", "unit": RESULT_UNIT},
)
def VIDEO_DATASET(
    videos: object = default_number(1e9),
    mb_per_video: object = default_number(5),
    unit: object = default_text("PB"),
) -> float:
    """Size of a data set.

    Parameters
    ----------
    videos : float
        How many.
    mb_per_video : float
        MB (10^6 bytes) each.
    unit : str
        Of the result.

    Returns
    -------
    float
        In `unit`.

    Examples
    --------
    >>> VIDEO_DATASET(1e9, 5, "PB")
    5.0
    """
    size = read_number(videos, "videos") * read_number(mb_per_video, "mb_per_video") * BYTES_PER_MB
    explain_step("size", size, "bytes", "videos x MB per video x 10^6")
    return size / bytes_per(read_text(unit, "unit"))


@excel_function(
    "Size",
    "Size of one clip from its length and bit rate.",
    helps={"seconds": "Length in seconds.", "mbps": "Bit rate in Mbit/s (10^6 bits a second).", "unit": RESULT_UNIT},
)
def VIDEO_CLIPSIZE(
    seconds: object = default_number(10), mbps: object = default_number(4), unit: object = default_text("MB")
) -> float:
    """Size of one clip.

    Parameters
    ----------
    seconds : float
        Length.
    mbps : float
        Mbit/s.
    unit : str
        Of the result.

    Returns
    -------
    float
        In `unit`.

    Examples
    --------
    >>> VIDEO_CLIPSIZE(10, 4)
    5.0
    """
    bits = read_number(seconds, "seconds") * read_number(mbps, "mbps") * BITS_PER_MBIT
    explain_step("size", bits / BITS_PER_BYTE, "bytes", "seconds x Mbit/s x 10^6 / 8")
    return bits / BITS_PER_BYTE / bytes_per(read_text(unit, "unit"))
