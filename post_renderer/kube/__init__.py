"""Kubernetes objects: manifests, Secrets, workloads, the environment of a container."""
