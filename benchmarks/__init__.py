"""How long it takes to read and audit a large dump, and how much memory."""
