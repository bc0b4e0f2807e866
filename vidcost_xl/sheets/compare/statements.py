"""Parts that workbooks of results share: title, headings, one way to complete and write them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.sheets.layout.sheet_layout import Entry, Row, WorkbookLayout
from vidcost_xl.sheets.package.safe_files.writing import check_target, write_file
from vidcost_xl.sheets.plan.new import complete


def head(key: str, column: str, title: str, about: str) -> tuple[Row, ...]:
    """Title and a sentence under it."""
    return (
        Row(f"{key}_title", {column: Entry(title, "title")}, height=26),
        Row(f"{key}_about", {column: Entry(about, "subtitle")}),
    )


def heading(key: str, texts: Mapping[str, str], right: Collection[str] = ()) -> Row:
    """The headings of a table; those over numbers stand on the right."""
    return Row(
        key,
        {
            column: Entry(text, "heading_right" if column in right else "heading_indent")
            for column, text in texts.items()
        },
    )


def text_row(key: str, column: str, text: str) -> Row:
    """A row with one text."""
    return Row(key, {column: Entry(text, "text_indent")})


def write_statement(path: Path, layout: WorkbookLayout, *, force: bool = False) -> None:
    """Compute a workbook of results and write it.

    Parameters
    ----------
    force : bool
        Whether an existing file may be replaced.

    Raises
    ------
    BadArgumentError
        For a path that cannot or must not be written, or a formula without a value. Nothing is then left behind.
    """
    check_target(path, force=force)
    made = complete(layout)
    wrong = next((key for key, value in made.values.items() if isinstance(value, ExcelError)), None)
    if wrong is not None:
        raise BadArgumentError(f"{path.name} computes {made.values[wrong]} in {'!'.join(wrong)}; nothing is written.")
    write_file(path, made.data, force=force)
