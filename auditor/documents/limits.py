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

TOO_DEEP = f"nested more than {DEEPEST} levels deep"
TOO_MANY_ALIASES = "aliases that stand for many more values than a text of this size would hold"
TOO_MANY_DIRECTIVES = f"more than {MOST_DIRECTIVES} directives"
