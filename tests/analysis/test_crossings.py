"""Where the cheaper of two plans changes: by hand from published prices, and random plans priced again beside it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.model.random_plans import plans
from vidcost_xl.analysis.crossings import crossings
from vidcost_xl.analysis.race import race_of, search_range
from vidcost_xl.analysis.rivals import rivals
from vidcost_xl.errors import BadArgumentError, NotInBookError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.model import VIDEO_TOTAL
from vidcost_xl.functions.own import VIDEO_BREAKEVEN
from vidcost_xl.functions.values import OMITTED
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.own import own_site

# A pass of the article reads 5 PB.
GIB = 5e15 / 2**30
# A part of a number behind its 13th digit.
NOISE = 1e-13


def values_of(table):
    return [row[1] for row in table if row[0].startswith("Crossing")]


def rows_of(table):
    return {row[0]: row for row in table}


def test_b2_and_r2_cross_where_the_egress_beyond_three_times_eats_the_dearer_storage():
    """B2: $6.95 a TB, $0.01 a GB beyond 30 PB. R2: $0.015 a GB and $0.36 a million of reads. 10 GB free at each."""
    table = VIDEO_BREAKEVEN(None, "b2,r2", "passes")
    b2, r2 = (1e7 - 10) * 6.95 / 1000, (1e7 - 10) * 0.015
    # b2 + (5e6 p - 3e7) 0.01 = r2 + (1000 p - 10) 0.36, the millions of reads rounded up: 7,666.
    by_hand = (r2 + (7_666 - 10) * 0.36 - b2 + 3e5) / 5e4
    assert values_of(table) == [pytest.approx(by_hand, rel=1e-12)]
    rows = rows_of(table)
    for name in ("b2.standard+b2.internet", "r2.standard+r2.internet"):
        assert rows[f"{name} then costs"][1] == pytest.approx(12 * (r2 + 7_656 * 0.36), abs=0.005)
    assert rows["Crossing"][3] == "r2.standard+r2.internet is cheaper from here on"
    assert rows["b2.standard+b2.internet costs"][1] == pytest.approx(12 * (b2 + 2e5), abs=0.005)


def test_a_flat_rate_beside_falling_tiers_crosses_twice():
    """$0.06 a GB is dearer while 100 GB are free, cheaper from 300 GB, dearer again from 388,620 GB of a month."""
    flat = [["rate.aws.transfer.internet-out", 0.06]]
    table = VIDEO_BREAKEVEN(None, "plan,plan", "passes", None, None, flat)
    first = 100 * 0.09 / (0.09 - 0.06)
    second = (10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 - 153_700 * 0.05) / (0.06 - 0.05)
    assert (first, second) == (pytest.approx(300), pytest.approx(388_620))
    assert values_of(table) == [pytest.approx(first / GIB, rel=1e-9), pytest.approx(second / GIB, rel=1e-9)]
    rows = rows_of(table)
    assert "(2nd) is cheaper" in rows["Crossing 1"][3] and "(1st) is cheaper" in rows["Crossing 2"][3]
    # Changes of one plan alone are of the plan as it is, twice.
    assert VIDEO_BREAKEVEN(driver="passes", second=flat) == table


def test_every_rounding_step_is_found():
    """R2 bills started millions of reads beyond ten, $0.36 each; a private rate of $0.36 bills all, and parts of one.

    With $3.42 a month off the storage beside it the rate is cheaper up to 9.5 millions, and from there on in the lower
    half of each million.
    """
    plan = [["train.route", "r2.internet"], ["train.passes", 10], ["representation.2.object_mb", 50_000]]
    plan += [[f"representation.{n}.class", "r2.standard"] for n in (1, 2)]
    # 10 million GB stored, 10 of them free at list. A pass reads 100,000 objects of 50 GB, an experiment a million.
    storage = ((1e7 - 10) * 0.015 - 3.42) / 1e7
    rates = [["rate.r2.standard.get", 0.36], ["rate.r2.standard.storage", storage]]
    table = VIDEO_BREAKEVEN(None, "plan,plan", "experiments", plan, None, rates)
    *listed, beyond = values_of(table)
    assert listed == pytest.approx([9.5 + half / 2 for half in range(20)], abs=1e-6)
    steps = ["a step: 2.16 USD apart here" in row[3] for row in table if row[0].startswith("Crossing ")]
    assert steps == [False, True] * 10
    # To the end of the search, in each whole million and each half.
    end = search_range(race_of(rivals(preset("article"), "plan,plan", ([], [])), "experiments"))[1]
    assert beyond == 2 * (end - 9.5) - len(listed)
    # Ten thousand steps are not told apart one by one, which is said.
    plan[2][1] = 50
    assert VIDEO_BREAKEVEN(None, "plan,plan", "experiments", plan, None, rates)[-1][0] == "Crossings not listed"


def test_a_route_that_costs_the_same_while_all_is_free_is_said():
    """Both let out some GB free of charge: up to 100 GB of the internet a month nothing is apart."""
    rows = rows_of(VIDEO_BREAKEVEN(None, "aws.internet,aws.cloudfront", "passes"))
    assert rows["Crossing"][1] == pytest.approx(100 / GIB, rel=1e-6)
    assert rows["Crossing"][3].endswith("the same below it")


def test_ports_follow_what_is_read_and_each_is_a_step():
    """Direct Connect at $0.02 a GB and $22.50 a port and hour of 100 Gbit/s; the internet falls to $0.05 a GB."""
    race = race_of(rivals(preset("article"), "aws.direct-connect,aws.internet", ([], [])), "passes")
    found = crossings(race, *search_range(race)).found
    for each in found:
        changes = [["train.experiments", each.value], ["train.route", "aws.direct-connect"]]
        changes += [["train.port_meter", "aws.direct-connect.port-100g"], ["train.ports", 1]]
        assert VIDEO_TOTAL(None, "total", None, changes) == pytest.approx(each.first, rel=1e-12)
        internet = VIDEO_TOTAL(None, "total", None, [["train.experiments", each.value]])
        assert internet == pytest.approx(each.second, rel=1e-12) == pytest.approx(each.first, abs=0.005)
    # The free GB and the first port: from there on Direct Connect is the cheaper one.
    assert [each.after for each in found][-1] == -1


def test_months_go_on_after_the_plan_and_compare_what_it_has_cost_so_far():
    """Twenty passes more in January, then one less a month: even after 21 months, and less after 22 of a plan of 12."""
    second = [["train.experiments", 9], ["train.experiments@2027-01", 30]]
    rows = rows_of(VIDEO_BREAKEVEN(None, "plan,plan", "months", None, None, second))
    assert rows["Crossing"][1] == 22 and rows["Crossing"][3] == "2028-10: the plan (2nd) is cheaper so far"
    one = GIB * 0.05 + 400
    apart = rows["The plan (1st) has cost"][1] - rows["The plan (2nd) has cost"][1]
    assert apart == pytest.approx(one, abs=0.005)
    longer = VIDEO_TOTAL(None, "total", None, [["calendar.months", 22], *second])
    assert rows["The plan (2nd) has cost"][1] == pytest.approx(longer, rel=1e-12)
    never = rows_of(VIDEO_BREAKEVEN(None, "plan,plan", "months", None, None, second[:1]))["Crossing"]
    assert never[3].startswith(f"never: the plan (2nd) is cheaper after every month of 60, by at least {one:,.2f} USD")


def test_never_says_by_how_much_or_that_nothing_moves():
    never = rows_of(VIDEO_BREAKEVEN(None, "aws.internet,aws.cloudfront", "own.pue"))["Crossing"]
    apart = VIDEO_TOTAL(None, "total") - VIDEO_TOTAL(None, "total", None, [["train.route", "aws.cloudfront"]])
    assert str(never[1]) == "#N/A"
    assert never[3] == f"never: own.pue moves neither bill; aws.cloudfront is cheaper, by {apart:,.2f} USD"
    same = rows_of(VIDEO_BREAKEVEN(None, "plan,plan", "passes"))["Crossing"]
    assert same[3] == "never: both cost the same at every value from 0 to 1000"


def test_a_class_may_stand_in_a_region_and_its_route_begins_there():
    """Frankfurt is dearer in storage and the same over the internet: it never is the cheaper one."""
    rows = VIDEO_BREAKEVEN(None, "aws.s3.standard+aws.internet,aws.s3.standard@eu-central-1+aws.internet", "passes")
    frankfurt = [[f"representation.{n}.class", "aws.s3.standard@eu-central-1"] for n in (1, 2)]
    cost = VIDEO_TOTAL(None, "total", None, [*frankfurt, ["train.route", "aws.internet@eu-central-1"]])
    assert rows[2][1] == pytest.approx(VIDEO_TOTAL(None, "total"), rel=1e-12)
    assert rows[3][:2] == [
        "aws.s3.standard@eu-central-1+aws.internet@eu-central-1 costs",
        pytest.approx(cost, rel=1e-12),
    ]
    # The difference of 0 passes is the storage: $0.0015 a GB-month in every tier, of 10 PB.
    least = 12 * 10e15 / 2**30 * 0.0015
    assert rows[4][3].endswith(f"by at least {least:,.2f} USD, at 0")


def test_a_policy_that_does_not_serve_the_crossing_is_said():
    """Wasabi lets out what is stored: from two passes of 5 PB on, of 10 PB stored, it does not serve the plan."""
    rows = rows_of(VIDEO_BREAKEVEN(None, "wasabi,b2", "passes", [["train.experiments", 0.1]]))
    # $6.99 a TB of 2^40 bytes beside $6.95 of 10^12 and $0.01 a GB beyond three times.
    assert rows["Crossing"][1] > 6
    assert "the policy of wasabi.internet lets out 1 times the bytes stored" in rows["Crossing"][3]


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((None, "b2", "passes"), BadArgumentError, "two names with a comma"),
        ((None, "b2,r22", "passes"), BadArgumentError, "Nearest: r2"),
        ((None, "b2,wasabi", "passes"), NotInBookError, "wasabi cannot serve the plan: wasabi.internet, its policy"),
        ((None, "b2.internet,r2", "passes"), BadArgumentError, "does not start where features is stored"),
        ((None, "b2,r2", "pases"), BadArgumentError, "Nearest: passes"),
        ((None, "b2,r2", "passes", None, None, [["train.experiments", 3]]), BadArgumentError, "turns in both"),
        ((None, "b2,r2", "passes", None, [["train.experimets", 3]]), BadArgumentError, "train.experiments"),
        ((None, "b2,r2", "passes", None, [["train.route", 3, 4]]), BadArgumentError, "first has two columns"),
    ],
)
def test_what_it_cannot_set_against_each_other_is_refused(arguments, error, said):
    with pytest.raises(error, match=said):
        VIDEO_BREAKEVEN(*arguments)


def test_a_cell_gives_the_same():
    table = [["train.share", 0.5]]
    direct = VIDEO_BREAKEVEN(None, "b2,r2", "experiments", None, None, table)
    assert call("VIDEO_BREAKEVEN", [OMITTED, "B2, R2", "experiments", OMITTED, OMITTED, table]) == direct


ASKED = {
    "plan": plans(),
    "names": st.sampled_from(["plan,plan", "plan,own", "own,own"]),
    "driver": st.sampled_from(["experiments", "videos", "tb", "representation.2.read_share"]),
    "second": st.sampled_from(
        [
            {"rate.aws.transfer.internet-out": 0.06, "rate.aws.cloudfront.data-out": 0.05},
            {"commercial.discount": 0.15, "commercial.commitment_usd": 4e5},
            {"representation.2.class": "aws.s3.standard-ia", "representation.2.second_share": 0},
            {"train.route": "aws.cloudfront", "train.ports": 0},
            {"staging.on": "yes", "staging.share": 0.5, "staging.refreshes": 0.1},
            {"own.staff_fte": 3.0, "own.fill_limit": 0.6},
        ]
    ),
}


@settings(deadline=None, max_examples=5)
@given(**ASKED)
def test_crossings_are_where_a_plan_priced_again_says(plan, names, driver, second):
    check_crossings(plan, names, driver, second)


@pytest.mark.sweep
@settings(deadline=None, max_examples=200)
@given(**ASKED)
def test_the_crossings_of_200_plans_are_where_plans_priced_again_say(plan, names, driver, second):
    check_crossings(plan, names, driver, second)


def check_crossings(plan, names, driver, second):
    pair = rivals(plan, names, ([], list(second.items())))
    race = race_of(pair, driver)
    low, high = search_range(race)
    found = crossings(race, low, high).found

    def priced(rival, turned, value):
        """The plan of one number, priced without draws and without what finds crossings."""
        bill = evaluate(turned.plan.with_overrides([(turned.driver.key, value / turned.scale)]))
        return float(own_site(bill).row("cash_sum")[-1, 0]) if rival.curve else bill.whole

    for each in found[:3]:
        # Where a whole drive or port more is the crossing, a last digit of the number decides which side is priced.
        sides = (each.value * (1 - NOISE), each.value, each.value * (1 + NOISE))
        said = (each.first, each.second)
        costs = [
            min((priced(*one, at) for at in sides), key=lambda cost, its=its: abs(cost - its))
            for *one, its in zip(pair, race.turned, said, strict=True)
        ]
        assert costs == pytest.approx(list(said), rel=1e-11, abs=1e-6)
        step = 1.0 if race.whole else each.value * 1e-9 + 1e-12
        below = [priced(*one, max(each.value - step, low)) for one in zip(pair, race.turned, strict=True)]
        before, after = below[0] - below[1], costs[0] - costs[1]
        # Below it the other one is cheaper, at it no longer; to the cent, but where a step lies between the two.
        noise = 1e-6 + 1e-12 * abs(costs[0])
        assert before * each.before >= -noise and after * each.before <= noise
        assert abs(after) <= max(0.005, abs(after - before))
    # None is lost: the answer at 400 other values is that of the crossing below each.
    values = np.linspace(low, high, 400)
    looked = race.look(np.unique(np.floor(values)) if race.whole else values)
    signs = looked.signs
    first = found[0].before if found else next(iter(signs[signs != 0]), 0)
    passed = np.searchsorted([each.value for each in found], looked.values, side="right")
    expected = np.array([first, *(each.after for each in found)])[passed]
    assert ((signs == expected) | (signs == 0)).all()
