"""Charts as data: what they draw, and the cells that they lie over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

#: What an axis of money says: a fixed text would go on naming the currency of the day the workbook was made.
MONEY_AXIS: Final = "Reporting currency"


@dataclass(frozen=True)
class BarChart:
    """A chart of horizontal bars, placed over whole cells.

    Parameters
    ----------
    title, axis : str
        Title and the label of the value axis, with its unit.
    labels, values : str
        Ranges, as `{first.column:last.column}`.
    top, bottom : str
        Row ids it spans, both included.
    left, right : str
        Column keys it spans, both included.
    format : str
        A key of `styles.FORMATS`.
    """

    title: str
    axis: str
    labels: str
    values: str
    top: str
    bottom: str
    left: str
    right: str
    format: str = "count"


@dataclass(frozen=True)
class SeriesChart:
    """A chart of rows over time, placed over whole cells.

    Parameters
    ----------
    title, axis : str
        Title and the label of the value axis, with its unit.
    labels : str
        Range of the categories.
    series : tuple of (str, str)
        Reference of the name and range of the values of each.
    top, bottom : str
        Row ids it spans, both included.
    left, right : str
        Column keys it spans, both included.
    format : str
        A key of `styles.FORMATS`, for the axis.
    label_format : str
        A key of `styles.FORMATS`, for the categories.
    marks : tuple of (str, str)
        Like `series`, drawn as thin columns behind the lines: one value, and 0 in every other month.
    """

    title: str
    axis: str
    kind: Literal["stacked", "lines"]
    labels: str
    series: tuple[tuple[str, str], ...]
    top: str
    bottom: str
    left: str
    right: str
    format: str = "count"
    label_format: str = "axis_month"
    marks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class BridgeChart:
    """A waterfall of stacked columns from one total to another: what floats stands on a part that is not drawn.

    Parameters
    ----------
    title, axis : str
        Title and the label of the value axis, with its unit.
    labels, under : str
        Ranges of the steps and of the part that is not drawn.
    series : tuple of (str, str)
        Reference of the name and range of the values of each drawn part: totals, rises, falls.
    top, bottom : str
        Row ids it spans, both included.
    left, right : str
        Column keys it spans, both included.
    format : str
        A key of `styles.FORMATS`, for the axis.
    lowest : float, optional
        Where the axis begins; at 0 when not given.
    """

    title: str
    axis: str
    labels: str
    under: str
    series: tuple[tuple[str, str], ...]
    top: str
    bottom: str
    left: str
    right: str
    format: str = "count"
    lowest: float | None = None


@dataclass(frozen=True)
class TornadoChart:
    """Horizontal bars to both sides of 0, one pair a row: what a figure changes by at the low and at the high.

    Parameters
    ----------
    title : str
        With the unit: amounts stand beside the bars, and no axis repeats them.
    labels : str
        Range of the rows' names.
    series : tuple of (str, str)
        Reference of the name and range of the values of both ends.
    ends : (float, float)
        Least and most of the axis: with room for the amounts beside the bars.
    top, bottom : str
        Row ids it spans, both included.
    left, right : str
        Column keys it spans, both included.
    """

    title: str
    labels: str
    series: tuple[tuple[str, str], ...]
    ends: tuple[float, float]
    top: str
    bottom: str
    left: str
    right: str


Chart: TypeAlias = BarChart | SeriesChart | BridgeChart | TornadoChart
