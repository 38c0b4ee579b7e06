"""The formats in which dumps arrive, and what each of them lists."""

from auditor.sources.layouts.layout import Dump
from auditor.sources.layouts.opening import dumps

__all__ = ["Dump", "dumps"]
