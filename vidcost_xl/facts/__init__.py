"""Reference data that are not prices of infrastructure: VAEs, text encoders, data sets, generators, practice."""
