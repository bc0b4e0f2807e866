"""A price list from a file: which provider's it is, and what is wrong with a file that is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.prices.lists import aws, azure, gcp
from vidcost_xl.prices.lists.rows import ListRow, PriceList

#: A file in JSON is held in memory, about four times its size. The largest list that is read, AmazonS3 of all regions,
#: has 25 MB; AmazonEC2 is larger and comes in CSV, which is read line by line.
LARGEST_JSON: Final = 200_000_000
LARGEST_CSV: Final = 2_000_000_000

#: What is looked at to tell JSON, CSV and a web page apart.
_BEGINNING: Final = 4_096

_NOTHING: Final = "Nothing was taken from it."

_FORMS: Final = (
    "An AWS Price List offer (JSON or CSV), pages of the Azure Retail Prices API (JSON) and SKUs of the "
    "Google Cloud Billing Catalog (JSON) can be read."
)


@contextmanager
def open_list(path: Path) -> Iterator[PriceList]:
    """The price list in a file; its rows are read while it is open.

    Raises
    ------
    BadArgumentError
        Names the file, and the row where there is one, for what is not such a list, is cut off, or is too large.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            beginning = stream.read(_BEGINNING).lstrip()
            stream.seek(0)
            _check_size(path, json_form=beginning[:1] in {"{", "["})
            if beginning[:1] == "<":
                raise BadArgumentError(f"{path.name} is a web page, not a price list; see what it says. {_FORMS}")
            if not beginning:
                raise BadArgumentError(f"{path.name} is empty.")
            if beginning[:1] in {"{", "["}:
                read = _json(json.load(stream), path.name)
                yield replace(read, rows=_complete(read.rows, path.name))
            else:
                yield aws.read_csv(stream, path.name)
    except OSError as error:
        raise BadArgumentError(f"{path} cannot be read: {error.strerror}.") from None
    except json.JSONDecodeError as error:
        raise BadArgumentError(
            f"{path.name}, line {error.lineno}: the JSON is cut off or damaged ({error.msg}). {_NOTHING}"
        ) from None
    except (UnicodeDecodeError, RecursionError) as error:
        raise BadArgumentError(f"{path.name} is not text ({error}). {_FORMS}") from None


def _check_size(path: Path, *, json_form: bool) -> None:
    size, largest = path.stat().st_size, LARGEST_JSON if json_form else LARGEST_CSV
    if size > largest:
        way = "Take the same offer in CSV, or of one region." if json_form else "Take the offer of one region."
        raise BadArgumentError(f"{path.name} has {size:,} bytes; at most {largest:,} are read. {way}")


def _json(read: Any, name: str) -> PriceList:
    pages = read if isinstance(read, list) else [read]
    if pages and all(isinstance(page, dict) for page in pages):
        if {"offerCode", "products", "terms"} <= pages[0].keys() and len(pages) == 1:
            return aws.read_json(pages[0], name)
        if all(isinstance(azure.items_of(page), list) for page in pages):
            return azure.read_json(pages, name)
        if all(isinstance(page.get("skus"), list) for page in pages):
            return gcp.read_json(pages, name)
    raise BadArgumentError(f"{name} is not a price list of a form that is known. {_FORMS}")


def _complete(rows: Any, name: str) -> Iterator[ListRow]:
    at = f"{name}, the first entry"
    try:
        for row in rows:
            yield row
            at = f"{name}, the entry behind {row.where.removeprefix(f'{name}, ')}"
    except KeyError as error:
        raise BadArgumentError(f"{at}: {error.args[0]!r} is missing, which the form asks for. {_NOTHING}") from None
    except (TypeError, AttributeError, IndexError):
        raise BadArgumentError(f"{at}: not in the form of such a list. {_NOTHING}") from None
