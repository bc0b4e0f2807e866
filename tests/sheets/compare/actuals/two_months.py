"""A plan at round private rates and a bill of its first two months, worked by hand.

1e9 videos of 5 MB are 5e15 / 2**30 = 4,656,612.873077393 GB, once as raw videos and once as features, read ten times
a month.

| a month | quantity | rate | |
|---|---:|---:|---:|
| raw, features: storage, each | 4,656,612.873077393 GB-months | 0.02 | 93,132.26 |
| egress | 46,566,128.73077393 GB | 0.05 | 2,328,306.44 |
| GETs | 1e10 | 0.4 a million | 4,000.00 |
| together | | | 2,518,570.95146 |
"""

from __future__ import annotations

from vidcost_xl.model.files import preset

GB = 5e15 / 2**30
MONTH = 2 * 0.02 * GB + 0.5 * GB + 4_000

TRANSFER = "train.features.transfer.aws.transfer.internet-out"
GETS = "train.features.gets.aws.s3.standard.get"

HEAD = "provider,month,service,line,meter,quantity,unit,amount,kind\n"
#: Features at 0.03, nine passes instead of ten, no raw videos; and a tax.
JANUARY = f"""AWS,2027-01,,store.features,aws.s3.standard.storage,{GB},GB-month,139698.39,
AWS,2027-01,,{TRANSFER},aws.transfer.internet-out,{9 * GB},GB,2095475.79,
AWS,2027-01,,{GETS},aws.s3.standard.get,1e10,request,4000.00,
AWS,2027-01,,,,,,99.01,tax
"""
#: As planned but for the raw videos; a NAT gateway at 0.045 a GB, and a service that the plan does not have.
FEBRUARY = f"""AWS,2027-02,,store.features,aws.s3.standard.storage,{GB},GB-month,93132.26,
AWS,2027-02,,{TRANSFER},aws.transfer.internet-out,{10 * GB},GB,2328306.44,
AWS,2027-02,,{GETS},aws.s3.standard.get,1e10,request,4000.00,
AWS,2027-02,,,aws.nat-gateway.data,100000,GB,4500.00,
AWS,2027-02,Amazon SageMaker,,,,,1000.00,
"""

#: Budget: twice 2,518,570.95146. Actual: 2,239,174.18 in January and 2,429,938.70 in February.
BUDGET, ACTUAL = 5_037_141.90, 4_669_112.88
#: A pass less is -232,830.64, a cent more for a GB-month +46,566.13, the gateway +4,500, raw videos twice -93,132.26.
REASONS = {
    "volume": -232_830.64,
    "mix": 0.0,
    "price": 46_566.13,
    "currency": 0.0,
    "not budgeted": 4_500.00,
    "not incurred": -186_264.51,
}


def plan(**changes):
    """The article's plan at the rates of the table above."""
    rates = [("rate.aws.s3.standard.storage", 0.02), ("rate.aws.transfer.internet-out", 0.05)]
    return preset("article").with_overrides([*rates, *changes.items()])


def written(folder, name, *months):
    """A table of some months as a file."""
    path = folder / name
    path.write_text(HEAD + "".join(months), encoding="utf-8")
    return path
