"""Two plan workbooks side by side: what was changed in one is found, in words and in money, and nothing else."""

from __future__ import annotations

import pytest

from tests.sheets.calc_files import with_inputs
from tests.sheets.conftest import as_excel_saves
from tests.sheets.plan.plan_cases import CASES, OPEN, Case, month
from tests.sheets.review.rule_books import edited
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.sheets.compare.decided import decided
from vidcost_xl.sheets.compare.difference import difference
from vidcost_xl.sheets.plan.reading.source import PlanSource
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook


def source(data, name):
    workbook = read_plan_workbook(data, name)
    return PlanSource(name, workbook.plan, workbook, data)


@pytest.fixture
def article(models):
    return models["article"]


@pytest.fixture
def compared(article):
    """A function from what was typed into the article's workbook to its difference from the file as made."""

    def compare(cells=None, change=lambda data: data):
        data = change(with_inputs(article.data, cells) if cells else article.data)
        return difference(source(article.data, "old.xlsx"), source(data, "new.xlsx"))

    return compare


def key(model, entry):
    return model.addresses.key(entry)


def total(plan):
    bill = evaluate(plan)
    return float(bill.reporting(bill.total).sum())


@pytest.mark.parametrize("change", [lambda data: data, as_excel_saves], ids=["generated", "as Excel saves"])
def test_the_same_workbook_in_another_form_has_no_differences(compared, change):
    found = compared(change=change)
    assert found.decisions.changes == ()
    assert found.prices == found.structure == found.notes == ()
    assert found.statement.total[1:-1] == (0, 0, 0, 0, 0)


def test_inputs_months_and_rates_that_were_typed_are_decisions_in_money(compared, article):
    lines = (("train.experiments", month(3), month(4), 8.0), ("rate.aws.s3.standard.storage", OPEN, OPEN, 0.0175))
    case = Case(inputs={"train.share": 0.5}, lines=lines)
    found = compared(case.cells(article.addresses))
    rows = {row[0]: row[2:4] for row in found.decision_table()[1:]}
    assert rows["train.share"] == [1, 0.5]
    assert rows["train.experiments@2027-03..2027-04"] == [10, 8]
    assert rows["rate.aws.s3.standard.storage"] == ["(list price)", 0.0175]
    after = total(case.plan())
    before = total(preset("article"))
    assert found.statement.total[-1] == round(after * 100)
    for column in (5, 6):
        assert sum(row[column] for row in found.decision_table()[1:]) == pytest.approx(after - before), column


@pytest.mark.parametrize("name", sorted(CASES)[:3])
def test_any_filled_in_workbook_is_explained_to_the_cent(models, name):
    case = CASES[name]
    model = models[case.base]
    new = source(with_inputs(model.data, case.cells(model.addresses)), "new.xlsx")
    found = difference(source(model.data, "old.xlsx"), new)
    before, *effects, after = found.statement.total
    bills = [evaluate(plan) for plan in (preset(case.base), case.plan())]
    same = bills[1].plan.text("money.currency") == "USD"
    expected = [float((bill.reporting(bill.total) if same else bill.total).sum()) for bill in bills]
    assert [before, after] == [round(amount * 100) for amount in expected]
    assert before + sum(effects) == after


def test_a_price_typed_over_is_named_with_its_cell_and_said_to_move_only_the_native_side(compared, article):
    cell = key(article, "tier_1.price")
    found = compared({cell: 0.5})
    (price,) = found.prices
    assert (price.what, price.new) == ("typed over", f"0.5 ({'!'.join(cell)})")
    assert any("new.xlsx" in note and "typed over" in note for note in found.notes)


def test_a_formula_that_was_overwritten_is_named(compared, article):
    at = key(article, "s_video.constant")

    def overwrite(data):
        return edited(data, lambda book: book[at[0]].__setitem__(at[1], 0.001))

    found = compared(change=overwrite)
    (formula,) = [each for each in found.structure if each.what == "formula"]
    assert formula.name == "!".join(at)
    assert formula.old.startswith("=IF(SUM(")
    assert formula.new == "0.001"


def test_a_sheet_of_the_user_is_named(compared):
    found = compared(change=lambda data: edited(data, lambda book: book.create_sheet("Mine")))
    assert [(each.what, each.name, each.new) for each in found.structure] == [("sheet", "Mine", "there")]


def test_values_that_the_file_shows_and_its_inputs_do_not_make_are_said(compared, article):
    """An input typed without recalculating: Summary still shows the old total."""
    found = compared(Case(inputs={"train.share": 0.5}).cells(article.addresses))
    assert any("shows 30,388,002.93" in note and "vidcost calc" in note for note in found.notes)


def test_other_months_and_representations_are_structure(models):
    longer = preset("complete").with_overrides([("calendar.months", 18)])
    found = difference(source(models["article"].data, "old.xlsx"), PlanSource("longer", longer))
    rows = {(each.what, each.name): (each.old, each.new) for each in found.structure}
    assert rows["months", "of the plan"] == ("2027-01 to 2027-12 (12)", "2027-01 to 2028-06 (18)")
    assert rows["representation", "text"] == ("", "there")
    assert rows["line", "support.plan"] == ("", "there")


def test_a_step_of_decisions_that_need_each_other_is_named_by_all_of_them():
    """Experiments between a class and its route; 3 passes of 10^9 reads at $0.36 a million, 12 months: $12,960."""
    places = {"r2.standard": ("r2.internet", 5), "aws.s3.standard": ("aws.internet", 8)}
    plans = [
        preset("article").with_overrides(
            [("train.route", route), ("train.experiments", experiments)]
            + [(f"representation.{n}.class", held) for n in (1, 2)]
        )
        for held, (route, experiments) in places.items()
    ]
    found = difference(*(PlanSource(name, plan) for name, plan in zip(places, plans, strict=True)))
    raw, more, moved = decided(found)
    assert raw[0] == "raw: storage class"
    assert more[:2] == ("Experiments", 1_296_000)
    assert moved[0] == "features: storage class + Way from storage to the GPUs"
    assert moved[2] == (
        "representation.2.class: r2.standard to aws.s3.standard; train.route: r2.internet to aws.internet"
    )
    before, after = (round(total(plan) * 100) for plan in plans)
    assert raw[1] + more[1] + moved[1] == after - before
    assert [row[-1] for row in found.decision_table()[3:5]] == [
        "with the next",
        pytest.approx(moved[1] / 100, abs=0.01),
    ]


def test_two_reporting_currencies_are_compared_in_dollars():
    euro = preset("article").with_overrides([("money.currency", "EUR"), ("money.fx", 0.9)])
    found = difference(PlanSource("a", preset("article")), PlanSource("b", euro))
    assert found.currency == "USD"
    assert found.statement.total[0] == found.statement.total[-1]
    assert "EUR" in found.notes[0]


def test_another_day_of_prices_is_another_passport():
    """Wasabi asked $6.99 a TB, on an invoice of June 2024 first, and asks $7.99 since July 2026: two rows."""
    kept = {f"representation.{n}.class": "wasabi.hot" for n in (1, 2)}
    wasabi = [*kept.items(), ("representation.1.read_share", 0), ("representation.2.read_share", 0)]
    old, new = (
        PlanSource(day, preset("article").with_overrides([*wasabi, ("money.as_of", day)]))
        for day in ("2026-03-01", "2026-08-01")
    )
    (price,) = difference(old, new).prices
    assert (price.what, price.name) == ("list price", "wasabi.hot.storage")
    assert price.old.startswith("6.99 from 2024-06-04")
    assert price.new.startswith("7.99 from 2026-07-01")


def test_no_cent_of_the_bridge_is_left_to_nobody():
    """Old totals with every part of a cent; what is decided is the growth and the rate, and nothing else moves."""
    for at in range(20):
        old = preset("article").with_overrides([("money.currency", "EUR"), ("money.fx", 0.9 + at / 997)])
        new = old.with_overrides([("dataset.growth", 0.01 + at / 991), ("money.fx", 0.95)])
        found = difference(PlanSource("a", old), PlanSource("b", new))
        steps = decided(found)
        assert [label for label, _, _ in steps] == ["Budget exchange rate", "Monthly growth"], at
        assert sum(cents for _, cents, _ in steps) == round(total(new) * 100) - round(total(old) * 100)


def test_no_cent_of_the_bridge_falls_to_what_moves_nothing():
    """New totals half way between two cents, where noise decides which; the link is in no bill."""
    usd, old = total(preset("article")), preset("article").with_overrides([("money.currency", "EUR")])
    for at in range(8):
        rate = (round(usd * 90) + at * 1_000 + 0.5) / 100 / usd
        new = old.with_overrides([("money.fx", rate), ("limits.link_gbps", 50)])
        steps = decided(difference(PlanSource("a", old), PlanSource("b", new)))
        assert [label for label, _, _ in steps] == ["Budget exchange rate"], rate
