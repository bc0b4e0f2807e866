"""Video generators as they are bought: a generator, perhaps a resolution, perhaps the day of an old budget.

A name is an id or an alias (`veo-3.1`), a resolution after a space (`seedance-2.0 4k`), and for a generator that is
no longer sold the day whose budget it belongs to (`sora-2@2026-06-01`), written as inputs of one month are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from vidcost_xl.errors import BadArgumentError, NotInBookError
from vidcost_xl.facts.book import fact_book
from vidcost_xl.facts.schema import Generator

#: Sets the day of an old budget apart, as in the overrides of a plan.
DAY_MARK: Final = "@"


@dataclass(frozen=True)
class Offer:
    """A generator at one resolution.

    Parameters
    ----------
    name : str
        As the functions take it; of a withdrawn generator with the last day it was sold.
    usd_per_second : float
        List price of one generated second.
    withdrawn : date or None
        The first day without it.
    listed : str
        Its name among `offers`: of a withdrawn generator with its last day, whatever day was asked for.
    aliases : tuple of str
        What else it is called, in the form of `listed`.
    """

    name: str
    label: str
    usd_per_second: float
    withdrawn: date | None
    source: str
    listed: str
    aliases: tuple[str, ...]


def offers() -> Iterator[Offer]:
    """Every generator at its base price and at each resolution that has a price of its own.

    Yields
    ------
    Offer
        In the order of the facts.
    """
    for generator in fact_book().generators.values():
        for resolution in (None, *generator.by_resolution):
            yield _offer(generator, resolution, _last_day(generator))


def find_offer(text: str) -> Offer:
    """The offer called `text`.

    Parameters
    ----------
    text : str
        Such as "veo-3.1", "seedance-2.0 4k", "sora-2@2026-06-01"; case does not matter.

    Returns
    -------
    Offer
        Its name is the canonical one, with the day that was asked for.

    Raises
    ------
    NotInBookError
        For an unknown generator or resolution, naming the nearest; for one that is withdrawn.
    BadArgumentError
        For a day that is none.

    Examples
    --------
    >>> find_offer("Seedance-2.0 4K").usd_per_second
    1.5552
    """
    name, mark, written = (part.strip() for part in text.partition(DAY_MARK))
    generator, resolution = _generator(name)
    day = _day(text, written) if mark else None
    last = _last_day(generator)
    if last is not None and (day is None or day > last):
        raise NotInBookError(
            f"{generator.id} was withdrawn on {generator.withdrawn:%Y-%m-%d} ({generator.withdrawn_source}). For a "
            f"budget of the time before, write {generator.id}{DAY_MARK}{last:%Y-%m-%d} or an earlier day."
        )
    return _offer(generator, resolution, day if last is not None else None)


def _generator(name: str) -> tuple[Generator, str | None]:
    shelf = fact_book().generators
    words = name.rsplit(" ", 1)
    if len(words) > 1 and words[0].strip():
        generator = shelf.find(words[0])
        generator.price(words[1])  # an unknown resolution is refused, with those there are
        return generator, words[1].casefold()
    return shelf.find(name), None


def _day(text: str, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise BadArgumentError(f"generator {text!r}: write the day after {DAY_MARK} as 2026-06-01.") from None


def _last_day(generator: Generator) -> date | None:
    return None if generator.withdrawn is None else generator.withdrawn - timedelta(days=1)


def _offer(generator: Generator, resolution: str | None, day: date | None) -> Offer:
    def called(name: str, day: date | None) -> str:
        return " ".join(part for part in (name, resolution) if part) + (f"{DAY_MARK}{day:%Y-%m-%d}" if day else "")

    last = _last_day(generator)
    return Offer(
        called(generator.id, day),
        f"{generator.label}, {resolution}" if resolution else generator.label,
        generator.price(resolution),
        generator.withdrawn,
        generator.source,
        called(generator.id, last),
        tuple(called(alias, last) for alias in (generator.label, *generator.aliases)),
    )
