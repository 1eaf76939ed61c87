"""The rules: what a finding can be about."""
