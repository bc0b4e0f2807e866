"""A provider's price list brought into the user's own price folder: what the commands of it do and say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.prices.lists.importing import Import, read_import
from vidcost_xl.prices.lists.proposal import Change

Table = list[list[Any]]

#: Prices that a list does not name are counted; so many of them are named.
MOST_NAMED: Final = 5


@dataclass
class Report:
    """What an import says: a table of the changes, sentences, and the table of effects on a plan."""

    changes: Table
    lines: list[str] = field(default_factory=list)
    effects: Table | None = None
    effect_title: str = ""
    failed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"changes": self.changes, "notes": self.lines, "effects": self.effects}


def import_list(
    place: str, day: str | None, plan: str | None, also: Sequence[str], progress: Callable[[str], None], *, accept: bool
) -> Report:
    """Compare a list with the prices in use, price the plan with it, and write it where that is asked for.

    Parameters
    ----------
    place : str
        A file, or an address that it is fetched from first.
    """
    from vidcost_xl.prices.layer import layer_folder

    folder, held = layer_folder(), None if day is None else _day(day)
    if "://" not in place:
        return _report(read_import(Path(place), folder, held), plan, also, accept=accept)
    from vidcost_xl.prices.lists.fetching import FETCHED, addressed
    from vidcost_xl.prices.lists.locking import locked

    listed = addressed(place, fetched := folder.with_name(folder.name + FETCHED))
    with locked(fetched):
        path = listed.fetch(progress)
    found = read_import(path, folder, held or _day_of_page(is_dated=not listed.pages), place)
    return _report(found, plan, also, accept=accept)


def _day_of_page(*, is_dated: bool) -> date | None:
    # A page of Azure carries no day: it is of the day on which it is fetched.
    return None if is_dated else date.today()


def update_lists(
    provider: str,
    regions: Sequence[str],
    services: Sequence[str],
    plan: str | None,
    progress: Callable[[str], None],
    *,
    accept: bool,
) -> Iterator[Report]:
    """Fetch a provider's lists, then import each as a file.

    Raises
    ------
    BadArgumentError
        For a provider whose lists cannot be fetched, and a region or service that it does not have.
    """
    from vidcost_xl.prices.layer import layer_folder
    from vidcost_xl.prices.lists.fetching import FETCHABLE, FETCHED, published
    from vidcost_xl.prices.lists.locking import locked

    folder = layer_folder()
    if not regions and provider in FETCHABLE:
        regions = _regions_in_use(provider, plan, folder)
    fetched = folder.with_name(folder.name + FETCHED)
    for listed in published(provider, regions, services, fetched):
        try:
            day = _day_of_page(is_dated=provider == "aws")
            with locked(fetched):
                path = listed.fetch(progress)
            found = read_import(path, folder, day, listed.address)
            yield _report(found, plan, (), accept=accept)
        except BadArgumentError as error:  # the others may do
            yield Report([], [error.message], failed=True)


def _regions_in_use(provider: str, plan: str | None, folder: Path) -> list[str]:
    """The regions that a plan is billed in; without a plan, those of the user's folder, or the default region."""
    from vidcost_xl.model.bill import evaluate
    from vidcost_xl.prices.book import layered, using
    from vidcost_xl.sheets.plan.reading.source import plan_source

    book = layered(folder)
    if plan is not None:
        with using(book):
            charges = evaluate(plan_source(plan).plan).charges
        billed = {charge.priced.price.region for charge in charges if charge.priced and charge.provider == provider}
        return sorted(billed & set(book.providers[provider].regions)) or [book.providers[provider].default_region]
    own = [region for owner, region in (book.layer.files if book.layer else ()) if owner == provider]
    return sorted(own) or [book.providers[provider].default_region]


def _report(found: Import, plan: str | None, also: Sequence[str], *, accept: bool) -> Report:
    accepted = found.accepted(also)
    report = Report(found.proposal.table(), [found.proposal.summary(), *found.proposal.refused])
    gone = found.proposal.of("gone")
    if gone:
        named = ", ".join(f"{change.meter} in {change.region}" for change in gone[:MOST_NAMED])
        more = f" and {len(gone) - MOST_NAMED} more" if len(gone) > MOST_NAMED else ""
        report.lines.append(f"not in the list, kept as they are: {named}{more}")
    if plan is not None:
        report.effect_title, report.effects = _effects(found, accepted, plan)
    report.lines += _written(found, accepted, accept=accept)
    return report


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadArgumentError(f"--day is {text!r}; write the day of the list as 2026-09-15.") from None


def _written(found: Import, accepted: Sequence[Change], *, accept: bool) -> Iterator[str]:
    doubtful = len(found.proposal.of("doubtful")) - sum(change.kind == "doubtful" for change in accepted)
    if doubtful:
        yield f"{doubtful} doubtful left out; --also METER takes one in"
    if not accepted:
        yield "nothing to write: the prices in use stay"
    elif not accept:
        yield f"nothing written; --accept writes {len(accepted)} prices to {found.folder}"
    else:
        for path in found.write(accepted):
            yield f"written: {path}"


def _effects(found: Import, accepted: Sequence[Change], given: str) -> tuple[str, Table]:
    """What each change alone, and all together, do to the plan's total, in the reporting currency."""
    from vidcost_xl.model.bill import evaluate
    from vidcost_xl.model.meter_prices import as_of
    from vidcost_xl.prices.book import using
    from vidcost_xl.sheets.plan.reading.source import plan_source

    source = plan_source(given)
    with using(found.book):
        bill = evaluate(source.plan)
    before = bill.whole
    billed = {charge.line.meter for charge in bill.charges}

    def total(changes: Sequence[Change]) -> float:
        with found.book_with(changes) as book, using(book):
            priced = evaluate(source.plan)
        return priced.whole

    currency = source.plan.text("money.currency")
    rows: Table = [["change", "meter", "region", f"{currency} in all"]]
    for change in accepted:
        if change.meter in billed:
            effect = total([change]) - before
            if round(effect, 2):
                rows.append([change.kind, change.meter, change.region, effect])
    after = total(accepted) if accepted else before
    rows += [["total before", "", "", before], ["total after", "", "", after]]
    day = as_of(source.plan)
    title = f"What it does to the plan {source.name}" + (f", priced on {day:%Y-%m-%d}" if day else "")
    return title, rows
