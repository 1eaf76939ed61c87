"""What must be there: contracts, contract files, workloads, other Secrets."""
