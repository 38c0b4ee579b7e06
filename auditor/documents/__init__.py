"""Text of YAML and JSON, read as Kubernetes reads it, from sources that nobody vouches for."""

from auditor.documents.collector import paused_collector
from auditor.documents.document import Document, Located, Malformed, Remark
from auditor.documents.places import line_of
from auditor.documents.remarks import remark
from auditor.documents.stream import documents, value
from auditor.documents.text import lines

__all__ = [
    "Document",
    "Located",
    "Malformed",
    "Remark",
    "documents",
    "line_of",
    "lines",
    "paused_collector",
    "remark",
    "value",
]
