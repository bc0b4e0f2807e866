"""Impossible inputs: refused alike by the model and by the native formulas, named, and an error in every result."""

from __future__ import annotations

import random
from datetime import date

import pytest

from tests.sheets.calc_files import values as file_values
from tests.sheets.calc_files import with_inputs
from tests.sheets.opened import typed_into
from vidcost_xl.errors import ExcelError, VideoCostError
from vidcost_xl.model.catalogue import catalogue, spec_key
from vidcost_xl.model.files import plan_from_mapping, preset
from vidcost_xl.model.input_names import kinds, names_of
from vidcost_xl.model.values import read_value
from vidcost_xl.sheets.calc.libreoffice import all_recalculated
from vidcost_xl.sheets.plan.reading.workbook import read_plan_workbook
from vidcost_xl.sheets.plan.row_names import guard_id, input_id

#: What a finance manager tried: each made a bill of 0 or below, with every check green.
SLIPS = {
    "discount 12": ("commercial.discount", 12.0, "is 12; allowed: 0 to 1."),
    "size blank": ("dataset.mb_per_video", "", "is empty; allowed: at least 0."),
    "size -5": ("dataset.mb_per_video", -5.0, "is -5; allowed: at least 0."),
    "growth 5": ("dataset.growth", 5.0, "is 5; allowed: 0 to 1."),
}
RESULTS = ("s_whole.constant", "s_average.constant", "k_total.total", "k_total.m12", "s_rest.total", "ks_store.total")


@pytest.fixture(scope="module")
def model(models):
    return models["article"]


def cell(model, reference):
    return model.addresses.key(reference)


def sentence(model, values):
    return values[cell(model, "guards_first.value")]


def assert_refused(model, values, key, said):
    sheet, at = cell(model, f"{input_id(key)}.value")
    spec = catalogue()[spec_key(key)]
    assert sentence(model, values) == f"{sheet}!{at}: {key} ({spec.label}, {spec.unit}) {said}"
    assert values[cell(model, "chk_possible.flag")] == 1
    assert values[cell(model, "chk_possible.note")].startswith(sentence(model, values))
    assert values[cell(model, f"{input_id(key)}.said")] == said.removesuffix(".")
    for head in ("checks_master.flag", "cover_title.flag", "sum_title.j", "inputs_title.source"):
        assert values[cell(model, head)] > 0
    for result in RESULTS:
        assert isinstance(values[cell(model, result)], ExcelError), result


@pytest.mark.parametrize("slip", SLIPS)
def test_an_impossible_input_is_red_named_and_an_error_in_every_result(model, slip):
    key, value, said = SLIPS[slip]
    values = typed_into(model.data, {cell(model, f"{input_id(key)}.value"): value})
    assert_refused(model, values, key, said)
    # The functions refuse it in the same words.
    anchor = values[cell(model, "fc_0.start")]
    assert isinstance(anchor, ExcelError) and anchor.message.endswith(said)


@pytest.mark.sweep
def test_libreoffice_refuses_it_without_the_functions(model, tmp_path, libreoffice):
    paths = []
    slips = {slip: SLIPS[slip] for slip in ("discount 12", "size blank")}  # a number, and nothing
    for slip, (key, value, _) in slips.items():
        paths.append(tmp_path / f"{slip}.xlsx")
        paths[-1].write_bytes(with_inputs(model.data, {cell(model, f"{input_id(key)}.value"): value}))
    found = all_recalculated(paths, tmp_path / "computed")
    for (key, _, said), path in zip(slips.values(), found, strict=True):
        assert_refused(model, file_values(path.read_bytes()), key, said)


def numeric(spec):
    return spec.is_numeric or spec.kind == "date"


def below(spec):
    if spec.kind == "date":
        return 5.0  # 1900-01-05
    return spec.above if spec.above is not None else None if spec.minimum is None else spec.minimum - 1


def beyond(spec):
    if spec.kind == "date":
        return 2e6  # in the year 7375
    return None if spec.maximum is None else spec.maximum + 1


#: What is typed into an input of each kind of fault; None where the kind has no such fault.
FAULTS = {
    "blank": lambda spec: "",
    "text": lambda spec: "many" if numeric(spec) else None,
    "number as text": lambda spec: "1" if numeric(spec) else None,
    "below": below,
    "above": beyond,
    "not on its list": lambda spec: "nonsense" if not numeric(spec) and spec.kind != "text" else None,
    "number for a name": lambda spec: None if numeric(spec) or spec.kind == "text" else 7.0,
    "truth value": lambda spec: True,
    # A date pasted as a text is one, where a person can read it: the functions take VIDEO_INPUTS() as it spills.
    "date as text": lambda spec: "2027-07-01" if spec.kind == "date" else None,
    "date as digits": lambda spec: "20270701" if spec.kind == "date" else None,
    "no such date": lambda spec: "2027-02-30" if spec.kind == "date" else None,
    "date too early": lambda spec: "1927-07-01" if spec.kind == "date" else None,
    "not the first": lambda spec: "2027-07-15" if spec.kind == "date" else None,
    "spaces": lambda spec: " \u00a0 ",
    # A half unit; 2027-07-15 for a first day; and a name with spaces around it, which is none.
    "fraction": lambda spec: 46583.0 if spec.month_start else 12.5 if spec.kind == "integer" else None,
}


def python_says(key, value):
    """Why the model refuses a value; empty where it takes it."""
    try:
        read_value(key, value)
    except VideoCostError as error:
        return error.message
    return ""


def assert_alike(model, values, typed):
    """Both sides refuse the same inputs, in the same words; what Python adds, such as the nearest name, comes after."""
    for key, value in typed.items():
        why, said = python_says(key, value), values[cell(model, f"{guard_id(key)}.said")]
        assert bool(why) == bool(said) == bool(values[cell(model, f"{guard_id(key)}.fault")]), (key, value, why, said)
        used = values[cell(model, f"{guard_id(key)}.used")]
        assert isinstance(used, ExcelError) == bool(why), (key, value, used)
        if why:
            spec = catalogue()[spec_key(key)]
            assert why.startswith(f"{key} ({spec.label}, {spec.unit}) {said}."), (why, said)


#: What dates alone may be, all in one workbook a fault; and what every input may be.
OF_DATES = tuple(fault for fault in FAULTS if "date" in fault or fault == "not the first")


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in OF_DATES])
def test_for_every_input_a_kind_of_fault_is_refused_alike_by_the_model_and_by_native_formulas(model, fault):
    typed = faulty(fault)
    assert len(typed) > 1 or fault == "fraction"
    values = typed_into(model.data, {cell(model, f"{input_id(key)}.value"): value for key, value in typed.items()})
    assert len(values) > 40_000  # nothing is left uncomputed
    assert_alike(model, values, typed)
    refused = [key for key, value in typed.items() if python_says(key, value)]
    assert values[cell(model, "guards_count.value")] >= len(refused) > 0
    for result in RESULTS:
        assert isinstance(values[cell(model, result)], ExcelError), result


def faulty(fault):
    found = {key: FAULTS[fault](catalogue()[spec_key(key)]) for key in preset("article").values}
    return {key: value for key, value in found.items() if value is not None}


def test_a_date_written_as_text_is_one_alike(model):
    keys = list(faulty("date as text"))
    for shift in range(len(keys)):  # each fault in each input
        typed = {
            key: FAULTS[OF_DATES[(at + shift) % len(OF_DATES)]](catalogue()[spec_key(key)])
            for at, key in enumerate(keys)
        }
        values = typed_into(model.data, {cell(model, f"{input_id(key)}.value"): each for key, each in typed.items()})
        assert_alike(model, values, typed)
    typed = faulty("date as text")
    values = typed_into(model.data, {cell(model, f"{input_id(key)}.value"): each for key, each in typed.items()})
    assert_alike(model, values, typed)
    assert sentence(model, values) == ""
    # 2027-07-01 is day 46,569 of Excel.
    assert values[cell(model, "cal_start.m1")] == values[cell(model, "gd_money_as_of.used")] == 46_569


#: How people write the names that an input takes, and names that it does not.
WRITTEN = {
    "id": lambda rows, at: rows[at][1],
    "label or alias": lambda rows, at: next((name for name, own in rows[at:] if name != own), rows[at][1]),
    "last in the list": lambda rows, at: rows[-1 - at][0],
    "another case": lambda rows, at: rows[at][0].upper(),
    "spaces for points": lambda rows, at: f"\u00a0 {rows[at][1]}".replace(".", " ").replace("-", "  "),
    "typo": lambda rows, at: rows[at][0][:-2] + "x",
    "words of it": lambda rows, at: f"the {rows[at][0]}",
    "star": lambda rows, at: rows[at][0][:-1] + "*",
    "question mark": lambda rows, at: rows[at][0][:-1] + "?",
}
TAKEN = tuple(WRITTEN)[:5]


@pytest.mark.parametrize(
    "way",
    [pytest.param(way, marks=() if way in {"label or alias", "typo"} else pytest.mark.sweep) for way in WRITTEN],
)
def test_a_name_is_taken_alike_however_it_is_written(model, way):
    typed, counted = {}, {}
    for key in preset("article").values:
        kind = catalogue()[spec_key(key)].kind
        # A route of a representation's own starts where it is stored: it is not taken alone.
        if kind in kinds() and not (key.startswith("representation.") and key.endswith(".route")):
            at = counted[kind] = counted.get(kind, -1) + 1
            typed[key] = WRITTEN[way](list(names_of(kind).values()), at)
    assert set(counted) == set(kinds())
    values = typed_into(model.data, {cell(model, f"{input_id(key)}.value"): name for key, name in typed.items()})
    assert_alike(model, values, typed)
    for key, name in typed.items():
        assert bool(python_says(key, name)) == (way not in TAKEN), (key, name)
        if way in TAKEN:  # native formulas go on with the id
            assert values[cell(model, f"{guard_id(key)}.used")] == read_value(key, name)


def test_what_people_type_is_the_place_that_they_mean(model):
    meant = {
        "representation.1.class": ("S3 Standard-IA", "aws.s3.standard-ia"),
        "train.route": ("CloudFront", "aws.cloudfront"),
        "commercial.discount_provider": ("Amazon", "aws"),
        "representation.1.dtype": ("FP16", "fp16"),
        "agent.generator": ("Seedance 2.0 4K", "seedance-2.0 4k"),
    }
    values = typed_into(model.data, {cell(model, f"{input_id(key)}.value"): name for key, (name, _) in meant.items()})
    for key, (name, own) in meant.items():
        assert values[cell(model, f"{guard_id(key)}.used")] == own == read_value(key, name)
    # Native formulas bill that class: the functions read the same cells.
    assert sentence(model, values) == "" and values[cell(model, "checks_master.flag")] == 0
    assert values[cell(model, "k_total.total")] != model.values[cell(model, "k_total.total")]


def test_reference_prices_and_old_days_of_generators_are_no_input(model):
    typed = {"own.drive": "own.reference.si-heap.drive", "agent.generator": "sora-2"}
    other = {"own.drive": "own.drive.retail", "agent.generator": "sora-2@2026-06-01"}
    for given in (typed, other, {"agent.generator": "sora-2@2026-09-23", "own.drive": "own.reference.x"}):
        values = typed_into(model.data, {cell(model, f"{input_id(key)}.value"): name for key, name in given.items()})
        assert_alike(model, values, given)
    # A file is taken as it was meant: the price of an old day is that of the last one.
    plan = plan_from_mapping({"base": "article", "agent": {"generator": "sora-2@2026-06-01"}})
    assert plan.text("agent.generator") == "sora-2@2026-09-23"


def test_names_may_have_spaces_around_them_and_any_case(model):
    typed = {"train.route": " AWS.Internet ", "acquire.on": "YES", "dataset.counted": " Kept", "wait.on": False}
    values = typed_into(model.data, {cell(model, f"{input_id(key)}.value"): value for key, value in typed.items()})
    assert_alike(model, values, typed)
    assert sentence(model, values) == "" and values[cell(model, "checks_master.flag")] == 0


def test_what_inputs_may_not_be_together_is_refused_alike(model):
    first, second = "representation.1.", "representation.2."
    together = {
        first + "vae": ({first + "kind": "latent"}, "is empty; the kind latent needs a video autoencoder"),
        second + "encoder": ({second + "kind": "text"}, "is empty; the kind text needs a text encoder"),
        first + "second_class": ({first + "second_share": 0.5}, "is empty; second_share sends data there"),
        "exit.month": ({"exit.month": 13.0}, "is 13; allowed: at most the months of the plan"),
        second + "lifecycle_months": (
            {
                second + "class": "aws.s3.glacier-flexible",
                second + "second_class": "aws.s3.standard",
                second + "lifecycle_months": 3.0,
            },
            "is 3; a lifecycle rule moves data out of the first class only to: aws.s3.glacier-deep-archive",
        ),
        second + "name": ({second + "name": "RAW"}, "is 'RAW'; another representation has that name"),
    }
    typed = {key: value for given, _ in together.values() for key, value in given.items()}
    values = typed_into(model.data, {cell(model, f"{input_id(key)}.value"): value for key, value in typed.items()})
    for key, (given, said) in together.items():
        with pytest.raises(VideoCostError) as caught:
            preset("article").with_overrides(given.items())
        assert said in caught.value.message or key.endswith("name")
        assert values[cell(model, f"{guard_id(key)}.said")] == said


def test_a_low_above_its_high_is_refused_alike(model):
    values = typed_into(model.data, {cell(model, "in_dataset_videos.low"): 1e12, cell(model, "in_train_share.low"): ""})
    for row in ("in_dataset_videos", "in_train_share"):
        assert "two numbers, the smaller one first" in values[cell(model, f"{row}.said")]
    assert values[cell(model, "guards_count.value")] == 2


#: Lines of Changes: input, first and last month, value; and what is wrong with them.
LINES = (
    (("train.share", None, None, 12.0), "has the value 12; allowed: 0 to 1"),
    (("money.fx", None, None, 0.0), "has the value 0; allowed: above 0"),
    (("rate.aws.s3.standard.storage", None, None, -1.0), "has the value -1; allowed: at least 0"),
    (("train.passes", date(2027, 3, 15), None, 2.0), "begins inside a month"),
    (("train.cached", None, date(2027, 3, 15), 0.2), "ends inside a month"),
    (("train.ports", date(2027, 5, 1), date(2027, 3, 31), 2.0), "ends before it begins"),
    (("train.route", None, None, 2.0), "names neither an input that may differ by month nor rate.<meter>"),
    (("dataset.videos", None, None, "many"), "has no number as its value"),
    (("dataset.seconds", None, None, None), "has no number as its value"),
    (("dataset.mbps", date(2031, 1, 1), None, 2.0), "holds in no month of the plan"),
    (("train.*", None, None, 0.5), "names neither an input that may differ by month nor rate.<meter>"),
    (("commercial.discount", None, None, "12%"), "has no number as its value"),
    (("wait.people", None, None, True), "has no number as its value"),
    ((None, None, None, 2.0), "names no input"),
)


def line_cells(model, at, line):
    """The cells of one line of Changes, as a user types them."""
    columns = zip(("input", "first", "last", "value"), line, strict=True)
    days = {
        column: (value - date(1899, 12, 30)).days if isinstance(value, date) else value for column, value in columns
    }
    return {cell(model, f"change_{at}.{column}"): value for column, value in days.items() if value is not None}


def test_an_impossible_line_of_changes_is_named_and_an_error_in_every_result(model):
    typed = {}
    for at, (line, _) in enumerate(LINES, start=1):
        typed |= line_cells(model, at, line)
    values = typed_into(model.data, typed)
    for at, (_, said) in enumerate(LINES, start=1):
        assert values[cell(model, f"change_{at}.said")].startswith(said), at
        assert values[cell(model, f"change_{at}.fault")] == 1
    assert sentence(model, values) == "Changes!A4: train.share has the value 12; allowed: 0 to 1."
    assert values[cell(model, "guards_count.value")] == len(LINES)
    assert isinstance(values[cell(model, "dr_train_share.m3")], ExcelError)
    for result in RESULTS:
        assert isinstance(values[cell(model, result)], ExcelError), result


def test_a_number_of_hundreds_of_decimals_is_a_number(model):
    values = typed_into(model.data, {cell(model, "in_dataset_growth.value"): 2.68662e-201})
    assert sentence(model, values) == "" and values[cell(model, "gd_dataset_growth.used")] == 2.68662e-201


def test_a_private_rate_that_is_no_number_makes_the_places_that_it_prices_an_error(model):
    values = typed_into(model.data, line_cells(model, 1, ("rate.aws.s3.standard.storage", None, None, "0,021")))
    assert isinstance(values[cell(model, "bc_c_aws_s3_standard_1.m1")], ExcelError)


def test_the_input_of_a_change_may_have_spaces_around_it_and_any_case(model):
    typed = line_cells(model, 1, (" Train.Share\u00a0", None, None, 0.5))
    typed |= line_cells(model, 2, ("RATE.aws.s3.Standard.storage", None, None, 0.02))
    values = typed_into(model.data, typed)
    assert sentence(model, values) == "" and values[cell(model, "checks_master.flag")] == 0
    assert values[cell(model, "dr_train_share.m3")] == 0.5
    read = read_plan_workbook(with_inputs(model.data, typed), "plan.xlsx").plan
    assert read.monthly["train.share", 2] == 0.5 and read.rates == {"aws.s3.standard.storage": 0.02}


@pytest.mark.sweep
@pytest.mark.parametrize("line", [line for line, _ in LINES if line[0]], ids=str)
def test_the_functions_refuse_the_same_lines_of_changes(model, line):
    values = typed_into(model.data, line_cells(model, 1, line))
    assert values[cell(model, "guards_count.value")] == 1
    assert isinstance(values[cell(model, "fc_0.start")], ExcelError)


def random_value(draw, spec):
    """A value for an input, about as often possible as not."""
    if spec.kind == "date":
        return draw.choice((46_388.0, 46_569.0, 46_583.0, 5.0, 2e6, "2027-07", ""))
    if spec.key == "exit.month":  # its most is that of the plan: what may not be together is asked above
        return draw.choice((0.0, 12.0, 3.5, -1.0, "", "many"))
    if spec.is_numeric:
        low, high = (bound if bound is not None else 50.0 for bound in (spec.above or spec.minimum, spec.maximum))
        number = draw.uniform(low - abs(high - low) / 2, high + abs(high - low) / 2)
        return draw.choice((low, high, round(number), number, number, "", "1,000", "many", True))
    lists = {"yes-no": ("yes", "no", "Yes"), "choice": spec.choices, "class": ("aws.s3.standard", "b2.standard")}
    return draw.choice((*lists.get(spec.kind, ("nonsense",)), "nonsense", "", 3.0))


CASES, A_FILE = 200, 20


def random_files():
    """Two hundred random values of inputs, twenty in each of ten workbooks."""
    draw, keys = random.Random(13), list(preset("article").values)
    return [
        {key: random_value(draw, catalogue()[spec_key(key)]) for key in draw.sample(keys, A_FILE)}
        for _ in range(CASES // A_FILE)
    ]


@pytest.mark.sweep
@pytest.mark.parametrize("at", range(CASES // A_FILE))
def test_random_values_are_refused_alike(model, at):
    typed = random_files()[at]
    values = typed_into(model.data, {cell(model, f"{input_id(key)}.value"): value for key, value in typed.items()})
    assert_alike(model, values, typed)


@pytest.mark.sweep
def test_random_values_are_refused_alike_in_libreoffice(model, tmp_path, libreoffice):
    # Most of the two hundred: a value stands in a row of its own.
    files = [{}, {}]
    for at, typed in enumerate(random_files()):
        files[at % len(files)].update(typed)
    assert sum(map(len, files)) > 150
    assert_alike_in_libreoffice(model, files, tmp_path)


@pytest.mark.sweep
def test_kinds_of_faults_are_refused_alike_in_libreoffice(model, tmp_path, libreoffice):
    # A kind in each input, and another in each file: the embedded engine has every kind in every input above.
    assert_alike_in_libreoffice(model, [mixed(shift) for shift in range(3)], tmp_path)


def test_kinds_of_faults_side_by_side_are_refused_alike(model):
    typed = mixed(0)
    assert_alike(
        model,
        typed_into(model.data, {cell(model, f"{input_id(key)}.value"): each for key, each in typed.items()}),
        typed,
    )


def mixed(shift):
    """For every input one of the faults that its kind has."""
    typed = {}
    for at, key in enumerate(preset("article").values):
        faults = [value for of in FAULTS.values() if (value := of(catalogue()[spec_key(key)])) is not None]
        typed[key] = faults[(at + shift) % len(faults)]
    return typed


def assert_alike_in_libreoffice(model, files, folder):
    # In a cell that is formatted as a number LibreOffice reads a truth value as 1 or 0, and saves it so.
    files = [
        {key: value for key, value in typed.items() if value is not True or not numeric(catalogue()[spec_key(key)])}
        for typed in files
    ]
    paths = []
    for at, typed in enumerate(files):
        paths.append(folder / f"typed{at}.xlsx")
        cells = {cell(model, f"{input_id(key)}.value"): value for key, value in typed.items()}
        paths[-1].write_bytes(with_inputs(model.data, cells))
    found = all_recalculated(paths, folder / "computed")
    for typed, path in zip(files, found, strict=True):
        assert_alike(model, file_values(path.read_bytes()), typed)
