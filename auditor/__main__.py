"""`python -m auditor` is the same command as `mesh-auditor`."""

from auditor.cli import main

raise SystemExit(main())
