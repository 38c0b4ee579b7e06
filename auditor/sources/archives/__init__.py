"""Archives of dumps, read as if they were directories."""

from auditor.sources.archives.bounds import Budget
from auditor.sources.archives.member import Member
from auditor.sources.archives.opening import opened

__all__ = ["Budget", "Member", "opened"]
