"""The cost model: inputs, volumes, pools, charges and the ledger, month by month."""
