"""Every kind of world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulation.order_world import ORDERS
from tests.simulation.transfer_world import TRANSFERS

if TYPE_CHECKING:
    from tests.simulation.world import Kind

KINDS: dict[str, Kind] = {kind.name: kind for kind in (TRANSFERS, ORDERS)}
"""By its name."""
