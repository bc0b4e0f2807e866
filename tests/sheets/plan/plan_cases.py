"""Plans changed as a user would: cells of Inputs, lines of Changes, and the same plan for the Python model."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from vidcost_xl.functions.month_ranges import expand_ranges
from vidcost_xl.model.files import preset
from vidcost_xl.sheets.plan.row_names import input_id

FIRST, SECOND, THIRD = (f"representation.{n}." for n in (1, 2, 3))
OPEN = None


@dataclass(frozen=True)
class Case:
    """Inputs, and lines of Changes (input, first month, last month, value)."""

    base: str = "article"
    inputs: dict[str, object] = field(default_factory=dict)
    lines: tuple[tuple[str, date | None, date | None, float], ...] = ()

    def plan(self):
        """The plan for the Python model."""
        base = preset(self.base)
        pairs = list(self.inputs.items())
        pairs += [(f"{key}@{_month(first)}..{_month(last)}", value) for key, first, last, value in self.lines]
        return base.with_overrides(expand_ranges(base, pairs))

    def cells(self, addresses):
        """The cells a user would type."""
        typed = {addresses.key(f"{input_id(key)}.value"): _serial(value) for key, value in self.inputs.items()}
        for at, (key, first, last, value) in enumerate(self.lines, start=1):
            for column, item in (("input", key), ("first", first), ("last", last), ("value", value)):
                if item is not None:
                    typed[addresses.key(f"change_{at}.{column}")] = _serial(item)
        return typed


def _month(day):
    return "" if day is None else f"{day:%Y-%m}"


def _serial(value):
    return float((value - date(1899, 12, 30)).days) if isinstance(value, date) else value


def month(number, year=2027):
    return date(year, number, 1)


#: The fill-in rehearsal: 25 inputs and months changed at once.
REHEARSAL = Case(
    "complete",
    {
        "calendar.start": date(2027, 4, 1),
        "calendar.fiscal_year_start": 7,
        "money.currency": "EUR",
        "money.fx": 0.92,
        "money.escalation": 0.03,
        "dataset.videos": 8e8,
        "dataset.mb_per_video": 6.5,
        "dataset.opening": 0.1,
        "dataset.growth": 0.01,
        FIRST + "class": "aws.s3.intelligent-tiering",
        FIRST + "second_class": "aws.s3.glacier-flexible",
        FIRST + "second_share": 0.6,
        FIRST + "reread_days": 100,
        SECOND + "vae": "cosmos-cv8x8x8",
        SECOND + "version_months": 5,
        SECOND + "overlap_days": 50,
        SECOND + "object_mb": 250,
        "requests.logging_usd_per_million": 0.1,
        "acquire.route": "aws.privatelink",
        "train.route": "aws.cloudfront",
        "staging.refreshes": 0.05,
        "checkpoint.saves": 45,
        "commercial.support": "aws.support.business-plus",
        "exit.month": 9,
        "exit.double_run_months": 2,
    },
    (
        ("rate.aws.s3.standard.storage", month(10), OPEN, 0.0175),
        ("train.passes", month(3, 2028), month(3, 2028), 8.0),
        (SECOND + "versions", month(9), OPEN, 3.0),
        ("commercial.discount", OPEN, month(12), 0.1),
    ),
)

CASES = {
    "private rate from month 7": Case(
        lines=(
            ("rate.aws.s3.standard.storage", month(7), OPEN, 0.0175),
            ("rate.aws.transfer.internet-out", OPEN, OPEN, 0.03),
        )
    ),
    "March of 8 experiments": Case(
        inputs={"dataset.videos": 2e9},
        lines=(("train.experiments", month(3), month(3), 8.0), ("train.passes", month(5), month(8), 2.0)),
    ),
    "route and last access": Case(
        inputs={
            "train.route": "aws.cloudfront",
            FIRST + "class": "aws.s3.intelligent-tiering",
            FIRST + "reread_days": 120,
        }
    ),
    "classes with overhead and minimum": Case(
        inputs={
            FIRST + "class": "aws.s3.glacier-deep-archive",
            SECOND + "class": "aws.s3.standard-ia",
            SECOND + "object_mb": 0.05,
            "requests.uploads": "yes",
            "dataset.ramp_months": 5,
            "dataset.opening": 0.2,
        }
    ),
    "size by amount": Case(
        "complete",
        inputs={
            "dataset.size_from": "amount",
            "dataset.amount": 300.0,
            "dataset.growth": 0.02,
            "dataset.survival": 0.5,
            SECOND + "amount": 750.0,
            SECOND + "object_mb": 0,
            "cache.tb": 400,
            "cache.policy": "lru shuffled",
        },
        lines=(
            ("dataset.amount", month(7), OPEN, 450.0),
            ("dataset.mb_per_video", month(3), month(4), 2.5),
            ("dataset.growth", month(1), month(1), 0.5),
            ("dataset.growth", month(5), month(6), 0.1),
        ),
    ),
    "rounded units": Case(
        inputs={
            FIRST + "class": "r2.infrequent-access",
            SECOND + "class": "r2.standard",
            "train.route": "r2.internet",
            "requests.uploads": "yes",
            SECOND + "object_mb": 100,
        }
    ),
    "egress free up to three times stored": Case(
        inputs={FIRST + "class": "b2.standard", SECOND + "class": "b2.standard", "train.route": "b2.internet"},
        lines=(("train.experiments", month(4), month(6), 4.0),),
    ),
    "prices of an earlier day, minimum quantity": Case(
        inputs={
            FIRST + "class": "wasabi.hot",
            SECOND + "class": "wasabi.hot",
            "train.route": "wasabi.internet",
            "dataset.mb_per_video": 0.002,
        }
    ),
    "another provider, versions and overlap": Case(
        inputs={
            FIRST + "class": "azure.blob.cool-lrs",
            SECOND + "class": "azure.blob.hot-lrs",
            "train.route": "azure.internet",
            SECOND + "version_months": 4,
            SECOND + "overlap_days": 45,
            SECOND + "versions": 2,
        }
    ),
    "a second version, retention, lifecycle, early deletion, a lower plan": Case(
        inputs={
            SECOND + "version_months": 3,
            SECOND + "overlap_days": 75,
            FIRST + "retention_months": 5,
            FIRST + "class": "aws.s3.glacier-instant",
            FIRST + "second_class": "aws.s3.glacier-flexible",
            FIRST + "second_share": 0.7,
            FIRST + "lifecycle_months": 2,
            FIRST + "read_share": 0.3,
            "encode.on": "yes",
            "encode.shared_read": "yes",
            "staging.on": "yes",
            "staging.share": 0.6,
            "staging.refreshes": 0.1,
            "dataset.growth": 0.03,
            "cache.tb": 2_000,
            "dataset.retention_months": 9,
            "dataset.ramp_months": 3,
            "dataset.opening": 0.5,
        },
        lines=(
            (SECOND + "versions", month(9), OPEN, 2.0),
            ("dataset.videos", month(11), OPEN, 0.4e9),
            ("staging.share", month(5), month(6), 0.8),
            ("train.experiments", OPEN, month(2), 0.0),
            ("train.experiments", month(3), month(4), 0.3),
        ),
    ),
    "moves by age at another provider, left for one with a key service": Case(
        inputs={
            FIRST + "class": "gcp.gcs.nearline",
            FIRST + "second_class": "gcp.gcs.coldline",
            FIRST + "retention_months": 3,
            FIRST + "second_share": 0.8,
            FIRST + "lifecycle_months": 2,
            SECOND + "class": "gcp.gcs.standard",
            "train.route": "gcp.internet",
            "train.passes": 2.5,
            "cache.tb": 3_400,
            "cache.policy": "lru in order",
            "cache.kept": "no",
            "dataset.ramp_months": 3,
            "dataset.opening": 0,
            "exit.route": "gcp.internet",
            "exit.month": 7,
            "exit.class": "aws.s3.standard-ia",
            "requests.uploads": "yes",
            "requests.kms_share": 0.5,
        }
    ),
    "staging on": Case(
        inputs={"staging.on": "yes", "staging.share": 0.6, "staging.refreshes": 0.1, FIRST + "read_share": 0.2}
    ),
    "a link to another cloud with its ports, a copy on Lustre": Case(
        inputs={
            "train.route": "aws.interconnect-google",
            "train.ports": 16,
            "train.port_meter": "aws.interconnect.port-10g",
            "staging.on": "yes",
            "staging.class": "aws.fsx.lustre-500",
            "staging.fill_route": "aws.same-region",
            "staging.share": 0.2,
            "commercial.discount": 0.1,
            "commercial.discount_provider": "aws",
        },
    ),
    "encode on, two classes of raw video": Case(
        inputs={
            "encode.on": "yes",
            "encode.route": "aws.nat",
            "dataset.ramp_months": 6,
            "dataset.opening": 0,
            "cache.tb": 9_000,
            "cache.policy": "fifo shuffled",
            "train.cached": 0.3,
            FIRST + "second_class": "aws.s3.standard-ia",
            FIRST + "second_share": 0.5,
            SECOND + "kind": "latent",
            SECOND + "vae": "wan2.1",
            SECOND + "width": 1280,
            SECOND + "height": 720,
            SECOND + "frames": 121,
        }
    ),
    "archives restored in bulk, bytes uploaded, requests of everything": Case(
        "complete",
        {
            FIRST + "class": "aws.s3.glacier-flexible",
            FIRST + "second_class": "aws.s3.glacier-deep-archive",
            FIRST + "second_share": 0.4,
            FIRST + "read_share": 0.3,
            SECOND + "class": "aws.s3.express-one-zone",
            SECOND + "second_class": "aws.s3.standard-ia",
            SECOND + "second_share": 0.3,
            THIRD + "second_class": "aws.s3.express-one-zone",
            THIRD + "second_share": 1,
            "requests.restore_speed": "bulk",
            "requests.restore_days": 40,
            "requests.range_mib": 8,
            "requests.kms_share": 0.5,
            "requests.logging_usd_per_million": 0.1,
            "staging.class": "aws.s3.express-one-zone",
            "checkpoint.class": "aws.s3.express-one-zone",
            "train.cached": 0.1,
        },
    ),
    "a copy in an archive, another provider's requests": Case(
        inputs={
            FIRST + "class": "r2.infrequent-access",
            SECOND + "class": "r2.standard",
            "train.route": "r2.internet",
            "encode.route": "r2.internet",
            "encode.on": "yes",
            SECOND + "version_months": 3,
            "requests.uploads": "yes",
            "requests.kms_share": 1,
            "requests.restore_speed": "expedited",
            "staging.on": "yes",
            "staging.share": 0.5,
            "staging.fill_route": "r2.internet",
            "staging.class": "aws.s3.glacier-flexible",
            "checkpoint.on": "yes",
            "checkpoint.class": "aws.s3.glacier-flexible",
            "exit.month": 5,
        }
    ),
    "leaving, checkpoints, double running by last access": Case(
        inputs={
            "calendar.start": date(2026, 7, 1),
            "exit.law": "eu",
            "requests.uploads": "yes",
            "exit.month": 8,
            "exit.double_run_months": 3,
            "exit.class": "coreweave.object",
            "requests.kms_share": 0.5,
            "requests.logging_usd_per_million": 0.1,
            "checkpoint.on": "yes",
            "checkpoint.class": "aws.s3.express-one-zone",
        }
    ),
    "discount, commitment, support, currency": Case(
        "complete",
        {
            "commercial.discount": 0.12,
            "commercial.discount_provider": "aws",
            "commercial.commitment_usd": 4e6,
            "commercial.commitment_stages": "store train",
            "commercial.commitment_support": "yes",
            "commercial.support": "aws.support.business-plus",
            "money.fx": 0.92,
            "money.escalation": 0.04,
            "money.currency": "EUR",
        },
        (
            ("commercial.discount", month(9), OPEN, 0.2),
            ("money.fx", month(10), OPEN, 0.95),
            ("rate.aws.s3.standard.storage", month(5), OPEN, 0.017),
        ),
    ),
    "support: a minimum fee that falls in December, of charges that grow beyond it": Case(
        inputs={
            "calendar.start": date(2025, 10, 1),
            "commercial.support": "aws.support.enterprise",
            "commercial.support_basis": "contracted",
            "dataset.videos": 2e6,
            "dataset.ramp_months": 3,
            "dataset.opening": 0,
        },
        lines=(
            ("dataset.videos", month(10, 2025), month(10, 2025), 0.0),
            ("train.passes", month(8, 2026), OPEN, 300.0),
        ),
    ),
    "everything off": Case(
        "complete",
        {
            "encode.on": "no",
            "staging.on": "no",
            "checkpoint.on": "no",
            "acquire.on": "no",
            "exit.month": 0,
            "requests.uploads": "no",
            "commercial.support": "",
            "commercial.commitment_usd": 0,
        },
    ),
    "fiscal year, gateway, ranges, ports, log, waiver": Case(
        "complete",
        {
            "calendar.start": date(2027, 7, 1),
            "calendar.fiscal_year_start": 7,
            "acquire.gateway_endpoint": "no",
            "requests.range_mib": 8,
            "requests.kms_share": 0.5,
            "requests.logging_usd_per_million": 0.1,
            "train.ports": 2,
            "exit.waived": "yes",
        },
    ),
    "names, groups of frames, three kinds": Case(
        "complete",
        {
            FIRST + "name": "clips",
            SECOND + "vae": "step-video-t2v",
            SECOND + "frames": 136,
            SECOND + "class": "aws.s3.one-zone-ia",
            SECOND + "second_class": "aws.s3.glacier-instant",
            SECOND + "second_share": 0.3,
            THIRD + "kind": "ratio",
            THIRD + "ratio": 0.01,
            THIRD + "version_months": 6,
            "encode.shared_read": "yes",
            "commercial.commitment_provider": "all",
            "commercial.support_basis": "effective",
            "commercial.discount": 0.15,
        },
    ),
    "own site: copies, refresh, trend, quotes by date, metered power, a waived and discounted move": Case(
        "complete",
        {
            "own.protection": "copies",
            "own.copies": 2,
            "own.lead_months": 2,
            "own.ramp_months": 3,
            "own.life_months": 4,
            "own.residual": 0.15,
            "own.drive_trend": 0.4,
            "own.deposit": 0.5,
            "own.drive": "own.drive.nvme-4tb-consumer",
            "own.drive_tb": 4,
            "own.colocation": "own.colocation.wholesale-space",
            "own.power": "metered",
            "own.transit": "own.transit.floor",
            "own.remote_share": 0.3,
            "own.leaving": "both",
            "own.chassis_gbps": 2,
            "own.watts_per_chassis": 500,
            "exit.month": 4,
            "money.fx": 0.92,
            "money.escalation": 0.05,
            "commercial.discount": 0.1,
            "exit.route": "aws.cloudfront",
            "limits.gpus": 2_000,
            "limits.samples_per_gpu_second": 1.45,
            "limits.link_gbps": 100,
            "wait.on": "yes",
            "wait.people": 5,
        },
        (
            ("rate.own.drive.nvme-4tb-consumer", month(5), month(8), 120.0),
            ("rate.own.colocation.wholesale-space", month(10), OPEN, 150.0),
            ("rate.own.transit.floor", OPEN, OPEN, 0.05),
            ("rate.aws.cloudfront.data-out", month(4), month(4), 0.01),
            ("rate.aws.s3.standard-ia.retrieval.standard", month(5), OPEN, 0.008),
            ("own.staff_fte", month(6), OPEN, 3.5),
            ("own.usd_per_kwh", month(8), OPEN, 0.2),
            ("wait.gpu_usd_per_hour", month(3), OPEN, 2.0),
        ),
    ),
    "own site from the first month, nothing in place, no redundancy, fewer data later": Case(
        inputs={
            "own.lead_months": 0,
            "own.ramp_months": 0,
            "own.protection": "copies",
            "own.copies": 1,
            "own.commit_mbps": 500_000,
            "own.fill_limit": 1,
            "dataset.opening": 0.25,
            "dataset.ramp_months": 4,
            "acquire.on": "yes",
            "acquire.fetched_per_kept": 200,
            "exit.waived": "yes",
        },
        lines=(("dataset.videos", month(9), OPEN, 0.5e9), ("own.remote_share", month(6), OPEN, 0.0)),
    ),
    "own site out of free egress: an archive of checkpoints, key service, event log, private rates": Case(
        inputs={
            "representation.1.class": "b2.standard",
            "representation.2.class": "b2.standard",
            "train.route": "b2.internet",
            "exit.route": "b2.internet",
            "encode.on": "yes",
            "encode.route": "b2.internet",
            SECOND + "version_months": 3,
            "train.experiments": 9,
            "checkpoint.on": "yes",
            "checkpoint.class": "aws.s3.glacier-flexible",
            "checkpoint.saves": 3,
            "requests.kms_share": 0.5,
            "requests.logging_usd_per_million": 0.7,
            "own.lead_months": 2,
            "own.ramp_months": 3,
            "own.leaving": "both",
            "exit.month": 4,
        },
        lines=(
            ("rate.b2.transfer.internet-out", month(5), OPEN, 0.004),
            ("train.experiments", month(4), month(4), 4.0),
            ("train.experiments", month(5), OPEN, 40.0),
        ),
    ),
    "own site out of R2, whose requests are rounded and have an allowance": Case(
        inputs={
            "representation.1.class": "r2.standard",
            "representation.2.class": "r2.infrequent-access",
            "representation.1.second_class": "r2.infrequent-access",
            "representation.1.second_share": 0.3,
            "train.route": "r2.internet",
            "exit.route": "r2.internet",
            "dataset.videos": 1.2345e7,
            "own.lead_months": 2,
            "own.ramp_months": 3,
            "commercial.discount": 0.1,
        },
    ),
    "own site that comes after the plan": Case(inputs={"own.lead_months": 30, "own.parity_shards": 0}),
    "25 inputs at once": REHEARSAL,
}

#: Wasabi before its rise of July 2026, an own site of drives bought then.
OF_2025 = Case(
    inputs={
        "money.as_of": date(2025, 12, 1),
        "own.drive": "own.drive.hdd-12tb-used",
        FIRST + "class": "wasabi.hot",
        SECOND + "class": "wasabi.hot",
        "train.route": "wasabi.internet",
        "train.experiments": 1,
    }
)
