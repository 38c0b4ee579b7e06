"""The formats in which dumps arrive, and what each of them lists."""

from auditor.sources.layouts.layout import Dump, Layout
from auditor.sources.layouts.opening import dumps
from auditor.sources.layouts.recognition import LAYOUTS

__all__ = ["LAYOUTS", "Dump", "Layout", "dumps"]
