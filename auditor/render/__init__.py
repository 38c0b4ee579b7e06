"""Reports in the formats that people, scripts and pipelines read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.render.json import json
from auditor.render.junit import junit
from auditor.render.page import Page
from auditor.render.table import table
from auditor.report import Report

Renderer = Callable[[Report, Page], str]

RENDERERS: Mapping[str, Renderer] = {"table": table, "json": json, "junit": junit}
"""Each format by the name that `--output` knows it by."""
