"""The price book: published prices as reviewed data, looked up by meter, region and date."""
