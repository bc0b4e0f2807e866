"""The commands on what to do about a plan: where, what a budget buys, what moves the bill, how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Final

import typer

from vidcost_xl.cli_plan import assumed
from vidcost_xl.cli_show import Json, show
from vidcost_xl.cli_workbook import progress
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.values import OMITTED

#: The exit code of a program that was interrupted from the keyboard.
INTERRUPTED: Final = 130

PlanArgument = Annotated[
    str,
    typer.Argument(
        help="A preset (article, complete), a plan file (.toml, .yaml) or a plan workbook (.xlsx, .xlsm).",
        metavar="PLAN",
    ),
]
Output = Annotated[
    str,
    typer.Option(help="monthly (an average month), annual, total, peak, a stage such as store, or a line."),
]
Draws = Annotated[int, typer.Option(help="Plans that are priced; rounded up to a power of two.")]
Seed = Annotated[int, typer.Option(help="The same number gives the same draws.")]


Rows = Annotated[
    str | None,
    typer.Option(
        help="Of a table: passes, experiments, videos, tb, months or the key of an input; values may follow, such as "
        "passes=5,10,15."
    ),
]
Columns = Annotated[str | None, typer.Option(help="What changes from column to column, as in --rows.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to `app`."""
    app.command(name="compare")(compare)
    app.command(name="sensitivity")(sensitivity)
    app.command(name="risk")(risk)
    app.command(name="afford")(afford)
    app.command(name="breakeven")(breakeven)


@contextmanager
def long_work() -> Iterator[Callable[[str], None]]:
    """Say on a screen what is being worked out; from the keyboard it stops with a sentence."""
    from vidcost_xl.analysis.progress import told_to

    try:
        with progress() as say, told_to(say):
            yield say
    except KeyboardInterrupt:
        typer.echo("stopped; nothing is written, and every file is as it was", err=True)
        raise typer.Exit(INTERRUPTED) from None


def compare(
    plan: PlanArgument,
    providers: Annotated[str, typer.Option(help="Only these, such as b2,r2; all of the book when not given.")] = "",
    output: Annotated[str, typer.Option(help="monthly (an average month), annual, total or peak.")] = "monthly",
    shown: Annotated[
        str,
        typer.Option(
            "--show",
            help="cheapest (of each provider), regions (of each region), all, or refused (what cannot serve, and why).",
        ),
    ] = "cheapest",
    part: Annotated[
        str, typer.Option(help="What moves: all representations together, one by its name, or each in turn.")
    ] = "all",
    as_json: Json = False,
) -> None:
    """The plan at every provider, class, region and route that can serve it, the cheapest first."""
    from vidcost_xl.functions.decide import VIDEO_COMPARE

    _answer(plan, lambda: VIDEO_COMPARE(providers=providers or None, output=output, show=shown, part=part), as_json)


def sensitivity(
    plan: PlanArgument, output: Output = "monthly", rows: Rows = None, columns: Columns = None, as_json: Json = False
) -> None:
    """What the bill becomes with each input at its low and at its high, or over two of them as a table.

    The input that moves it most stands first. A table is of --rows and --columns together.
    """
    from vidcost_xl.functions.decide import VIDEO_SENSITIVITY

    asked = axes(rows, columns)
    if asked:
        (down, at_down), (across, at_across) = asked
        beside = {"rows": down, "row_values": [list(at_down)] if at_down else OMITTED}
        beside |= {"columns": across, "column_values": [list(at_across)] if at_across else OMITTED}
        _answer(plan, lambda: VIDEO_SENSITIVITY(output=output, **beside), as_json)
    else:
        _answer(plan, lambda: VIDEO_SENSITIVITY(output=output), as_json)


def axes(rows: str | None, columns: str | None) -> tuple[tuple[str, tuple[float | str, ...]], ...]:
    """What changes down and across a table, with the values of each; nothing where neither is given."""
    if rows is None and columns is None:
        return ()
    if not rows or not columns:
        raise BadArgumentError("a table has --rows and --columns, such as --rows passes --columns tb.")
    return _axis(rows), _axis(columns)


def _axis(text: str) -> tuple[str, tuple[float | str, ...]]:
    name, sign, values = text.partition("=")
    found = tuple(number_or_name(each.strip()) for each in values.split(",") if each.strip())
    if sign and not found:
        raise BadArgumentError(f"{text} names no values; leave the sign = out for low, the plan's and high.")
    return name.strip(), found


def number_or_name(text: str) -> float | str:
    """A number where the text is one."""
    try:
        return float(text)
    except ValueError:
        return text


def risk(
    plan: PlanArgument,
    draws: Draws = 10_000,
    seed: Seed = 1,
    output: Output = "monthly",
    budget: Annotated[float | None, typer.Option(help="The chance to exceed it is added.")] = None,
    spread: Annotated[
        list[str] | None,
        typer.Option(help="How an input falls, such as dataset.mb_per_video=pert,3,8 or '*=fixed'; repeatable."),
    ] = None,
    correlate: Annotated[
        list[str] | None,
        typer.Option(help="A rank correlation, such as dataset.videos,train.experiments=0.5; repeatable."),
    ] = None,
    as_json: Json = False,
) -> None:
    """How sure the bill is: inputs drawn between low and high, P10, P50, P90, and what each has of the spread.

    An input falls as pert (the usual one), triangular, uniform, lognormal, discrete or fixed; its low and high may
    follow. * is every other input.
    """
    from vidcost_xl.functions.risk import VIDEO_RISK

    falls = [_spread(each) for each in spread or ()] or None
    tied = [_correlation(each) for each in correlate or ()] or None
    _answer(
        plan,
        lambda: VIDEO_RISK(
            draws=float(draws), seed=float(seed), output=output, distributions=falls, correlations=tied, budget=budget
        ),
        as_json,
    )


def afford(
    plan: PlanArgument,
    budget: Annotated[float, typer.Argument(help="In the reporting currency, without separators.", metavar="BUDGET")],
    driver: Annotated[
        str, typer.Option(help="passes, experiments, videos, tb, months, or the key of a numeric input.")
    ] = "passes",
    per: Annotated[
        str | None,
        typer.Option(help="month (an average one), peak (no month costs more) or plan (all months together)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """How many passes, experiments, videos, TB or months a budget buys, and what the next one costs."""
    from vidcost_xl.functions.decide import VIDEO_AFFORD

    stated = {} if per is None else {"per": per}
    _answer(plan, lambda: VIDEO_AFFORD(budget, driver=driver, **stated), as_json)


def breakeven(
    plan: PlanArgument,
    plans: Annotated[
        str, typer.Option(help="Two of: plan, cloud, own, a provider, class, route, or class+route, such as b2,r2.")
    ] = "cloud,own",
    driver: Annotated[
        str, typer.Option(help="months, passes, experiments, videos, tb, or the key of a numeric input.")
    ] = "months",
    as_json: Json = False,
) -> None:
    """When one of two plans has become cheaper, or at which value of an input they cost the same."""
    from vidcost_xl.functions.own import VIDEO_BREAKEVEN

    _answer(plan, lambda: VIDEO_BREAKEVEN(plans=plans, driver=driver), as_json)


def _answer(plan: str, ask: Callable[[], Any], as_json: bool) -> None:
    with assumed(plan), long_work() as say:
        say("pricing the plan")
        answer = ask()
    show(answer, as_json)


def _spread(text: str) -> list[Any]:
    key, value = _pair(text, "--spread", "dataset.mb_per_video=pert,3,8")
    shape, *ends = value.split(",")
    if not ends:
        return [key, shape, "", ""]
    if len(ends) != len(("low", "high")):
        raise BadArgumentError(f"--spread {text}: after {shape} stand a low and a high, or nothing.")
    return [key, shape, *(_number(end, f"--spread {text}") for end in ends)]


def _correlation(text: str) -> list[Any]:
    keys, value = _pair(text, "--correlate", "dataset.videos,train.experiments=0.5")
    names: Sequence[str] = keys.split(",")
    if len(names) != len(("one", "other")):
        raise BadArgumentError(f"--correlate {text}: two inputs stand before the sign =, with a comma between.")
    return [*(name.strip() for name in names), _number(value, f"--correlate {text}")]


def _pair(text: str, option: str, example: str) -> tuple[str, str]:
    key, sign, value = text.rpartition("=")
    if not (sign and key.strip() and value.strip()):
        raise BadArgumentError(f"{option} {text} says nothing; write {option} {example}.")
    return key.strip(), value.strip()


def _number(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise BadArgumentError(f"{where}: {text!r} is not a number.") from error
