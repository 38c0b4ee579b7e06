"""Data that ages, with its sources and dates: what Istio's releases are and what they ship.

- `releases`: versions, minors, dates, Kubernetes versions, features
- `crds`: the CRDs of each release, and what a mesh meets on those of another
- `schemas`: installed CRDs, which release their content is of, and what a mesh loses
- `operators`: the releases of the banzai istio-operator
- `render`: a CRD of the facts as a manifest
"""
