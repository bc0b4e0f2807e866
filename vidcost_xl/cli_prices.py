"""The commands of the price book: list, show, verify, import, update."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidcost_xl.cli_plan import PlanOption
from vidcost_xl.cli_show import Json, print_table, show
from vidcost_xl.cli_workbook import progress

if TYPE_CHECKING:
    from vidcost_xl import cli_price_lists


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    prices = typer.Typer(no_args_is_help=True, help="The price book: list, show, verify, import, update.")
    prices.command(name="list")(list_prices)
    prices.command(name="show")(show_price)
    prices.command(name="verify")(verify_prices)
    prices.command(name="import")(import_prices)
    prices.command(name="update")(update_prices)
    app.add_typer(prices, name="prices")


def list_prices(
    text: Annotated[str, typer.Argument(help="Only meters whose id holds this text.")] = "", as_json: Json = False
) -> None:
    """List the meters of the price book with their first paid tier."""
    from vidcost_xl.prices.book import price_book
    from vidcost_xl.prices.review import price_table

    show(price_table(price_book(), text), as_json)


def show_price(
    meter: Annotated[str, typer.Argument(help="A meter, storage class or route.")],
    region: Annotated[str | None, typer.Option(help="The provider's name of the region.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The day whose prices hold, such as 2026-10-01.")] = None,
    as_json: Json = False,
) -> None:
    """Show the passport of a price: tiers, SKU, source, dates."""
    from vidcost_xl.functions.audit import VIDEO_SOURCE

    show(VIDEO_SOURCE(meter, region, as_of), as_json)


def verify_prices(
    against: Annotated[
        Path | None, typer.Option(help="An AWS price list file (bulk offer JSON) to compare SKU by SKU.")
    ] = None,
    stale_days: Annotated[int, typer.Option(help="Prices read longer ago than this are reported.")] = 365,
    as_json: Json = False,
) -> None:
    """Check the price book: schema, references, doubtful and stale rows, and a provider's own file."""
    from vidcost_xl.prices.book import price_book
    from vidcost_xl.prices.offer import compare_offer
    from vidcost_xl.prices.review import review

    book = price_book()
    findings = review(book, date.today(), stale_days) if against is None else compare_offer(book, against)
    rows: list[list[Any]] = [["severity", "meter", "region", "finding"]]
    rows += [[finding.severity, finding.meter, finding.region, finding.text] for finding in findings]
    show(rows, as_json)
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(1)


def import_prices(
    place: Annotated[
        str,
        typer.Argument(
            metavar="FILE|URL",
            help="An AWS offer (JSON, CSV), pages of Azure Retail Prices, or SKUs of Google's catalogue (JSON): "
            "a file, or the https address of one.",
        ),
    ],
    day: Annotated[
        str | None, typer.Option(help="The day of a list that carries none (Azure, Google); the file's if left out.")
    ] = None,
    plan: PlanOption = None,
    accept: Annotated[bool, typer.Option("--accept", help="Write the changes to your own price folder.")] = False,
    also: Annotated[list[str] | None, typer.Option(help="A meter whose doubtful price is taken too.")] = None,
    as_json: Json = False,
) -> None:
    """Compare a provider's price list with the prices in use; --plan says what each change does, --accept writes them.

    They go to a folder of your own that lies over the shipped book: VIDCOST_PRICES, or vidcost-xl/prices among your
    settings. Each holds from its own day on, so that a plan priced on an earlier day stays as it is.
    """
    from vidcost_xl import cli_price_lists

    with progress() as say:
        report = cli_price_lists.import_list(place, day, plan, also or (), say, accept=accept)
    _show_import(report, as_json)


def update_prices(
    provider: Annotated[str, typer.Argument(help="aws or azure. Google's catalogue needs a key: save and import it.")],
    region: Annotated[
        list[str] | None, typer.Option(help="Of these regions; those of the plan, or of your own prices, if left out.")
    ] = None,
    service: Annotated[list[str] | None, typer.Option(help="Only these lists, such as AmazonS3.")] = None,
    plan: PlanOption = None,
    accept: Annotated[bool, typer.Option("--accept", help="Write the changes to your own price folder.")] = False,
    as_json: Json = False,
) -> None:
    """Fetch a provider's public price lists over HTTPS, and import each.

    A list that breaks off is kept and gone on with by the next call; one that has not changed is not fetched again.
    Exits with 1 when a list could not be fetched or read; the others are imported.
    """
    from vidcost_xl import cli_price_lists

    with progress() as say:
        reports = list(cli_price_lists.update_lists(provider, region or (), service or (), plan, say, accept=accept))
    for report in reports:
        _show_import(report, as_json)
    if any(report.failed for report in reports):
        raise typer.Exit(1)


def _show_import(report: cli_price_lists.Report, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False))
        return
    shown = [row for row in report.changes if row[0] != "gone"]
    if len(shown) > 1:
        show(shown, False)
    if report.effects:
        typer.echo(report.effect_title)
        print_table(report.effects, {len(report.effects[0]) - 1})
    for line in report.lines:
        typer.echo(line)
