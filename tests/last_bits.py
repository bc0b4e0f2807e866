"""Another processor, for tests: what NumPy and the growth of the model return is off in its last bits.

NumPy's powers, exponentials, logarithms and products of matrices differ between processors; sums differ with their
order, which another version or another library chooses otherwise.
"""

from __future__ import annotations

import importlib
import io
import math
import pkgutil
import re
import zipfile
from collections.abc import Iterator

import numpy as np
import pytest

import vidcost_xl.analysis
import vidcost_xl.model
import vidcost_xl.model.blocks
from vidcost_xl.model import growth

#: Functions of NumPy that IEEE 754 does not settle to the last bit.
UNSETTLED = frozenset(
    [
        "power",
        "float_power",
        "exp",
        "exp2",
        "expm1",
        "log",
        "log2",
        "log10",
        "log1p",
        "cbrt",
        "hypot",
        "dot",
        "matmul",
        "inner",
        "vdot",
        "tensordot",
        "einsum",
        "convolve",
        "correlate",
    ]
)
#: What stands for them in the model.
GROWTH = ("compounded", "power", "running_sum")

#: As NumPy has it.
RUNNING_SUMS = np.cumsum

_VALUE = re.compile(r"<((?:\w+:)?v)>([^<]*)</\1>")


def nudged(values):
    """Every number moved by one in its last place, up or down as its own bits say; whole ones stay."""
    given = np.array(values, order="C")
    if given.dtype != np.float64:
        return values
    up = given.view(np.uint64) & np.uint64(4) > 0
    moved = np.where(up, np.nextafter(given, np.inf), np.nextafter(given, -np.inf))
    result = np.where(given == np.rint(given), given, moved)
    return float(result) if np.ndim(values) == 0 else result


def on_another_processor(patch: pytest.MonkeyPatch) -> None:
    """From now on numbers are those of another processor."""
    for name in UNSETTLED:
        patch.setattr(np, name, _nudging(getattr(np, name)))
    for name in GROWTH:
        original = getattr(growth, name)
        for module in _modules():
            if getattr(module, name, None) is original:
                patch.setattr(module, name, _nudging(original))
    patch.setattr(np, "cumsum", _in_another_order)


def differences(old: bytes, new: bytes) -> list[str]:
    """What differs between two workbooks: all but numbers byte for byte, numbers by more than noise."""
    before, after = _parts(old), _parts(new)
    found = [f"part {name} on one side only" for name in before.keys() ^ after.keys()]
    for name in before.keys() & after.keys():
        if before[name] == after[name]:
            continue
        texts = [_VALUE.sub("<v/>", part[name]) for part in (before, after)]
        if texts[0] != texts[1]:
            found.append(f"{name} differs in more than values")
            continue
        pairs = zip(_VALUE.finditer(before[name]), _VALUE.finditer(after[name]), strict=True)
        found += [f"{name}: {one[2]} became {two[2]}" for one, two in pairs if not agree(one[2], two[2])]
    return found


def agree(one: str, two: str) -> bool:
    """Whether two values are the same to 15 digits, or noise: of amounts of millions a difference of 0 is so large."""
    if one == two:
        return True
    try:
        first, second = float(one), float(two)
    except ValueError:
        return False
    return math.isclose(first, second, rel_tol=1e-14, abs_tol=1e-9)


def _parts(data: bytes) -> dict[str, str]:
    # Part by part: compression differs between builds of zlib, what is compressed does not.
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def _modules() -> Iterator[object]:
    for package in (vidcost_xl.model, vidcost_xl.model.blocks, vidcost_xl.analysis):
        for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            if found.name != growth.__name__:
                yield importlib.import_module(found.name)


def _nudging(function):
    def moved(*arguments, **named):
        return nudged(function(*arguments, **named))

    return moved


def _in_another_order(values, axis=None, **named):
    # Running sums over months, each rounded once instead of month by month.
    if axis != 0 or values.dtype != np.float64:
        return RUNNING_SUMS(values, axis, **named)
    return np.stack([np.apply_along_axis(math.fsum, 0, values[: at + 1]) for at in range(len(values))])
