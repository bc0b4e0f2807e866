"""Rows of the sheet Costs that the page Summary shows: headline, accounts, fiscal years, largest stages, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vidcost_xl.model.blocks.representation import is_read
from vidcost_xl.model.ledger import ACCOUNTS
from vidcost_xl.model.lines import STAGES
from vidcost_xl.model.plan import Plan
from vidcost_xl.sheets.layout.grid import Heading, Line, month
from vidcost_xl.sheets.plan.bill.routes import numbers
from vidcost_xl.sheets.plan.row_names import Block, driver_id, value_of

#: The figures of the headline, by the end of their row's id.
HEADLINE: Final = {
    "average": "Cost of an average month",
    "whole": "Cost of the whole plan",
    "peak": "Cost of the dearest month",
    "video": "Cost of a video kept, a month",
    "experiment": "Whole bill an experiment",
    "tb": "Whole bill a TB stored, a month",
}
#: What figures of the headline were called in earlier workbooks.
OLDER_LABELS: Final = {"Cost of an experiment": HEADLINE["experiment"], "Cost of a TB stored, a month": HEADLINE["tb"]}
WHOLE: Final = "whole"
#: What a stage is, for readers who know no stages.
STAGE_TEXTS: Final[Mapping[str, str]] = {
    "acquire": "Fetching the videos",
    "store": "Storing the data",
    "encode": "Computing features",
    "train": "Moving data to the GPUs",
    "checkpoint": "Keeping checkpoints",
    "exit": "Leaving the provider",
    "own": "The own site",
    "generate": "Generating videos",
    "support": "Support plans",
}

GROUPS: Final[Mapping[str, str]] = {
    "account.storage": "Storage",
    "account.transfer": "Transfer",
    "account.compute": "Compute",
    "account.support": "Support",
}
_CURRENCY: Final = f"={value_of('money.currency')}"
_STAGES: Final = f"{{ks_{STAGES[0]}:ks_{STAGES[-1]}}}"
_RANKS: Final = f"{{$s_rank_{STAGES[0]}.constant:s_rank_{STAGES[-1]}.constant}}"


def result_rows(plan: Plan) -> Block:
    """Headline, accounts, fiscal quarters and years."""
    return [*_headline(plan), *_groups(), *_periods()]


def summary_workings(plan: Plan) -> Block:
    """The rows behind those that people read."""
    return [*_firsts(), *_largest(), *_why(plan)]


def first_read(plan: Plan) -> int:
    """The number of the representation that training reads, the first where it reads several."""
    return next((n for n in numbers(plan) if is_read(plan, n)), plan.representations)


def _headline(plan: Plan) -> Block:
    stored = "+".join(f"{{representation_{n}_stored.total}}" for n in numbers(plan))

    def figure(key: str, formula: str, note: str, form: str = "money") -> Line:
        return Line(f"s_{key}", HEADLINE[key], _CURRENCY, constant=formula, note=note, format=form)

    total = "{k_total.total}"
    return [
        Heading("s_headline", "Headline"),
        figure("average", f"={total}/{{cal_active.total}}", "all stages"),
        figure(WHOLE, f"={total}", "all months"),
        figure("peak", "=MAX({k_total*})", ""),
        figure(
            "video",
            f"=IF(SUM({{dataset_closing*}})=0,0,{total}/SUM({{dataset_closing*}}))",
            "all costs over video-months",
            "small_number",
        ),
        figure("experiment", _EXPERIMENT, "all costs over all experiments"),
        Line(
            "s_experiments",
            "Experiments in the plan",
            "experiments",
            constant=f"=SUM({{{driver_id('train.experiments')}*}})",
            format="typed",
        ),
        figure(
            "tb",
            f"=IF({{s_stored!}}=0,0,{total}/{{s_stored!}})",
            "all costs over TB-months",
            "cents",
        ),
        Line("s_stored", "TB-months stored", "TB-months", constant=f"=({stored})/bytes_per_tb", format="count"),
        Line(
            "s_cumulative", "Cumulative", _CURRENCY, "={s_cumulative<}+{k_total}", start=0, total="last", format="money"
        ),
    ]


_EXPERIMENT: Final = "=IF({s_experiments!}=0,0,{k_total.total}/{s_experiments!})"


def _groups() -> Block:
    lines: Block = [Heading("s_groups", "Month by month, by account")]
    for account, label in GROUPS.items():
        mine = "+".join(f"{{ks_{stage}}}" for stage in STAGES if ACCOUNTS[stage] == account)
        lines.append(
            Line(
                f"sg_{label.casefold()}",
                f"{label} accounts",
                _CURRENCY,
                f"={mine}",
                total="sum",
                format="money",
                note=f"={value_of(account)}",
            )
        )
    return lines


#: Key, name and row of each kind of period, how many months it has, and those of it before the plan begins.
_PERIODS: Final = (
    (
        "quarter",
        "fiscal quarter",
        "cal_quarter",
        "months_per_quarter",
        f"MOD({{$cal_fiscal_month.{month(1)}}},months_per_quarter)",
    ),
    ("year", "fiscal year", "cal_year", "months_per_year", f"{{$cal_fiscal_month.{month(1)}}}"),
)


def _firsts() -> Block:
    return [
        Heading("s_firsts", "Where the quarters and years above begin"),
        *(
            Line(
                f"s_{key}_at",
                f"First month of the {label}, counted on beyond the plan",
                "number",
                f"=MAX(1,({{cal_counter}}-1)*{length}+1-{offset})",
                format="count",
            )
            for key, label, _, length, offset in _PERIODS
        ),
    ]


def _periods() -> Block:
    lines: Block = []
    for key, label, row, _, _ in _PERIODS:
        lines += [
            Heading(f"s_{key}s", f"By {label}: a column each, from the left"),
            Line(
                f"s_{key}_name",
                f"{label.capitalize()}",
                "text",
                f'=IF({{s_{key}_at}}>{{$cal_active.total}},"",INDEX({{{row}*}},{{s_{key}_at}}))',
                format="general",
            ),
        ]
        lines += [
            Line(
                f"s_{key}_{group.casefold()}",
                f"{group} accounts, {label}",
                _CURRENCY,
                f'=IF({{s_{key}_name}}="","",SUMPRODUCT({{sg_{group.casefold()}*}}*({{{row}*}}={{s_{key}_name}})))',
                total="sum",
                format="money",
            )
            for group in GROUPS.values()
        ]
        lines.append(
            Line(
                f"s_{key}_total",
                f"Total, {label}",
                _CURRENCY,
                f'=IF({{s_{key}_name}}="","",SUMPRODUCT({{k_total*}}*({{{row}*}}={{s_{key}_name}})))',
                total="sum",
                format="money",
                style="total",
                text_style="total_text",
            )
        )
    return lines


def _largest() -> Block:
    # Stages of one cost are told apart by their order, far below a cent.
    first = STAGES[0]
    lines: Block = [Heading("s_largest", "The largest stages: total of each, less a trifle for its place in the list")]
    lines += [
        Line(
            f"s_rank_{stage}",
            f"{stage.capitalize()}, to rank",
            _CURRENCY,
            constant=f"={{$ks_{stage}.total}}-(ROW({{$ks_{stage}.total}})-ROW({{$ks_{first}.total}}))*tolerance_money",
            format="cents",
        )
        for stage in STAGES
    ]
    for key, found in (("first", f"MAX({_RANKS})"), ("second", _SECOND)):
        lines += [
            Line(
                f"s_{key}_at",
                f"The {'largest' if key == 'first' else key} stage, by its place in the list",
                "number",
                constant=f"=MATCH({found},{_RANKS},0)",
                format="count",
            ),
            Line(
                f"s_{key}",
                f"=INDEX(stage_text,{{s_{key}_at!}})",
                _CURRENCY,
                f"=INDEX({_STAGES},{{s_{key}_at!}})",
                total="sum",
                format="money",
            ),
        ]
    lines.append(
        Line("s_rest", "All other stages", _CURRENCY, "={k_total}-{s_first}-{s_second}", total="sum", format="money")
    )
    return lines


def _month(day: str) -> str:
    # Not TEXT(), whose date codes depend on the country.
    return f'=YEAR({day})&"-"&RIGHT(month_base+MONTH({day}),two_digits)'


def _why(plan: Plan) -> Block:
    read = f"INDEX(class_label,MATCH({{representation_{first_read(plan)}_first_class!}},class_id,0))"
    route = value_of("train.route")
    return [
        Heading("s_reasons", "What the summary says"),
        Line("s_from", "First month", "text", constant=_month("plan_start"), format="general"),
        Line("s_to", "Last month", "text", constant=_month("plan_end"), format="general"),
        Line("s_share", "Share of the largest stage", "share", constant=_SHARE, format="share"),
        Line(
            "s_why_train",
            "Why moving data costs what it does",
            "text",
            constant=f'={_RATE}&" experiments a month over "&INDEX(egress_label,MATCH({route},egress_id,0))',
            format="general",
        ),
        Line("s_held", "Data stored on average", "TB", constant="={s_stored!}/{cal_active.total}", format="count"),
        # Not TEXT(), whose separators depend on the country: in PB the figure is short enough without any.
        Line(
            "s_held_said",
            "Data stored on average, in words",
            "text",
            constant='=IF({s_held!}*bytes_per_tb<bytes_per_pb,ROUND({s_held!},0)&" TB",'
            'ROUND({s_held!}*bytes_per_tb/bytes_per_pb,two_digits)&" PB")',
            format="general",
        ),
        Line(
            "s_why_store",
            "Why storing costs what it does",
            "text",
            constant=f'=": "&{{s_held_said!}}&" on average, read from "&{read}',
            format="general",
        ),
        Line(
            "s_why",
            "Why the largest stage costs what it does",
            "text",
            constant='=IF({s_name!}="train",{s_why_train!},"")&IF({s_name!}="store",{s_why_store!},"")',
            format="general",
        ),
        Line("s_name", "The largest stage", "text", constant="=INDEX(stage_id,{s_first_at!})", format="general"),
        Line(
            "s_reason",
            "What explains the bill",
            "text",
            constant='=ROUND({s_share!}*percent,0)&"% is "&INDEX(stage_said,{s_first_at!})&{s_why!}&"."',
            format="general",
        ),
    ]


_RATE: Final = '": "&ROUND({s_experiments!}/{cal_active.total},1)'
#: The largest rank but one.
_SECOND: Final = f"SUMPRODUCT(MAX({_RANKS}-no_bound*({_RANKS}=MAX({_RANKS}))))"
_SHARE: Final = "=IF({k_total.total}=0,0,{s_first.total}/{k_total.total})"
