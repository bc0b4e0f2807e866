"""The native rows of the bill, a block a file, as the model has them."""
