"""The same plan elsewhere: four places worked out from published prices, what cannot serve it, and why."""

from __future__ import annotations

import pytest

from vidcost_xl.analysis.compare import Candidate, compare
from vidcost_xl.errors import BadArgumentError
from vidcost_xl.functions.adapter import call
from vidcost_xl.functions.decide import VIDEO_COMPARE
from vidcost_xl.functions.model import VIDEO_TOTAL
from vidcost_xl.functions.values import EMPTY, OMITTED
from vidcost_xl.model.bill import evaluate
from vidcost_xl.model.files import preset
from vidcost_xl.model.outputs import figure
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import provider_of

# The article with three passes: 5 PB of video and 5 PB of features kept, 15 PB and three billion GETs a month.
GB, GIB = 10e15 / 1e9, 10e15 / 2**30
GETS = 3e9


@pytest.fixture(scope="module")
def three_passes():
    return compare(preset("article").with_overrides([("train.experiments", 3)]))


def cost_of(found, storage_class, route):
    places = {(row.candidate.storage_class, row.candidate.route): row.cost for row in found.rows}
    return places[storage_class, route]


def test_b2_lets_out_three_times_what_it_stores(three_passes):
    # $6.95 a TB of 1000 GB, 10 GB free; 15 PB of egress are within three times 10 PB; class B calls are free.
    assert cost_of(three_passes, "b2.standard", "b2.internet") == pytest.approx((GB - 10) * 6.95 / 1000, abs=0.005)


def test_r2_has_no_egress_and_counts_reads(three_passes):
    # $0.015 a GB, 10 GB free; reads at $0.36 a million, ten million free.
    by_hand = (GB - 10) * 0.015 + (GETS - 10e6) / 1e6 * 0.36
    assert cost_of(three_passes, "r2.standard", "r2.internet") == pytest.approx(by_hand, abs=0.005)


def test_tigris_has_no_egress_either(three_passes):
    # $0.02 a GB, 5 GB free; reads at $0.0005 a thousand, 100,000 free.
    by_hand = (GB - 5) * 0.02 + (GETS - 1e5) / 1000 * 0.0005
    assert cost_of(three_passes, "tigris.standard", "tigris.internet") == pytest.approx(by_hand, abs=0.005)


def test_s3_over_the_internet_is_the_tiers_of_its_page(three_passes):
    stored = 51_200 * 0.023 + 460_800 * 0.022 + (GIB - 512_000) * 0.021
    read = 15e15 / 2**30
    sent = 10_240 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + (read - 153_700) * 0.05
    by_hand = stored + sent + GETS / 1000 * 0.0004
    assert cost_of(three_passes, "aws.s3.standard", "aws.internet") == pytest.approx(by_hand, abs=0.005)


def test_b2_comes_before_r2_with_both_numbers(three_passes):
    first, second = three_passes.cheapest[:2]
    assert (first.candidate.provider, second.candidate.provider) == ("b2", "r2")
    assert first.cost < second.cost == pytest.approx(151_076.25, abs=0.005)
    costs = [row.cost for row in three_passes.rows]
    assert costs == sorted(costs)


def test_every_place_or_its_reason_is_there(three_passes):
    """No class of the book is lost: it has a place, or it is refused, or it is a tier of another class."""
    seen = {row.candidate.storage_class.split("@")[0] for row in three_passes.rows}
    told = {name.split(",")[0].split("@")[0] for name in (each.name for each in three_passes.refused)}
    tiers = {age.meter for item in price_book().classes.values() for age in item.by_last_access}
    lost = {
        name for name, item in price_book().classes.items() if name not in seen | told and item.storage not in tiers
    }
    # Its only way out is refused.
    assert lost == {"wasabi.hot"}
    assert all(each.why for each in three_passes.refused)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("wasabi.internet", "1 times the bytes stored in a month"),
        ("aws.s3.glacier-deep-archive", "before they can be read"),
        ("aws.same-region", "the plan's GPUs are not there"),
    ],
)
def test_what_cannot_serve_the_plan_says_why(three_passes, name, why):
    assert why in {each.name: each.why for each in three_passes.refused}[name]


def test_regions_are_places_of_their_own(three_passes):
    # Frankfurt: $0.0245, 0.0235, 0.0225 a GB; the same tiers out.
    stored = 51_200 * 0.0245 + 460_800 * 0.0235 + (GIB - 512_000) * 0.0225
    here = cost_of(three_passes, "aws.s3.standard@eu-central-1", "aws.internet@eu-central-1")
    at_home = cost_of(three_passes, "aws.s3.standard", "aws.internet")
    at_home_stored = 51_200 * 0.023 + 460_800 * 0.022 + (GIB - 512_000) * 0.021
    gets = GETS / 1000 * (0.00043 - 0.0004)
    assert here - at_home == pytest.approx(stored - at_home_stored + gets, abs=0.01)


def test_which_region_is_the_cheapest_row_of_each_and_says_what_the_book_does_not_price_there():
    every = VIDEO_COMPARE(None, "aws,azure", None, "monthly", "all")[2:]
    first = {}
    for row in every:
        first.setdefault((row[1], row[2]), row[1:6])
    regions = VIDEO_COMPARE(None, "aws,azure", None, "monthly", "regions")
    assert [row[1:6] for row in regions[2:]] == list(first.values()) and len(first) > 30
    notes = {row[2]: row[8] for row in regions[2:]}
    assert (notes["us-east-1"], notes["eastus"]) == ("", "")
    # The book's ports of Direct Connect and tiers of CloudFront are not of Ireland.
    assert notes["eu-west-1"] == "no price there in the book: aws.cloudfront, aws.direct-connect"


def test_what_stays_at_every_place_is_said():
    assert VIDEO_COMPARE(None, "b2")[1][8] == ""
    assert VIDEO_COMPARE("complete", "b2", [["acquire.on", "no"], ["commercial.support", ""]])[1][8] == (
        "as planned at every place: the copy beside the GPUs, checkpoints, the commitment"
    )


def test_each_number_is_the_total_of_that_plan():
    """A plan that encodes, keeps a copy and leaves: its ways begin at the place too."""
    table = VIDEO_COMPARE("complete", "r2,b2", None, "peak", "all")
    assert [row[3] for row in table[2:]] == ["b2.standard", "r2.standard", "r2.infrequent-access"]
    for _, _, _, storage_class, route, cost, *_ in table[2:]:
        changes = [[key, route] for key in ("train.route", "encode.route", "staging.fill_route", "exit.route")]
        changes.append(["train.ports", 0])
        for n in range(1, preset("complete").representations + 1):
            p = f"representation.{n}."
            changes += [[p + "class", storage_class], [p + "second_class", ""], [p + "second_share", 0]]
            changes += [[p + "lifecycle_months", 0]]
        assert VIDEO_TOTAL("complete", "peak", None, changes) == pytest.approx(cost, rel=1e-12)


def test_checkpoints_of_the_same_provider_are_in_the_region_of_the_data():
    """What leaves a provider leaves one region, so that the others would have no row."""
    table = VIDEO_COMPARE("complete", "aws", None, "total", "all", "all")
    cost = next(row[5] for row in table[2:] if row[3:5] == ["aws.s3.standard@eu-west-1", "aws.internet@eu-west-1"])
    keys = ("train.route", "staging.fill_route", "exit.route")
    changes = [[key, "aws.internet@eu-west-1"] for key in keys] + [["encode.route", "aws.same-region@eu-west-1"]]
    changes.append(["checkpoint.class", "aws.s3.standard@eu-west-1"])
    changes += [[f"representation.{n}.class", "aws.s3.standard@eu-west-1"] for n in (1, 2, 3)]
    changes += [[f"representation.{n}.second_class", ""] for n in (1, 2, 3)]
    changes += [[f"representation.{n}.{key}", 0] for n in (1, 2, 3) for key in ("second_share", "lifecycle_months")]
    changes.append(["acquire.route", "aws.nat@eu-west-1"])
    assert VIDEO_TOTAL("complete", "total", None, changes) == pytest.approx(cost, rel=1e-12)


def test_the_table_starts_with_the_plan_and_ends_with_who_cannot():
    header, own, *rows = VIDEO_COMPARE(None, [["Backblaze", "Cloudflare"], ["wasabi", None]])
    assert header[5] == "monthly" and own[:2] == [0, "the plan"] and own[5] == pytest.approx(2_532_333.58, abs=0.005)
    assert [row[1] for row in rows] == ["r2", "b2", "wasabi"]
    assert rows[0][6] == pytest.approx(rows[0][5] - own[5]) and rows[0][7] == pytest.approx(rows[0][6] / own[5])
    assert str(rows[2][5]) == "#N/A" and "stored" in rows[2][8]


def test_blank_cells_among_the_providers_are_none():
    named, blank = ([["b2", *more], ["r2", *more]] for more in ((), (EMPTY,)))
    assert call("VIDEO_COMPARE", [OMITTED, blank]) == call("VIDEO_COMPARE", [OMITTED, named])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((None, "backblase"), "provider 'backblase' is not known"),
        ((None, [[None]]), "names none"),
        ((None, 3), "a range of names"),
        ((None, None, None, "monthly", "best"), "Allowed: all, cheapest, refused"),
    ],
)
def test_what_it_cannot_compare_is_refused(arguments, said):
    with pytest.raises(BadArgumentError, match=said):
        VIDEO_COMPARE(*arguments)


def test_a_minimum_duration_is_billed_and_no_reason_to_be_left_out():
    """Features replaced every six months owe nothing of Wasabi's 90 days, at $7.99 a TB of 2^40 bytes."""
    changes = [["train.experiments", 2]]
    table = VIDEO_COMPARE("complete", "wasabi,b2", changes)
    # Two reads and the encoders' three in a year are within what B2 lets out, so that it is 0.5% cheaper.
    assert [row[3] for row in table[2:]] == ["b2.standard", "wasabi.hot"]
    # 5 PB of videos, and as much of versions of one month, of which eleven owe the other two.
    monthly = [["train.experiments", 1], ["representation.2.version_months", 1]]
    by_hand = 5e15 / 2**40 * 7.99 * (2 + 11 / 12 * 2)
    assert VIDEO_COMPARE(None, "wasabi", monthly)[2][5] == pytest.approx(by_hand, abs=0.01)


def test_what_nobody_reads_may_lie_in_an_archive():
    """Nobody reads the article's videos: 5 PB leave S3's last tier for $0.00099 a GB, with 8 and 32 KB an object."""
    table = VIDEO_COMPARE(None, "aws", None, "monthly", "cheapest", "raw")
    saved = (5e15 - 1e9 * 8_192) / 2**30 * 0.021 - (5e15 + 1e9 * 32_768) / 2**30 * 0.00099
    assert table[2][3] == "aws.s3.glacier-deep-archive" and -table[2][6] == pytest.approx(saved, abs=0.01)
    read = VIDEO_COMPARE(None, "aws", [["representation.1.read_share", 0.1]], "monthly", "cheapest", "raw")
    assert read[2][3] == "aws.s3.one-zone-ia"


def test_a_copy_beside_the_gpus_leaves_only_its_fills_to_a_policy_and_to_ports():
    """Ten passes are read from the copy; what leaves is 5 PB in the first month, and a tenth of it in each."""
    copy = [["staging.on", "yes"], ["staging.share", 1], ["staging.refreshes", 0.1]]
    assert VIDEO_COMPARE(None, "wasabi", copy)[2][3] == "wasabi.hot"
    # 15 PB in the first month, of 10 PB stored.
    assert "1 times the bytes stored" in VIDEO_COMPARE(None, "wasabi", [*copy[:2], ["staging.refreshes", 2]])[2][8]
    # 5.5 PB in a month of 730 hours are 16.7 Gbit/s: one port of 100 Gbit/s; 50 PB of reads would take two at 80%.
    bill = evaluate(preset("article").with_overrides([(key, value) for key, value in copy]))
    there = Candidate("gcp.gcs.standard", "gcp.dedicated-interconnect", "us-central1").of(bill)
    assert there.number("train.ports") == 1 and there.text("staging.fill_route") == "gcp.dedicated-interconnect"
    # The fills stay on a way of the same provider: nothing is read through a port.
    assert Candidate("aws.s3.standard", "aws.direct-connect", "us-east-1").of(bill).number("train.ports") == 0


def test_what_encoders_read_counts_for_a_policy():
    """Wasabi lets out the 10 PB it stores: 5 PB of reads and the videos once, not twice."""
    made = [["encode.on", "yes"], ["representation.2.version_months", 4], ["train.experiments", 1]]
    assert VIDEO_COMPARE(None, "wasabi", made)[2][3] == "wasabi.hot"
    more = [*made, ["encode.runs", 2]]
    assert "1 times the bytes stored" in VIDEO_COMPARE(None, "wasabi", more)[2][8]
    # Where the features alone are there, encoders read elsewhere.
    assert VIDEO_COMPARE(None, "wasabi", more, "monthly", "all", "features")[2][3] == "wasabi.hot"


def test_inside_routes_serve_where_the_gpus_are():
    found = compare(preset("article").with_overrides([("train.route", "aws.same-region")]), ["aws"])
    assert ("aws.s3.standard", "aws.same-region") in {
        (row.candidate.storage_class, row.candidate.route) for row in found.rows
    }
    assert {provider_of(row.candidate.route) for row in found.rows} == {"aws"}


def test_features_elsewhere_while_the_videos_stay():
    """5 PB on S3 at its tiers. B2 lets out three times the 5 PB of features: all 15 PB of reads; R2 counts reads."""
    table = VIDEO_COMPARE(None, "b2,r2", [["train.experiments", 3]], "monthly", "cheapest", "features")
    videos = 51_200 * 0.023 + 460_800 * 0.022 + (5e15 / 2**30 - 512_000) * 0.021
    b2 = videos + (5e6 - 10) * 6.95 / 1000
    r2 = videos + (5e6 - 10) * 0.015 + (GETS - 10e6) / 1e6 * 0.36
    assert table[0][-1] == "part" and table[1][-1] == "" and [row[-1] for row in table[2:]] == ["features"] * 2
    assert [row[3:6] for row in table[2:]] == [
        ["b2.standard", "b2.internet", pytest.approx(b2, abs=0.005)],
        ["r2.standard", "r2.internet", pytest.approx(r2, abs=0.005)],
    ]
    # Four passes would be beyond three times what is stored there, though not of what the plan stores.
    more = VIDEO_COMPARE(None, "b2", [["train.experiments", 4]], "monthly", "cheapest", "2")
    assert more[2][5] == pytest.approx(b2 + 5e6 * 0.01, abs=0.005)


def test_each_representation_in_turn_is_the_total_of_that_plan():
    table = VIDEO_COMPARE("complete", "r2,b2", None, "total", "all", "each")
    # The videos are what features are made of: the way to the encoders begins where they are.
    moves = {"raw": ("1", ["encode.route"]), "features": ("2", []), "text": ("3", [])}
    assert [row[-1] for row in table[2:]] == sorted((row[-1] for row in table[2:]), key=list(moves).index)
    assert {row[-1] for row in table[2:]} == set(moves)
    for _, _, _, storage_class, route, cost, _, _, _, part in table[2:]:
        n, ways = moves[part]
        p = f"representation.{n}."
        changes = [[p + "class", storage_class], [p + "route", route], [p + "second_class", ""]]
        changes += [[p + "second_share", 0], [p + "lifecycle_months", 0], *([way, route] for way in ways)]
        assert VIDEO_TOTAL("complete", "total", None, changes) == pytest.approx(cost, rel=1e-12)


def test_ports_are_those_of_the_part_alone():
    """Reads of two parts: one through ports of Direct Connect, one over the internet."""
    read = [["representation.1.read_share", 1], ["train.experiments", 4]]
    bill = evaluate(preset("article").with_overrides([tuple(row) for row in read]))
    cost = figure(Candidate("aws.s3.standard", "aws.direct-connect", "us-east-1").of(bill, 1), "monthly")
    # 20 PB a month are 60.9 Gbit/s of 730 hours: at 80% of a port of 100 Gbit/s, one. All 40 PB would take two.
    changes = [*read, ["representation.1.route", "aws.direct-connect"], ["train.ports", 1]]
    changes.append(["train.port_meter", "aws.direct-connect.port-100g"])
    assert VIDEO_TOTAL(None, "monthly", None, changes) == pytest.approx(cost, rel=1e-12)


def test_a_policy_counts_what_is_stored_there_alone():
    """Wasabi lets out once what it stores: 7.5 PB of reads are within 10 PB of both, not within 5 PB of features."""
    reads = [["train.experiments", 1.5]]
    assert VIDEO_COMPARE(None, "wasabi", reads)[2][0] == 1
    assert "1 times the bytes stored" in VIDEO_COMPARE(None, "wasabi", reads, "monthly", "all", "features")[2][8]


def test_a_part_that_is_none_is_refused():
    with pytest.raises(BadArgumentError, match=r"part 'featurs' is not known\. Nearest: features"):
        VIDEO_COMPARE(None, None, None, "monthly", "all", "featurs")


def test_nothing_passes_ports_that_they_are_not_counted_for():
    # They carry what training and the copy read: encoders and a move out of the provider would pass them unpaid.
    there = Candidate("gcp.gcs.standard", "gcp.dedicated-interconnect", "us-central1").of(evaluate(preset("complete")))
    ways = {key: there.text(key) for key in ("staging.fill_route", "encode.route", "exit.route")}
    assert ways.pop("staging.fill_route") == "gcp.dedicated-interconnect"
    assert set(ways.values()) == {"gcp.internet"}
    nobody = preset("article").with_overrides([("representation.2.read_share", 0.0), ("exit.month", 12.0)])
    assert {row.candidate.route for row in compare(nobody, ["gcp"]).cheapest} == {"gcp.internet"}
