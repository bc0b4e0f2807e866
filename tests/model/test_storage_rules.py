"""Storage rules: minimums, overheads, lifecycle, early deletion, retention, exit, policies, requests."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import NotInBookError
from vidcost_xl.model.checks import check

GB = 5e15 / 2**30  # 5 PB in billed GB
GIB = 2**30


def test_objects_below_128_kb_are_billed_as_128_kb(priced, alone):
    small = {"representation.2.class": "aws.s3.standard-ia", "dataset.mb_per_video": 0.065536}
    bill = priced(alone | small)
    assert bill.line("store.features")[0] == pytest.approx(1e9 * 131_072 / GIB * 0.0125)


def test_glacier_adds_32_kb_at_its_own_rate_and_8_kb_at_the_standard_rate_to_each_object(priced, alone):
    bill = priced(alone | {"representation.2.class": "aws.s3.glacier-flexible"})
    assert bill.line("store.features")[0] == pytest.approx(GB * 0.0036)
    assert bill.line("store.features.overhead1")[0] == pytest.approx(1e9 * 32_768 / GIB * 0.0036)
    assert bill.line("store.features.overhead2")[0] == pytest.approx(1e9 * 8_192 / GIB * 0.023)


def test_data_move_at_their_age_and_pay_one_request_each(priced):
    bill = priced(
        {
            "dataset.opening": 0,
            "representation.1.second_class": "aws.s3.standard-ia",
            "representation.1.second_share": 1,
            "representation.1.lifecycle_months": 3,
        }
    )
    assert bill.volume("representation.1.first")[:5] == pytest.approx([5e15] * 3 + [0, 0])
    assert bill.line("store.raw.second")[2:5] == pytest.approx([0, GB * 0.0125, GB * 0.0125])
    assert bill.line("store.raw.transition")[2:5] == pytest.approx([0, 1e9 * 0.01 / 1_000, 0])


def test_videos_that_leave_before_their_age_do_not_move(priced):
    bill = priced(
        {
            "dataset.opening": 0,
            "dataset.retention_months": 2,
            "representation.1.second_class": "aws.s3.standard-ia",
            "representation.1.second_share": 1,
            "representation.1.lifecycle_months": 3,
        }
    )
    assert bill.line("store.raw.transition") == [0.0] * 12
    assert bill.volume("representation.1.second") == [0.0] * 12


def test_a_mix_without_an_age_holds_from_the_first_day_without_moves(priced):
    bill = priced({"representation.1.second_class": "aws.s3.standard-ia", "representation.1.second_share": 0.4})
    assert bill.volume("representation.1.second") == pytest.approx([2e15] * 12)
    assert "store.raw.transition" not in bill.ids


def test_a_monthly_version_in_a_90_day_class_owes_the_other_60_days(priced, alone):
    monthly = {"representation.2.class": "aws.s3.glacier-instant", "representation.2.version_months": 1}
    early = priced(alone | monthly).line("store.features.early")
    assert early[:3] == pytest.approx([0, GB * 2 * 0.004, GB * 2 * 0.004])


def test_no_early_deletion_once_the_minimum_is_over(priced, alone):
    slow = {"representation.2.class": "aws.s3.glacier-instant", "representation.2.version_months": 3}
    assert "store.features.early" not in priced(alone | slow).ids


def test_early_deletion_counts_only_the_bytes_in_the_class(priced, alone):
    mixed = {
        "representation.2.class": "aws.s3.glacier-instant",
        "representation.2.version_months": 1,
        "representation.2.second_class": "aws.s3.standard-ia",
        "representation.2.second_share": 0.75,
    }
    bill = priced(alone | mixed)
    assert bill.line("store.features.early")[1] == pytest.approx(0.25 * GB * 2 * 0.004)
    assert "store.features.second.early" not in bill.ids  # 30 days are the minimum there


def test_moving_out_of_a_class_before_its_minimum_is_early_deletion(priced, alone):
    moved = {
        "dataset.opening": 0,
        "representation.2.class": "aws.s3.glacier-instant",
        "representation.2.second_class": "aws.s3.glacier-deep-archive",
        "representation.2.second_share": 1,
        "representation.2.lifecycle_months": 1,
    }
    assert priced(alone | moved).line("store.features.early")[:3] == pytest.approx([0, GB * 2 * 0.004, 0])


def test_deleting_a_moved_object_early_owes_the_rest_in_the_second_class(priced, alone):
    moved = {
        "dataset.opening": 0,
        "dataset.retention_months": 3,
        "representation.2.second_class": "aws.s3.glacier-instant",
        "representation.2.second_share": 1,
        "representation.2.lifecycle_months": 1,
    }
    # Two of the three months are spent in the class of 90 days: 30 are owed when the videos leave.
    assert priced(alone | moved).line("store.features.second.early")[2:5] == pytest.approx([0, GB * 0.004, 0])


def test_on_cloud_storage_a_lifecycle_move_is_no_early_deletion_and_keeps_the_age(priced, alone):
    moved = {
        "train.route": "gcp.internet",
        "representation.1.class": "gcp.gcs.standard",
        "representation.2.class": "gcp.gcs.coldline",
        "representation.2.second_class": "gcp.gcs.archive",
        "representation.2.second_share": 1,
        "representation.2.lifecycle_months": 1,
        "dataset.opening": 0,
        "dataset.retention_months": 3,
    }
    bill = priced(alone | moved)
    # Coldline bills 90 days at least, but not of what a rule moves on after 30. Of the 365 days of Archive 90 are over
    # when the videos leave, those in Coldline among them: 275 more at 1.644e-06 USD a GiB-hour.
    assert "store.features.early" not in bill.ids
    assert bill.line("store.features.second.early")[2:5] == pytest.approx([0, GB * 275 / 30 * 730 * 1.644e-06, 0])


def test_videos_leave_after_their_retention(priced):
    bill = priced({"dataset.opening": 0, "dataset.ramp_months": 2, "dataset.retention_months": 3})
    assert bill.volume("dataset.closing")[:6] == pytest.approx([0.5e9, 1e9, 1e9, 0.5e9, 0, 0])
    assert bill.volume("dataset.removals")[:6] == pytest.approx([0, 0, 0, 0.5e9, 0.5e9, 0])


def test_what_a_lower_target_removed_does_not_leave_again_at_its_retention(priced):
    half = {f"dataset.videos@2027-{month:02d}": 5e8 for month in range(3, 13)}
    more = {"dataset.videos@2027-04": 8e8, "dataset.videos@2027-05": 8e8, "dataset.videos@2027-06": 8e8}
    later = {f"dataset.videos@2027-{month:02d}": 8e8 for month in range(7, 13)}
    bill = priced({"dataset.retention_months": 6} | half | more | later)
    # 1e9 at the start, half removed in March, 3e8 added in April; in July the other half is six months old.
    assert bill.volume("dataset.closing")[:8] == pytest.approx([1e9, 1e9, 5e8, 8e8, 8e8, 8e8, 3e8, 3e8])


def test_a_representation_may_leave_before_its_video(priced):
    bill = priced({"dataset.opening": 0, "representation.2.retention_months": 2})
    assert bill.volume("representation.2.stored")[:4] == pytest.approx([5e15, 5e15, 0, 0])
    assert bill.volume("representation.1.stored") == pytest.approx([5e15] * 12)


def test_leaving_with_5_pb_costs_236_717_and_98_352_for_each_month_run_twice(priced, alone):
    bill = priced(alone | {"exit.month": 6, "exit.double_run_months": 2})
    assert bill.lines("exit.transfer")[4:7] == pytest.approx([0, 236_717, 0], abs=1)
    assert bill.line("exit.double")[4:8] == pytest.approx([0, 98_352, 98_352, 0], abs=1)


def test_a_waiver_covers_egress_but_not_requests_and_retrieval(priced, alone):
    leaving = alone | {"exit.month": 6, "exit.waived": "yes", "representation.2.class": "aws.s3.standard-ia"}
    bill = priced(leaving)
    assert bill.lines("exit.transfer") == [0.0] * 12
    assert bill.line("exit.features.retrieved.first")[5] == pytest.approx(GB * 0.01)
    assert bill.lines("exit.features.gets")[5] == pytest.approx(1e9 * 0.001 / 1_000)


@pytest.mark.parametrize(
    ("terms", "start", "egress"),
    [
        # The move is in month 2 of the plan; 5 PB out of S3 at list are 236,717.
        ({"exit.law": "none"}, "2027-01-01", 236_717),
        ({"exit.waived": "yes"}, "2027-01-01", 0),
        ({"exit.law": "waiver"}, "2026-01-01", 0),
        ({"exit.law": "eu"}, "2026-11-01", 236_717),  # December 2026
        ({"exit.law": "eu"}, "2026-12-01", 236_717),  # January 2027 begins before the 12th
        ({"exit.law": "eu"}, "2027-01-01", 0),  # February 2027
        ({"exit.law": "eu", "exit.waived": "yes"}, "2026-11-01", 0),
    ],
)
def test_what_frees_leaving_of_egress_charges(priced, alone, terms, start, egress):
    # Regulation (EU) 2023/2854, Article 29: no switching charges from 12 January 2027.
    bill = priced(alone | terms | {"exit.month": 2, "calendar.start": start})
    assert bill.lines("exit.transfer") == pytest.approx([0, egress, *[0] * 10], abs=1)
    assert bill.lines("exit.features.gets")[1] == pytest.approx(400)  # a service fee, whatever the law


def test_what_moves_is_written_at_the_new_provider_and_its_requests_are_billed_there(priced, alone):
    # 5 PB in objects of 1,000 MB: 5 million of them in 120 parts of 8 MiB each, and two requests around the parts;
    # 30 states of 4.2 TB: 500,680 parts each. Cloud Storage bills 0.005 for 1,000 of class A.
    leaving = {"exit.month": 6, "exit.class": "gcp.gcs.standard", "requests.uploads": "yes", "checkpoint.on": "yes"}
    bill = priced(alone | leaving | {"representation.2.object_mb": 1_000})
    puts = bill.line("exit.features.puts")
    assert puts == pytest.approx([0] * 5 + [5e6 * 120 * 0.005 / 1_000] + [0] * 6)
    assert bill.line("exit.features.multipart")[5] == pytest.approx(5e6 * 2 * 0.005 / 1_000)
    assert bill.line("exit.checkpoint_states.puts")[5] == pytest.approx(30 * 500_680 * 0.005 / 1_000)
    assert bill.bill.line("exit.features.puts").line.payer == "new provider"
    silent = priced(alone | leaving | {"requests.uploads": "no"})
    assert not [line for line in silent.ids if line.startswith("exit") and line.endswith("puts")]


def test_checkpoints_move_out_too(priced, alone):
    bill = priced(alone | {"exit.month": 6, "checkpoint.on": "yes"})
    assert bill.volume("exit.stored")[5] == pytest.approx(5e15 + 30 * 4.2e12)


def test_only_what_is_stored_at_the_provider_moves_out(priced, alone):
    bill = priced(alone | {"representation.1.ratio": 1, "representation.1.class": "r2.standard", "exit.month": 6})
    assert bill.volume("exit.moved")[5] == pytest.approx(5e15)


B2 = {"representation.1.class": "b2.standard", "representation.2.class": "b2.standard", "train.route": "b2.internet"}


@pytest.mark.parametrize(("experiments", "billed_pb"), [(6, 0), (7, 5), (10, 20)])
def test_backblaze_egress_is_free_up_to_three_times_the_bytes_stored(priced, experiments, billed_pb):
    # 10 PB stored: 30 PB leave free, each GB (10^9 bytes) beyond costs one cent.
    bill = priced(B2 | {"train.experiments": experiments})
    assert bill.lines("train.features.transfer")[0] == pytest.approx(billed_pb * 1e6 * 0.01)


def test_backblaze_filling_and_reading_share_the_free_egress(priced):
    staged = {"staging.on": "yes", "staging.share": 0.5, "staging.fill_route": "b2.internet"}
    bill = priced(B2 | staged | {"train.experiments": 12})
    # January: 30 PB read and 2.5 PB filled, 30 PB of them free; later 30 PB read, all free.
    transfer = [a + b for a, b in zip(bill.lines("train.features.t"), bill.lines("train.staging.fill"), strict=True)]
    assert transfer[:2] == pytest.approx([2.5e6 * 0.01, 0])


def test_backblaze_leaving_uses_what_training_left_of_the_free_egress(priced):
    bill = priced(B2 | {"exit.month": 6, "exit.route": "b2.internet", "train.experiments": 5})
    # 30 PB free less 25 PB read leaves 5 PB of the 10 PB that move.
    assert bill.lines("exit.transfer")[5] == pytest.approx(5e6 * 0.01)


ENCODED = {
    "representation.1.class": "b2.standard",
    "representation.2.class": "r2.standard",
    "representation.2.read_share": 0,
    "representation.2.version_months": 4,
    "train.route": "b2.internet",
    "exit.route": "b2.internet",
    "encode.on": "yes",
    "encode.route": "b2.internet",
}
#: The month in which the second version of the features is made: 5 PB of video are read.
MAY = 4


@pytest.mark.parametrize(
    ("read_share", "encoding", "reading", "moving"),
    [
        (0.0, 0, 0, 0),  # 5 PB encoded and 5 PB moved out, of 15 PB free
        (0.24, 20_000 * 5 / 17, 20_000 * 12 / 17, 50_000),  # 12 PB read too: 2 PB beyond; nothing is left to the move
        (0.14, 0, 0, 20_000),  # 7 PB read too: 3 PB are left of the 5 PB that move
    ],
)
def test_backblaze_encoders_share_the_free_egress_and_use_it_before_the_move_out(
    priced, read_share, encoding, reading, moving
):
    bill = priced(ENCODED | {"representation.1.read_share": read_share, "exit.month": MAY + 1})
    starts = ("encode.features.read", "train.raw.transfer", "exit.transfer")
    assert [bill.lines(start)[MAY] for start in starts] == pytest.approx([encoding, reading, moving], abs=1e-6)
    assert bill.lines("encode.features.read")[MAY - 1] == 0
    (policy,) = [found for found in check(bill.bill) if found.name == "policy"]
    assert policy.value == pytest.approx(1 + 10 * read_share)


def test_what_encoders_and_the_fill_of_the_copy_read_counts_for_a_policy_without_a_price(priced):
    # Wasabi lets out once what is stored: 5 PB are, and each run reads 5 PB.
    there = {"representation.1.class": "wasabi.hot", "encode.route": "wasabi.internet", "train.route": "r2.internet"}
    for runs, severity in ((1, "note"), (2, "error")):
        bill = priced(ENCODED | there | {"encode.runs": runs}).bill
        (policy,) = [found for found in check(bill) if found.name == "policy"]
        assert (policy.severity, policy.subject, policy.value) == (severity, "encode.route", runs)
    copied = {"representation.1.read_share": 0.1, "staging.on": "yes", "staging.fill_route": "wasabi.internet"}
    more = {"encode.on": "no", "train.route": "wasabi.internet", "staging.refreshes": 11}
    (policy,) = [found for found in check(priced(ENCODED | there | copied | more).bill) if found.name == "policy"]
    assert (policy.severity, policy.value) == ("error", pytest.approx(1.2))  # a tenth of 5 PB, twelve times


def test_every_request_reaches_kms_without_bucket_keys(priced):
    # 20,000 requests a month are free, the others cost 3 USD a million.
    bill = priced({"requests.kms_share": 1})
    assert bill.line("train.kms")[0] == pytest.approx((10e9 - 20_000) * 3e-6)


def test_requests_to_other_providers_do_not_reach_kms(priced):
    away = {"representation.1.class": "r2.standard", "representation.2.class": "r2.standard"}
    assert "train.kms" not in priced(away | {"train.route": "r2.internet", "requests.kms_share": 1}).ids


def test_the_event_log_counts_every_object_request(priced):
    assert priced({"requests.logging_usd_per_million": 1}).line("train.log")[0] == pytest.approx(10_000)


@pytest.mark.parametrize(("mib", "requests"), [(1, 5), (4, 2), (8, 1)])
def test_a_ranged_read_takes_whole_requests(priced, mib, requests):
    # A video of 5 MB is 4.77 MiB.
    bill = priced({"requests.range_mib": mib})
    assert bill.volume("representation.2.gets")[0] == pytest.approx(10 * 1e9 * requests)


def test_a_wan_latent_and_a_padded_caption_have_the_sizes_of_their_shapes(priced):
    bill = priced(preset_name="complete")
    # Wan 2.1: 16 channels, 8x8 pixels, 4 frames to one after the first: 16 x 31 x 90 x 160 values of 2 bytes.
    assert bill.volume("representation.2.bytes_each")[0] == 16 * 31 * 90 * 160 * 2
    # umt5-xxl: 512 tokens of 4,096 values of 2 bytes.
    assert bill.volume("representation.3.bytes_each")[0] == 512 * 4_096 * 2


def test_a_restore_out_of_an_archive_is_billed_by_its_speed_in_requests_bytes_and_a_copy(priced):
    flexible = {"representation.2.class": "aws.s3.glacier-flexible", "train.experiments": 1}
    bill = priced(flexible)
    # A billion objects at 0.05 USD a thousand, 5 PB at 0.01 a GB.
    assert bill.lines("train.features.restores")[0] == pytest.approx(50_000)
    assert bill.line("train.features.retrieved.first")[0] == pytest.approx(GB * 0.01)
    assert bill.quantity("store.features.restored")[0] == pytest.approx(GB / 30)
    expedited = priced(flexible | {"requests.restore_speed": "expedited"})
    assert expedited.lines("train.features.restores")[0] == pytest.approx(1e9 * 10 / 1_000)
    assert expedited.line("train.features.retrieved.first")[0] == pytest.approx(GB * 0.03)
    bulk = priced(flexible | {"requests.restore_speed": "bulk", "requests.restore_days": 6})
    assert bulk.lines("train.features.restores")[0] == bulk.line("train.features.retrieved.first")[0] == 0
    assert bulk.quantity("store.features.restored")[0] == pytest.approx(GB / 5)


@pytest.mark.parametrize(
    ("days", "restores", "copies"),
    [
        # Ten passes a month over 5 PB: a copy that is kept for a day serves one of them, one of six days two, so that
        # 30 / 6 restores do and their copies stand all month; in any month at least one restore is needed.
        (1, 10, 10 / 30),
        (3, 10, 1),
        (6, 5, 1),
        (30, 1, 1),
        (60, 1, 2),
    ],
)
def test_while_its_copy_is_kept_an_archive_is_read_without_another_restore(priced, days, restores, copies):
    bill = priced({"representation.2.class": "aws.s3.glacier-flexible", "requests.restore_days": days})
    assert bill.lines("train.features.restores")[1] == pytest.approx(restores * 1e9 * 0.05 / 1_000)
    assert bill.line("train.features.retrieved.first")[1] == pytest.approx(restores * GB * 0.01)
    assert bill.quantity("store.features.restored")[1] == pytest.approx(copies * GB)
    # Each of the passes gets its objects, from the copy or after a restore: 0.0004 USD a thousand.
    assert bill.lines("train.features.gets")[1] == pytest.approx(10e9 * 0.0004 / 1_000)


@pytest.mark.parametrize(
    ("more", "once"),
    [
        # Every pass reads the same tenth of 5 PB, of one of two copies: one restore of it serves the month.
        ({"representation.2.read_share": 0.1}, 0.1),
        ({"representation.2.copies": 2}, 1),
        ({"representation.2.copies": 2, "representation.2.read_share": 0.1}, 0.1),
    ],
)
def test_a_month_of_kept_copies_restores_what_a_pass_reads_once(priced, more, once):
    kept = {"representation.2.class": "aws.s3.glacier-flexible", "requests.restore_days": 30}
    bill = priced(kept | more)
    assert bill.line("train.features.retrieved.first")[1] == pytest.approx(once * GB * 0.01)
    assert bill.lines("train.features.restores")[1] == pytest.approx(once * 1e9 * 0.05 / 1_000)


def test_the_copy_of_a_restore_costs_its_days_in_s3_standard(priced):
    # 5 PB of features alone in Deep Archive, read once: 4,656,613 GB x 3 / 30 at 0.023, 0.022, 0.021, after the 8 KB
    # of each of a billion objects, which are 7,629 GB of the first tier's 51,200.
    deep = {"representation.1.ratio": 0, "representation.2.class": "aws.s3.glacier-deep-archive"}
    bill = priced(deep | {"train.experiments": 1, "requests.restore_days": 3})
    index = 1e9 * 8_192 / 2**30
    whole = GB / 10 + index
    pool = 51_200 * 0.023 + (whole - 51_200) * 0.022
    assert bill.line("store.features.restored")[0] == pytest.approx(pool * (GB / 10) / whole)


def test_an_archive_is_restored_whole_whatever_one_get_fetches(priced):
    bill = priced({"representation.2.class": "aws.s3.glacier-flexible", "requests.range_mib": 1})
    assert bill.quantity("train.features.restores.aws.s3.glacier-flexible.restore.standard")[0] == pytest.approx(10e9)
    assert bill.volume("representation.2.gets")[0] == pytest.approx(50e9)


def test_a_speed_that_the_class_does_not_offer_is_refused_with_those_that_it_does(priced):
    deep = {"representation.2.class": "aws.s3.glacier-deep-archive", "requests.restore_speed": "expedited"}
    with pytest.raises(Exception, match="bulk, standard") as caught:
        priced(deep)
    assert caught.value.excel == "#N/A"
    # What nobody reads is never restored.
    assert priced(deep | {"representation.2.read_share": 0}).total[0] > 0


def test_every_movement_out_of_an_archive_restores(priced):
    archived = {f"representation.{n}.class": "aws.s3.glacier-deep-archive" for n in (1, 2)}
    moving = {"encode.on": "yes", "staging.on": "yes", "staging.share": 0.5, "exit.month": 4}
    bill = priced(archived | moving | {"representation.2.version_months": 3, "train.experiments": 1})
    each = 1e9 * 1e-4  # a billion requests at 0.1 USD a thousand

    def restores(start):
        return bill.lines(f"{start}.restores")[:5]

    assert restores("train.features") == pytest.approx([each / 2] * 5)
    assert restores("train.features.fill") == pytest.approx([each / 2, 0, 0, each / 2, 0])
    assert restores("encode.features") == pytest.approx([0, 0, 0, each, 0])
    assert restores("exit.raw") == restores("exit.features") == pytest.approx([0, 0, 0, each, 0])


def test_a_copy_in_a_class_that_bills_reads_is_billed_for_them(priced):
    # 3 of 5 PB stand in Express One Zone and are read ten times: 0.0006 a GB and 0.03 USD a million GETs.
    bill = priced({"staging.on": "yes", "staging.share": 0.6, "staging.class": "aws.s3.express-one-zone"})
    assert bill.line("train.staging.retrieved")[1] == pytest.approx(6 * GB * 0.0006)
    assert bill.lines("train.staging.gets")[1] == pytest.approx(6e9 * 3e-8)


def test_a_class_that_bills_bytes_written_bills_them_wherever_it_is_written_to(priced):
    express, fee = "aws.s3.express-one-zone", 0.0032
    places = {"representation.1.class": express, "representation.2.class": express, "staging.class": express}
    on = {"requests.uploads": "yes", "staging.on": "yes", "staging.share": 0.5, "dataset.opening": 0}
    saved = {"checkpoint.on": "yes", "checkpoint.class": express, "checkpoint.saves": 10}
    bill = priced(places | on | saved)
    assert bill.line("acquire.raw.uploaded")[:2] == pytest.approx([GB * fee, 0])
    assert bill.line("encode.features.uploaded")[:2] == pytest.approx([GB * fee, 0])
    assert bill.line("train.staging.uploaded")[:2] == pytest.approx([GB / 2 * fee, 0])
    assert bill.line("checkpoint.uploaded")[:2] == pytest.approx([42e12 / 2**30 * fee] * 2)
    # Half a billion objects of the copy at 1.13 USD a million, and two million parts of 8 MiB of each checkpoint.
    assert bill.line("train.staging.puts")[0] == pytest.approx(5e8 * 1.13e-6)


def test_a_mix_without_an_age_is_written_to_both_classes(priced):
    mix = {"representation.1.second_class": "aws.s3.standard-ia", "representation.1.second_share": 0.25}
    bill = priced(mix | {"requests.uploads": "yes", "dataset.opening": 0})
    assert bill.line("acquire.raw.puts.first")[0] == pytest.approx(0.75e9 * 5e-6)
    assert bill.line("acquire.raw.puts.second")[0] == pytest.approx(0.25e9 * 1e-5)
    aged = priced(mix | {"requests.uploads": "yes", "dataset.opening": 0, "representation.1.lifecycle_months": 1})
    assert aged.line("acquire.raw.puts")[0] == pytest.approx(1e9 * 5e-6)


def test_kms_and_the_event_log_count_reads_to_encode_to_leave_and_of_the_copy(priced):
    on = {"encode.on": "yes", "representation.2.version_months": 2, "exit.month": 3, "requests.kms_share": 1}
    on |= {"staging.on": "yes", "staging.share": 0.5, "staging.class": "aws.s3.standard", "train.experiments": 1}
    bill = priced(on | {"requests.logging_usd_per_million": 0.1})
    # Each month half of the features from storage, half from the copy. Month 1 fills it; month 3 fills it again,
    # encodes a billion videos and leaves with two billion objects.
    requests = [1.5e9, 1e9, 1e9 + 0.5e9 + 1e9 + 2e9]
    assert bill.volume("requests.kms")[:3] == pytest.approx(requests)
    assert bill.volume("requests.logged")[:3] == pytest.approx(requests)
    assert bill.line("train.log")[2] == pytest.approx(4_500 * 0.1)


def test_what_is_written_at_a_new_provider_reaches_its_key_service_and_the_event_log(priced):
    stays = {f"representation.{n}.class": "gcp.gcs.standard" for n in (1, 2)} | {"train.route": "gcp.internet"}
    leaves = {"exit.month": 3, "exit.route": "gcp.internet", "exit.class": "aws.s3.standard", "requests.uploads": "yes"}
    keys = {"requests.kms_share": 0.5, "requests.logging_usd_per_million": 0.1, "train.experiments": 1}
    bill = priced(stays | leaves | keys)
    # Two billion objects are put, half of them by way of the key service: 0.03 USD for ten thousand, 20,000 free.
    assert bill.line("exit.kms")[1:4] == pytest.approx([0, (1e9 - 20_000) * 3e-6, 0])
    assert "train.kms" not in bill.ids
    # A billion GETs a month; in month 3 another two billion to move out, and two billion PUTs.
    assert bill.line("train.log")[1:4] == pytest.approx([100, 500, 100])
    elsewhere = priced(stays | leaves | keys | {"exit.class": "r2.standard"})
    assert "exit.kms" not in elsewhere.ids
    notes = [found.message for found in check(elsewhere.bill) if found.subject == "requests.kms_share"]
    assert notes == ["what is written at Cloudflare R2 may reach its key service, whose price the book does not have"]


@pytest.mark.parametrize(
    ("provider", "first", "second", "moved"),
    [
        # A billion objects, each one write of the class moved to.
        ("r2", "r2.standard", "r2.infrequent-access", 9_000),  # 9 USD a million Class A operations
        ("gcp", "gcp.gcs.standard", "gcp.gcs.nearline", 10_000),  # 0.01 a thousand
        ("gcp", "gcp.gcs.standard", "gcp.gcs.coldline", 20_000),  # 0.02 a thousand
        ("gcp", "gcp.gcs.nearline", "gcp.gcs.archive", 50_000),  # 0.05 a thousand
        ("azure", "azure.blob.hot-lrs", "azure.blob.cool-lrs", 10_000),  # 0.10 for ten thousand writes
        ("azure", "azure.blob.cool-lrs", "azure.blob.cold-lrs", 18_000),  # 0.18 for ten thousand
        ("aws", "aws.s3.standard-ia", "aws.s3.glacier-instant", 20_000),  # 0.02 a thousand transitions
    ],
)
def test_a_lifecycle_move_is_a_write_of_the_class_moved_to(priced, provider, first, second, moved):
    stays = {f"representation.{n}.class": first for n in (1, 2)} | {"train.route": f"{provider}.internet"}
    later = {"representation.1.second_class": second, "representation.1.second_share": 1}
    bill = priced(stays | later | {"representation.1.lifecycle_months": 2})
    assert bill.line("store.raw.transition")[:4] == pytest.approx([0, 0, moved, 0])


def test_a_lifecycle_move_without_a_published_price_is_refused_and_not_free(priced):
    stays = {f"representation.{n}.class": "oci.object.standard" for n in (1, 2)} | {"train.route": "oci.internet"}
    later = {"representation.1.second_class": "oci.object.archive", "representation.1.second_share": 1}
    with pytest.raises(NotInBookError, match=r"oci\.object\.archive: the book has no price of transition requests"):
        priced(stays | later | {"representation.1.lifecycle_months": 2})


def test_checkpoints_that_leave_are_read_out_of_their_class(priced):
    saved = {"checkpoint.on": "yes", "checkpoint.saves": 30, "exit.month": 3}
    instant = priced(saved | {"checkpoint.class": "aws.s3.glacier-instant"})
    # 30 of 4.2 TB, at 0.03 a GB and 0.01 a thousand GETs.
    assert instant.line("exit.checkpoints.retrieved")[1:4] == pytest.approx([0, 126e12 / 2**30 * 0.03, 0])
    assert instant.lines("exit.checkpoints.gets")[2] == pytest.approx(30 * 1e-5)
    deep = priced(saved | {"checkpoint.class": "aws.s3.glacier-deep-archive"})
    assert deep.lines("exit.checkpoints.restores")[2] == pytest.approx(30 * 1e-4)
    assert deep.line("exit.checkpoints.retrieved")[2] == pytest.approx(126e12 / 2**30 * 0.02)
    assert deep.quantity("checkpoint.stored.restored")[2] == pytest.approx(126e12 / 2**30 / 30)
