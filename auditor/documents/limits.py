"""How much a text may ask for before it is taken for an attack."""

# Kubernetes' deepest objects, CRD schemas and their managed fields, stay below 100 levels. Walks
# through documents may be recursive, so this stays well below Python's limit of 1,000 frames.
DEEPEST = 250

# Values that all aliases of a text may stand for. Aliases share their value in memory, but whoever
# walks through a document meets it again each time. A small text has fewer, or many small ones
# would have as many as a large one each.
MOST_BY_ALIAS = 1_000_000
FEWEST_BY_ALIAS = 1_000
BY_ALIAS_FOR_A_CHARACTER = 10

# libyaml compares each `%TAG` line with all those before it.
MOST_DIRECTIVES = 100

# The largest clusters have some hundred thousand objects of a kind.
MOST_ITEMS = 1_000_000
MOST_DOCUMENTS = 1_000_000

# Damages that are kept of a text, and of those with no document between them, of which the first
# says all that matters.
MOST_DAMAGES = 10_000
MOST_IN_A_ROW = 10

TOO_DEEP = f"nested more than {DEEPEST} levels deep"
TOO_MANY_ALIASES = "aliases that stand for many more values than a text of this size would hold"
TOO_MANY_DIRECTIVES = f"more than {MOST_DIRECTIVES} directives"
TOO_MANY_ITEMS = f"a list of more than {MOST_ITEMS:,} items"
TOO_MANY_DOCUMENTS = f"more than {MOST_DOCUMENTS:,} documents, of which no more were read"
TOO_MANY_DAMAGES = f"the last of {MOST_DAMAGES:,} damages, after which no more was read"
