"""``python -m ops``."""

import sys

from ops.command_line import main

sys.exit(main(sys.argv[1:]))
