"""``python -m garasu``."""

import sys

from garasu.cli import main

sys.exit(main())
