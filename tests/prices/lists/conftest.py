"""An offer of Virginia of a later day than the book's, changed as a test wants it, and a folder to import to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

VIRGINIA = Path(__file__).parents[1] / "extracts" / "aws_AmazonS3_extract_20260728.json"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "mine" / "prices"


@pytest.fixture
def offer_of(tmp_path):
    """Write the offer of a day, in force from its first of the month; `prices` by (SKU, start of the tier)."""

    def write(day="2026-11-15", prices=None, edit=None):
        offer = json.loads(VIRGINIA.read_text(encoding="utf-8"))
        offer |= {"version": day.replace("-", "") + "000000", "publicationDate": f"{day}T00:00:00Z"}
        for sku, terms in offer["terms"]["OnDemand"].items():
            for term in terms.values():
                term["effectiveDate"] = f"{day[:7]}-01T00:00:00Z"
                for dimension in term["priceDimensions"].values():
                    new = (prices or {}).get((sku, dimension["beginRange"]))
                    dimension["pricePerUnit"]["USD"] = new or dimension["pricePerUnit"]["USD"]
        if edit:
            edit(offer)
        path = tmp_path / f"offer-{day}.json"
        path.write_text(json.dumps(offer), encoding="utf-8")
        return path

    return write
