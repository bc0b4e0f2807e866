"""The ledger as a table and as files: columns, sums, FOCUS names, marks, formulas defused, files kept safe."""

from __future__ import annotations

import csv
import math
import os
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model import export
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.export import write_ledger
from vidcost_xl.model.files import preset
from vidcost_xl.model.ledger import COLUMNS, GROUPS, by_group, summary_table, to_frame


@pytest.fixture
def complete():
    plan = preset("complete").with_overrides(
        [("money.currency", "EUR"), ("money.fx", 0.9), ("money.fx@2027-02", 0.8), ("commercial.discount", 0.1)]
    )
    return evaluate(plan)


def test_the_ledger_has_one_row_a_line_and_month_and_the_columns_it_names(complete):
    frame = to_frame(complete)
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == len(complete.charges) * 12
    assert not frame.duplicated(["line", "period"]).any()


def test_numbers_are_numbers_and_periods_are_dates(complete):
    frame = to_frame(complete)
    numeric = [name for name in COLUMNS if name.endswith(("amount", "unit_price")) or name == "quantity"]
    assert len(numeric) == 8
    assert all(frame[name].dtype == np.float64 for name in numeric)
    assert pd.api.types.is_datetime64_any_dtype(frame["period"])
    assert all(isinstance(value, str) for name in set(COLUMNS) - {*numeric, "period"} for value in frame[name])


def test_sums_of_the_ledger_are_the_bill_s(complete):
    frame = to_frame(complete)
    assert frame.groupby("period")["amount"].sum().to_numpy() == pytest.approx(complete.total[:, 0], rel=1e-12)
    by_stage = frame.groupby("stage")["amount"].sum()
    for stage, amount in by_stage.items():
        assert amount == pytest.approx(complete.stage(stage).sum(), rel=1e-12)


def test_reporting_amounts_take_the_rate_of_their_month(complete):
    frame = to_frame(complete)
    rate = np.where(frame["period"] == "2027-02-01", 0.8, 0.9)
    assert np.allclose(frame["reporting_amount"], frame["amount"] * rate, rtol=1e-15)
    assert set(frame["reporting_currency"]) == {"EUR"}
    assert set(frame["currency"]) == {"USD"}


def test_list_contracted_and_effective_prices_times_quantity_are_the_amounts(complete):
    frame = to_frame(complete)
    used = frame[frame["quantity"] > 0]
    for price, amount in (
        ("list_unit_price", "list_amount"),
        ("contracted_unit_price", "contracted_amount"),
        ("effective_unit_price", "amount"),
    ):
        assert np.allclose(used[price] * used["quantity"], used[amount], rtol=1e-12)
    assert frame.loc[frame["quantity"] == 0, "list_unit_price"].isna().all()
    metered = used[used["provider"].isin(["aws", "coreweave"]) & (used["stage"] != "support")]
    assert np.allclose(metered["amount"], 0.9 * metered["list_amount"], rtol=1e-12)


def test_every_line_says_where_its_price_is_from(complete):
    frame = to_frame(complete)
    assert (frame["source"].str.len() > 0).all()
    assert set(frame.loc[frame["line"] == "acquire.proxy", "source"]) == {"input acquire.proxy_usd_per_gb"}


@pytest.mark.parametrize("by", GROUPS)
def test_groups_sum_to_the_total(complete, by):
    groups = by_group(complete, by)
    assert sum(groups.values()) == pytest.approx(complete.total[:, 0], rel=1e-12)


def test_an_unknown_group_is_refused(complete):
    with pytest.raises(BadArgumentError, match="stage"):
        by_group(complete, "stages")


def test_the_summary_ends_with_the_total_in_the_reporting_currency(complete):
    rows = summary_table(complete)
    assert rows[0][4] == "EUR a month"
    assert rows[-1][5] == pytest.approx(complete.reporting(complete.total).sum(), rel=1e-12)
    assert sum(row[5] for row in rows[1:-1]) == pytest.approx(rows[-1][5], rel=1e-12)


def rows_of(path, delimiter=","):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_csv_reads_back_as_the_ledger(complete, tmp_path):
    path = tmp_path / "ledger.csv"
    write_ledger(complete, path, "csv")
    frame = to_frame(complete)
    back = pd.read_csv(path, parse_dates=["period"])
    assert back["amount"].tolist() == pytest.approx(frame["amount"].tolist(), rel=1e-14)
    assert back["period"].tolist() == frame["period"].tolist()


def test_csv_for_countries_that_write_a_decimal_comma(complete, tmp_path):
    path = tmp_path / "ledger.csv"
    write_ledger(complete, path, "csv", decimal=",", delimiter=";")
    rows = rows_of(path, ";")
    assert sum(float(row["amount"].replace(",", ".")) for row in rows) == pytest.approx(complete.total.sum(), rel=1e-9)
    assert not any("." in row["amount"] for row in rows)


@pytest.mark.parametrize("form", ["csv", "xlsx", "focus"])
def test_texts_that_look_like_formulas_are_defused_and_negative_numbers_stay_numbers(tmp_path, monkeypatch, form):
    plan = preset("article").with_overrides(
        [("representation.1.name", "=cmd|' /C calc'!A0"), ("account.cost_center", "@SUM(1)")]
    )
    real = export.to_focus if form == "focus" else export.to_frame
    name = "to_focus" if form == "focus" else "to_frame"
    amount = "EffectiveCost" if form == "focus" else "amount"

    def credited(bill):
        frame = real(bill)
        frame.loc[0, amount] = -12.5
        return frame

    monkeypatch.setattr(export, name, credited)
    path = tmp_path / ("ledger.xlsx" if form == "xlsx" else "ledger.csv")
    write_ledger(evaluate(plan), path, form)
    if form == "xlsx":
        sheet = openpyxl.load_workbook(path)["Ledger"]
        header, *cells = sheet.iter_rows()
        rows = [{key.value: cell.value for key, cell in zip(header, row, strict=True)} for row in cells]
        assert all(cell.data_type != "f" for row in cells for cell in row)
    else:
        rows = rows_of(path)
    assert float(rows[0][amount]) == -12.5
    label = "ChargeDescription" if form == "focus" else "label"
    assert any(row[label].startswith("'=cmd") for row in rows)
    texts = [value for row in rows for value in row.values() if isinstance(value, str)]
    assert not any(text.startswith(("=", "+", "@")) for text in texts)


def test_xlsx_opens_with_numbers_dates_and_a_frozen_header(complete, tmp_path):
    path = tmp_path / "ledger.xlsx"
    write_ledger(complete, path, "xlsx")
    sheet = openpyxl.load_workbook(path)["Ledger"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet.max_row == len(complete.charges) * 12 + 1
    assert sheet["B2"].is_date
    amount = COLUMNS.index("amount") + 1
    column = [sheet.cell(row, amount).value for row in range(2, sheet.max_row + 1)]
    assert math.fsum(column) == pytest.approx(complete.total.sum(), rel=1e-12)
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize(
    ("target", "marks", "message"),
    [
        (("a.csv", "ods"), {}, "form 'ods'"),
        (("a.xlsx", "csv"), {}, "does not fit"),
        (("a.csv", "xlsx"), {}, "does not fit"),
        (("a.csv", "csv"), {"decimal": ","}, "delimiter"),
        (("a.csv", "csv"), {"decimal": "'"}, "decimal"),
        (("a.csv", "csv"), {"delimiter": '"'}, "delimiter"),
        (("a.csv", "csv"), {"delimiter": "\n"}, "delimiter"),
        (("a.csv", "csv"), {"delimiter": ";;"}, "delimiter"),
        (("a.csv", "csv"), {"delimiter": "0"}, "delimiter"),
        (("none/a.csv", "csv"), {}, "does not exist"),
    ],
)
def test_forms_marks_and_folders_that_do_not_work_are_refused(complete, tmp_path, target, marks, message):
    name, form = target
    with pytest.raises(BadArgumentError, match=message):
        write_ledger(complete, tmp_path / name, form, **marks)
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_not_replaced_without_force(complete, tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(BadArgumentError, match="--force"):
        write_ledger(complete, path, "csv")
    assert path.read_text(encoding="utf-8") == "mine"
    write_ledger(complete, path, "csv", force=True)
    assert len(rows_of(path)) == len(complete.charges) * 12


def test_a_failed_write_leaves_the_old_file_and_nothing_else(complete, tmp_path, monkeypatch):
    path = tmp_path / "ledger.csv"
    path.write_text("mine", encoding="utf-8")

    def full(self, target):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(BadArgumentError, match="cannot be written: No space"):
        write_ledger(complete, path, "csv", force=True)
    assert path.read_text(encoding="utf-8") == "mine"
    assert [entry.name for entry in tmp_path.iterdir()] == ["ledger.csv"]
