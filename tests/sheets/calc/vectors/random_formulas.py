"""Random formulas over the trusted functions, each with marks for its references to be copied with.

What is written is meant to be computed: a part that no engine here takes would hide the parts beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from openpyxl.utils.cell import get_column_letter

CRITERIA = ('">0"', '"x"', '"<>x"', '"<=2"', '"<>"', '"=1"', '">1"', '"y"', '"<>5"', '">=46054"', '"=x"', '"a*"')
LITERALS = ("0", "1", "2", "3", "0.5", "12", "1E+300", "46054", "rate", "months", "1.005", "100")
WORDS = ('"x"', '"y"', '""', '"abc"', '"5"', "word", '"b c"')
UNITS = ('"TB"', '"GB"', '"GiB"', '"x"')
COMPARED = ("=", "<>", "<", "<=", ">", ">=")

#: Rows and columns of the inputs that formulas read, the column of criteria, and sheets in front of references.
ROWS, COLUMNS, CRITERIA_COLUMN = 12, 4, 7
SHEETS = ("", "", "", "", "", "'My sheet'!", "'My sheet'!", "sheet1!")

_MARK = re.compile(r"\x01(\$?)(\d+),(\$?)(\d+)\x02")


def read_off(formula: str, down: int = 0, right: int = 0) -> str:
    """A formula as it reads so many cells further on."""

    def moved(match: re.Match[str]) -> str:
        held, column, still, row = match.groups()
        letters = get_column_letter(int(column) + (0 if held else right))
        return f"{held}{letters}{still}{int(row) + (0 if still else down)}"

    return _MARK.sub(moved, formula)


@dataclass
class Formulas:
    """Whoever writes formulas.

    Parameters
    ----------
    random : Random
    """

    random: Random

    def _any(self, *ways: Callable[[], str]) -> str:
        return self.random.choice(ways)()

    def _pick(self, *texts: str) -> str:
        return self.random.choice(texts)

    def _place(self, column: int, row: int, held: str, still: str) -> str:
        return f"\x01{held}{column},{still}{row}\x02"

    def cell(self) -> str:
        """One cell."""
        column, row = self.random.randint(1, COLUMNS), self.random.randint(1, ROWS)
        return self._pick(*SHEETS) + self._place(column, row, self._pick("", "$"), self._pick("", "$"))

    def area(self, rows: int = 6, columns: int = 1) -> str:
        """An area that moves as a whole."""
        column, row = self.random.randint(1, COLUMNS - columns + 1), self.random.randint(1, ROWS - rows)
        held, still = self._pick("", "$"), self._pick("", "$")
        ends = [
            self._place(column, row, held, still),
            self._place(column + columns - 1, row + rows - 1, held, still),
        ]
        if self.random.random() < 0.05:
            ends.reverse()
        return self._pick(*SHEETS) + ":".join(ends)

    def growing(self) -> str:
        """An area whose beginning stays where its end moves."""
        column, row = self.random.randint(1, COLUMNS), self.random.randint(1, ROWS)
        held, still = self.random.choice((("$", ""), ("", "$"), ("$", "$")))
        return f"{self._place(column, row, held, still)}:{self._place(column, row, '', '')}"

    def any_area(self) -> str:
        """An area of one column, mostly."""
        return self._any(
            self.area,
            self.area,
            self.area,
            lambda: self.area(1, 3),
            lambda: self.area(2, 2),
            lambda: self._pick("list", "list", "E:E", "$1:$3"),
        )

    def value(self, depth: int) -> str:
        """A value of any kind."""
        return self._any(lambda: self.number(depth), lambda: self.text(depth), self.cell)

    def criterion(self) -> str:
        """What COUNTIF looks for; never an error, which the embedded engine takes otherwise than any other function."""
        row, held = self.random.randint(1, ROWS), self._pick("", "$", "$")
        cell = self._pick(*SHEETS) + self._place(CRITERIA_COLUMN, row, held, self._pick("", "$"))
        return self._any(lambda: self._pick(*CRITERIA), lambda: cell, lambda: f'"{self._pick(*COMPARED)}"&{cell}')

    def text(self, depth: int) -> str:
        """A text, mostly."""
        if depth <= 0:
            return self._any(lambda: self._pick(*WORDS), self.cell)
        value = lambda: self.value(depth - 1)  # noqa: E731
        return self._any(
            lambda: f"{value()}&{value()}",
            lambda: f"LEFT({value()},{self._pick('0', '1', '2', '3')})",
            lambda: f"RIGHT({value()},{self._pick('1', '2', '1.9')})",
            lambda: f"LEFT({value()})",
            lambda: f'IF({self.condition(depth - 1)},{value()},"n")',
            lambda: f"IFERROR({value()},{self._pick(*WORDS)})",
            lambda: f'HYPERLINK("#a",{value()})',
        )

    def condition(self, depth: int) -> str:
        """A condition."""
        value, sign = (lambda: self.value(depth - 1)), self._pick(*COMPARED)
        if depth <= 0:
            return f"{self.cell()}{sign}{self._any(self.cell, lambda: self._pick(*LITERALS, *WORDS))}"
        return self._any(
            lambda: f"{value()}{sign}{value()}",
            lambda: f"{self.text(depth - 1)}{sign}{self.text(depth - 1)}",
            lambda: f"AND({self.condition(depth - 1)},{self.condition(depth - 1)})",
            lambda: f"OR({self.condition(depth - 1)},{self.number(depth - 1)})",
            lambda: f"NOT({self.number(depth - 1)})",
            lambda: f"{self._pick('ISNUMBER', 'ISTEXT', 'ISERROR', 'ISNA')}({value()})",
            lambda: f"AND({self.any_area()})",
            lambda: f"OR({self.any_area()},{self.number(depth - 1)})",
            lambda: self._pick("TRUE", "FALSE"),
        )

    def number(self, depth: int) -> str:
        """A number, mostly."""
        if depth <= 0:
            return self._any(self.cell, self.cell, lambda: self._pick(*LITERALS))
        return self._any(
            lambda: self.calculation(depth - 1),
            lambda: self.calculation(depth - 1),
            lambda: self.total(depth - 1),
            lambda: self.found(depth - 1),
            lambda: self.day(depth - 1),
            lambda: self.branch(depth - 1),
        )

    def calculation(self, depth: int) -> str:
        """Operators and functions of single numbers."""
        number = lambda: self.number(depth)  # noqa: E731
        return self._any(
            lambda: f"({number()}{self._pick('+', '-', '*', '/')}{number()})",
            lambda: f"({number()}{self._pick('+', '-', '*', '/')}{number()})",
            lambda: (
                f"{self._pick('ROUND', 'ROUNDUP')}({number()},{self._pick('0', '1', '2', '-1', '15', self.cell())})"
            ),
            lambda: f"{self._pick('ABS', 'INT')}({number()})",
            lambda: f"MOD({number()},{self._pick('3', '12', '7', self.cell())})",
            lambda: f"COMBIN({number()},{self._pick('0', '1', '2')})",
            lambda: f"{self._pick('-', '--', '+')}{number()}",
            lambda: f"--({self.condition(depth)})",
            lambda: f"{self.cell()}%",
            lambda: f"{self.cell()}^{self._pick('2', '0.5', '-1')}",
            lambda: f'FIND({self._pick(*WORDS)},IFERROR({self.text(depth)},"b x"))',
        )

    def total(self, depth: int) -> str:
        """One number of many."""
        area, number, same = self.any_area, (lambda: self.number(depth)), self.random.choice(((6, 1), (1, 3), (2, 2)))
        alike = lambda: self.area(*same)  # noqa: E731
        condition, sign = (lambda: f"({alike()}{self._pick(*COMPARED)}{self.number(0)})"), self._pick("*", "+")
        return self._any(
            lambda: f"SUM({area()})",
            lambda: f"SUM({self.growing()})",
            lambda: f"SUM({area()},{number()})",
            lambda: f"SUM({number()},{number()},{area()})",
            lambda: f"{self._pick('MAX', 'MIN')}({number()},{number()})",
            lambda: f"{self._pick('MAX', 'MIN')}({area()},{number()})",
            lambda: f"{self._pick('MAX', 'MIN', 'COUNT')}({self.growing()})",
            lambda: f"COUNT({area()},{area()})",
            lambda: (
                f"{self._pick('SUM', 'ROWS', 'MAX')}(IF({self.condition(depth)},{area()},{self._any(area, number)}))"
            ),
            lambda: f"ROWS({area()})",
            lambda: f"VIDEO_CONVERT({number()},{self._pick(*UNITS)},{self._pick(*UNITS)})",
            lambda: f'VIDEO_EGRESS(ABS({number()}),"TB",{self._pick(*UNITS)})',
            lambda: f"SUM(VIDEO_CONVERT({area()},{self._pick(*UNITS)},{self._pick(*UNITS)}))",
            lambda: f"COUNTIF({area()},{self.criterion()})",
            lambda: f"COUNTIFS({alike()},{self.criterion()},{alike()},{self.criterion()})",
            lambda: f"SUMIFS({alike()},{alike()},{self.criterion()})",
            lambda: f"SUMIFS({alike()},{alike()},{self.criterion()},{alike()},{self.criterion()})",
            lambda: f"SUMPRODUCT({alike()},{alike()})",
            lambda: f"SUMPRODUCT({alike()},{alike()},{alike()})",
            lambda: f"SUMPRODUCT({condition()}{sign}{condition()}*{alike()})",
            lambda: f"SUMPRODUCT(--{condition()},{alike()})",
            lambda: f"SUMPRODUCT({alike()}{self._pick('+', '-', '*', '/')}{self.number(0)})",
        )

    def found(self, depth: int) -> str:
        """Something looked up."""
        value, row = (lambda: self.value(depth)), self._pick("1", "2", "3", "6", "7", self.cell(), "2.9")
        return self._any(
            lambda: f"INDEX({self.area()},{row})",
            lambda: f"INDEX({self.area(1, 3)},{row})",
            lambda: f"INDEX({self.area(5, 3)},{row},{self._pick('1', '2', '3', self.cell())})",
            lambda: f"INDEX(other,{row},{self._pick('1', '4', '5')})",
            lambda: f"INDEX({self.area()},MATCH({value()},{self.area()},0))",
            lambda: f"INDEX({self.area(6, 3)},MATCH({value()},{self.area()},0),MATCH({value()},{self.area(1, 3)},0))",
            lambda: f"MATCH({value()},{self.any_area()},0)",
            lambda: f"MATCH({self.number(depth)},list,1)",
            lambda: f"MATCH({self.number(depth)},{self._pick('list', self.area(3))})",
        )

    def day(self, depth: int) -> str:
        """Something of dates."""
        number = lambda: self.number(depth)  # noqa: E731
        return self._any(
            lambda: f"{self._pick('YEAR', 'MONTH')}({number()})",
            lambda: (
                f"{self._pick('EDATE', 'EOMONTH')}({self._any(number, lambda: '46054')},"
                f"{self._pick('0', '1', '-3', self.cell())})"
            ),
            lambda: f"DATE({self._pick('2024', '2026', '1999')},{number()},{self._pick('1', '31', '0', self.cell())})",
        )

    def branch(self, depth: int) -> str:
        """A choice."""
        number = lambda: self.number(depth)  # noqa: E731
        return self._any(
            lambda: f"IF({self.condition(depth)},{number()},{number()})",
            lambda: (
                f"IF({self.condition(depth)},{number()},"
                f"IF({self.condition(depth)},{number()},{self._pick('NA()', '1/0', number())}))"
            ),
            lambda: f"IF({self.condition(depth)},{number()})",
            lambda: f"IF({self.cell()},,{number()})",
            lambda: f"IFERROR({self.value(depth)},{number()})",
        )

    def cells_of(self, depth: int) -> str:
        """For array formulas: one number of values that are computed cell by cell."""
        rows, columns = self.random.choice(((6, 1), (1, 3), (2, 2)))
        alike = lambda: self.area(rows, columns)  # noqa: E731
        number = lambda: self.number(0)  # noqa: E731

        def value(depth: int) -> str:
            if depth <= 0:
                return self._any(alike, alike, number)
            return self._any(
                lambda: f"IF({value(depth - 1)}{self._pick(*COMPARED)}{value(0)},{value(depth - 1)},{value(0)})",
                lambda: f"IF({value(depth - 1)}{self._pick(*COMPARED)}{value(0)},{value(depth - 1)})",
                lambda: f"IFERROR({value(depth - 1)},{value(0)})",
                lambda: f"({value(depth - 1)}{self._pick('+', '-', '*', '/')}{value(0)})",
                lambda: f"--ISNUMBER({alike()})",
                lambda: f"({alike()}{self._pick(*COMPARED)}{self._pick(*WORDS)})*1",
                alike,
            )

        return f"{self._pick('SUM', 'SUM', 'MAX', 'MIN')}({value(depth)})"

    def table_of(self) -> str:
        """For answers of several cells: 6 by 1, or now and then another size."""
        area = lambda: self.area(self._size(6), 1)  # noqa: E731
        return self._any(
            lambda: f"{area()}{self._pick('+', '*', '/', '&')}{self._any(area, self.cell)}",
            lambda: f"IF({self.area()}{self._pick(*COMPARED)}{self.number(0)},{self.area()},{self.number(0)})",
            lambda: f"TRANSPOSE({self.area(1, self._size(4))})",
            lambda: f"IFERROR({area()},{self.cell()})",
        )

    def _size(self, most: int) -> int:
        return self.random.choice((most, most, most - 1, 1))
