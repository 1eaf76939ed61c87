"""Ready manifests for each secret manager, and pipelines."""
