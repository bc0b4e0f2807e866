"""An import from file to folder: read, match, propose, and write what was accepted."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.prices.book import PriceBook, layered
from vidcost_xl.prices.layer import present
from vidcost_xl.prices.lists.locking import locked
from vidcost_xl.prices.lists.matching import match
from vidcost_xl.prices.lists.proposal import Change, Proposal, propose
from vidcost_xl.prices.lists.reading import open_list
from vidcost_xl.prices.lists.rules import rules_of
from vidcost_xl.prices.lists.writing import texts_of, write_folder


@dataclass(frozen=True)
class Import:
    """A list compared with the prices in use."""

    proposal: Proposal
    book: PriceBook
    folder: Path

    def accepted(self, also: Iterable[str] = ()) -> list[Change]:
        """The changes that are written.

        Parameters
        ----------
        also : iterable of str
            Meters whose doubtful prices are taken too.

        Raises
        ------
        BadArgumentError
            For a meter of `also` that has no doubtful price in the list.
        """
        also = tuple(also)
        doubtful = {change.meter for change in self.proposal.of("doubtful")}
        for meter in also:
            if meter not in doubtful:
                raise BadArgumentError(unknown_name("doubtful price of the list", meter, doubtful))
        return self.proposal.accepted(also)

    def write(self, changes: Sequence[Change]) -> list[Path]:
        """Write changes to the user's folder; the files that changed.

        Raises
        ------
        BadArgumentError
            Where the folder cannot be written, or another import goes on writing it.
        """
        if not changes:
            return []
        with locked(self.folder):
            texts = texts_of(self.proposal, changes, self.folder, self.book)
            write_folder(self.folder, texts)
        return [self.folder / name for name in texts]

    @contextmanager
    def book_with(self, changes: Sequence[Change]) -> Iterator[PriceBook]:
        """The book as it would be with changes; nothing is written to the user's folder."""
        with TemporaryDirectory() as place:
            copy = Path(place) / "prices"
            if present(self.folder).is_dir():
                shutil.copytree(present(self.folder), copy)
            write_folder(copy, texts_of(self.proposal, changes, copy, self.book))
            yield layered(copy)


def read_import(path: Path, folder: Path, published: date | None = None, address: str = "") -> Import:
    """Compare the list in a file with the prices in use: the shipped ones and those of the folder.

    Parameters
    ----------
    published : date, optional
        The day of a list that carries none, as those of Azure and Google; by default the file's.
    address : str
        Where the file was fetched from; by default its name stands for the source.

    Raises
    ------
    BadArgumentError
        For a file that is no list of prices of the book; names file and row.
    """
    book = layered(folder)
    with open_list(path) as listed:
        if published and listed.published and published != listed.published:
            raise BadArgumentError(
                f"{path.name} says itself that it is of {listed.published:%Y-%m-%d}; leave --day out."
            )
        day = listed.published or published or date.fromtimestamp(path.stat().st_mtime)
        rules = rules_of(listed.provider)
        found = match(listed, day, rules, book)
        proposal = propose(found, listed, day, rules, book)
    return Import(replace(proposal, locator=address or path.name), book, folder)
