"""Audit a Kubernetes cluster in which two Istio meshes live side by side."""

__version__ = "0.1.0"
