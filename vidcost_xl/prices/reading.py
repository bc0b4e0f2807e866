"""Price files read, checked and merged into a book."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

from vidcost_xl.prices.located import END_MARK
from vidcost_xl.prices.lookup import PriceBook
from vidcost_xl.prices.regions import DataFile, RegionFiles, region_files

if TYPE_CHECKING:
    from vidcost_xl.prices.schema import Meter, Price, Provider


def read_price_folder(folder: Traversable) -> PriceBook:
    """The price book of a folder: a file a provider, and beside it a folder with a file a further region.

    Raises
    ------
    ValueError
        As `read_price_files`.
    """
    ordered = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return read_price_files(
        (entry.read_text(encoding="utf-8") for entry in ordered if entry.name.endswith(".toml")),
        {entry.name: tuple(entry.iterdir()) for entry in ordered if entry.is_dir()},
    )


def read_price_files(texts: Iterable[str], regions: Mapping[str, Iterable[DataFile]] | None = None) -> PriceBook:
    """Check and merge price files.

    Parameters
    ----------
    texts : iterable of str
        TOML, one provider each, in the form of `file_schema.PriceFile`.
    regions : mapping, optional
        By provider id, the files of its regions, in the form of `file_schema.RegionFile`; read when they are asked for.

    Raises
    ------
    ValueError
        For a file that breaks the schema or names a meter that no file declares.
    """
    from vidcost_xl.prices.file_schema import PriceFile

    texts = tuple(texts)
    parsed = [PriceFile.model_validate(tomllib.loads(text)) for text in texts]
    regional = {
        file.provider.id: region_files(
            file.provider, file.meter, file.sources, (regions or {}).get(file.provider.id, ())
        )
        for file in parsed
    }
    unknown = sorted(set(regions or {}) - set(regional))
    if unknown:
        raise ValueError(f"regions of providers that no file declares: {unknown}")
    book = PriceBook(
        providers={file.provider.id: _with_regions(file.provider, regional[file.provider.id]) for file in parsed},
        meters={meter.id: meter for file in parsed for meter in file.meter},
        classes={item.id: item for file in parsed for item in file.storage_class},
        routes={(item.direction, item.id): item for file in parsed for item in file.route},
        sources={file.provider.id: file.sources for file in parsed},
        regional=regional,
        texts=texts,
    )
    missing = sorted(book.meters_named() - set(book.meters))
    if missing:
        raise ValueError(f"meters named by a class or route but not declared: {missing}")
    nowhere = sorted({name for item in book.classes.values() for name in item.moves_to} - set(book.classes))
    if nowhere:
        raise ValueError(f"classes that a class moves to but are not declared: {nowhere}")
    astray = astray_in(book)
    if astray:
        raise ValueError(f"prices between regions of what does not lead there: {astray}")
    return book


def astray_in(book: PriceBook) -> list[str]:
    """The prices between two ends that no look-up finds: an end is no region, or the meter not one between two."""
    return [
        f"{meter.id} {price.region}"
        for meter in book.meters.values()
        for price in meter.price
        if END_MARK in price.region and not (meter.between_regions and _ends(price) <= _places(book, meter))
    ]


def _ends(price: Price) -> set[str]:
    return set(price.region.split(END_MARK))


def _places(book: PriceBook, meter: Meter) -> set[str]:
    provider = book.provider_of(meter.id)
    return {*provider.regions, *provider.geographies}


def _with_regions(provider: Provider, regional: RegionFiles) -> Provider:
    twice = sorted(set(provider.regions) & set(regional.ids))
    if twice:
        raise ValueError(f"{provider.id}: regions of the provider's file that have a file of their own too: {twice}")
    return provider.model_copy(update={"regions": (*provider.regions, *regional.ids)})
