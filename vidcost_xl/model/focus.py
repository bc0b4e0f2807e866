"""The ledger in the words of FOCUS 1.2, the FinOps open cost and usage specification.

Every column that the specification asks of whoever lists prices, rates, quantities and regions is written; a plan has
no resources, no tags, no sub accounts and no invoice. Amounts stay in the currency of the price. Units and categories
of services are `data/focus.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from vidcost_xl.model.bill import Bill
from vidcost_xl.model.catalogue import data_text
from vidcost_xl.model.charges import Charge
from vidcost_xl.model.ledger import to_frame
from vidcost_xl.prices.book import price_book
from vidcost_xl.prices.located import END_MARK, split_place, start_of

if TYPE_CHECKING:
    import pandas as pd

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
    "CommitmentDiscountStatus",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ContractedCost",
    "ContractedUnitPrice",
    "EffectiveCost",
    "InvoiceId",
    "InvoiceIssuerName",
    "ListCost",
    "ListUnitPrice",
    "PricingCategory",
    "PricingCurrency",
    "PricingCurrencyContractedUnitPrice",
    "PricingCurrencyEffectiveCost",
    "PricingCurrencyListUnitPrice",
    "PricingQuantity",
    "PricingUnit",
    "ProviderName",
    "PublisherName",
    "RegionId",
    "RegionName",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SkuId",
    "SkuMeter",
    "SkuPriceDetails",
    "SkuPriceId",
)

#: FOCUS requires an account; a plan has none.
PLANNED_ACCOUNT: Final = "plan"


def to_focus(bill: Bill) -> pd.DataFrame:
    """The ledger with FOCUS 1.2 columns.

    Returns
    -------
    DataFrame
        One row a line and month in which it is used or charged; period ends are exclusive, as FOCUS defines them.
    """
    import pandas as pd

    ledger = to_frame(bill)
    # FOCUS wants a unit price of every row; what is not used in a month has none, and is no charge.
    amounts = ledger[["quantity", "list_amount", "contracted_amount", "amount"]]
    ledger = ledger[(amounts != 0).any(axis=1)].reset_index(drop=True)
    providers = {name: provider.name for name, provider in price_book().providers.items()}
    names = ledger["provider"].map(providers).fillna("Own plan")
    start = ledger["period"]
    end = start + pd.offsets.MonthBegin(1)
    is_support = ledger["stage"] == "support"
    skus = ledger["line"].map({charge.line.id: _sku(charge) for charge in bill.charges})
    regions = _regions(ledger)
    units = ledger["unit"].map(lambda unit: focus_units().get(unit, unit))
    subcategories = ledger["service"].map({name: _subcategory(name) for name in ledger["service"].unique()})
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
            "CommitmentDiscountStatus": None,
            "ConsumedQuantity": ledger["quantity"].mask(is_support),
            "ConsumedUnit": units.mask(is_support),
            "ContractedCost": ledger["contracted_amount"],
            "ContractedUnitPrice": ledger["contracted_unit_price"],
            "EffectiveCost": ledger["amount"],
            "InvoiceId": None,  # of what is not invoiced
            "InvoiceIssuerName": names,
            "ListCost": ledger["list_amount"],
            "ListUnitPrice": ledger["list_unit_price"],
            "PricingCategory": "Standard",
            "PricingCurrency": ledger["currency"],
            "PricingCurrencyContractedUnitPrice": ledger["contracted_unit_price"],
            "PricingCurrencyEffectiveCost": ledger["amount"],
            "PricingCurrencyListUnitPrice": ledger["list_unit_price"],
            "PricingQuantity": ledger["quantity"],
            "PricingUnit": units,
            "ProviderName": names,
            "PublisherName": names,
            "RegionId": regions,
            "RegionName": regions.map(_region_names(), na_action="ignore").fillna(regions),
            "ServiceCategory": subcategories.map(_data()["categories"]),
            "ServiceName": ledger["service"],
            "ServiceSubcategory": subcategories,
            "SkuId": skus.str[0],
            "SkuMeter": ledger["meter"],
            "SkuPriceDetails": None,
            "SkuPriceId": skus.str[1],
        }
    )
    return table[list(FOCUS_COLUMNS)]


@lru_cache(maxsize=1)
def _data() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(data_text("focus.toml"))


def focus_units() -> Mapping[str, str]:
    """How FOCUS writes the units of the ledger."""
    return _data()["units"]


def _regions(ledger: pd.DataFrame) -> Any:
    # What leads between two regions is billed where it begins; the ends of its price may be geographies.
    places = {name: split_place(name)[1] for name in ledger["meter"].unique()}
    begins = {name: start_of(place) for name, place in places.items() if place and END_MARK in place}
    nowhere = ledger["region"].isin(["*", ""]) | ledger["region"].str.contains(END_MARK)
    return ledger["region"].mask(nowhere).mask(ledger["meter"].isin(begins), ledger["meter"].map(begins))


def _region_names() -> Mapping[str, str]:
    providers = price_book().providers.values()
    return {region: names[0] for each in providers for region, names in each.region_names.items() if names}


def _sku(charge: Charge) -> tuple[str, str]:
    """What is sold, and the row of the book that prices it; of a price in the plan the input that holds it."""
    if charge.priced is None:
        return charge.line.meter, charge.line.meter
    price, meter = charge.priced.price, charge.priced.meter.id
    return price.sku or meter, f"{meter}@{price.region}/{price.valid_from}"


def _subcategory(service: str) -> str:
    named = _data()["services"].get(service)
    if named:
        return named
    sold = {meter.dimension for meter in price_book().meters.values() if meter.service == service}
    dimensions = _data()["dimensions"]
    return next((name for dimension, name in dimensions.items() if dimension in sold), dimensions["item"])
