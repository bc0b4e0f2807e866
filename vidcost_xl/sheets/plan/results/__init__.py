"""What is read rather than filled in: cover, summary, ledger, checks."""
