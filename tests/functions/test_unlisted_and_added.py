"""What nobody published a price for, and somebody agreed one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vidcost_xl.errors import NotInBookError
from vidcost_xl.functions.explain import VIDEO_EXPLAIN
from vidcost_xl.functions.rate import VIDEO_RATE
from vidcost_xl.functions.requests import VIDEO_REQUESTS, VIDEO_RETRIEVAL
from vidcost_xl.functions.storage import VIDEO_STORAGE
from vidcost_xl.functions.transfer import VIDEO_EGRESS, VIDEO_EXPERIMENT
from vidcost_xl.functions.values import OMITTED
from vidcost_xl.prices.book import price_book, using


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


def test_an_experiment_along_a_route_whose_requests_nobody_priced_is_refused():
    book = price_book()
    way, item = book.routes["egress", "tigris.internet"], book.classes["tigris.standard"]
    routes = {**book.routes, ("egress", way.id): way.model_copy(update={"get_requests": ()})}
    classes = {item.id: item.model_copy(update={"requests": {}})}
    with (
        using(replace(book, routes=routes, classes=classes)),
        pytest.raises(NotInBookError, match="no price of its GET requests"),
    ):
        VIDEO_EXPERIMENT(5, "PB", 1, 1, "tigris.internet")


def test_tigris_bills_storage_and_requests_beyond_its_free_tier_and_no_egress():
    # 100 TB less 5 GB at 0.02 are 1,999.90; a million uploads less 10,000 at 0.005 a thousand 4.95; two million reads
    # less 100,000 at 0.0005 a thousand 0.95; reading an infrequent 10 TB 100.
    assert VIDEO_STORAGE(100, "TB", "tigris.standard") == pytest.approx(1_999.90)
    assert VIDEO_REQUESTS(1e6, "put", "tigris.standard") == pytest.approx(4.95)
    assert VIDEO_REQUESTS(2e6, "get", "tigris.standard") == pytest.approx(0.95)
    assert VIDEO_RETRIEVAL(10, "TB", "tigris.infrequent-access") == pytest.approx(100.0)
    assert VIDEO_EGRESS(5, "PB", "tigris.internet") == 0.0


@pytest.mark.parametrize(("region", "dollars"), [("us-central1", 5.0), ("eu", 10.0), ("nam4", 10.0)])
def test_a_bucket_that_spans_regions_pays_twice_for_class_a_operations(region, dollars):
    assert VIDEO_REQUESTS(1e6, "put", "gcp.gcs.standard", region=region) == pytest.approx(dollars)
    assert VIDEO_REQUESTS(1e6, "get", "gcp.gcs.standard", region=region) == pytest.approx(0.4)
