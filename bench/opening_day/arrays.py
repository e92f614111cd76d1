"""The arrays of a simulated day: one number for each person, message or moment."""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float32]
"""Seconds since the opening, or lengths in seconds."""
type Ids = NDArray[np.int32]
"""People, by their place in the order of arrival."""
type Counts = NDArray[np.int64]
type Small = NDArray[np.int8]
type Flags = NDArray[np.bool_]

NEVER = np.float32(np.inf)
