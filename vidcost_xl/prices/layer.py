"""The user's own prices: a folder of region files that lies over the shipped book.

`<folder>/<provider>/<region>.toml`, each a `file_schema.RegionFile`. A price of the folder stands beside the
shipped prices of its meter and region; from its first day on it holds until a later one begins, of either layer. On the
same first day the folder's holds. A file that breaks the form is an error, never left out.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.errors import BadArgumentError, unknown_name

if TYPE_CHECKING:
    from pydantic import ValidationError

    from vidcost_xl.prices.file_schema import RegionFile, RegionHead
    from vidcost_xl.prices.schema import Meter, Price, Provider, Source

#: Names the folder; the default is a folder of the user's settings.
VARIABLE: Final = "VIDCOST_PRICES"

#: Stands before the source of a price of this layer.
MARK: Final = "yours/"

#: While a folder is replaced, the old one bears this suffix; it holds until the new one bears the name.
PREVIOUS: Final = ".previous"

_SUFFIX: Final = ".toml"


@dataclass(frozen=True)
class Layer:
    """The files of a folder, by provider and region.

    Parameters
    ----------
    digest : str
        First 12 hexadecimal digits of the SHA-256 of their names and texts.
    """

    folder: Path
    files: Mapping[tuple[str, str], RegionFile]
    digest: str

    @property
    def described(self) -> str:
        """How many prices it holds, and where."""
        count = sum(len(file.price) for file in self.files.values())
        return f"{count} of your own in {self.folder}"


def layer_folder() -> Path:
    """The user's price folder, whether it exists or not."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    local = os.environ.get("LOCALAPPDATA")
    return Path(local) / "vidcost-xl" / "prices" if local else Path.home() / ".config" / "vidcost-xl" / "prices"


def folder_in_use() -> Path:
    """The user's price folder, to price with: the one of the settings need not exist, one that is named must.

    Raises
    ------
    BadArgumentError
        For a named folder that is not there: its prices are never left out unseen.
    """
    folder = layer_folder()
    if os.environ.get(VARIABLE) and str(folder) != os.devnull and not present(folder).exists():
        raise BadArgumentError(
            f"{VARIABLE} names {folder}, which is not there. Make that folder, or take {VARIABLE} away to price with "
            "the book alone."
        )
    return folder


def present(folder: Path) -> Path:
    """The folder to read: the old one where an import was stopped between taking it away and placing the new."""
    previous = folder.with_name(folder.name + PREVIOUS)
    return previous if previous.is_dir() and not folder.exists() else folder


def read_layer(folder: Path, providers: Iterable[str], meters: Iterable[str]) -> Layer | None:
    """The layer in a folder, checked against the book; None where there is no folder, or no price in it.

    Raises
    ------
    BadArgumentError
        Names the file and the row that break the form, or name a provider, meter or source that nobody declares.
    """
    paths = _paths(present(folder))
    if not paths:
        return None
    files: dict[tuple[str, str], RegionFile] = {}
    known = set(providers), set(meters)
    hashed = hashlib.sha256()
    for path in paths:
        text = _text(path)
        files[path.parent.name, path.stem] = read_file(path, text, *known)
        hashed.update(f"{path.parent.name}/{path.name}\n{text}\n".encode())
    return Layer(folder, files, hashed.hexdigest()[:12])


def _paths(folder: Path) -> list[Path]:
    """The files of the layer; one that stands where none is read is refused, not left out."""
    if str(folder) == os.devnull:
        return []
    if folder.exists() and not folder.is_dir():
        raise BadArgumentError(f"{folder} is a file; the prices of your own are a folder ({VARIABLE}).")

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise BadArgumentError(f"{folder} cannot be read: {error}.")

    walked = os.walk(folder, onerror=refuse)
    paths = sorted(Path(at, name) for at, _, names in walked for name in names if name.endswith(_SUFFIX))
    for path in paths:
        if path.parent.parent != folder:
            raise BadArgumentError(f"{path} is not read there: a price file is {folder}/<provider>/<region>{_SUFFIX}.")
    return paths


def read_file(path: Path, text: str, providers: Collection[str], meters: Collection[str]) -> RegionFile:
    """One file of the layer.

    Raises
    ------
    BadArgumentError
        As for `read_layer`.
    """
    from pydantic import ValidationError

    from vidcost_xl.prices.file_schema import RegionFile

    try:
        raw = tomllib.loads(text)
        file = RegionFile.model_validate(raw)
    except tomllib.TOMLDecodeError as error:
        raise BadArgumentError(f"{path}: not TOML: {error}.") from None
    except ValidationError as error:
        raise BadArgumentError(f"{path}{_told(error, raw)}.") from None
    head = file.region
    if (head.provider, head.id) != (path.parent.name, path.stem):
        raise BadArgumentError(f"{path} says that it is {head.id!r} of {head.provider!r}; its name says otherwise.")
    if head.provider not in providers:
        raise BadArgumentError(f"{path}: {unknown_name('provider', head.provider, providers)}")
    for position, price in enumerate(file.price, start=1):
        row = f"{path}, price {position}"
        if price.meter not in meters or not price.meter.startswith(f"{head.provider}."):
            own = [meter for meter in meters if meter.startswith(f"{head.provider}.")]
            raise BadArgumentError(f"{row}: {unknown_name('meter', price.meter, own)}")
        missing = sorted(price.cited - set(file.sources))
        if missing:
            raise BadArgumentError(f"{row}, {price.meter}: the source {missing[0]!r} is not declared under [sources].")
    return file


def over(
    layer: Layer,
    providers: Mapping[str, Provider],
    meters: Mapping[str, Meter],
    sources: Mapping[str, Mapping[str, Source]],
    shipped: Callable[[Meter, str], Iterable[Price]],
) -> tuple[dict[str, Provider], dict[str, Meter], dict[str, dict[str, Source]]]:
    """Providers, meters and sources of the book with the layer's regions, prices and sources in them.

    Parameters
    ----------
    shipped : callable
        The shipped prices of a meter that hold in a region.
    """
    prices: dict[str, dict[str, list[Price]]] = {}
    own: dict[str, dict[str, Source]] = {}
    regions: dict[str, dict[str, RegionHead]] = {}
    for (provider, region), file in layer.files.items():
        mark = f"{MARK}{region}/"
        own.setdefault(provider, {}).update({mark + key: source for key, source in file.sources.items()})
        regions.setdefault(provider, {})[region] = file.region
        for price in file.price:
            prices.setdefault(price.meter, {}).setdefault(region, []).append(_marked(price, mark))
    return (
        {key: _with_regions(row, regions.get(key, {})) for key, row in providers.items()},
        {key: _with_prices(row, prices[key], shipped) if key in prices else row for key, row in meters.items()},
        {key: {**rows, **own.get(key, {})} for key, rows in sources.items()},
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadArgumentError(f"{path} cannot be read: {error}.") from None


def _marked(price: Price, mark: str) -> Price:
    tiers = tuple(
        tier.model_copy(update={"source": mark + tier.source}) if tier.source else tier for tier in price.tiers
    )
    others = {name: tuple(mark + key for key in getattr(price, name)) for name in ("also", "against")}
    return price.model_copy(update={"source": mark + price.source, "tiers": tiers, **others})


def _with_regions(provider: Provider, regions: Mapping[str, RegionHead]) -> Provider:
    new = {region: head for region, head in regions.items() if region not in provider.regions}
    named = {region: head.names for region, head in new.items() if head.names}
    geographies = dict(provider.geographies)
    for region, head in new.items():
        if head.geography:
            if head.geography not in geographies:
                raise BadArgumentError(f"{region}: {unknown_name('geography', head.geography, geographies)}")
            geographies[head.geography] = (*geographies[head.geography], region)
    return provider.model_copy(
        update={
            "regions": (*provider.regions, *new),
            "region_names": {**provider.region_names, **named},
            "geographies": geographies,
        }
    )


def _with_prices(
    meter: Meter, own: Mapping[str, list[Price]], shipped: Callable[[Meter, str], Iterable[Price]]
) -> Meter:
    rows = [price for price in meter.price if price.region not in own]
    for region, theirs in own.items():
        begun = {price.valid_from for price in theirs}
        # What held before, in this region or everywhere, still does until the first of theirs begins.
        before = [price.model_copy(update={"region": region}) for price in shipped(meter, region)]
        rows += [*theirs, *(price for price in before if price.valid_from not in begun)]
    return meter.model_copy(update={"price": tuple(rows)})


def _told(error: ValidationError, raw: Mapping[str, Any]) -> str:
    """The first thing that breaks the form, with the price's number and meter where it is in one."""
    first = error.errors(include_url=False)[0]
    at = [str(part) for part in first["loc"]]
    told = first["msg"].removeprefix("Value error, ")
    if len(at) > 1 and at[0] == "price" and at[1].isdigit():
        rows = raw.get("price", [])
        meter = rows[int(at[1])].get("meter", "") if int(at[1]) < len(rows) else ""
        return f", price {int(at[1]) + 1}{f' ({meter})' if meter else ''}: {'.'.join(at[2:]) or 'the row'}: {told}"
    return f": {'.'.join(at)}: {told}" if at else f": {told}"
