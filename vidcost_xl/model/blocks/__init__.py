"""The blocks of the model, one a file; each declares its rows."""
