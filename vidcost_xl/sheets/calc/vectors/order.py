"""The order in which formulas are computed: what a formula reads comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Places: TypeAlias = NDArray[np.int64]


def components(reads: Sequence[Iterable[int]]) -> Iterator[list[int]]:
    """Nodes of a graph, in groups that depend on each other, each group behind those that it reads.

    Parameters
    ----------
    reads : sequence of iterables of int
        By node, the nodes that it reads.

    Yields
    ------
    list of int
        One node, or several that form a circle.

    Examples
    --------
    >>> list(components([[1], [2], [1], []]))
    [[2, 1], [0], [3]]
    """
    # Tarjan's algorithm, without recursion.
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    waiting: set[int] = set()
    for root in range(len(reads)):
        if root in index:
            continue
        work = [(root, iter(reads[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        waiting.add(root)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    waiting.add(target)
                    work.append((target, iter(reads[target])))
                    break
                if target in waiting:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found = [stack.pop()]
                    while found[-1] != node:
                        found.append(stack.pop())
                    waiting.difference_update(found)
                    yield found


def layers(reads: Sequence[Set[int]]) -> list[tuple[list[int], list[int]]]:
    """Nodes of a graph in layers: those of a layer read only nodes of layers before, or of their own circle.

    Parameters
    ----------
    reads : sequence of set of int
        By node, the nodes that it reads.

    Returns
    -------
    list of (list of int, list of int)
        Of each layer the nodes in no circle, and those in one.

    Examples
    --------
    >>> layers([{1}, {2}, {1}, set()])
    [([3], [2, 1]), ([0], [])]
    """
    depth: dict[int, int] = {}
    found: list[tuple[list[int], list[int]]] = []
    for component in components(reads):
        below = max((depth[read] for node in component for read in reads[node] if read in depth), default=-1)
        depth.update(dict.fromkeys(component, below + 1))
        if below + 1 == len(found):
            found.append(([], []))
        is_circle = len(component) > 1 or component[0] in reads[component[0]]
        found[below + 1][is_circle].extend(component)
    return found


def levels(count: int, sources: Places, targets: Places) -> Iterator[Places]:
    """Nodes in steps: those of a step read only nodes of steps before.

    Parameters
    ----------
    count : int
        Nodes.
    sources, targets : array of int
        Edges, from what is read to what reads it.

    Yields
    ------
    array of int
        Nodes of a circle are in no step.

    Examples
    --------
    >>> [step.tolist() for step in levels(3, np.array([0, 1]), np.array([1, 2]))]
    [[0], [1], [2]]
    """
    order = np.argsort(sources, kind="stable")
    readers = targets[order]
    starts = np.searchsorted(sources[order], np.arange(count + 1))
    missing = np.bincount(targets, minlength=count)
    step = np.flatnonzero(missing == 0)
    while len(step):
        yield step
        met = readers[ranges(starts[step], starts[step + 1])]
        if not len(met):
            return
        nodes, times = np.unique(met, return_counts=True)
        missing[nodes] -= times
        step = nodes[missing[nodes] == 0]


def ranges(starts: Places, ends: Places) -> Places:
    """The numbers of several ranges, one behind the other.

    Examples
    --------
    >>> ranges(np.array([2, 7]), np.array([4, 8])).tolist()
    [2, 3, 7]
    """
    lengths = ends - starts
    shift: Any = np.repeat(starts - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    found: Places = np.arange(lengths.sum()) + shift
    return found
