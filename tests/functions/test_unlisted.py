"""What nobody published a price for, and somebody agreed one."""

from __future__ import annotations

import pytest

from vidcost_xl.errors import NotInBookError
from vidcost_xl.functions.explain import VIDEO_EXPLAIN
from vidcost_xl.functions.rate import VIDEO_RATE
from vidcost_xl.functions.transfer import VIDEO_EGRESS
from vidcost_xl.functions.values import OMITTED


def test_a_meter_without_any_list_price_is_priced_at_a_private_rate_and_at_nothing_else():
    # 1,000 GB of 10^9 bytes are 931.322575 of 2^30, at 0.03.
    meter = "azure.transfer.internet-out-isp"
    agreed = [["meter", "rate"], [meter, 0.03]]
    assert VIDEO_EGRESS(1000, "GB", "azure.isp-internet", rates=agreed) == pytest.approx(27.93967724)
    assert VIDEO_RATE(meter, rates=agreed, discount=0.1) == pytest.approx(0.027)
    assert VIDEO_EGRESS(10, "GB", "azure.isp-internet", rates=agreed, region="westeurope") == pytest.approx(0.279396772)
    explained = VIDEO_EXPLAIN("VIDEO_RATE", meter, 1e12, "B", OMITTED, 0, agreed)
    assert "no list price is published" in str(explained)
    for rates in (None, [["meter", "rate", "region"], [meter, 0.03, "westus2"]]):
        with pytest.raises(NotInBookError, match=f"{meter} has no price in 'eastus'"):
            VIDEO_EGRESS(1000, "GB", "azure.isp-internet", rates=rates)
    # Where there is a list price on another day, a day before it is still refused.
    late = [["meter", "rate"], ["aws.cloudfront.data-out", 0.02]]
    with pytest.raises(NotInBookError, match="first holds from"):
        VIDEO_EGRESS(1, "TB", "aws.cloudfront", rates=late, as_of="2020-01-01")
