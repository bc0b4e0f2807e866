"""The constants of the native formulas, by workbook name, each with what it means."""

from __future__ import annotations

from typing import Final

from vidcost_xl import units
from vidcost_xl.analysis.claims import FAILS, HOLDS, UNMEASURED
from vidcost_xl.digits import TOLERANCE, TOLERANCE_MONEY
from vidcost_xl.facts.latents import STEP_GROUP_FRAMES, STEP_GROUP_LATENT_FRAMES
from vidcost_xl.functions.article import NEVER
from vidcost_xl.model import own_money, own_rows
from vidcost_xl.model.blocks import common
from vidcost_xl.model.blocks.acquire import NAT_ROUTE, NAT_ROUTE_TWICE
from vidcost_xl.model.blocks.leave import EU_FREE_FROM
from vidcost_xl.model.blocks.objects import KMS_METER, KMS_PROVIDER
from vidcost_xl.model.calendar import LAST_SERIAL, MONTHS_PER_QUARTER, MONTHS_PER_YEAR, serial_of
from vidcost_xl.model.catalogue import FIRST_DATE, LAST_DATE
from vidcost_xl.names import HARD_SPACE
from vidcost_xl.prices.tariff import CONVERSION_DECIMALS
from vidcost_xl.sheets.plan.guard_rows import NO_BOUND
from vidcost_xl.sheets.plan.row_names import NO_METER, UNKNOWN_METER

#: Days that never pass: the end of the last age tier, the life of what is never deleted.
NEVER_DAYS: Final = 1e6

#: Universal constants, by workbook name.
CONSTANTS: Final[dict[str, tuple[float, str]]] = {
    "bits_per_byte": (common.BITS_PER_BYTE, "bits in a byte"),
    "bits_per_mbit": (1e6, "bits in a Mbit, SI"),
    "bytes_per_mb": (common.BYTES_PER_MB, "bytes in a MB, SI"),
    "bytes_per_mib": (common.BYTES_PER_MIB, "bytes in a MiB"),
    "bytes_per_gib": (common.BYTES_PER_GIB, "bytes in a GiB, which providers call GB"),
    "bytes_per_gb": (1e9, "bytes in a GB, SI"),
    "bytes_per_tb": (1e12, "bytes in a TB, SI"),
    "bytes_per_pb": (1e15, "bytes in a PB, SI"),
    "bits_per_gbit": (1e9, "bits in a Gbit, SI"),
    "gb_per_tb": (own_rows.GB_PER_TB, "GB in a TB, SI"),
    "mbit_per_gbit": (own_rows.MBIT_PER_GBIT, "Mbit in a Gbit, SI"),
    "million": (1e6, "a million"),
    "seconds_per_hour": (common.SECONDS_PER_HOUR, "seconds in an hour"),
    "seconds_per_minute": (60, "seconds in a minute"),
    "seconds_per_day": (units.SECONDS_PER_DAY, "seconds in a day"),
    "hours_per_year": (own_rows.HOURS_PER_YEAR, "hours in a year"),
    "power_hours": (own_money.HOURS_PER_MONTH, "hours in a month of power"),
    "watts_per_kw": (own_rows.WATTS_PER_KW, "W in a kW"),
    "days_per_month": (common.DAYS_PER_MONTH, "days in a month, for storage rules"),
    "months_per_year": (MONTHS_PER_YEAR, "months in a year"),
    "months_per_quarter": (MONTHS_PER_QUARTER, "months in a quarter"),
    "multipart_requests": (common.MULTIPART_CONTROL_REQUESTS, "requests that begin and end an upload in parts"),
    "month_base": (100, "added to a month, so that it has two digits"),
    "two_digits": (2, "digits of a month"),
    "percent": (100, "percent in a whole"),
    "square": (2, "the exponent of a square"),
    "relative_address": (4, "ADDRESS without dollar signs"),
    "group_pair": (2, "frames in a pair"),
    "group_frames": (STEP_GROUP_FRAMES, "frames in a group of the rule step17"),
    "group_latents": (STEP_GROUP_LATENT_FRAMES, "latent frames it becomes"),
    "conversion_decimals": (CONVERSION_DECIMALS, "decimals before a quantity is rounded up to whole units"),
    "never_days": (NEVER_DAYS, "days that never pass"),
    "no_bound": (NO_BOUND, "above every quantity"),
    "first_date": (serial_of(FIRST_DATE), "first date of a plan"),
    "last_date": (serial_of(LAST_DATE), "last date of a plan"),
    "eu_free_from": (
        serial_of(EU_FREE_FROM),
        "the day from which leaving is free of egress charges in the EU: 2027-01-12",
    ),
    "last_day": (LAST_SERIAL, "the last date that a cell can hold"),
    "code_values": (256, "values that a byte can hold"),
    "tolerance": (TOLERANCE, "largest difference of functions and native formulas, as a share"),
    "tolerance_money": (TOLERANCE_MONEY, "and as money"),
}

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "no_meter": (NO_METER, "a meter that a class or route does not have, or that is documented as free"),
    "unknown_meter": (UNKNOWN_METER, "a price that the book does not have: looks up as #N/A, never as 0"),
    "route_nat": (NAT_ROUTE, "the way in that a gateway endpoint makes cheaper"),
    "route_nat_twice": (NAT_ROUTE_TWICE, "the same without the endpoint"),
    "meter_kms": (KMS_METER, "requests to the key service"),
    "provider_kms": (KMS_PROVIDER, "whose encrypted objects need them"),
    "verdict_holds": (HOLDS, "a claim whose test our figure passes"),
    "verdict_fails": (FAILS, "a claim whose test it passes nowhere"),
    "verdict_unmeasured": (UNMEASURED, "a claim that no figure confirms or refutes"),
    "turns_never": (NEVER, "a claim that no figure of its input would make hold"),
    "hard_space": (HARD_SPACE, "a space that does not break a line, as in a text copied from a page"),
    "payer_main": ("main", "who pays for everything but the double running"),
    "payer_new": ("new provider", "its bill has tiers of its own"),
}
