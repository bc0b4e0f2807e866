"""`vidcost new --from OLD`: what goes over, what is told, what is lost, and that OLD stays as it is."""

from __future__ import annotations

import json

import pytest

from tests.sheets.calc_files import user_workbook, with_inputs
from tests.sheets.conftest import as_excel_saves
from tests.sheets.plan.plan_cases import OPEN, REHEARSAL, Case, month
from tests.sheets.plan.test_new_command import run
from tests.sheets.plan.test_reading import deleted, edited
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.model.files import preset
from vidcost_xl.prices.book import price_book
from vidcost_xl.sheets.layout.addresses import Addresses
from vidcost_xl.sheets.plan import new as new_module
from vidcost_xl.sheets.plan.book import model_layout
from vidcost_xl.sheets.plan.new import build, new_from
from vidcost_xl.sheets.plan.reading.carry import carry
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook
from vidcost_xl.sheets.render.workbook import render

#: Of a provider that the plan does not use.
PRICED = "wasabi.hot.storage"


def price(model):
    sheet = next(sheet for sheet in model.addresses.layout.sheets if sheet.name == "Prices")
    return next(row.id for row in sheet.rows if "made" in row.entries and row.entries["meter"].value == PRICED)


def worked_in(model):
    """The rehearsal, with notes, a log, a price typed over, a range and the switch."""
    return as_excel_saves(
        with_inputs(
            model.data,
            {
                **REHEARSAL.cells(model.addresses),
                model.addresses.key("change_1.note"): "offer of 3 June",
                model.addresses.key("audit_log_1.text"): "=not a formula",
                model.addresses.key("audit_log_1.topic"): 46_300.0,
                model.addresses.key("in_dataset_videos.low"): 1e8,
                model.addresses.key("in_account_storage.value"): "4711",
                model.addresses.key("inputs_switch.value"): "native",
                model.addresses.key(f"{price(model)}.price"): 7.5,
            },
        )
    )


@pytest.fixture(scope="module")
def pair(models, tmp_path_factory):
    """An old workbook and the 24 months made from it."""
    folder = tmp_path_factory.mktemp("carry")
    old, new = folder / "old.xlsx", folder / "new.xlsx"
    old.write_bytes(worked_in(models["complete"]))
    before = old.read_bytes()
    made, carried = new_from(new, old, months=24)
    assert old.read_bytes() == before and sorted(path.name for path in folder.iterdir()) == ["new.xlsx", "old.xlsx"]
    return read_plan_workbook(before, "old.xlsx"), read_plan_workbook(new.read_bytes(), "new.xlsx"), made, carried


def test_everything_a_user_wrote_goes_over(pair):
    old, new, _, carried = pair
    assert carried.lost == () and carried.told == ()
    assert {**new.plan.values, "calendar.months": 12.0} == dict(old.plan.values)
    assert new.plan.ranges == old.plan.ranges and new.plan.ranges["dataset.videos"][0] == 1e8
    assert [(line.key, line.first, line.last, line.value, line.note) for line in new.changes] == [
        (line.key, line.first, line.last, line.value, line.note) for line in old.changes
    ]
    assert new.changes[0].note == "offer of 3 June" and new.log == old.log and new.switch == "native"
    assert new.accounts["store"] == "4711" and new.months == 24
    assert [(each.meter, each.tier, each.column, each.typed) for each in new.prices_changed] == [
        (each.meter, each.tier, each.column, each.typed) for each in old.prices_changed
    ]
    assert new.prices_changed[0].typed == 7.5


def test_open_changes_hold_in_the_new_months_and_closed_ones_do_not(pair):
    _, new, _, _ = pair
    # The rate holds from October 2027, month 7, on; eight passes in March 2028 alone.
    assert new.plan.monthly["rate.aws.s3.standard.storage", 23] == 0.0175
    assert [at for (key, at) in new.plan.monthly if key == "train.passes"] == [11]


def test_the_new_file_says_where_it_is_from_and_checks_itself(pair):
    _, _, made, _ = pair
    assert fact(made, "Carried over from").entries["text"].value.startswith("old.xlsx (vidcost-xl ")
    # The plan does not use the price that was typed over, so that functions and native formulas still agree.
    assert made.values[made.addresses.key("checks_master.flag")] == 0


def fact(made, topic):
    sheet = next(sheet for sheet in made.addresses.layout.sheets if sheet.name == "Audit")
    return next(row for row in sheet.rows if "topic" in row.entries and row.entries["topic"].value == topic)


def uncomputed(changes):
    """The workbook of the article with changes, whose formulas have no values yet: a plan is read out of its inputs."""
    return Addresses(model_layout(price_book(), preset("article").with_overrides(changes)))


def test_fewer_months_say_which_changes_fall_away_and_which_end_early():
    old = uncomputed([("calendar.months", 24)])
    case = Case(
        lines=(
            ("train.passes", month(3, 2028), OPEN, 8.0),
            ("train.experiments", month(6), month(6, 2028), 2.0),
            ("rate.aws.s3.standard.storage", OPEN, OPEN, 0.02),
        )
    )
    carried = carry(with_inputs(render(old), case.cells(old)), "old.xlsx", 12)
    assert [str(note) for note in carried.lost] == [
        "Changes!A4: train.passes = 8 from 2028-03 lies after the last month, 2027-12."
    ]
    assert [str(note) for note in carried.told] == [
        "Changes!A5: train.experiments = 2 to 2028-06 ends with the last month, 2027-12."
    ]
    assert carried.plan.rates == {"aws.s3.standard.storage": 0.02}
    assert [at for (key, at) in carried.plan.monthly if key == "train.experiments"] == list(range(5, 12))


def test_a_plan_that_does_not_fit_into_the_months_is_refused():
    data = render(uncomputed([("calendar.months", 24), ("exit.month", 20)]))
    with pytest.raises(BadArgumentError, match=r"old\.xlsx does not fit\. Inputs!C\d+: exit\.month .* is 20; allowed"):
        carry(data, "old.xlsx", 12)


def test_an_older_version_says_what_was_filled_in_and_what_is_unknown(models):
    def change(book):
        deleted("train.passes")(book)
        sheet = book["Inputs"]
        next(cell for cell in sheet["B"] if cell.value == "dataset.opening").value = "dataset.opens"
        for row in book["Audit"].iter_rows():
            if row[0].value == "Digest of the catalogue":
                row[1].value = "0123456789ab"

    carried = carry(edited(models["complete"].data, change), "old.xlsx")
    assert [note.at for note in carried.told] == ["dataset.opening", "train.passes"]
    assert "is not in old.xlsx, which another version made; it is 1.0 now" in carried.told[1].text
    assert len(carried.lost) == 1 and "input 'dataset.opens' is not known" in carried.lost[0].text
    assert "It holds 0." in carried.lost[0].text


def test_a_price_typed_over_without_a_row_in_this_book_is_lost(models):
    model = models["bill"]
    stamp = fact(model, "Digest of prices").id
    typed = {
        model.addresses.key(f"{stamp}.text"): "0123456789ab",
        model.addresses.key(f"{price(model)}.meter"): "aws.gone",
    }
    place = model.addresses.key(f"{price(model)}.price")
    carried = carry(with_inputs(model.data, {**typed, place: 7.5}), "old.xlsx")
    assert [note.at for note in carried.lost] == ["!".join(place)]
    assert "aws.gone = 7.5 has no row in the price book" in carried.lost[0].text


def test_sheets_of_the_users_own_are_told_and_exit_with_3(models, tmp_path, capsys, monkeypatch):
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    old.write_bytes(user_workbook(models["bill"].data))
    code, out, _ = run(capsys, monkeypatch, "new", new, "--from", old)
    assert code == 3 and "Mine: is a sheet of your own, which stays in the old file." in out and new.exists()


def test_the_command_prints_json(models, tmp_path, capsys, monkeypatch):
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    old.write_bytes(models["bill"].data)
    monkeypatch.setattr(new_module, "build", lambda *_, **__: models["bill"])  # what would be made again
    code, out, _ = run(capsys, monkeypatch, "new", new, "--template", "model", "--from", old, "--json")
    result = json.loads(out)
    assert code == 0 and result["told"] == result["lost"] == [] and result["value"]


def test_the_old_file_is_never_written(models, tmp_path, capsys, monkeypatch):
    old = tmp_path / "old.xlsx"
    old.write_bytes(models["bill"].data)
    code, _, err = run(capsys, monkeypatch, "new", old, "--from", old, "--force")
    assert code == 2 and "is the old workbook itself" in err and old.read_bytes() == models["bill"].data


@pytest.fixture
def old_file(models, tmp_path):
    path = tmp_path / "old.xlsx"
    path.write_bytes(models["bill"].data)
    return path


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--template", "quick"), "--from takes the plan of a workbook of the template model"),
        (("--plan", "article"), "--from takes the plan of a workbook of the template model"),
        (("--months", "7"), "calendar.months"),
    ],
)
def test_options_that_do_not_go_together_are_refused(old_file, capsys, monkeypatch, *, options, said):
    old, tmp_path = old_file, old_file.parent
    code, _, err = run(capsys, monkeypatch, "new", tmp_path / "new.xlsx", "--from", old, *options)
    assert code == 2 and said in err and [path.name for path in tmp_path.iterdir()] == ["old.xlsx"]


def test_a_quick_page_is_refused_with_what_to_do(quick, tmp_path, capsys, monkeypatch):
    old = tmp_path / "old.xlsx"
    old.write_bytes(quick.data)
    code, _, err = run(capsys, monkeypatch, "new", tmp_path / "new.xlsx", "--from", old)
    assert code == 2 and "whose page holds no plan" in err and len(list(tmp_path.iterdir())) == 1


@pytest.mark.sweep
def test_many_months_of_one_value_are_one_line():
    plan = preset("article").with_overrides(
        [
            ("calendar.months", 60),
            *((f"train.share@{month(1 + at % 12, 2027 + at // 12):%Y-%m}", 0.5) for at in range(6, 60)),
        ]
    )
    read = read_plan_workbook(build("model", plan=plan).data, "plan.xlsx")
    assert read.plan == plan
    assert [(line.first, line.last) for line in read.changes] == [(month(7), month(12, 2031))]
