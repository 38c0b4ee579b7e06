"""Ways to end findings that several rules share."""
