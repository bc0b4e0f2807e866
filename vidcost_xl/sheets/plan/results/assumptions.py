"""The block Assumptions of Summary: the plan in few inputs, each the one that counts as the workbook stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Final

from vidcost_xl.model.blocks.common import raw_of
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.plan import AMOUNT, Plan
from vidcost_xl.sheets.layout.grid import Line
from vidcost_xl.sheets.layout.sheet_layout import Entry, Formula, Row
from vidcost_xl.sheets.plan.inputs import format_of
from vidcost_xl.sheets.plan.results.summary_rows import first_read
from vidcost_xl.sheets.plan.row_names import Block, label_of, rep, value_of

#: Where an assumption stands: its label, its value, its unit.
_LEFT: Final = ("a", "d", "e")
_RIGHT: Final = ("h", "i", "j")
_TITLES: Final = {_LEFT[0]: "Assumptions: data and training", _RIGHT[0]: "Assumptions: places, prices and time"}
_BY_AMOUNT: Final = f'{value_of("dataset.size_from")}="{AMOUNT}"'


def assumption_rows(plan: Plan, columns: Iterable[str]) -> tuple[Row, ...]:
    """The block, below a heading of each half; `columns` are the keys of the sheet's."""
    read, raw = first_read(plan), raw_of(plan)
    left = (
        _either("dataset.amount", "dataset.videos"),
        _plain("dataset.mb_per_video") | {"value": "={s_video_mb.constant}"},
        _read_size(read),
        *map(_plain, ("train.experiments", "train.passes", "train.route", "dataset.growth")),
    )
    classes = [rep(read, "class"), *([rep(raw, "class")] if raw not in {0, read} else [])]
    right = map(_plain, (*classes, "commercial.discount", "money.fx", "calendar.start", "calendar.months"))
    titles = {key: Entry(_TITLES.get(key, ""), "heading") for key in columns}
    rows = [Row("sum_space5", height=8), Row("sum_assumptions", titles)]
    for at, pair in enumerate(zip_longest(left, right), start=1):
        entries: dict[str, Entry] = {}
        for shown, places in zip(pair, (_LEFT, _RIGHT), strict=True):
            entries |= _assumption(shown, places) if shown else {}
        rows.append(Row(f"sum_assumed_{at}", entries))
    return tuple(rows)


def _plain(key: str) -> dict[str, str]:
    spec = catalogue()[spec_key(key)]
    return {
        "label": label_of(key, spec.label),
        "value": f"={value_of(key)}",
        "unit": "" if spec.unit in {"name", "date"} else spec.unit,
        "format": format_of(spec),
    }


def _either(given: str, other: str) -> dict[str, str]:
    # Which of the two counts changes with the plan, in the workbook too.
    one, two = _plain(given), _plain(other)
    return one | {
        "label": f'=IF({_BY_AMOUNT},"{one["label"]}","{two["label"]}")',
        "value": f"=IF({_BY_AMOUNT},{value_of(given)},{value_of(other)})",
        "unit": f'=IF({_BY_AMOUNT},"{one["unit"]}","{two["unit"]}")',
    }


def _read_size(read: int) -> dict[str, str]:
    # In TB where it is given so; else a multiple, or its kind.
    amount, name = value_of(rep(read, "amount")), value_of(rep(read, "name"))
    return _plain(rep(read, "amount")) | {
        "label": f'={name}&": "&IF({amount}>0,"size",{{s_read_size.label}})',
        "value": f"=IF({amount}>0,{amount},{{s_read_size.constant}})",
        "unit": f'=IF({amount}>0,"{catalogue()[spec_key(rep(read, "amount"))].unit}",{{s_read_size.unit}})',
    }


def _assumption(shown: Mapping[str, str], columns: tuple[str, str, str]) -> dict[str, Entry]:
    label, value, unit = (
        Formula(text) if text.startswith("=") else text for text in (shown["label"], shown["value"], shown["unit"])
    )
    return {
        columns[0]: Entry(label),
        columns[1]: Entry(value, "number" if "IF(" in shown["value"] else "link", shown["format"]),
        columns[2]: Entry(unit, "unit"),
    }


def assumed_lines(plan: Plan) -> Block:
    """Rows of Costs for lines that no input holds: MB of a video by its bit rate, what training reads."""
    read = first_read(plan)
    of_video = f"{{representation_{read}_by_ratio!}}>0"
    kind = catalogue()[spec_key(rep(read, "kind"))]
    rate = f"{value_of('dataset.seconds')}*{value_of('dataset.mbps')}*bits_per_mbit/bits_per_byte/bytes_per_mb"
    return [
        Line(
            "s_video_mb",
            "Size of a video, as it is typed or by its bit rate",
            "MB",
            constant=f"=IF({{dataset_by_bitrate!}}>0,{rate},{value_of('dataset.mb_per_video')})",
            format="typed",
        ),
        Line(
            "s_read_size",
            f'=IF({of_video},"size as a multiple of the video","{kind.label[0].lower()}{kind.label[1:]}")',
            f'=IF({of_video},"ratio","{kind.unit}")',
            constant=f"=IF({of_video},{value_of(rep(read, 'ratio'))},{value_of(rep(read, 'kind'))})",
            format="typed",
        ),
    ]
