"""The sheet Scenarios and its switch: one cell puts a named set of inputs in force, for every reader and engine."""

from __future__ import annotations

import io
import json
import subprocess
from datetime import datetime

import openpyxl
import pytest

from tests.command import vidcost
from tests.sheets.calc_files import values, with_inputs
from tests.sheets.opened import typed_into
from vidcost_xl.analysis.scenarios import Scenario
from vidcost_xl.errors import BadArgumentError, ExcelError
from vidcost_xl.model.files import preset
from vidcost_xl.sheets.calc.calculate import calculate
from vidcost_xl.sheets.compare.difference import difference
from vidcost_xl.sheets.plan.new import build, new_from
from vidcost_xl.sheets.plan.parts import EVERY, parts_in, parts_named
from vidcost_xl.sheets.plan.reading.carry import carry
from vidcost_xl.sheets.plan.reading.refresh import refresh
from vidcost_xl.sheets.plan.reading.source import PlanSource
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook
from vidcost_xl.sheets.plan.user_notes import Kept
from vidcost_xl.sheets.review.handoff.run import Order as HandingOff
from vidcost_xl.sheets.review.handoff.run import hand_off
from vidcost_xl.sheets.review.rules.run import check_workbook
from vidcost_xl.sheets.review.signing.run import Order, sign
from vidcost_xl.sheets.review.signing.verify import verify

WHEN = datetime(2026, 11, 27, 8, 30)

#: On R2 both copies of 5 PB cost 12 months of $0.015 a GB of 10^9 bytes, 10 GB free; ten billion reads a month
#: $0.36 a million, ten million free; and egress nothing.
ON_R2 = 12 * ((10_000_000 - 10) * 0.015 + (10_000 - 10) * 0.36)
#: Five passes in place of ten are 25 PB a month less, all beyond the first 150 TB at $0.05 a GB, and five billion GETs
#: at $0.0004 a thousand.
BASE = 30_388_002.9265
HALF = BASE - 12 * (25e15 / 2**30 * 0.05 + 5e9 / 1000 * 0.0004)

KEPT = Kept(
    scenarios=(
        Scenario("half the passes", {"train.passes": 0.5}),
        Scenario(
            "on R2",
            {
                "train.route": "r2.internet",
                "representation.1.class": "r2.standard",
                "representation.2.class": "r2.standard",
            },
        ),
    ),
    scenario_notes={"train.passes": "the research lead"},
)
FIGURES = {"base": BASE, "half the passes": HALF, "on R2": ON_R2}

#: The switch, the head of the third scenario, and cells of the first lines.
SWITCH = ("Drivers", "B4")
HEAD, FIRST, KEY = ("Scenarios", "G8"), ("Scenarios", "E9"), ("Scenarios", "C13")


@pytest.fixture(scope="module")
def made(once):
    return once("scenarios", lambda: build("model", kept=KEPT, parts=parts_named("scenarios")))


def test_scenarios_come_on_use_alone(made, models):
    article = models["article"].addresses.layout
    assert "Scenarios" not in {sheet.name for sheet in article.sheets} and "scenario_active" not in article.names
    assert parts_in(article.names) == EVERY and parts_in(made.addresses.layout.names) == parts_named("scenarios")
    assert list(check_workbook(made.data).findings) == []


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("engine", ["functions", "native"])
def test_the_switch_drives_both_engines(made, name, engine):
    found = typed_into(made.data, {SWITCH: name, made.addresses.key("inputs_switch.value"): engine})
    for reference in ("k_total.total", "s_whole.constant"):
        assert found[made.addresses.key(reference)] == pytest.approx(FIGURES[name], abs=0.01), reference
    # Functions and native formulas agree line by line, whichever feeds Costs.
    assert found[made.addresses.key("checks_master.flag")] == 0
    title = found[made.addresses.key("sum_title.a")]
    assert title == "What the data of the video model cost" + ("" if name == "base" else f", scenario {name}")


def test_the_command_sets_those_of_the_sheet_beside_each_other(made, tmp_path):
    book = tmp_path / "plan.xlsx"
    book.write_bytes(made.data)
    rows = json.loads(vidcost("scenarios", book, "--output", "total", "--json").stdout)["value"]
    assert {row[1]: row[2] for row in rows[1:]} == pytest.approx(FIGURES, abs=0.01)


def test_drivers_inputs_and_the_line_say_what_is_in_force(made):
    found = typed_into(made.data, {SWITCH: "On r2"})

    def shown(reference):
        return found[made.addresses.key(reference)]

    assert shown("in_train_route.said") == "In force: r2.internet, scenario On r2."
    assert (shown("li_train_route.value"), shown("li_train_route.force")) == ("aws.internet", "r2.internet")
    assert (shown("li_train_passes.line"), shown("li_train_passes.force")) == (0, 1)
    # What is blank stays blank.
    assert shown("in_representation_1_second_class.force") == ""
    assert (shown("scn_2.label"), shown("scn_2.base")) == ("Way from storage to the GPUs", "aws.internet")


def test_a_month_that_has_a_value_of_its_own_keeps_it(made):
    march = made.addresses.key("sv_train_experiments_1.at_low")
    typed = {SWITCH: "new", HEAD: "new", KEY: "train.experiments", ("Scenarios", "G13"): 5.0, march: 10.0}
    found = typed_into(made.data, typed)
    reads = [found[made.addresses.key(f"dr_train_experiments.m{month}")] for month in (2, 3, 4)]
    assert reads == [5, 10, 5] and found[made.addresses.key("checks_master.flag")] == 0


def test_a_scenario_typed_by_openpyxl_is_computed_by_libreoffice_without_the_functions(made, tmp_path, libreoffice):
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    book["Scenarios"]["G8"], book["Drivers"]["B4"] = 2028, 2028
    book["Scenarios"]["G9"], book["Scenarios"]["C13"], book["Scenarios"]["G13"] = 0.5, "commercial.discount", 0.1
    path = tmp_path / "plan.xlsx"
    book.save(path)
    read = read_plan_workbook(path.read_bytes(), "plan.xlsx")
    assert read.plan.values == {**read.base.values, "train.passes": 0.5, "commercial.discount": 0.1}
    order = ["soffice", f"-env:UserInstallation=file://{tmp_path}/user", "--headless", "--convert-to"]
    order += ["xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(path)]
    subprocess.run(order, capture_output=True, check=True, timeout=300)
    saved = (tmp_path / "out" / "plan.xlsx").read_bytes()
    found = values(saved)
    assert found[made.addresses.key("k_total.total")] == pytest.approx(0.9 * HALF, abs=0.01)
    assert found[made.addresses.key("guards_count.value")] == 0
    assert read_plan_workbook(saved, "plan.xlsx").plan == read.plan


#: What is typed, what the first fault of all says in the workbook, and what a reader of the file says.
WRONG = {
    "switch": (
        {SWITCH: "on R3"},
        "Drivers!B4: Scenario in force is 'on R3'; allowed: base, or a name at the head of Scenarios.",
        "Drivers!B4: scenario 'on R3' is not known. Nearest: on R2",
    ),
    "no switch": ({SWITCH: ""}, "Drivers!B4: Scenario in force is ''", "Drivers!B4: Scenario in force is empty"),
    "bounds": (
        {SWITCH: "half the passes", FIRST: -1.0},
        "Scenarios!E9: train.passes (Passes per experiment, passes) is -1; allowed: at least 0.",
        "Scenarios!E9: train.passes (Passes per experiment, passes) is -1; allowed: at least 0.",
    ),
    "bounds of another": (
        {FIRST: -1.0},
        "Scenarios!C9: train.passes has a value that is not allowed; allowed: at least 0.",
        "Scenarios!E9: train.passes (Passes per experiment, passes) is -1; allowed: at least 0.",
    ),
    "choice": (
        {SWITCH: "on R2", ("Scenarios", "F10"): "r2.inter"},
        "Scenarios!F10: train.route (Way from storage to the GPUs, name) is 'r2.inter'; allowed: ",
        "Scenarios!F10: train.route (Way from storage to the GPUs, name) is 'r2.inter'; allowed: ",
    ),
    "key": (
        {SWITCH: "on R2", KEY: "train.pases", ("Scenarios", "F13"): 2.0},
        "Scenarios!C13: train.pases is no key of an input.",
        "Scenarios!C13: input 'train.pases' is not known. Nearest: train.passes",
    ),
    "no key": (
        {SWITCH: "on R2", ("Scenarios", "F13"): 2.0},
        "Scenarios!C13:  holds values and names no input",
        "Scenarios!C13: the line holds values and names no input",
    ),
    "key twice": (
        {SWITCH: "on R2", KEY: "train.passes"},
        "Scenarios!C9: train.passes is given in two lines.",
        "Scenarios!C13: train.passes is given twice, here and in Scenarios!C9.",
    ),
    "months": (
        {KEY: "calendar.months"},
        "Scenarios!C13: calendar.months is for the whole workbook",
        "Scenarios!C13: calendar.months is for the whole workbook",
    ),
    "name twice": (
        {SWITCH: "on R2", HEAD: "on R2"},
        "Scenarios!F8: a scenario has a name of its own at its head.",
        "Scenarios!G8: two scenarios are called 'on R2', here and in Scenarios!F8.",
    ),
    "no name": (
        {("Scenarios", "G9"): 2.0},
        "Scenarios!G8: a scenario has a name of its own at its head.",
        "Scenarios!G9: 2 stands under no name",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_its_cell_and_nothing_is_priced(made, case):
    typed, said, refused = WRONG[case]
    found = typed_into(made.data, typed)
    assert str(found[made.addresses.key("guards_first.value")]).startswith(said)
    assert isinstance(found[made.addresses.key("k_total.total")], ExcelError)
    with pytest.raises(BadArgumentError) as error:
        read_plan_workbook(with_inputs(made.data, typed), "plan.xlsx")
    assert refused in str(error.value)


def test_one_that_is_not_in_force_and_does_not_fit_is_noted(made):
    typed = {KEY: "exit.month", ("Scenarios", "E13"): 13.0}
    read = read_plan_workbook(with_inputs(made.data, typed), "plan.xlsx")
    assert [str(note) for note in read.findings] == [
        "Scenarios!E13: scenario half the passes: exit.month (Month of leaving the provider, month of the plan) is 13; "
        "allowed: at most the months of the plan."
    ]


@pytest.fixture(scope="module")
def switched(made, once):
    # As `vidcost calc` leaves it after someone has switched.
    def switch():
        return calculate(with_inputs(made.data, {SWITCH: "on R2"}), "plan.xlsx").data

    return once("scenarios-switched", switch)


def test_ledger_and_figures_follow_at_the_next_refresh(switched):
    # A tenth off the base too, under a name that is new.
    typed = {HEAD: "a tenth off", KEY: "commercial.discount", ("Scenarios", "G13"): 0.1}
    data, report = refresh(with_inputs(switched, typed), "plan.xlsx")
    assert report.changed and report.total == pytest.approx(ON_R2, abs=0.01)
    found = values(data)
    costs = [found["Scenarios", f"{column}5"] for column in "DEFG"]
    assert costs == pytest.approx([BASE, HALF, ON_R2, 0.9 * BASE], abs=0.01)
    assert found["Scenarios", "G6"] == pytest.approx(-0.1 * BASE, abs=0.01)
    assert found["Scenarios", "G7"] == pytest.approx(-0.1)


def test_a_new_workbook_takes_over_every_scenario_and_the_switch(switched, tmp_path):
    carried = carry(switched, "plan.xlsx", 24)
    assert (carried.kept.scenarios, carried.kept.scenario) == (KEPT.scenarios, "on R2")
    assert carried.kept.scenario_notes == KEPT.scenario_notes and carried.lost == ()
    assert dict(carried.plan.values) == dict(preset("article").with_overrides([("calendar.months", 24)]).values)
    old = tmp_path / "old.xlsx"
    old.write_bytes(switched)
    new, told = new_from(tmp_path / "bill.xlsx", old, only="bill")
    assert new.values[new.addresses.key("k_total.total")] == pytest.approx(BASE, abs=0.01)
    assert [str(note) for note in told.lost] == [
        "Scenarios: with 2 scenarios is left out by --only; the new plan is what is typed."
    ]


@pytest.mark.sweep
def test_it_is_signed_and_a_switch_is_a_change(switched, made):
    handed = hand_off(switched, "plan.xlsx", HandingOff("Ada", at=WHEN))
    signed = sign(handed.data, "plan.xlsx", Order("Ada", at=WHEN))
    assert verify(signed.data, "plan.xlsx", signed.seal).is_unchanged
    again = calculate(with_inputs(signed.data, {SWITCH: "base"}), "plan.xlsx").data
    assert not verify(again, "plan.xlsx", signed.seal).is_unchanged


def test_the_difference_of_two_switches_is_that_of_their_plans(switched, made):
    sources = []
    for data in (made.data, switched):
        read = read_plan_workbook(data, "plan.xlsx")
        sources.append(PlanSource("plan.xlsx", read.plan, read, data))
    found = difference(*sources)
    assert {change.key for change in found.decisions.changes} == set(KEPT.scenarios[1].changes)
