"""How a file writes its numbers: told from all of them together, or refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from vidcost_xl.errors import BadArgumentError

#: Signs of currencies that may stand before or behind an amount.
SIGNS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}

_SIGNED: Final = re.compile(r"[$€£¥\s\u00a0\u202f]")
_POINT: Final = re.compile(r"(?:\d+|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?")
#: Only machines write exponents, with a point.
_COMMA: Final = re.compile(r"(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+)(?:,\d*)?|,\d+")
#: One group of three digits behind one mark: thousands here, decimals there.
_EITHER: Final = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")


def decimal_mark(written: Iterable[tuple[str, str]], told: str | None, delimiter: str) -> str:
    """The decimal mark of a file.

    Parameters
    ----------
    written : iterable of (str, str)
        Every way a number is written, and where.
    told : str or None
        The mark that the user names.
    delimiter : str
        A semicolon between cells goes with a decimal comma.

    Raises
    ------
    BadArgumentError
        For a text that is no number, numbers of both marks, or only such as could be either.
    """
    by_mark: dict[str, str] = {}
    either = ""
    for text, where in written:
        digits = bare(text)
        marks = [mark for mark, form in ((".", _POINT), (",", _COMMA)) if form.fullmatch(digits)]
        if not marks or (told and told not in marks):
            wanted = f" with the decimal mark {told!r}" if told else ""
            raise BadArgumentError(f"{where}: {text!r} is not a number{wanted}.")
        if len(marks) == 1:
            by_mark.setdefault(marks[0], f"{where}: {text!r}")
        elif _EITHER.fullmatch(digits) and ("," in digits or delimiter == ";"):
            either = either or f"{where}: {text!r}"
    if told:
        return told
    if len(by_mark) > 1:
        raise BadArgumentError(
            f"{by_mark['.']} has a decimal point and {by_mark[',']} a decimal comma; write all alike or name --decimal."
        )
    if either and not by_mark:
        raise BadArgumentError(f"{either} can be thousands or a decimal; name --decimal '.' or --decimal ','.")
    return next(iter(by_mark), ".")


def bare(text: str) -> str:
    """Digits and marks of a number without sign, currency and brackets of a negative amount."""
    plain = _SIGNED.sub("", text).casefold()
    if plain.startswith("(") and plain.endswith(")"):
        plain = plain[1:-1]
    return plain.lstrip("+-") if not plain.startswith(("+-", "-+", "--", "++")) else plain


def number_sql(column: str, mark: str) -> str:
    """SQL that reads a text as a number, NULL where it is none."""
    signs = "".join(SIGNS)
    plain = f"regexp_replace({column}, '[{signs}\\s\u00a0\u202f]', '', 'g')"
    thousands = "," if mark == "." else "."
    plain = f"replace({plain}, '{thousands}', '')"
    if mark == ",":
        plain = f"replace({plain}, ',', '.')"
    return f"TRY_CAST(regexp_replace({plain}, '^\\((.*)\\)$', '-\\1') AS DOUBLE)"
