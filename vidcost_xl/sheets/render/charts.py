"""Charts of rows over time, stacked columns and lines, and waterfalls; readable in grey."""

from __future__ import annotations

from typing import Any, Final

from openpyxl.chart import BarChart as OpenpyxlBarChart
from openpyxl.chart import LineChart as OpenpyxlLineChart
from openpyxl.chart import Reference, Series
from openpyxl.chart.data_source import AxDataSource, NumRef, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RichTextProperties

from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.chart_layout import BridgeChart, SeriesChart, TornadoChart
from vidcost_xl.sheets.layout.styles import FORMATS, PALE_RULE

#: Hundredths of a point.
CHART_TEXT_SIZE: Final = 900

#: From dark to light, so that neighbours differ in grey print too.
SHADES: Final = ("1F3864", "8FAADC", "2E75B6", "D6DCE5", "44546A", "BDD7EE", "7F7F7F", "C9C9C9", "000000")
#: Totals, rises and falls of a bridge: fill, the ink of the amount in it, and its sign; what falls is drawn upwards
#: from a smaller total, as an amount above 0. A column of 0 has no label.
BRIDGE_SHADES: Final = (
    ("1F3864", "FFFFFF", "#,##0;-#,##0;"),
    ("8FAADC", "000000", "+#,##0;-#,##0;"),
    ("E7ECF4", "000000", "-#,##0;+#,##0;"),
)
BRIDGE_EDGE: Final = "44546A"
#: Fills of the two ends of a tornado: white inside an edge, and dark; no printer confuses them. 0 has no label.
TORNADO_FILLS: Final = ("FFFFFF", "1F3864")
TORNADO_LABEL: Final = "+#,##0;-#,##0;"
DASHES: Final = ("solid", "dash", "sysDot")
_LINE_EMU: Final = 25_400
#: Months on an axis: half upright, so that none of them wraps.
_SLANT: Final = -2_700_000

#: A mark is a thin grey column: the gap is in percent of its width.
MARK_GAP: Final = 300
MARK_FILL: Final = "A6A6A6"


def series_chart(chart: SeriesChart, addresses: Addresses) -> Any:
    """The chart as openpyxl writes it, without its place.

    Returns
    -------
    openpyxl chart
    """
    drawn = _framed(OpenpyxlBarChart() if chart.kind == "stacked" else OpenpyxlLineChart(), chart)
    if chart.kind == "stacked":
        _stack(drawn)
        drawn.y_axis.scaling.min = 0  # or heights are no amounts
    for at, (name, values) in enumerate(chart.series):
        series = _series(name, values, addresses)
        series.cat = AxDataSource(numRef=NumRef(f=addresses.absolute(chart.labels)))
        if chart.kind == "stacked":
            series.graphicalProperties = GraphicalProperties(solidFill=SHADES[at % len(SHADES)])
        else:
            line = LineProperties(solidFill=SHADES[at % len(SHADES)], w=_LINE_EMU, prstDash=DASHES[at % len(DASHES)])
            series.graphicalProperties = GraphicalProperties(ln=line)
            series.smooth = False
        drawn.series.append(series)
    drawn.x_axis.number_format = FORMATS[chart.label_format]
    drawn.x_axis.tickLblPos = "low"
    drawn.x_axis.txPr = small_text(_SLANT)
    if chart.marks:
        drawn += _marks(chart, addresses)
    return drawn


def bridge_chart(chart: BridgeChart, addresses: Addresses) -> Any:
    """A waterfall as openpyxl writes it, without its place.

    Returns
    -------
    openpyxl chart
    """
    drawn = _framed(OpenpyxlBarChart(), chart)
    _stack(drawn)
    steps = StrRef(f=addresses.absolute(chart.labels))
    under: Any = Series(Reference(range_string=addresses.absolute(chart.under)))
    under.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    drawn.series.append(under)
    for at, (name, values) in enumerate(chart.series):
        series = _series(name, values, addresses)
        fill, ink, number_format = BRIDGE_SHADES[at % len(BRIDGE_SHADES)]
        series.graphicalProperties = GraphicalProperties(solidFill=fill, ln=LineProperties(solidFill=BRIDGE_EDGE))
        series.dLbls = _amounts(ink, number_format)
        # On its own ground, or the edges of a column lower than the text strike it through.
        series.dLbls.spPr = GraphicalProperties(solidFill=fill, ln=LineProperties(noFill=True))
        drawn.series.append(series)
    for series in drawn.series:
        series.cat = AxDataSource(strRef=steps)
    drawn.y_axis.scaling.min = chart.lowest
    # What is not drawn has no name to show either.
    drawn.legend.legendEntry = [LegendEntry(idx=0, delete=True)]
    return drawn


def tornado_chart(chart: TornadoChart, addresses: Addresses) -> Any:
    """A tornado as openpyxl writes it, without its place; the first row on top.

    Returns
    -------
    openpyxl chart
    """
    drawn = _titled(OpenpyxlBarChart(), chart.title)
    drawn.type, drawn.grouping, drawn.overlap, drawn.gapWidth = "bar", "clustered", 100, 45
    for (name, values), fill in zip(chart.series, TORNADO_FILLS, strict=True):
        series = _series(name, values, addresses)
        series.cat = AxDataSource(strRef=StrRef(f=addresses.absolute(chart.labels)))
        series.graphicalProperties = GraphicalProperties(solidFill=fill, ln=LineProperties(solidFill=BRIDGE_EDGE))
        series.invertIfNegative = False  # or Excel paints falls white
        series.dLbls = _amounts("000000", TORNADO_LABEL)
        series.dLbls.position = "outEnd"
        drawn.series.append(series)
    drawn.x_axis.scaling.orientation = "maxMin"
    drawn.x_axis.tickLblPos = "low"  # beside the bars, not under them
    drawn.y_axis.scaling.min, drawn.y_axis.scaling.max = chart.ends
    drawn.y_axis.majorGridlines = None
    drawn.y_axis.delete = True
    return drawn


def _amounts(ink: str, number_format: str) -> DataLabelList:
    labels = DataLabelList()
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    labels.numFmt = number_format
    properties = CharacterProperties(sz=CHART_TEXT_SIZE, solidFill=ink)
    labels.txPr = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)])
    return labels


def _stack(drawn: Any) -> None:
    drawn.type, drawn.grouping, drawn.overlap, drawn.gapWidth = "col", "stacked", 100, 45


def _series(name: str, values: str, addresses: Addresses) -> Any:
    series: Any = Series(Reference(range_string=addresses.absolute(values)))
    series.tx = SeriesLabel(strRef=StrRef(f=addresses.absolute(name)))
    return series


def _framed(drawn: Any, chart: SeriesChart | BridgeChart) -> Any:
    _titled(drawn, chart.title)
    drawn.y_axis.title = chart.axis
    drawn.y_axis.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=CHART_TEXT_SIZE, b=False))
    drawn.y_axis.title.overlay = False
    drawn.y_axis.number_format = FORMATS[chart.format]
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=PALE_RULE))
    return drawn


def _titled(drawn: Any, title: str) -> Any:
    drawn.style = 1
    drawn.title = title
    drawn.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1100, b=True))
    drawn.title.overlay = False
    drawn.legend.position = "b"
    drawn.legend.overlay = False
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.x_axis.txPr, drawn.y_axis.txPr = small_text(), small_text()
    return drawn


def _marks(chart: SeriesChart, addresses: Addresses) -> Any:
    columns: Any = OpenpyxlBarChart()
    columns.type, columns.gapWidth = "col", MARK_GAP
    for name, values in chart.marks:
        series = _series(name, values, addresses)
        series.cat = AxDataSource(numRef=NumRef(f=addresses.absolute(chart.labels)))
        series.graphicalProperties = GraphicalProperties(solidFill=MARK_FILL)
        columns.series.append(series)
    return columns


def small_text(turn: int = 0) -> RichText:
    """The text of axes and labels, turned by so many 60,000ths of a degree."""
    properties = ParagraphProperties(defRPr=CharacterProperties(sz=CHART_TEXT_SIZE))
    body = RichTextProperties(rot=turn) if turn else None
    return RichText(bodyPr=body, p=[Paragraph(pPr=properties, endParaRPr=CharacterProperties(sz=CHART_TEXT_SIZE))])
