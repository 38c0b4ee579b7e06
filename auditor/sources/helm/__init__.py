"""What Helm prints, and the manifests in its releases: what was declared, not what runs."""
