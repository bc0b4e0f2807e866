"""From a declared workbook to the bytes that openpyxl writes: no values of formulas yet."""

from __future__ import annotations

import io
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.chart import BarChart as OpenpyxlBarChart
from openpyxl.chart import Reference
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table as OpenpyxlTable
from openpyxl.worksheet.table import TableStyleInfo

from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.layout.chart_layout import BarChart, BridgeChart, Chart, TornadoChart
from vidcost_xl.sheets.layout.places import PART
from vidcost_xl.sheets.layout.sheet_layout import SheetLayout, Table, Validation
from vidcost_xl.sheets.layout.styles import FORMATS, NAVY, PALE_RULE, paint
from vidcost_xl.sheets.package.parts import read_parts, sheet_parts, write_parts
from vidcost_xl.sheets.render.charts import CHART_TEXT_SIZE, bridge_chart, series_chart, small_text, tornado_chart
from vidcost_xl.sheets.render.conditions import add_conditions, area_of
from vidcost_xl.sheets.render.sheet_data import cells_xml, with_cells

#: English Metric Units of a chart's gap to the cells around it.
CHART_GAP: Final = 60_000

#: The plot inside a chart, as shares of its size: left, top, width, height.
PLOT: Final = (0.36, 0.13, 0.46, 0.68)

#: Percent: the page fits the width of a common screen.
ZOOM: Final = 85

_A3: Final = 8
_A4: Final = 9
_MARGIN_INCHES: Final = 0.4
_FOOTER_MARGIN_INCHES: Final = 0.6


def render(addresses: Addresses) -> bytes:
    """Write the workbook with openpyxl.

    Returns
    -------
    bytes
        An .xlsx file whose formula cells hold no values; `finish.finish` completes it.
    """
    layout = addresses.layout
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = {sheet.name: book.create_sheet(sheet.name) for sheet in layout.sheets}
    for name, reference in layout.names.items():
        book.defined_names[name] = DefinedName(name, attr_text=addresses.absolute(reference))
    for name, references in layout.places.items():
        text = PART.join(addresses.absolute(reference) for reference in references)
        book.defined_names[name] = DefinedName(name, attr_text=text, hidden=True)
    for declared in layout.sheets:
        _furnish(sheets[declared.name], declared, addresses)
    if layout.opens_at:
        book.active = sheets[layout.opens_at]
    book.properties.creator = "vidcost-xl"
    book.properties.title = layout.title
    looks = _Looks(sheets[layout.sheets[0].name])
    cells = {declared.name: cells_xml(declared, addresses, looks.number) for declared in layout.sheets}
    buffer = io.BytesIO()
    book.save(buffer)
    parts = read_parts(buffer.getvalue())
    found = sheet_parts(parts)
    for declared in layout.sheets:
        part = found[declared.name]
        parts[part] = with_cells(parts[part], cells.pop(declared.name), declared)
    return write_parts(parts, compressed=False)  # a step on the way to a file


class _Looks:
    """The number that a workbook gives each look; a cell that is painted and taken away again gets it."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._numbers: dict[tuple[str, str | None, bool], int] = {}

    def number(self, style: str, number_format: str | None, quoted: bool) -> int:
        key = (style, number_format, quoted)
        if key not in self._numbers:
            cell: Any = Cell(self._sheet, 1, 1)
            paint(cell, style, number_format)
            cell.quotePrefix = quoted
            self._numbers[key] = cell.style_id
        return self._numbers[key]


def _furnish(sheet: Any, declared: SheetLayout, addresses: Addresses) -> None:
    for at, column in enumerate(declared.columns, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    frozen = addresses.row(declared.last_frozen)
    sheet.freeze_panes = f"{get_column_letter(declared.frozen_columns + 1)}{frozen + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = ZOOM
    sheet.sheet_properties.tabColor = declared.tab or None
    _print_setup(sheet, declared, addresses, frozen)
    _validate(sheet, declared, addresses)
    add_conditions(sheet, declared, addresses)
    if any(row.folds for row in declared.rows):
        sheet.sheet_format.outlineLevelRow = 1
        sheet.sheet_properties.outlinePr.summaryBelow = False
    for chart in declared.charts:
        drawn = _drawn(chart, addresses, declared)
        drawn.anchor = _anchor(chart, addresses, declared)
        sheet.add_chart(drawn)
    for table in declared.tables:
        _add_table(sheet, table, addresses, declared)
    if declared.protected:
        _protect(sheet)


def _print_setup(sheet: Any, declared: SheetLayout, addresses: Addresses, frozen: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A3 if declared.large_paper else _A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth = declared.pages_wide
    sheet.page_setup.fitToHeight = 1 if declared.one_page else 0
    if not declared.one_page:
        sheet.print_title_rows = f"1:{addresses.row(declared.last_repeated) if declared.last_repeated else frozen}"
        if declared.title_columns:
            sheet.print_title_cols = f"A:{get_column_letter(declared.title_columns)}"
    sheet.print_area = _printed(declared, addresses)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = _MARGIN_INCHES
    margins.bottom = _FOOTER_MARGIN_INCHES
    margins.header = margins.footer = _MARGIN_INCHES / 2
    sheet.oddHeader.right.text = "&A"
    sheet.oddHeader.right.size = 8
    for part, text in (
        (sheet.oddFooter.left, addresses.layout.stamp),
        (sheet.oddFooter.center, "&F"),
        (sheet.oddFooter.right, "Page &P of &N"),
    ):
        part.text = text
        part.size = 8


def _printed(declared: SheetLayout, addresses: Addresses) -> list[str]:
    if declared.prints:
        return [area_of(addresses, reference) for reference in declared.prints]
    keys = [column.key for column in declared.columns]
    column = get_column_letter(keys.index(declared.last_printed_column or keys[-1]) + 1)
    return [f"A1:{column}{addresses.row(declared.last_printed or declared.rows[-1].id)}"]


def _validate(sheet: Any, declared: SheetLayout, addresses: Addresses) -> None:
    if not declared.validations:
        return
    ruled: dict[str, list[str]] = {}
    letters = {column.key: get_column_letter(at) for at, column in enumerate(declared.columns, start=1)}
    for at, row in enumerate(declared.rows, start=1):
        for column, entry in row.entries.items():
            if entry.rule:
                ruled.setdefault(entry.rule, []).append(f"{letters[column]}{at}")
    for key, rule in declared.validations.items():
        if key in ruled:
            validation = _validation(rule, addresses)
            sheet.add_data_validation(validation)
            for address in ruled[key]:
                validation.add(address)


def _validation(rule: Validation, addresses: Addresses) -> DataValidation:
    if rule.kind == "fixed":
        validation = DataValidation(type="custom", formula1="FALSE", allow_blank=False)
    elif rule.kind == "list":
        reference = addresses.absolute(addresses.layout.names[rule.allowed])
        validation = DataValidation(type="list", formula1=reference, allow_blank=False)
    elif rule.high is not None:
        validation = DataValidation(
            type="decimal", operator="between", formula1=f"{rule.low:g}", formula2=f"{rule.high:g}", allow_blank=False
        )
    else:
        operator: Any = "greaterThan" if rule.above else "greaterThanOrEqual"
        validation = DataValidation(type="decimal", operator=operator, formula1=f"{rule.low:g}", allow_blank=False)
    validation.promptTitle = validation.errorTitle = rule.title
    validation.prompt = validation.error = rule.message
    validation.showInputMessage, validation.showErrorMessage = True, rule.stops
    return validation


def _drawn(chart: Chart, addresses: Addresses, declared: SheetLayout) -> Any:
    if isinstance(chart, BarChart):
        return _bar_chart(chart, addresses, declared)
    if isinstance(chart, TornadoChart):
        return tornado_chart(chart, addresses)
    return bridge_chart(chart, addresses) if isinstance(chart, BridgeChart) else series_chart(chart, addresses)


def _bar_chart(chart: BarChart, addresses: Addresses, declared: SheetLayout) -> Any:
    bars: Any = OpenpyxlBarChart()
    bars.type = "bar"
    bars.style = 1
    bars.title = chart.title
    bars.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1100, b=True))
    bars.title.overlay = False
    bars.legend = None
    bars.gapWidth = 45
    bars.add_data(Reference(range_string=addresses.absolute(chart.values)), titles_from_data=False)
    series = bars.series[0]
    series.cat = AxDataSource(strRef=StrRef(f=addresses.absolute(chart.labels)))
    series.graphicalProperties = GraphicalProperties(solidFill=NAVY)
    series.dLbls = DataLabelList()
    series.dLbls.showVal = True
    series.dLbls.showSerName = series.dLbls.showCatName = series.dLbls.showLegendKey = series.dLbls.showPercent = False
    series.dLbls.numFmt = FORMATS[chart.format]
    series.dLbls.position = "outEnd"
    series.dLbls.txPr = small_text()
    bars.x_axis.delete = bars.y_axis.delete = False
    bars.x_axis.scaling.orientation = "maxMin"
    bars.y_axis.title = chart.axis
    bars.y_axis.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=CharacterProperties(sz=CHART_TEXT_SIZE, b=False))
    bars.y_axis.title.overlay = False
    bars.y_axis.number_format = FORMATS[chart.format]
    bars.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=PALE_RULE))
    bars.y_axis.scaling.min = 0
    bars.y_axis.crosses = "max"  # with the first bar on top, the value axis goes to the bottom
    bars.x_axis.txPr, bars.y_axis.txPr = small_text(), small_text()
    # Room on the right for the longest bar's label.
    x, y, width, height = PLOT
    plot = ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=x, y=y, w=width, h=height)
    bars.layout = Layout(manualLayout=plot)
    return bars


def _anchor(chart: Chart, addresses: Addresses, declared: SheetLayout) -> TwoCellAnchor:
    columns = [column.key for column in declared.columns]
    start = AnchorMarker(
        col=columns.index(chart.left), row=addresses.row(chart.top) - 1, colOff=CHART_GAP, rowOff=CHART_GAP
    )
    end = AnchorMarker(col=columns.index(chart.right) + 1, row=addresses.row(chart.bottom))
    return TwoCellAnchor(editAs="oneCell", _from=start, to=end)


def _add_table(sheet: Any, table: Table, addresses: Addresses, declared: SheetLayout) -> None:
    head = table.area[1:].partition(".")[0]
    for key, entry in next(row.entries for row in declared.rows if row.id == head).items():
        _, row, column = addresses.position(f"{head}.{key}")
        sheet.cell(row, column).value = entry.value  # openpyxl names the columns after it
    added = OpenpyxlTable(displayName=table.name, ref=area_of(addresses, table.area))
    added.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(added)


def _protect(sheet: Any) -> None:
    # Against slips, not against people: no password, and what does no harm stays allowed.
    protection = sheet.protection
    protection.sheet = True
    for allowed in (
        "formatCells",
        "formatColumns",
        "formatRows",
        "insertColumns",
        "insertRows",
        "sort",
        "autoFilter",
        "pivotTables",
        "selectLockedCells",
        "selectUnlockedCells",
    ):
        setattr(protection, allowed, False)
