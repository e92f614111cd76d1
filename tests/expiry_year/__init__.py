"""A year of expiring points in simulated time, over the real domain code."""
