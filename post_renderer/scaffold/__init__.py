"""Ready manifests and pipelines for each secret manager."""
