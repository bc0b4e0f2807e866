"""The native rows of the own data centre."""
