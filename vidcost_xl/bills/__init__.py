"""Bills: what a provider charged, read from its exports and matched row by row to the meters of the price book."""
