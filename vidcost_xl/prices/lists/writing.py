"""Accepted changes, written to the user's price folder: all of them, or none."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.prices.layer import PREVIOUS, present, read_file
from vidcost_xl.prices.lists.proposal import Change, Proposal
from vidcost_xl.prices.lookup import PriceBook

#: The folder while it is written.
_NEW: Final = ".new"

_HEAD: Final = """\
# Prices of your own, written by `vidcost prices import`; they lie over the shipped book. Comments here are not kept.

"""


def texts_of(proposal: Proposal, changes: Sequence[Change], folder: Path, book: PriceBook) -> dict[Path, str]:
    """The files of the folder that changes alter, by their names within it.

    Parameters
    ----------
    book : PriceBook
        The book in use.
    """
    texts: dict[Path, str] = {}
    for region in sorted({change.region for change in changes}):
        name = Path(proposal.provider) / f"{region}.toml"
        old = present(folder) / name
        file = tomllib.loads(old.read_text(encoding="utf-8")) if old.is_file() else _new_file(proposal, region)
        file.setdefault("sources", {})[proposal.source] = {
            "title": proposal.title,
            "locator": proposal.locator,
            "kind": "provider price list",
            "read_on": proposal.published,
        }
        mine = [change for change in changes if change.region == region]
        begun = {(change.meter, change.valid_from) for change in mine}
        # A list has no price to one other end alone.
        kept = [row for row in file["price"] if "to" in row or (row["meter"], row["valid_from"]) not in begun]
        rows = [*kept, *(_row(change, proposal) for change in mine)]
        file["price"] = sorted(rows, key=lambda row: (row["meter"], row["valid_from"]))
        cited = {row["source"] for row in rows} | {tier.get("source") for row in rows for tier in row["tiers"]}
        file["sources"] = {key: source for key, source in file["sources"].items() if key in cited}
        texts[name] = _text(file)
        read_file(folder / name, texts[name], book.providers, book.meters)
    return texts


def write_folder(folder: Path, texts: Mapping[Path, str]) -> None:
    """Put files into the folder by replacing all of it.

    The new folder is made beside the old one and complete on disk before the old one is taken away; readers take the
    old one until the new one bears its name (`layer.present`).

    Raises
    ------
    BadArgumentError
        Where the folder cannot be written; the prices in use are then as they were.
    """
    previous, new = folder.with_name(folder.name + PREVIOUS), folder.with_name(folder.name + _NEW)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if previous.is_dir():  # an import was stopped
            if folder.exists():
                shutil.rmtree(previous)
            else:
                previous.rename(folder)
        if new.exists():
            shutil.rmtree(new)
        if folder.exists():
            shutil.copytree(folder, new)
        for name, text in texts.items():
            _write(new / name, text)
        if folder.exists():
            folder.rename(previous)
        new.rename(folder)
        shutil.rmtree(previous, ignore_errors=True)
    except OSError as error:
        raise BadArgumentError(f"{folder} cannot be written: {error}. The prices in use are as they were.") from None


def _new_file(proposal: Proposal, region: str) -> dict[str, Any]:
    head = {"provider": proposal.provider, "id": region, "names": list(proposal.region_names.get(region, ()))}
    return {"region": head, "sources": {}, "price": []}


def _row(change: Change, proposal: Proposal) -> dict[str, Any]:
    offered = change.offered
    if offered is None or change.valid_from is None:  # the kinds that are written have both
        raise ValueError(f"{change.meter} has no price to write")
    row: dict[str, Any] = {
        "meter": offered.meter.id,
        "valid_from": change.valid_from,
        "valid_from_basis": offered.basis if change.valid_from == offered.valid_from else "read",
        "tiers": [{"from": start, "price": price} for start, price in offered.tiers],
        "source": proposal.source,
        "read_on": proposal.published,
        "confidence": "high",
        "sku": offered.sku,
    }
    if offered.allowance:
        row["allowance"] = {"quantity": offered.allowance.quantity, "position": offered.allowance.position}
    if not any(price for _, price in offered.tiers):
        row["note"] = "Free in the list."
    return row


def _text(file: Mapping[str, Any]) -> str:
    import tomli_w

    return _HEAD + tomli_w.dumps(file)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
