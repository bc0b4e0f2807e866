"""The regions that a plan names beside its classes, of its GPUs and of the copy beside them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from vidcost_xl.errors import BadArgumentError, NotInBookError, VideoCostError
from vidcost_xl.names import nearest_rows
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import PLACE_MARK, in_place, split_place

#: End of the key of the region of a representation or of the copy, and of the classes in it.
REGION: Final = "region"
_CLASSES: Final = ("class", "second_class")

#: The region of the GPUs, and the route whose provider it is of where no other is named.
GPU_REGION: Final = "train.region"
_GPU_ROUTE: Final = "train.route"


def is_region(name: str) -> bool:
    """Whether a name is that of a region of any provider: `Frankfurt`, or with the provider's id, `aws@Frankfurt`."""
    for provider in price_book().providers:
        with suppress(VideoCostError):
            _region_of(provider, name)
            return True
    return False


def unknown_region(name: str) -> str:
    """The sentence that says which regions, of any provider, a name is most like."""
    book = price_book()
    rows = [row for provider in book.providers.values() for row in book.named_regions(provider)]
    near = nearest_rows(name.rpartition(PLACE_MARK)[2], rows)
    return f"Nearest: {', '.join(near)}." if near else ""


def _region_of(provider: str, name: str) -> str:
    # A name with the id of the provider before it is of no other.
    owner, mark, region = name.partition(PLACE_MARK)
    if mark and owner.strip().casefold() != provider:
        raise NotInBookError(f"{name!r} is a region of {owner}.")
    book = price_book()
    return book.region(book.providers[provider], region if mark else name)


def region_key(key: str) -> str:
    """The input that says in which region the class of an input is."""
    return f"{key.rpartition('.')[0]}.{REGION}"


def placed(item: str, region: str) -> str:
    """A class in a region, as the price book writes it; as it is where the region already stands behind it."""
    if not item or PLACE_MARK in item or region == price_book().provider_of(item).default_region:
        return item
    return in_place(item, region)


def place_of_region(name: str) -> str:
    """A region with its provider as a place of the price book: the default region is the provider's id alone."""
    provider, region = split_place(name)
    return provider if region == price_book().providers[provider].default_region else name


def regions_meant(values: Mapping[str, object]) -> dict[str, str]:
    """The regions that inputs name, by key, as the price book calls them: of the GPUs with their provider.

    Raises
    ------
    NotInBookError
        For a region that the provider of the class does not have.
    BadArgumentError
        For a class that stands in another region.
    """
    found: dict[str, str] = {}
    for key, value in values.items():
        if not value or not key.endswith(f".{REGION}"):
            continue
        if key == GPU_REGION:
            found[key] = _gpu_region(str(value), str(values[_GPU_ROUTE]))
            continue
        start = key.removesuffix(REGION)
        for name in _CLASSES:
            if item := values.get(start + name):
                found[key] = _beside(key, str(value), start + name, str(item))
    return found


def _gpu_region(name: str, route: str) -> str:
    book, owner = price_book(), name.partition(PLACE_MARK)[0].strip().casefold()
    provider = owner if PLACE_MARK in name else book.provider_of(route).id
    return in_place(provider, _of(GPU_REGION, provider, name))


def _beside(key: str, name: str, class_key: str, item: str) -> str:
    book = price_book()
    region = _of(key, book.provider_of(item).id, name)
    behind = split_place(item)[1]
    if behind is not None and book.where(item, behind) != region:
        raise BadArgumentError(f"{key} is {region!r}, and {class_key} is {item!r}: write the region once.")
    return region


def _of(key: str, provider: str, name: str) -> str:
    try:
        return _region_of(provider, name)
    except VideoCostError as error:
        raise type(error)(f"{key}: {error.message}") from None
