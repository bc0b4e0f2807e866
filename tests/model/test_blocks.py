"""Each block against a number worked out by hand or printed by its source."""

from __future__ import annotations

import pytest

GB = 5e15 / 2**30  # 5 PB in billed GB: 4,656,612.87
JANUARY = 0


def test_an_old_version_of_5_pb_beside_the_new_one_for_a_month_costs_97_789(priced):
    bill = priced({"representation.2.version_months": 6, "representation.2.overlap_days": 30})
    store = bill.stage("store")
    assert store[6] - store[5] == pytest.approx(97_789, abs=1)
    assert store[7] == store[5]


def test_an_overlap_of_45_days_is_one_month_and_a_half(priced):
    bill = priced({"representation.2.version_months": 6, "representation.2.overlap_days": 45})
    assert bill.volume("representation.2.overlap")[5:9] == pytest.approx([0, 5e15, 2.5e15, 0])


def test_coreweave_re_read_every_30_days_costs_172_295_for_5_pb(priced):
    bill = priced(
        {
            "representation.2.class": "coreweave.object",
            "representation.2.reread_days": 30,
            "train.route": "coreweave.internet",
        }
    )
    # 7 of 30 days hot at 0.06, 23 warm at 0.03, none cold.
    assert bill.lines("store.features")[JANUARY] == pytest.approx(GB * (7 * 0.06 + 23 * 0.03) / 30)
    assert bill.lines("store.features")[JANUARY] == pytest.approx(172_295, abs=1)


@pytest.mark.parametrize(("days", "is_dearer"), [(3, True), (30, True), (60, False)])
def test_intelligent_tiering_is_dearer_than_standard_when_read_within_30_days(priced, alone, days, is_dearer):
    standard = priced(alone).total[JANUARY]
    tiered = {"representation.2.class": "aws.s3.intelligent-tiering", "representation.2.reread_days": days}
    tiering = priced(alone | tiered).total[JANUARY]
    assert (tiering > standard) == is_dearer
    if is_dearer:  # the same rates, and 2.50 USD to monitor a million objects
        assert tiering - standard == pytest.approx(1e9 * 0.0025 / 1_000, rel=1e-9)


def test_no_monitoring_of_objects_below_128_kb(priced, alone):
    small = {"representation.2.class": "aws.s3.intelligent-tiering", "dataset.mb_per_video": 0.1}
    assert priced(alone | small).line("store.features.monitoring") == [0.0] * 12


def test_a_copy_of_5_pb_on_coreweave_hot_costs_279_397_less_than_1_18_internet_passes(priced, alone):
    staged = priced({"staging.on": "yes"}).line("store.staging")[JANUARY]
    assert staged == pytest.approx(GB * 0.06)
    assert staged == pytest.approx(279_397, abs=1)
    one_pass = priced(alone | {"train.experiments": 1}).lines("train.features.transfer")[JANUARY]
    assert one_pass == pytest.approx(236_717, abs=1)
    assert staged / one_pass == pytest.approx(1.18, abs=0.005)


def test_a_staged_copy_is_filled_once_and_read_free(priced):
    bill = priced({"staging.on": "yes"})
    assert bill.volume("staging.filled") == pytest.approx([5e15] + [0.0] * 11)
    assert bill.volume("representation.2.read") == [0.0] * 12
    assert bill.lines("train.staging.fill")[0] == pytest.approx(236_717, abs=1)


def test_half_a_copy_leaves_half_of_the_reads_and_a_refresh_fills_it_again(priced):
    bill = priced({"staging.on": "yes", "staging.share": 0.5, "staging.refreshes@2027-03": 1})
    assert bill.volume("representation.2.read") == pytest.approx([25e15] * 12)
    assert bill.volume("staging.filled")[:4] == pytest.approx([2.5e15, 0, 2.5e15, 0])


@pytest.fixture
def fetched():
    """Overrides under which all 5 PB are fetched in the first month."""
    return {"acquire.on": "yes", "dataset.opening": 0, "acquire.route": "aws.nat"}


def test_fetching_5_pb_behind_a_nat_gateway_costs_209_548_and_twice_that_without_the_endpoint(priced, fetched):
    once = priced(fetched).stage("acquire")
    assert once == pytest.approx([GB * 0.045] + [0.0] * 11)
    assert once[0] == pytest.approx(209_548, abs=1)
    twice = priced(fetched | {"acquire.gateway_endpoint": "no"}).stage("acquire")
    assert twice[0] == pytest.approx(419_095, abs=1)


def test_fetching_directly_is_free(priced, fetched):
    assert priced(fetched | {"acquire.route": "aws.direct"}).stage("acquire") == [0.0] * 12


def test_a_proxy_at_0_89_a_gb_costs_4_1_million_for_5_pb(priced, fetched):
    proxy = priced(fetched | {"acquire.proxy_share": 1, "acquire.route": "aws.direct"}).line("acquire.proxy")
    assert proxy[0] == pytest.approx(GB * 0.89)
    assert round(proxy[0] / 1e6, 1) == 4.1


def test_videos_thrown_away_and_retries_are_fetched_too(priced, fetched):
    bill = priced(fetched | {"acquire.fetched_per_kept": 3.8, "acquire.retries": 0.05})
    assert bill.volume("acquire.bytes")[0] == pytest.approx(5e15 * 3.8 * 1.05)


def test_nat_gateways_are_billed_by_the_hour_of_a_month_of_730(priced, fetched):
    assert priced(fetched | {"acquire.nat_gateways": 2}).line("acquire.nat_hours")[5] == pytest.approx(2 * 730 * 0.045)


@pytest.fixture
def uploaded():
    """Overrides under which 5 PB of raw video are uploaded in the first month."""
    return {"requests.uploads": "yes", "dataset.opening": 0, "representation.2.ratio": 0, "train.experiments": 0}


def test_a_billion_objects_are_put_for_5_000(priced, uploaded):
    bill = priced(uploaded)
    assert bill.line("acquire.raw.puts")[0] == pytest.approx(5_000)
    assert bill.line("acquire.raw.multipart")[0] == 0


def test_the_same_bytes_in_parts_of_8_mib_cost_2_980_and_the_requests_around_them_their_own_line(priced, uploaded):
    bill = priced(uploaded | {"representation.1.object_mb": 2**30 / 1e6})
    assert bill.line("acquire.raw.puts")[0] == pytest.approx(5e15 / 2**23 * 0.005 / 1_000)
    assert bill.line("acquire.raw.puts")[0] == pytest.approx(2_980, abs=0.5)
    assert bill.line("acquire.raw.multipart")[0] == pytest.approx(5e15 / 2**30 * 2 * 0.005 / 1_000)


def test_a_checkpoint_of_300_billion_parameters_is_4_2_tb_and_the_newest_30_are_kept(priced):
    bill = priced({"checkpoint.on": "yes", "checkpoint.saves": 20})
    assert bill.volume("checkpoint.bytes")[0] == 4.2e12
    assert bill.volume("checkpoint.stored")[:3] == pytest.approx([20 * 4.2e12, 30 * 4.2e12, 30 * 4.2e12])


def test_a_billion_clips_take_1_42_million_gpu_hours(priced):
    bill = priced({"encode.on": "yes", "dataset.opening": 0, "encode.gpu_usd_per_hour": 2})
    hours = bill.volume("encode.2.gpu_hours")
    assert hours[0] == pytest.approx(1e9 * 5.1 / 3_600)
    assert round(hours[0] / 1e6, 2) == 1.42
    assert bill.line("encode.features.gpu")[0] == pytest.approx(2 * hours[0])


def test_a_new_version_reads_all_videos_once_more(priced):
    bill = priced({"encode.on": "yes", "representation.2.version_months": 4, "encode.route": "aws.internet"})
    assert bill.volume("encode.2.bytes") == pytest.approx([0, 0, 0, 0, 5e15, 0, 0, 0, 5e15, 0, 0, 0])
    assert bill.volume("encode.2.gets")[4] == pytest.approx(1e9)


def test_every_version_live_is_encoded_and_written(priced):
    bill = priced({"encode.on": "yes", "dataset.opening": 0, "representation.2.versions": 2})
    assert bill.volume("encode.2.videos")[:2] == pytest.approx([2e9, 0])
    assert bill.volume("representation.2.written")[0] == pytest.approx(bill.volume("representation.2.stored")[0])


def test_one_version_more_is_made_in_the_month_in_which_it_goes_live(priced):
    bill = priced({"encode.on": "yes", "representation.2.versions@2027-03": 2})
    assert bill.volume("encode.2.videos")[:5] == pytest.approx([0, 0, 1e9, 0, 0])
    assert bill.volume("representation.2.stored")[1:4] == pytest.approx([5e15, 10e15, 5e15])


def test_reading_raw_video_out_of_an_infrequent_class_to_encode_pays_retrieval(priced):
    bill = priced({"encode.on": "yes", "dataset.opening": 0, "representation.1.class": "aws.s3.glacier-instant"})
    assert bill.line("encode.features.retrieved.first")[0] == pytest.approx(GB * 0.03)
    assert bill.lines("encode.features.gets")[0] == pytest.approx(1e9 * 0.01 / 1_000)


def test_training_out_of_a_mix_of_classes_pays_each_class_its_share(priced):
    bill = priced({"representation.2.second_class": "aws.s3.standard-ia", "representation.2.second_share": 0.25})
    assert bill.line("train.features.retrieved.second")[0] == pytest.approx(10 * GB * 0.25 * 0.01)
    # 7.5e9 requests at 0.4 USD a million and 2.5e9 at 1 USD.
    assert bill.lines("train.features.gets")[0] == pytest.approx(7_500 * 0.4 + 2_500 * 1)


def test_new_videos_are_read_from_the_class_that_they_are_in_and_old_ones_from_where_they_have_moved(priced):
    bill = priced(preset_name="complete")
    # Raw video moves to Standard-IA after three months. Months 1 to 6 encode what arrives in them, twice.
    back = bill.line("encode.features.retrieved.second")
    assert back[:6] == [0.0] * 6
    assert bill.lines("encode.features.gets.second")[:6] == [0.0] * 6
    # Month 7 encodes a new version of all: the videos of months 1 to 4 are in Standard-IA, 2 in 3 at 0.01 a GB.
    assert back[6] == pytest.approx(GB * 4 / 6 * 0.01)
    assert bill.lines("encode.features.gets.second")[6] == pytest.approx(1e9 * 4 / 6 * 1e-6)
    assert bill.lines("encode.features.gets.first")[:7] == pytest.approx([1e9 / 6 * 2 * 4e-7] * 6 + [1e9 / 3 * 4e-7])


def test_of_a_month_with_new_and_old_videos_only_the_old_ones_are_read_from_the_second_class(priced):
    moves = {"representation.1.second_class": "aws.s3.standard-ia", "representation.1.second_share": 1}
    moves |= {"representation.1.lifecycle_months": 3, "representation.2.version_months": 4}
    bill = priced(moves | {"encode.on": "yes", "dataset.opening": 0, "dataset.ramp_months": 10})
    # Month 5 reads a tenth of 5 PB as it arrives and four tenths again; of these, months 1 and 2 have moved.
    assert bill.volume("encode.2.bytes")[4] == pytest.approx(0.5 * 5e15)
    assert bill.line("encode.features.retrieved.second")[3:6] == pytest.approx([0, 0.2 * GB * 0.01, 0])


def test_without_an_age_the_mix_holds_for_new_videos_too(priced):
    mix = {"representation.1.second_class": "aws.s3.standard-ia", "representation.1.second_share": 0.25}
    bill = priced(mix | {"encode.on": "yes", "dataset.opening": 0})
    assert bill.line("encode.features.retrieved.second")[0] == pytest.approx(0.25 * GB * 0.01)


def test_a_staged_copy_is_filled_again_when_the_version_of_the_features_changes(priced):
    staged = {"staging.on": "yes", "staging.share": 0.6, "representation.2.version_months": 5}
    assert priced(staged).volume("staging.filled") == pytest.approx([3e15, 0, 0, 0, 0, 3e15, 0, 0, 0, 0, 3e15, 0])
    # In month 6 a larger share is staged too: the new version is copied once, 4 PB and not 7.
    larger = {f"staging.share@2027-{month:02d}": 0.8 for month in range(6, 13)}
    assert priced(staged | larger).volume("staging.filled")[5] == pytest.approx(4e15)


def test_videos_that_arrive_while_others_leave_are_copied_too(priced):
    bill = priced({"staging.on": "yes", "dataset.retention_months": 6, "dataset.growth": 0.01})
    new = [5e15 * (1.01**month - 1.01 ** (month - 1)) for month in range(1, 12)]
    assert bill.volume("staging.filled") == pytest.approx([5e15, *new])


def test_features_given_in_tb_are_that_whatever_their_kind_and_grow_with_the_videos(priced):
    # 800 TB raw, 2 PB of features; from March on half as much more, whatever January says, and in May another tenth.
    given = {"dataset.size_from": "amount", "dataset.amount": 800, "representation.2.amount": 2000}
    given |= {"dataset.growth@2027-01": 0.9, "dataset.growth@2027-03": 0.5, "dataset.growth@2027-05": 0.1}
    bill = priced(given)
    assert bill.volume("representation.1.one_copy")[1:6] == pytest.approx([8e14, 12e14, 12e14, 13.2e14, 13.2e14])
    assert bill.volume("representation.2.one_copy")[:6] == pytest.approx([2e15, 2e15, 3e15, 3e15, 3.3e15, 3.3e15])
    latent = {"representation.2.kind": "latent", "representation.2.vae": "wan2.1", "representation.2.width": 1280}
    latent |= {"representation.2.height": 720, "representation.2.frames": 121}
    assert priced(given | latent).volume("representation.2.one_copy")[:2] == pytest.approx([2e15, 2e15])
    # While half of the videos are there, so is half of the features.
    half = priced(given | {"dataset.ramp_months": 2}).volume("representation.2.one_copy")
    assert half[:2] == pytest.approx([1e15, 2e15])


def test_new_videos_are_copied_out_of_the_class_that_they_are_in(priced):
    staged = {"staging.on": "yes", "dataset.opening": 0, "dataset.ramp_months": 12}
    staged |= {"representation.2.second_class": "aws.s3.standard-ia", "representation.2.second_share": 1}
    staged |= {"representation.2.lifecycle_months": 1, "staging.refreshes@2027-04": 1}
    # A refresh in April reads three twelfths of 5 PB that have moved, and twice what arrives in April.
    back = priced(staged).line("train.features.fill.retrieved.second")
    assert back[:5] == pytest.approx([0, 0, 0, GB * 3 / 12 * 0.01, 0])


def test_one_read_may_feed_several_encoders(priced):
    two = {"encode.on": "yes", "dataset.opening": 0.5, "encode.runs": 2, "representation.1.kind": "ratio"}
    two |= {"representation.2.versions": 3, "representation.1.version_months": 4, "representation.2.version_months": 2}
    apart, together = priced(two), priced(two | {"encode.shared_read": "yes"})
    # Two runs over 5 PB. January: half of it is new, for one and for three encoders. A new version of the second
    # every two months reads all; the first's new version in month 5 needs the same videos.
    assert apart.volume("encode.1.bytes")[:5] == pytest.approx([5e15, 0, 0, 0, 10e15])
    assert apart.volume("encode.2.bytes")[:5] == pytest.approx([15e15, 0, 10e15, 0, 10e15])
    assert together.volume("encode.1.bytes")[:5] == pytest.approx([5e15, 0, 0, 0, 10e15])
    assert together.volume("encode.2.bytes")[:5] == pytest.approx([0, 0, 10e15, 0, 0])
    assert apart.volume("encode.2.gpu_hours") == together.volume("encode.2.gpu_hours")


def test_filling_a_copy_out_of_an_infrequent_class_pays_retrieval(priced):
    bill = priced({"staging.on": "yes", "representation.2.class": "aws.s3.standard-ia"})
    assert bill.line("train.features.fill.retrieved.first")[:2] == pytest.approx([GB * 0.01, 0])


@pytest.mark.parametrize(
    ("overrides", "key"),
    [
        ({"representation.2.class": "r2.standard"}, "train.route"),
        ({"representation.2.class": "r2.standard", "train.route": "r2.internet", "staging.on": "yes"}, "staging.fill"),
        ({"representation.1.class": "r2.standard", "encode.on": "yes"}, "encode.route"),
        ({"exit.month": 3, "exit.route": "r2.internet"}, "exit.route"),
    ],
)
def test_a_route_that_starts_at_another_provider_is_refused(priced, overrides, key):
    with pytest.raises(Exception, match=key) as caught:
        priced(overrides)
    assert caught.value.excel == "#VALUE!"


def test_a_brace_in_the_name_of_a_representation_stays_what_it_is(priced):
    bill = priced({"representation.1.name": "{meter} of {what}"})
    assert "store.{meter} of {what}" in bill.ids
    assert bill.bill.line("store.{meter} of {what}").line.label == "{meter} of {what} in S3 Standard"
