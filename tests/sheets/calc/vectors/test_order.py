"""The order of computing: what is read comes first, and circles are found."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from vidcost_xl.sheets.calc.vectors.order import components, levels, ranges

#: By node, the nodes that it reads.
GRAPHS = st.integers(1, 12).flatmap(
    lambda count: st.lists(st.sets(st.integers(0, count - 1), max_size=4), min_size=count, max_size=count)
)


def reached(reads: list[set[int]], start: int) -> set[int]:
    """Everything that a node reads, however far."""
    found: set[int] = set()
    waiting = [start]
    while waiting:
        new = reads[waiting.pop()] - found
        found |= new
        waiting += new
    return found


@given(GRAPHS)
def test_components_are_nodes_that_reach_each_other_behind_all_that_they_read(reads):
    found = list(components(reads))
    assert sorted(node for each in found for node in each) == list(range(len(reads)))
    done: set[int] = set()
    for component in found:
        for node in component:
            assert all(other in reached(reads, node) for other in component if other != node)
            assert reads[node] <= done | set(component)
        done |= set(component)


@given(GRAPHS)
def test_levels_hold_every_node_that_no_circle_reaches_after_what_it_reads(reads):
    edges = [(source, target) for target, sources in enumerate(reads) for source in sources]
    sources, targets = (np.array([edge[side] for edge in edges], np.int64) for side in (0, 1))
    steps = [step.tolist() for step in levels(len(reads), sources, targets)]
    level = {node: number for number, step in enumerate(steps) for node in step}
    assert len(level) == sum(map(len, steps))
    circular = {node for node in range(len(reads)) if node in reached(reads, node)}
    free = {node for node in range(len(reads)) if node not in circular and not reached(reads, node) & circular}
    assert set(level) == free
    assert all(level[source] < level[target] for source, target in edges if target in free)


def test_a_chain_as_long_as_a_sheet_is_deep_is_ordered():
    count = 100_000
    reads = [[node - 1] if node else [] for node in range(count)]
    assert [each[0] for each in components(reads[::1])] == list(range(count))


def test_edges_met_twice_count_twice():
    # Node 1 reads node 0 in two places, as in =A1*2+A1*3.
    assert [step.tolist() for step in levels(2, np.array([0, 0]), np.array([1, 1]))] == [[0], [1]]


def test_empty_ranges_leave_no_numbers():
    assert ranges(np.array([3, 5, 9]), np.array([3, 7, 9])).tolist() == [5, 6]
