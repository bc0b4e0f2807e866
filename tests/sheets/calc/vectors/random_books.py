"""Random workbooks: cells of every kind, and formulas copied in every way that Excel copies and saves them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from xml.sax.saxutils import escape

from openpyxl.utils.cell import get_column_letter

from tests.sheets.calc.vectors.random_formulas import COLUMNS, CRITERIA_COLUMN, ROWS, Formulas, read_off
from tests.sheets.calc_files import package
from vidcost_xl.sheets.package.parts import read_parts, write_parts

NUMBERS = (0, 1, 2, 3, -1, 2.5, 0.1, 0.2, 0.3, 7, 12, 100, 46023, 46054, 1e6, 1 / 3, -2.5, 5, 1.005, 59, -0.5, 1e15)
TEXTS = ("x", "X", "y", "text", "", "abc", "a b", "2027-01", "5", "aws.s3", "TRUE", "zz", "b", "x*")
NAMES = (
    "<definedName name='rate'>Sheet1!$B$3</definedName><definedName name='months'>12</definedName>"
    "<definedName name='list'>Sheet1!$F$1:$F$6</definedName><definedName name='word'>\"abc\"</definedName>"
    "<definedName name='other'>'My sheet'!$A$1:$D$4</definedName>"
)

#: Where copies begin: those of a row, those of a column, and what reads them.
FIRST_ROW, FIRST_COLUMN, DEEP_COLUMN = 20, 8, 16
COPIES = 5


@dataclass
class Sheet:
    """Cells by row and column, as XML."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)

    def put(self, row: int, column: int, content: str, attributes: str = "") -> None:
        self.cells[row, column] = f'<c r="{_name(row, column)}"{attributes}>{content}</c>'

    def formula(self, row: int, column: int, text: str, attributes: str = "", of_cell: str = "") -> None:
        self.put(row, column, f"<f{attributes}>{escape(text)}</f>", of_cell)

    @property
    def data(self) -> str:
        rows: dict[int, list[str]] = {}
        for (row, _), cell in sorted(self.cells.items()):
            rows.setdefault(row, []).append(cell)
        return "".join(f'<row r="{row}">{"".join(cells)}</row>' for row, cells in rows.items())


def random_book(seed: int, families: int = 8) -> bytes:
    """A workbook of two sheets; the same for the same seed.

    Parameters
    ----------
    seed : int
    families : int
        Formulas of each kind, each with its copies.
    """
    random = Random(seed)
    write = Formulas(random)
    first, second = Sheet(), Sheet()
    for sheet in (first, second):
        for row in range(1, ROWS + COPIES + 2):
            for column in range(1, COLUMNS + 2):
                _input(random, sheet, row, column)
        for row in range(1, ROWS + COPIES):
            _criterion(random, sheet, row)
    for row in range(1, 7):
        first.put(row, 6, f"<v>{row * 2 - 3}</v>")
    _rows(random, write, first, families)
    _columns(random, write, first, families)
    _arrays(random, write, first, families)
    _balances(random, write, first)
    for row in range(1, 6):  # on a sheet of its own, with what the first computes
        text = f"{write.number(2)}+Sheet1!\x018,{FIRST_ROW + row}\x02"
        _copies(random, second, FIRST_ROW + row, FIRST_COLUMN, text, down=False)
    data = package(first.data, second.data, names=NAMES)
    parts = read_parts(data)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="Sheet2"', b'name="My sheet"')
    return write_parts(parts)


def _name(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


def _input(random: Random, sheet: Sheet, row: int, column: int) -> None:
    kind = random.random()
    if kind < 0.68:
        sheet.put(row, column, f"<v>{random.choice(NUMBERS)!r}</v>")
    elif kind < 0.82:
        sheet.put(row, column, f"<is><t>{random.choice(TEXTS)}</t></is>", ' t="inlineStr"')
    elif kind < 0.88:
        sheet.put(row, column, f"<v>{random.choice('01')}</v>", ' t="b"')
    elif kind < 0.92:
        sheet.put(row, column, f"<v>{random.choice(('#DIV/0!', '#N/A'))}</v>", ' t="e"')
    elif kind < 0.94:
        sheet.put(row, column, "", ' s="0"')


def _criterion(random: Random, sheet: Sheet, row: int) -> None:
    text = random.choice(("x", "&lt;&gt;x", "&gt;1", "&lt;=2.5", "=y", "5", "&gt;=46054", "", "a*", "TRUE"))
    if random.random() < 0.5:
        sheet.put(row, CRITERIA_COLUMN, f"<v>{random.choice(NUMBERS)!r}</v>")
    elif random.random() < 0.9:
        sheet.put(row, CRITERIA_COLUMN, f"<is><t>{text}</t></is>", ' t="inlineStr"')


def _copies(random: Random, sheet: Sheet, row: int, column: int, text: str, *, down: bool) -> None:
    # As single texts, or as Excel saves what was filled: one text and copies that name it.
    place = [(row + step * down, column + step * (not down)) for step in range(COPIES)]
    if random.random() < 0.6:
        for step, (at, beside) in enumerate(place):
            sheet.formula(at, beside, read_off(text, step * down, step * (not down)))
        return
    shared = f' t="shared" si="{len(sheet.cells)}"'
    sheet.formula(row, column, read_off(text), f'{shared} ref="{_name(row, column)}:{_name(*place[-1])}"')
    for at, beside in place[1:]:
        sheet.put(at, beside, f"<f{shared}/>")


def _rows(random: Random, write: Formulas, sheet: Sheet, count: int) -> None:
    # Copies along rows; rows under each other are copies of the first of them now and then, as in a table.
    for row in range(FIRST_ROW, FIRST_ROW + count * 3, 3):
        text = write.value(3)
        _copies(random, sheet, row, FIRST_COLUMN, text, down=False)
        if random.random() < 0.5:
            for step in range(COPIES):
                sheet.formula(row + 1, FIRST_COLUMN + step, read_off(text, 1, step))
        # A corkscrew: each month begins with what the month before left.
        beside = f"\x01{FIRST_COLUMN - 1},{row + 2}\x02"
        flow = f"\x01{FIRST_COLUMN},{row}\x02"
        kinds = (
            f"IFERROR({beside}+{flow},{beside})",
            f"{beside}+{flow}",
            f"IF(ISNUMBER({flow}),{beside}*2+{flow},{beside})",
            f"SUM(\x01${FIRST_COLUMN},{row}\x02:{flow})-{beside}",
            f"MAX({beside},{flow})",
        )
        sheet.put(row + 2, FIRST_COLUMN - 1, "<v>1</v>")
        _copies(random, sheet, row + 2, FIRST_COLUMN, random.choice(kinds), down=False)
        # What reads all of them.
        sheet.formula(row, FIRST_COLUMN + COPIES, f"SUM({_name(row, FIRST_COLUMN)}:{_name(row + 2, FIRST_COLUMN + 4)})")
        sheet.formula(row + 1, FIRST_COLUMN + COPIES, f'{_name(row, FIRST_COLUMN)}&"|"&{_name(row, FIRST_COLUMN + 1)}')
    row = FIRST_ROW + count * 3
    if random.random() < 0.3:  # formulas that read each other in a circle, and one that reads them
        for step in range(COPIES):
            sheet.formula(row, FIRST_COLUMN + step, f"{_name(row + 1, FIRST_COLUMN + step)}+1")
            sheet.formula(row + 1, FIRST_COLUMN + step, f"{_name(row, FIRST_COLUMN + (step + 1) % COPIES)}*2")
            sheet.formula(row + 2, FIRST_COLUMN + step, f"IFERROR({_name(row, FIRST_COLUMN)},1)+{_name(1, step + 1)}")


def _columns(random: Random, write: Formulas, sheet: Sheet, count: int) -> None:
    # Copies down columns, beside balances that go down.
    for index in range(count):
        column = DEEP_COLUMN + index * 3
        _copies(random, sheet, FIRST_ROW, column, write.value(3), down=True)
        above, flow = f"\x01{column + 1},{FIRST_ROW - 1}\x02", f"\x01{column},{FIRST_ROW}\x02"
        sheet.put(FIRST_ROW - 1, column + 1, "<v>2</v>")
        kinds = (f"IFERROR({above}+{flow},{above})", f"COUNT(\x01{column},${FIRST_ROW}\x02:{flow})+{above}")
        _copies(random, sheet, FIRST_ROW, column + 1, random.choice(kinds), down=True)
        sheet.formula(FIRST_ROW, column + 2, f"COUNTIF({_name(FIRST_ROW, column)}:{_name(FIRST_ROW + 4, column)},1)")


def _arrays(random: Random, write: Formulas, sheet: Sheet, count: int) -> None:
    # Array formulas: of one cell, of as many as their author selected, and those that spill.
    top = FIRST_ROW + 10
    for index in range(count):
        column, text = DEEP_COLUMN + index * 3, write.cells_of(2)
        for step in range(3):
            name = _name(top + step, column)
            sheet.formula(top + step, column, read_off(text, step), f' t="array" ref="{name}"')
        table = top + 5
        filled = f"{_name(table, column)}:{_name(table + 5, column)}"
        spills = ' cm="1"' if random.random() < 0.6 else ""
        sheet.formula(table, column, read_off(write.table_of()), f' t="array" ref="{filled}"', spills)
        for step in range(1, 6):
            sheet.put(table + step, column, "<v>9</v>")
        for step in range(random.choice((0, 0, 2))):
            sheet.put(table + 6 + step, column, "", ' s="0"')
        sheet.formula(table, column + 1, f"SUM({_name(table, column)}:{_name(table + 7, column)})")
        sheet.formula(table + 1, column + 1, f'{_name(table + 5, column)}&"|"')


def _balances(random: Random, write: Formulas, sheet: Sheet) -> None:
    # Opening, what is added, what is taken away in proportion, closing: month by month.
    top, left, months = FIRST_ROW + 40, FIRST_COLUMN, 20
    for row in range(top, top + 12, 4):
        opening, added, taken = (f"\x01{left},{row + step}\x02" for step in range(3))
        before = f"\x01{left - 1},{row + 3}\x02"
        sheet.put(row + 3, left - 1, f"<v>{random.choice(NUMBERS)!r}</v>")
        texts = (
            f"{before}+0",
            f"IFERROR({write.number(2)},{before})",
            random.choice((f"-{opening}*0.1", f"IF({opening}>{added},-{added},0)", f"-ROUND({opening}/3,2)")),
            random.choice((f"SUM({opening}:{taken})", f"{opening}+{added}+{taken}", f"MAX({opening},{added})")),
        )
        for month in range(months):
            for step, text in enumerate(texts):
                sheet.formula(row + step, left + month, read_off(text, 0, month))
