"""The ledger in the words of FOCUS 1.2, the FinOps open cost and usage specification.

The mandatory columns and those that a plan can fill are written; a plan has no resources, no
tags and no invoice. Amounts stay in the currency of the price.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from vidcost_xl.model.bill import Bill
from vidcost_xl.model.ledger import to_frame
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import END_MARK, split_place, start_of

if TYPE_CHECKING:
    import pandas as pd

#: Service categories of FOCUS for the kinds of meter.
CATEGORIES: Final = {
    "storage": "Storage",
    "object": "Storage",
    "request": "Storage",
    "retrieval": "Storage",
    "transfer": "Networking",
    "time": "Networking",
    "item": "Other",
}

FOCUS_COLUMNS: Final = (
    "BilledCost",
    "BillingAccountId",
    "BillingAccountName",
    "BillingCurrency",
    "BillingPeriodEnd",
    "BillingPeriodStart",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingCurrency",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "ServiceCategory",
    "ServiceName",
    "SkuId",
    "SkuMeter",
)

#: FOCUS requires an account; a plan has none.
PLANNED_ACCOUNT: Final = "plan"


def to_focus(bill: Bill) -> pd.DataFrame:
    """The ledger with FOCUS 1.2 columns.

    Returns
    -------
    DataFrame
        One row a line and month; period ends are exclusive, as FOCUS defines them.
    """
    import pandas as pd

    ledger = to_frame(bill)
    book = price_book()
    categories = {name: CATEGORIES[meter.dimension] for name, meter in book.meters.items()}
    skus = {charge.line.meter: charge.priced.price.sku for charge in bill.charges if charge.priced is not None}
    providers = {name: provider.name for name, provider in book.providers.items()}
    places = {name: split_place(name) for name in ledger["meter"].unique()}
    meters = ledger["meter"].map({name: plain for name, (plain, _) in places.items()})
    # What leads between two regions is billed where it begins; the ends of its price may be geographies.
    begins = {name: start_of(place) for name, (_, place) in places.items() if place and END_MARK in place}
    no_region = ledger["region"].isin(["*", ""]) | ledger["region"].str.contains(END_MARK)
    regions = ledger["region"].where(~no_region)
    regions = regions.mask(ledger["meter"].isin(begins), ledger["meter"].map(begins))
    names = ledger["provider"].map(providers).fillna("Own plan")
    start = ledger["period"]
    end = start + pd.offsets.MonthBegin(1)
    is_support = ledger["stage"] == "support"
    table = pd.DataFrame(
        {
            "BilledCost": ledger["amount"],
            "BillingAccountId": PLANNED_ACCOUNT,
            "BillingAccountName": PLANNED_ACCOUNT,
            "BillingCurrency": ledger["currency"],
            "BillingPeriodEnd": end,
            "BillingPeriodStart": start,
            "ChargeCategory": is_support.map({True: "Purchase", False: "Usage"}),
            "ChargeClass": None,  # set for corrections only
            "ChargeDescription": ledger["label"],
            "ChargeFrequency": is_support.map({True: "Recurring", False: "Usage-Based"}),
            "ChargePeriodEnd": end,
            "ChargePeriodStart": start,
            "ConsumedQuantity": ledger["quantity"].mask(is_support),
            "ConsumedUnit": ledger["unit"].mask(is_support),
            "ContractedCost": ledger["contracted_amount"],
            "ContractedUnitPrice": ledger["contracted_unit_price"],
            "EffectiveCost": ledger["amount"],
            "InvoiceIssuerName": names,
            "ListCost": ledger["list_amount"],
            "ListUnitPrice": ledger["list_unit_price"],
            "PricingCategory": "Standard",
            "PricingCurrency": ledger["currency"],
            "PricingQuantity": ledger["quantity"],
            "PricingUnit": ledger["unit"],
            "ProviderName": names,
            "PublisherName": names,
            "RegionId": regions,
            "ServiceCategory": meters.map(categories).fillna("Other"),
            "ServiceName": ledger["service"],
            "SkuId": ledger["meter"].map({meter: sku for meter, sku in skus.items() if sku}),
            "SkuMeter": ledger["meter"],
        }
    )
    return table[list(FOCUS_COLUMNS)]
