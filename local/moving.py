"""A stack that comes back on another port finds its queues again.

The emulator stores each queue, and what refers to it, under an address that
holds its own port. Started on another one it would know the queues by name and
yet hand nothing from them to any function.
"""

import re
from pathlib import Path


def move(state_dir: Path, port: int) -> None:
    """Write the emulator's stored addresses anew if it ran on another port before."""
    note = state_dir / "aws.port"
    before = note.read_text() if note.exists() else str(port)
    if before != str(port):
        address = re.compile(rf"\blocalhost:{before}\b")
        for file in (state_dir / "aws").glob("*.json"):
            stored = file.read_text()
            moved = address.sub(f"localhost:{port}", stored)
            if moved != stored:
                file.write_text(moved)
    note.write_text(str(port))
