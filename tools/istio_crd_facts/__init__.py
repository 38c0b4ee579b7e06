"""Rebuilds `auditor/facts/data/istio-crds.json` from the CRD manifests of Istio releases."""
