"""Charts that know nothing of contracts: their workloads say by themselves where each secret comes from."""
