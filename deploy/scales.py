"""What is set and asked for before a day of a size, from ``scale-<n>.json``.

``python -m deploy.scales 10`` prints the parameters as ``sam deploy --parameter-overrides``
takes them. What a file leaves out stays as the template, or AWS, has it. Scale 1 is the first
day of the original, 180,000 people in four hours; ``docs/opening-day.md`` works the figures out
and the simulation lives them.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PLACE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Scale:
    """Parameters of ``template.yaml``, and AWS's quotas by their name in ``QUOTAS``."""

    parameters: Mapping[str, int]
    quotas: Mapping[str, int]


SCALES: dict[int, Scale] = {
    int(file.stem.removeprefix("scale-")): Scale(**json.loads(file.read_text(encoding="utf-8")))
    for file in _PLACE.glob("scale-*.json")
}


def overrides(scale: Scale) -> str:
    """Return its parameters as ``Name=value`` pairs."""
    return " ".join(f"{name}={value}" for name, value in scale.parameters.items())


def main() -> int:
    """Print the overrides of the scale named; returns the exit status."""
    known = {str(one): scale for one, scale in SCALES.items()}
    match sys.argv[1:]:
        case [wanted] if wanted in known:
            print(overrides(known[wanted]))
            return 0
        case _:
            print(f"one of the scales {', '.join(sorted(known, key=int))}", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main())
