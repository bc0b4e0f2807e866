"""The ledger as a file: CSV with the decimal mark and delimiter of the reader's country, XLSX, or FOCUS CSV."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.model.bill import Bill
from vidcost_xl.model.focus import to_focus
from vidcost_xl.model.ledger import to_frame

if TYPE_CHECKING:
    import pandas as pd

FORMS: Final = ("csv", "xlsx", "focus")
XLSX: Final = ".xlsx"

#: Marks that cannot separate columns: they mean something else in CSV.
NOT_DELIMITERS: Final = frozenset('"\n\r+-')

#: How FOCUS writes a moment: ISO 8601 in UTC.
FOCUS_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"

#: What a spreadsheet takes as the start of a formula.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def write_ledger(
    bill: Bill, path: Path, form: str, *, decimal: str = ".", delimiter: str = ",", force: bool = False
) -> int:
    """Write the ledger of a bill.

    Parameters
    ----------
    path : Path
        Never overwritten unless `force`; written beside itself first and renamed.
    form : {"csv", "xlsx", "focus"}
        `focus` is CSV with FOCUS 1.2 columns.
    decimal, delimiter : str
        Of CSV; different from each other.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    BadArgumentError
        For an unknown form or one that the file's name contradicts, a file that exists or cannot be
        written, a folder that does not exist, or marks that clash.
    """
    check_form(path, form)
    check_marks(decimal, delimiter)
    if form == "focus" and decimal != ".":
        raise BadArgumentError("FOCUS writes numbers with a decimal point; leave --decimal out.")
    frame = to_focus(bill) if form == "focus" else to_frame(bill)
    return write_frame(frame, path, form, decimal=decimal, delimiter=delimiter, force=force)


def check_form(path: Path, form: str) -> None:
    """Refuse an unknown form, or one that the file's name contradicts.

    Raises
    ------
    BadArgumentError
    """
    if form not in FORMS:
        raise BadArgumentError(unknown_name("form", form, FORMS))
    if (path.suffix.casefold() == XLSX) != (form == "xlsx"):
        raise BadArgumentError(f"{path.name} does not fit the form {form}; xlsx is for names that end in {XLSX}.")


def usual_delimiter(decimal: str) -> str:
    """The delimiter of CSV where nobody chose one: a comma, unless that is the decimal mark."""
    return ";" if decimal == "," else ","


def check_marks(decimal: str, delimiter: str) -> None:
    """Refuse marks of CSV that clash or mean something else.

    Raises
    ------
    BadArgumentError
    """
    usable = len(delimiter) == 1 and delimiter not in NOT_DELIMITERS and not delimiter.isalnum()
    if decimal not in {".", ","} or not usable or decimal == delimiter:
        raise BadArgumentError(
            f'decimal is "." or "," and delimiter one other character, not {decimal!r}, {delimiter!r}.'
        )


def write_frame(
    frame: pd.DataFrame,
    path: Path,
    form: str,
    *,
    decimal: str = ".",
    delimiter: str = ",",
    force: bool = False,
    places: int | None = None,
) -> int:
    """Write a table; texts that a spreadsheet would take for formulas are marked as text.

    Parameters
    ----------
    path : Path
        Never overwritten unless `force`; written beside itself first and renamed.
    form : {"csv", "xlsx", "focus"}
    decimal, delimiter : str
        Of CSV, checked.
    places : int, optional
        Decimals of every number in CSV; all that it has when not given.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    BadArgumentError
        For a file that exists or cannot be written, or a folder that does not exist.
    """
    if path.exists() and not force:
        raise BadArgumentError(f"{path} exists; use --force to replace it.")
    if not path.parent.is_dir():
        raise BadArgumentError(f"the folder {path.parent} does not exist.")
    try:
        _write(harmless(frame), path, form, decimal, delimiter, places)
    except OSError as error:  # such as a file that Excel holds open
        raise BadArgumentError(f"{path} cannot be written: {error.strerror}.") from None
    return len(frame)


def _write(frame: pd.DataFrame, path: Path, form: str, decimal: str, delimiter: str, places: int | None) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".ledger-", suffix=path.suffix or ".tmp")
    os.close(handle)
    target = Path(temporary)
    try:
        if form == "xlsx":
            frame.to_excel(target, index=False, sheet_name="Ledger", engine="openpyxl", freeze_panes=(1, 0))
        else:
            moment = FOCUS_MOMENT if form == "focus" else None
            written = _plain if form == "focus" else None if places is None else f"%.{places}f"
            frame.to_csv(
                target,
                index=False,
                decimal=decimal,
                sep=delimiter,
                lineterminator="\n",
                encoding="utf-8",
                date_format=moment,
                float_format=written,
            )
        target.replace(path)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _plain(number: Any) -> str:
    # Every digit and no exponent, which importers of FOCUS take for a text.
    return np.format_float_positional(number + 0.0, trim="0")


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with texts that a spreadsheet would take for a formula marked as text; numbers stay."""
    result = frame.copy(deep=False)
    for column in result.columns:
        if result[column].dtype == object or str(result[column].dtype) in {"str", "string"}:
            texts = result[column]
            risky = texts.map(lambda value: isinstance(value, str) and value.startswith(FORMULA_STARTS))
            result[column] = texts.mask(risky.astype(bool), "'" + texts.astype(str))
    return result
