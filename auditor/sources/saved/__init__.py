"""Snapshots in a file: what was seen of a live cluster, and why the rest was not.

The file is a tar of gzip. Its first member, by whose name it is known, says which kinds were
asked for, what may be missing of each and why; the others hold the objects of a kind, one a line,
as they were kept: without secrets, which were dropped while reading the cluster.
"""

from auditor.sources.saved.form import LAYOUT
from auditor.sources.saved.reading import findings_of, is_snapshot, read_snapshot
from auditor.sources.saved.writing import write_snapshot

__all__ = ["LAYOUT", "findings_of", "is_snapshot", "read_snapshot", "write_snapshot"]
