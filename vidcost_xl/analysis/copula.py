"""Rank correlations by a Gaussian copula."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.model.lines import Array


def correlated(keys: Sequence[str], ranks: Mapping[tuple[str, str], float]) -> Callable[[Array], Array]:
    """What makes independent points of the unit cube correlated ones, (draw, input).

    Parameters
    ----------
    keys : sequence of str
        In the order of the columns.
    ranks : mapping of (str, str) to float
        Spearman's rank correlations, -1 to 1.

    Raises
    ------
    BadArgumentError
        For an input that is not drawn, and for correlations that no inputs can have together; it says the nearest.
    """
    if not ranks:
        return lambda points: points
    from scipy.special import ndtr, ndtri

    matrix = np.eye(len(keys))
    for (one, other), rank in ranks.items():
        for key in (one, other):
            if key not in keys:
                raise BadArgumentError(unknown_name("input of a correlation", key, keys))
        if one == other or not -1 <= rank <= 1:
            raise BadArgumentError(f"the correlation of {one} and {other} is {rank:g}; two inputs, and -1 to 1.")
        at = keys.index(one), keys.index(other)
        # Pearson 1907: of normal scores whose ranks correlate so.
        matrix[at] = matrix[at[::-1]] = 2.0 * np.sin(np.pi * rank / 6.0)
    values, vectors = np.linalg.eigh(matrix)
    noise = len(keys) * np.finfo(float).eps
    if values.min() < -noise:
        raise BadArgumentError(_impossible(keys, ranks, values, vectors))
    # Triangular, so that the first input keeps its points; not Cholesky's, which a correlation of 1 does not have.
    triangle = np.linalg.qr((vectors * np.sqrt(np.maximum(values, 0.0))).T)[1]
    triangle *= np.where(np.diag(triangle) < 0, -1.0, 1.0)[:, np.newaxis]

    def tied(points: Array) -> Array:
        found: Array = ndtr(ndtri(points) @ triangle)
        return found

    return tied


def _impossible(keys: Sequence[str], ranks: Mapping[tuple[str, str], float], values: Array, vectors: Array) -> str:
    # The nearest matrix without negative eigenvalues, its diagonal 1 again.
    near = (vectors * np.maximum(values, 0.0)) @ vectors.T
    scale = np.sqrt(np.diag(near))
    near = near / np.outer(scale, scale)
    nearest = [
        f"{one} and {other} {np.arcsin(near[keys.index(one), keys.index(other)] / 2) * 6 / np.pi:.2f}"
        for one, other in ranks
    ]
    return f"no inputs can have these correlations together (not positive definite). Nearest: {'; '.join(nearest)}."
