"""References to cells as formulas write them: what they point at, and how copies further on write them."""

from __future__ import annotations

from typing import NamedTuple

from vidcost_xl.sheets.formulas.references import (
    CELLS,
    LAST_COLUMN,
    LAST_ROW,
    Area,
    Place,
    Resolver,
    column_letters,
    column_number,
)


class Pointed(NamedTuple):
    """An area, and how far it moves when its formula is copied one cell to the right or down.

    Parameters
    ----------
    area : Area
    right, down : int
        1 where it moves with the formula, 0 where a dollar sign holds it.
    """

    area: Area
    right: int
    down: int


class Written:
    """The references of formulas, by their text.

    Parameters
    ----------
    resolver : Resolver
    """

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self._known: dict[tuple[str, str], Pointed] = {}
        self._sheets: dict[str, str] = {}

    def pointed(self, text: str, sheet: str) -> Pointed:
        """What a reference in a formula of a sheet points at."""
        found = self._known.get((sheet, text))
        if found is None:
            match = CELLS.fullmatch(text)
            assert match is not None
            prefix, held, column, still, row, _, last_column, _, last_row = match.groups()
            left, top = column_number(column), int(row)
            right, bottom = (column_number(last_column), int(last_row)) if last_row else (left, top)
            area = Area(
                self._sheet(prefix, sheet), min(top, bottom), min(left, right), max(top, bottom), max(left, right)
            )
            found = self._known[sheet, text] = Pointed(area, not held, not still)
        return found

    def _sheet(self, prefix: str | None, sheet: str) -> str:
        if not prefix:
            return sheet
        found = self._sheets.get(prefix)
        if found is None:
            area = self.resolver.resolve(f"{prefix}A1", Place(sheet, 0, 0))
            assert isinstance(area, Area)
            found = self._sheets[prefix] = area.sheet
        return found


class Moving(dict[str, str]):
    """References by the text that they have in the cell before; nearly every one is met again and again.

    Parameters
    ----------
    down : bool
        Whether the cell before is the one above, not the one to the left.
    """

    def __init__(self, *, down: bool) -> None:
        super().__init__()
        self._down = down
        self._parts: dict[str, tuple[str, int, str, int, str]] = {}

    def __missing__(self, text: str) -> str:
        parts = self._parts.pop(text, None) or self._split(text)
        if parts is None:
            found = ""  # its ends move apart, or over the edge of the sheet
        elif not parts[1]:
            found = text
        else:
            before, first, between, second, after = parts
            name = str if self._down else column_letters
            if second:
                found = f"{before}{name(first + 1)}{between}{name(second + 1)}{after}"
                self._parts[found] = before, first + 1, between, second + 1, after
            else:
                found = f"{before}{name(first + 1)}{between}"
                self._parts[found] = before, first + 1, between, 0, after
            if max(first, second) >= (LAST_ROW if self._down else LAST_COLUMN):
                found = ""
        self[text] = found
        return found

    def _split(self, text: str) -> tuple[str, int, str, int, str] | None:
        # What stands before, between and behind the numbers that change; they are 0 where none does.
        match = CELLS.fullmatch(text)
        assert match is not None
        held, changing = (4, 5) if self._down else (2, 3)
        is_area = match[7] is not None
        if is_area and bool(match[held]) != bool(match[held + 4]):
            return None
        if match[held]:
            return text, 0, "", 0, ""
        places = [self._number(match[changing + shift]) for shift in ((0, 4) if is_area else (0,))]
        first, last = match.span(changing), match.span(changing + 4)
        if not is_area:
            return text[: first[0]], places[0], text[first[1] :], 0, ""
        return text[: first[0]], places[0], text[first[1] : last[0]], places[1], text[last[1] :]

    def _number(self, text: str) -> int:
        return int(text) if self._down else column_number(text)
