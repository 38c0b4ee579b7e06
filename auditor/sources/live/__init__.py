"""A live cluster, read over its API: only what rules need, and never anything but GET."""

from auditor.sources.live.permissions import permissions
from auditor.sources.live.settings import Progress, Settings
from auditor.sources.live.source import LiveSource, running

__all__ = ["LiveSource", "Progress", "Settings", "permissions", "running"]
