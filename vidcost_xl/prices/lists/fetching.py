"""A provider's list over HTTPS, only when asked for: resumed where it was cut off, never larger than what is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from vidcost_xl.errors import BadArgumentError, unknown_name
from vidcost_xl.prices.lists.azure import items_of
from vidcost_xl.prices.lists.reading import LARGEST_CSV, LARGEST_JSON
from vidcost_xl.prices.lists.rules import rules_of

#: The providers whose lists anyone may fetch; Google's needs a key.
FETCHABLE: Final = ("aws", "azure")

#: Seconds without a byte after which a server is given up.
SILENCE: Final = 30.0

#: Pages of one list; Azure's storage in one region has about 10.
MOST_PAGES: Final = 200

_CHUNK: Final = 1 << 20

#: Endings of lists in one file, and digits of an address that name the file it is brought into.
_FILES: Final = (".csv", ".json")
_DIGITS: Final = 16

_PARTIAL, _NOT_MODIFIED, _BAD_RANGE = 206, 304, 416

#: The only hosts that may be asked without encryption: this computer.
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")

#: The folder of fetched lists bears the name of the price folder and this suffix.
FETCHED: Final = ".fetched"

#: Says how many bytes there are of how many; 0 where the server does not tell.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Published:
    """A list that a provider publishes, and the file that it is brought into."""

    address: str
    target: Path
    pages: bool

    def fetch(self, say: Callable[[str], None]) -> Path:
        """Bring it into its file.

        Parameters
        ----------
        say : callable
            Takes a sentence about the progress.

        Raises
        ------
        BadArgumentError
            As `fetch` and `fetch_pages`.
        """

        def progress(there: int, whole: int) -> None:
            share = f"{there / whole:.0%} of {whole / 1e6:,.1f} MB" if whole else f"{there / 1e6:,.1f} MB"
            say(f"{self.target.stem}: {share}")

        return (fetch_pages if self.pages else fetch)(self.address, self.target, progress)


def published(provider: str, regions: Sequence[str], services: Sequence[str], folder: Path) -> list[Published]:
    """The lists of a provider for some regions.

    Parameters
    ----------
    services : sequence of str
        Only these; all that are read, where none is named.
    folder : Path
        Where their files go.

    Raises
    ------
    BadArgumentError
        For a provider whose lists cannot be fetched, and a region or service that its rules do not know.
    """
    if provider not in FETCHABLE:
        raise BadArgumentError(
            f"{unknown_name('provider whose lists are public', provider, FETCHABLE)} "
            "Save the list of another as a file and import it with `vidcost prices import`."
        )
    rules = rules_of(provider)
    known = [service for row in rules.fetch for service in row.services]
    for what, named, allowed in (("service", services, known), ("region", regions, rules.regions)):
        for name in named:
            if name not in allowed:
                raise BadArgumentError(unknown_name(what, name, allowed))
    found = []
    for row in rules.fetch:
        for service in row.services if not services else [name for name in row.services if name in services]:
            for region in regions if "{region}" in row.address else [""]:
                address = row.address.format(service=service, region=region)
                name = "-".join(filter(None, [provider, service, region]))
                target = folder / (name + (".csv" if address.endswith(".csv") else ".json"))
                found.append(Published(address, target, row.pages))
    return found


def addressed(address: str, folder: Path) -> Published:
    """A list at an address that somebody wrote: a file where that ends as one, else pages of Azure's."""
    _check(address)
    ending = Path(urlsplit(address).path).suffix.casefold()
    name = hashlib.sha256(address.encode()).hexdigest()[:_DIGITS]
    return Published(address, folder / (name + (".csv" if ending == ".csv" else ".json")), ending not in _FILES)


def fetch(address: str, target: Path, progress: Progress) -> Path:
    """Bring a list into a file, unless the file has it already.

    What arrived stays beside the target as `.part` until it is whole, so that the next call goes on from there, where
    the server still has the same list.

    Parameters
    ----------
    target : Path
        Its ending, .json or .csv, says how large it may be.

    Raises
    ------
    BadArgumentError
        Names the address, for a server that does not answer, refuses, goes silent, breaks off, or sends too much.
    """
    part, tag = target.with_name(target.name + ".part"), target.with_name(target.name + ".etag")
    target.parent.mkdir(parents=True, exist_ok=True)
    known = tag.read_text(encoding="utf-8") if tag.is_file() else ""
    begun = part.stat().st_size if known and part.is_file() else 0
    headers = {"Accept-Encoding": "identity"}
    if begun:
        headers |= {"Range": f"bytes={begun}-", "If-Range": known}
    elif known and target.is_file():
        headers |= {"If-None-Match": known}
    try:
        with _open(address, headers) as answer:
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                raise BadArgumentError(
                    f"{address} sends the list compressed, which was not asked for; it was not read."
                )
            resumed = answer.status == _PARTIAL
            if resumed and not answer.headers.get("Content-Range", "").startswith(f"bytes {begun}-"):
                raise BadArgumentError(f"{address} goes on from another byte than it was asked for.")
            if not resumed:  # before the tag: a part never lies under the tag of another list
                part.unlink(missing_ok=True)
            tag.write_text(answer.headers.get("ETag", ""), encoding="utf-8")
            with part.open("ab" if resumed else "wb") as stream:
                _copy(answer, stream, address, progress)
    except HTTPError as error:
        error.close()
        if error.code == _NOT_MODIFIED:
            return target
        if error.code == _BAD_RANGE:
            part.unlink()
        again = " Run it again." if error.code == _BAD_RANGE else ""
        raise BadArgumentError(f"{address} answers {error.code} {error.reason}.{again}") from None
    except (URLError, HTTPException, OSError) as error:
        told = getattr(error, "reason", None) or error
        raise BadArgumentError(
            f"{address} cannot be read: {told}. What arrived is kept; run it again to go on."
        ) from None
    part.replace(target)
    return target


def fetch_pages(address: str, target: Path, progress: Progress) -> Path:
    """Bring all pages of an Azure list into one file.

    Raises
    ------
    BadArgumentError
        As `fetch`; also for a page that is none, names another host as the next, or is one of too many.
    """
    pages: list[Any] = []
    page = target.with_name(target.stem + ".page.json")
    following: str | None = address
    while following:
        if len(pages) == MOST_PAGES:
            raise BadArgumentError(f"{address} has more than {MOST_PAGES} pages.")
        if urlsplit(following)[:2] != urlsplit(address)[:2]:
            raise BadArgumentError(f"{address} names {following} as its next page, which is another host.")
        for old in (page.with_name(page.name + ".etag"), page.with_name(page.name + ".part")):
            old.unlink(missing_ok=True)
        fetch(following, page, progress)
        try:
            read = json.loads(page.read_text(encoding="utf-8"))
        except ValueError:
            read = None
        if not isinstance(read, dict) or not isinstance(items_of(read), list):
            raise BadArgumentError(f"{following} is not a page of the Azure Retail Prices API.")
        pages.append(read)
        following = read.get("NextPageLink")
    target.write_text(json.dumps(pages), encoding="utf-8")
    return target


class _OnlyEncrypted(HTTPRedirectHandler):
    """Follows no way out of HTTPS."""

    def redirect_request(  # noqa: PLR0913, PLR0917 (the library's)
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Any:
        _check(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise BadArgumentError(f"{address} is not read: only https is.")


def _open(address: str, headers: dict[str, str]) -> Any:
    _check(address)
    return build_opener(_OnlyEncrypted).open(Request(address, headers=headers), timeout=SILENCE)  # noqa: S310 (checked)


def _copy(answer: Any, stream: IO[bytes], address: str, progress: Progress) -> None:
    largest = LARGEST_CSV if address.partition("?")[0].endswith(".csv") else LARGEST_JSON
    there = stream.tell()
    length = int(answer.headers.get("Content-Length") or 0)
    whole = there + length if length else 0
    if whole > largest:
        raise BadArgumentError(f"{address} has {whole:,} bytes; at most {largest:,} are read.")
    while chunk := answer.read(_CHUNK):
        there += len(chunk)
        if there > largest:
            raise BadArgumentError(f"{address} sends more than {largest:,} bytes, the most that is read.")
        stream.write(chunk)
        progress(there, whole)
    if there < whole:
        raise OSError(f"it broke off after {there:,} of {whole:,} bytes")
