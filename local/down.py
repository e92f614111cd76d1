"""``make down``: end what a crashed stack left running."""

import sys

from local.processes import end_leftovers
from local.settings import SettingError, read_settings


def main() -> int:
    """End the stack of ``STATE_DIR``; returns the exit status."""
    try:
        settings = read_settings()
    except SettingError as error:
        print(f"make down: {error}", file=sys.stderr)
        return 1
    for name in end_leftovers(settings.process_file):
        print(f"ended {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
