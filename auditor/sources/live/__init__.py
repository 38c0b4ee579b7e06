"""A live cluster, read over its API: only what rules need, and never anything but GET."""
